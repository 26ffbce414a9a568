"""`make shots`: every page in its states, small and large, light and dark, on contact sheets to look at."""

"""Programs for those who work on Office Hours; run as `python -m tools.…`."""

"""How sessions and calendars are put into words."""

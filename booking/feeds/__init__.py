"""Calendars that apps subscribe to."""

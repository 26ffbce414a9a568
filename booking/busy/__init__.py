"""Calendars of others, read so that nobody is booked twice: strangers’ servers and files, at arm’s length."""

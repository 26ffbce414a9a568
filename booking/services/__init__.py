"""Writes of booking, one verb a module. Nothing here commits."""

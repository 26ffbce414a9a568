"""The rules of booking as plain Python: no framework, no database, no clock, no I/O."""

"""Says how the site is: its parts, what waits too long, and whether every rule that the database can show holds."""

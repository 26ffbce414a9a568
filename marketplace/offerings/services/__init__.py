"""Writes of what is for sale, one verb a module. Nothing here commits; each takes the mentor's own lock first."""

"""Measurements: each module has a `measure()` and prints it when run."""

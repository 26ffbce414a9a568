"""Rules of money as plain functions over values."""

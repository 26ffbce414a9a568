"""The rules of mentors: plain functions over values."""

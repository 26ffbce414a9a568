"""The rules of search: plain functions over values."""

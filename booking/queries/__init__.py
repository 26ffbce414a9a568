"""Reads of time: one file for each subject."""

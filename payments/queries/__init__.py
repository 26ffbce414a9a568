"""Reads of money: one file for each subject."""

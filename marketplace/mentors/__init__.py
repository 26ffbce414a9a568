"""Mentors: who they are and what they know."""

"""What grows between a mentor and a mentee, over all that they book: the mentorship, and what is written down of it."""

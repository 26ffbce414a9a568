"""The forms of booking: what mentors write down about their time, and what mentees say about a session."""

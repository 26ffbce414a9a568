"""Rules of mentorships: plain Python."""

"""What moves rows of mentorships. The caller commits."""

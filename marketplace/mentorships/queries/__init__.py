"""What is read of mentorships."""

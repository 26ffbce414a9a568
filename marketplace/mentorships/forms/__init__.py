"""What the two people of a mentorship type."""

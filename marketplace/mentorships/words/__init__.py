"""How mentorships are put into words."""

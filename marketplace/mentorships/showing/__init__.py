"""What the pages of a mentorship show around their forms, put together."""

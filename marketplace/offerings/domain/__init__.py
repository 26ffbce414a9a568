"""Rules of what is for sale: plain Python."""

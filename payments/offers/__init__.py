"""What a page says in sums before anything is pressed."""

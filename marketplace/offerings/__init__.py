"""What a mentor offers, and at which price."""

"""What happens to accounts. Nothing here tells a stranger whether an address has one: that goes to the address only."""

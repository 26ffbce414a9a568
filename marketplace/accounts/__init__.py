"""People: one account, any role."""

"""Writes of payments, one verb a module. Nothing here commits or speaks to Stripe."""

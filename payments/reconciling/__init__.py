"""Comparing with Stripe: found, healed or reported."""

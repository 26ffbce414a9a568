"""A stand-in for Stripe that speaks its HTTP API on loopback: for tests and the demo, never with real money."""

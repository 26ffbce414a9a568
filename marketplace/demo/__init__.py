"""Sample people and the demo's own pages."""

"""`make demo`: the whole marketplace on one machine, with sample people and no settings to make."""

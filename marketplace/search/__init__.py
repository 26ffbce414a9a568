"""Finding a mentor: what is asked for, who fits, and in which order."""

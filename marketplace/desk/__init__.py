"""A mentor's own desk: profile, offerings, hours, and what is still missing before somebody can book."""

"""What changed between two editions, as text, data and a page."""

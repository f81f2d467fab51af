"""What was seen, and what the records show, as typed tables."""

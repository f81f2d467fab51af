"""What a handbook leaves open, as text, data and a page."""

"""What is said of the tickets of an office: a draw, key figures, the list of the day."""

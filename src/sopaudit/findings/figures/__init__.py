"""Key figures: one function for each kind, and what they came to."""

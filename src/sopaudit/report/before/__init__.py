"""The audit before this one, score by score and item by item."""

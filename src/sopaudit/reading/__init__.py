"""Files people typed, read without guessing."""

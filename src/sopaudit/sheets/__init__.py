"""Blanks to fill, one channel a file: it writes the blank and reads it back."""

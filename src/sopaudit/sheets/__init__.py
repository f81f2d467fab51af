"""Blanks to be filled in outside of the program, and reading them back: a folder a channel."""

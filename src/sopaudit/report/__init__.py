"""What a reader is given, as plain strings, numbers and rows."""

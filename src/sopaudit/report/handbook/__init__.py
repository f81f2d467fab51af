"""The handbook as a book: what it says, laid out to be read, printed and searched."""

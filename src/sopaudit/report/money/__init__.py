"""What is said of the money of an office: as text, as data, as a table."""

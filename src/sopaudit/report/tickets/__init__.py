"""What records say of tickets: a sample, key figures, the list of the day, a chapter of the report."""

"""What records say of tickets: draws, key figures, the list of the day, a chapter of reports."""

"""The kinds of rules and key figures, by what they are about."""

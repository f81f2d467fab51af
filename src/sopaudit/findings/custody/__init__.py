"""Parts in custody: double entry over places; what vanished is a balance with a name on it."""

"""Parts in custody, in words: what is where, what is owed, and the life of one of them."""

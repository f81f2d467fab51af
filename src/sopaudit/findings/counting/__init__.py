"""Stock counts: which lines are counted, what was seen, and how far it is from the books."""

"""The proof of a score, put into words: as a tree in a terminal, as data, and as an annex."""

"""The filled sheets answers came from, and where several of them answered one item."""

"""What in a text is private, and how it is hidden: people by staff number, the rest by a gap."""

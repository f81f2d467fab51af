"""Makes the known-answer month: October 2026 of three invented offices, and the truth about it."""

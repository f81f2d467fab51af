"""How long a program of a test may take before it has hung: far longer than any machine needs."""

from typing import Final

PATIENCE: Final = 900
"""Seconds. A test waits for something that happens, and this ends what never does."""

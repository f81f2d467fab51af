"""How a number stands in data for other programs: exactly."""

from fractions import Fraction


def exact(value: Fraction | None) -> str | None:
    """Write a fraction exactly: `80` or `238/3`."""
    return None if value is None else str(value)

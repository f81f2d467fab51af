"""A label and what stands beside it, as every part of a report shows them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A label and what stands beside it."""

    label: str
    value: str
    names: tuple[str, ...] = ()
    """The value piece by piece, where a line must not end inside a name; else empty."""

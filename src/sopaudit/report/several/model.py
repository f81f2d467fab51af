"""What a report shows of answers that several sources gave."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SourceAnswer:
    """What one source says of an item of which there are several."""

    item: str
    first: bool
    """It is the first of its item."""

    source: str
    at: str
    answer: str
    note: str
    standing: str
    """Whether it counts, in words."""

    tone: str
    """The code of it: `counts` or `kept`."""

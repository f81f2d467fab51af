"""The code on every page: which audit, checklist, edition, digest and page a sheet of paper is.

It is never read back by us: a clerk who finds a loose page scans it with any phone and knows what
to type it into. Its text is short, so its squares are big enough for a copy of a copy.
"""

import base64
from dataclasses import dataclass, replace

import segno

PREFIX = "SA1"
"""The first version of what a code says."""

SIDE = 19
"""How wide a code is printed, in mm."""

_QUIET = 2
"""Squares of white that belong to the picture; the margin of the page gives the rest."""


@dataclass(frozen=True)
class PageMark:
    """What the code of a page says."""

    audit: str
    """Empty for a sheet of no audit in particular."""

    checklist: str
    edition: str
    digest: str
    """The first eight digits of the digest of the checklist."""

    page: int = 0
    """Counted from 1 within the checklist; 0 where nobody could know."""

    @property
    def text(self) -> str:
        """Write it, such as `SA1:2026-10-cd:CK-HTL@2026.1:8a5b2129:3`."""
        named = f"{self.checklist}@{self.edition}"
        return ":".join((PREFIX, self.audit, named, self.digest, str(self.page)))

    def on(self, page: int) -> "PageMark":
        """Give the mark of another page of the checklist."""
        return replace(self, page=page)


def picture(text: str) -> str:
    """Draw the code of a text as an SVG in a data address; one path of runs of squares."""
    code = segno.make(text, error="m", micro=False)
    rows = [bytes(row) for row in code.matrix]
    size = len(rows) + 2 * _QUIET
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h{n}v1h-{n}z"
        for y, row in enumerate(rows)
        for x, n in _runs(row)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}mm" height="{SIDE}mm" '
        f'viewBox="0 0 {size} {size}"><path d="{path}"/></svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Give where dark squares begin, and how many stand side by side."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((x, 1))
    return found

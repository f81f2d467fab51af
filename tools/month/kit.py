"""What planting a case takes: an office, its store, the truth, and changes made at the very end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from month.base import engineer_of, visit, walk_in
from month.book import Job, Office, Row
from month.clock import at
from month.opening import consult
from month.parts import Store
from month.service import window
from month.truth import Truth
from month.world import PARTS, Part

FAN: Final = next(part for part in PARTS if part.no == "P09")
"""Nobody wants the old one back."""

SUPPLY: Final = next(part for part in PARTS if part.no == "P05")
"""The old one must go back."""

DISK: Final = next(part for part in PARTS if part.no == "P04")
"""Each has its serial."""


@dataclass
class Kit:
    """Plants cases into one office."""

    office: Office
    store: Store
    truth: Truth
    later: list[Callable[[], object]] = field(default_factory=list)
    turn: int = 0

    def visit(self, opened: str = "", promise: str = "", **more: object) -> Job:
        """Plant an on-site ticket; where nothing is said, on a day of its own turn."""
        self.turn += 1
        day = (9, 12, 13, 15, 16, 19, 20, 22, 23)[self.turn % 9]
        opened = opened or f"10-{day:02d} 09:{20 + self.turn % 30:02d}"
        fixed = {n: at(t) for n, t in dict(more.pop("fixed", {})).items()}  # type: ignore[call-overload]
        agreed = None
        if promise:
            start = at(promise)
            agreed = window(start.date(), f"{start:%H:%M}")
        more.setdefault("engineer", engineer_of(self.office, self.turn))
        return visit(
            self.office, self.store, at(opened), promise=agreed, fixed=fixed,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip

    def walk_in(self, arrives: str = "", fetch: str = "", **more: object) -> Job:
        """Plant a walk-in ticket."""
        self.turn += 1
        day = (9, 12, 15, 16, 19, 22, 23)[self.turn % 7]
        arrives = arrives or f"10-{day:02d} 10:{self.turn % 50:02d}"
        fixed = {n: at(t) for n, t in dict(more.pop("fixed", {})).items()}  # type: ignore[call-overload]
        return walk_in(
            self.office, self.store, at(arrives), fixed=fixed, fetch=at(fetch) if fetch else None,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip

    def consult(self, opened: str) -> Job:
        """Plant a call that is settled on the phone."""
        return consult(self.office, at(opened))

    def rows(self, job: Job, record: str) -> list[Row]:
        """Give the rows of a ticket in a record."""
        return [row for row in self.office.rows.get(record, []) if row["_job"] is job]

    def row(self, job: Job, record: str, **like: object) -> Row:
        """Give the first row of a ticket in a record that says so."""
        return next(
            row for row in self.rows(job, record) if all(row[n] == v for n, v in like.items())
        )

    def remove(self, record: str, gone: Callable[[Row], bool]) -> None:
        """Leave rows out."""
        self.office.rows[record] = [row for row in self.office.rows[record] if not gone(row)]

    def set(self, row: Row, **fields: object) -> None:
        """Change a row."""
        row.update(fields)

    def at_last(self, change: Callable[[], object]) -> None:
        """Change something once forms and ledger are written."""
        self.later.append(change)

    def blank(self, job: Job, event: str, n: int = 1) -> None:
        """Let the log not say when an event happened, so that the way cannot be told."""
        job.find(event, n).at = ""
        why = f"the log does not say when {event} happened (reading 2: the event is there)"
        self.truth.blind(job, why)
        self.truth.over("AC-06", job, f"c.11: {event} without its time is a blank", part=2)
        sort = "missing" if event == "arrived" else "follows"
        self.truth.case(
            "AC-10", sort, job, "unknown", f"no time of {event}: its place is not known"
        )

    def special(
        self, no: str, abc: str, qty: int, when: datetime | None = None, price: int = 20
    ) -> Part:
        """Bring in a part only a planted case knows; without a time it was there already."""
        part = Part(no, f"专用件{no}", "desktop", abc, price, serialised=False)
        if when is None:
            self.store.lot(part, qty)
        else:
            self.store.receive(part, when, qty)
        return part

    def pieces(self, no: str, abc: str, *came: str, price: int = 20) -> tuple[Part, list[str]]:
        """Bring in pieces with serial numbers that were there already, each since its day."""
        part = Part(no, f"专用件{no}", "desktop", abc, price, serialised=True)
        numbers = [f"{self.office.code}{no}-{n:05d}" for n in range(1, len(came) + 1)]
        for number, day in zip(numbers, came, strict=True):
            self.store.lot(part, 1, serial=number, since=at(day))
        self.store.free[no] = [*numbers]
        return part, numbers

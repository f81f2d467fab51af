"""The truth about the known-answer month, as typed rows; its own head says how to read it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast

import yaml

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]

OFFICES: Final = {"CD": "2026-10-cd-desk", "CQ": "2026-10-cq-desk", "HZ": "2026-10-hz-desk"}
"""Each office, and the audit of its month; HZ is the clean one."""

Sort = Literal["over", "inside", "na", "missing", "follows"]
SORTS: Final[tuple[Sort, ...]] = ("over", "inside", "na", "missing")

Verdict = Literal["nonconforming", "conforming", "not applicable", "unknown", "clean"]


@dataclass(frozen=True)
class Planted:
    """A case, and the verdict it must get."""

    rule: str
    part: int
    """Which part of the rule, counted from 1."""

    sort: Sort
    """`follows`: brought about of necessity by a case planted for another rule."""

    subject: str
    """A ticket, call, move, part, person, finding, day, minute or text, as the rule has it."""

    verdict: Verdict
    """`clean`: conforming or not applicable; the domain does not say which."""

    why: str
    base: str = ""
    limit: str = ""
    found: str = ""
    """The arithmetic of the limit: from when, until when, and what there was."""

    also: tuple[str, ...] = ()
    """Other tickets that belong to the case."""


@dataclass(frozen=True)
class Left:
    """A ticket that leaves its workflow."""

    workflow: str
    type: str
    ticket: str
    event: str
    """One event, or alternatives of one cost parted by `|`."""

    why: str

    @property
    def events(self) -> frozenset[str]:
        """The events one of which is named."""
        return frozenset(self.event.split("|"))


@dataclass(frozen=True)
class Lost:
    """A loss of parts as a manager would ask for it."""

    sort: str
    """One of the handbook's sorts of losses."""

    subject: str
    part: str
    serial: str = ""
    holder: str = ""
    qty: int = 1
    since: str = ""


@dataclass(frozen=True)
class Short:
    """Who lacks how much cash, and since when."""

    person: str
    amount: str
    since: str


@dataclass(frozen=True)
class Quality:
    """An error of the files, which no rule may take for a finding."""

    kind: str
    record: str
    subject: str
    why: str


def _read(name: str) -> dict[str, list[dict[str, object]]]:
    text = (HERE / name).read_text(encoding="utf-8")
    read: dict[str, list[dict[str, object]]] = yaml.load(text, yaml.CSafeLoader)
    return read


@cache
def planted() -> tuple[Planted, ...]:
    """Every case whose verdict is known."""
    return tuple(
        Planted(
            rule=str(row["rule"]),
            part=cast("int", row["part"]),
            sort=cast("Sort", row["sort"]),
            subject=str(row["subject"]),
            verdict=cast("Verdict", row["verdict"]),
            why=str(row["why"]),
            base=str(row.get("base", "")),
            limit=str(row.get("limit", "")),
            found=str(row.get("found", "")),
            also=tuple(str(each) for each in cast("list[object]", row.get("also", []))),
        )
        for row in _read("truth.yaml")["cases"]
    )


@cache
def left() -> tuple[Left, ...]:
    """Every deviation from a workflow."""
    return tuple(
        Left(**{name: str(value) for name, value in row.items()})
        for row in _read("truth.yaml")["deviations"]
    )


@cache
def lost() -> tuple[Lost, ...]:
    """Every loss of parts."""
    return tuple(
        Lost(**{n: cast("int", v) if n == "qty" else str(v) for n, v in row.items()})  # type: ignore[arg-type]
        for row in _read("truth.yaml")["losses"]
    )


@cache
def short() -> tuple[Short, ...]:
    """Everybody who is short in cash."""
    return tuple(
        Short(**{name: str(value) for name, value in row.items()})
        for row in _read("truth.yaml")["short"]
    )


@cache
def not_assessable() -> frozenset[str]:
    """Tickets whose way cannot be told."""
    return frozenset(str(row["ticket"]) for row in _read("truth.yaml")["not_assessable"])


@cache
def unreachable() -> frozenset[tuple[str, str]]:
    """Rules, and sorts of cases that cannot be, each with its reason in the file."""
    return frozenset(
        (str(row["rule"]), str(row["sort"])) for row in _read("truth.yaml")["unreachable"]
    )


@cache
def quality() -> tuple[Quality, ...]:
    """Every error of the files."""
    return tuple(
        Quality(**{name: str(value) for name, value in row.items()})
        for row in _read("quality.yaml")["errors"]
    )

"""Tickets on their way through a workflow of the repository, with deviations planted by hand.

What a log comes to is known here because it was made, so the report can be written and looked at
without any alignment.
"""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.criteria.rule import RulePart
from sopaudit.evidence.column import coded
from sopaudit.evidence.lines import Lines
from sopaudit.evidence.records import Records
from sopaudit.findings.breakdown import facets_of_rules
from sopaudit.findings.checked import Checked
from sopaudit.findings.conformance.result import Conformance, Passage, Variant
from sopaudit.findings.deviation import identity, table
from sopaudit.findings.gathering import TicketEvidence
from sopaudit.findings.rules.case import TYPES, Cases
from sopaudit.findings.rules.engine import Heard, RuleResult

ROOT: Final = Path(__file__).parents[3]
START: Final = np.datetime64("2026-10-08T08:30", "us")
WAY: Final = (
    ("F2.1", "dispatch_received", "COO"), ("F2.2", "", "COO"),
    ("F2.3", "customer_contacted", "COO"), ("F2.4", "visit_promised", "COO"),
    ("F2.5", "engineer_assigned", "COO"), ("F2.6", "parts_requested", "OSE"),
    ("F2.7", "parts_answered", "SPS"), ("F2.10", "parts_issued", "SPS"),
    ("F2.11", "warranty_checked", "OSE"),
    ("F2.12", "departed arrived diagnosed repair_started", "OSE"), ("F2.13", "", "OSE"),
    ("F2.14", "repair_done customer_signed", "OSE"),
    ("F2.15", "payment_collected payment_handed_in", "OSE"), ("F2.R", "", "OSE"),
    ("F2.16", "parts_returned defective_returned", "OSE"), ("F2.17", "completed", "COO"),
    ("F2.E1", "", "COO"),
)  # fmt: skip
"""Boxes, the events each leaves in the log (none for a silent one), and whose they are."""

PARTS: Final = frozenset(("F2.6", "F2.10"))
"""What is left out where no part is needed; the boxes themselves are optional or passed by."""

STAFF: Final = {"COO": ["CD-03", "CD-04"], "OSE": ["CD-11", "CD-12", "CD-13"], "SPS": ["CD-21"]}


def handbook() -> Handbook:
    """Load the handbook of this repository."""
    book, _ = load_handbook(ROOT)
    assert book is not None
    return book


@dataclass
class Made:
    """Tickets while they are being made."""

    book: Handbook
    events: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    deviations: list[tuple[str, ...]] = field(default_factory=list)
    ways: list[tuple[tuple[str, ...], int, int, tuple[tuple[str, str], ...]]] = field(
        default_factory=list
    )
    boxes: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    jumps: Counter[tuple[str, str]] = field(default_factory=Counter)


def evidence(tickets: int = 400, seed: int = 7, book: Handbook | None = None) -> TicketEvidence:
    """Make tickets and what they come to; the third engineer leaves more out than the others."""
    made, names, dice = _made(tickets, seed, book or handbook())
    records = _records(made)
    results = _rules(made, records, dice)
    facets = facets_of_rules(results.values(), records)
    told = _conformance(made, names)
    rows = _ruled(results, records)
    found = replace(told, deviations=table(made.deviations))
    now = np.datetime64("2026-11-05T23:59:59.999999")
    return TicketEvidence(Checked(now, len(made.events), found, results, table(rows)), facets)


def _made(tickets: int, seed: int, book: Handbook) -> tuple[Made, list[str], random.Random]:
    dice, made = random.Random(seed), Made(book)  # noqa: S311 -- no secret
    names = [f"CD-2610{8 + n // 18:02}-{n % 18 + 1:03}" for n in range(tickets)]
    for n, ticket in enumerate(names):
        at = START + np.timedelta64(n // 18, "D") + np.timedelta64(n % 18 * 25, "m")
        _walk(made, ticket, at, dice)
    return made, names, dice


def planted(tickets: int, book: Handbook) -> tuple[Records, set[tuple[str, str]]]:
    """Give the records of tickets, and where an engineer left out what must not be."""
    made, _, _ = _made(tickets, 7, book)
    found = {(row[4], row[6]) for row in made.deviations if row[3] == "skipped"}
    must = {"F2.11", "F2.14"}
    told = {(ticket, step.split()[0]) for ticket, step in found}
    return _records(made), {(ticket, box) for ticket, box in told if box in must}


def _walk(made: Made, ticket: str, at: np.datetime64, dice: random.Random) -> None:
    engineer = dice.choice(STAFF["OSE"])
    slack = 0.14 if engineer == "CD-13" else 0.03
    flow = made.book.workflows["F2"]
    legal = {(edge.source, edge.target) for edge in flow.edges}
    seen: list[str] = []
    sorts: list[tuple[str, str]] = []
    before = ""
    parts = dice.random() < 0.6
    end = dice.randint(4, 9) if dice.random() < 0.06 else len(WAY)
    for box, said, post in WAY[:end]:
        *first, event = said.split(" ")
        if box == "F2.10" and not parts:
            continue
        at = _later(at, dice)
        if event and box in MISSED and dice.random() < slack:
            sorts.append(("skipped", box))
            _deviate(made, ticket, "skipped", f"{box} {event}", "", post, at)
            made.bad[box] += 1
            continue
        person = engineer if post == "OSE" else dice.choice(STAFF[post])
        again = event == "customer_contacted" and dice.random() < 0.08
        silent = not event or (box == "F2.6" and not parts)
        for name in [] if silent else [*first, event, *([event] if again else [])]:
            at = _later(at, dice)
            told = str(at).replace("T", " ")[:16]
            made.events.append((ticket, name, told, person, post))
            seen.append(name)
        if again:
            sorts.append(("extra", event))
            row = str(len(made.events) + 1)
            _deviate(made, ticket, "extra", "F2.4 visit_promised", event, post, at, person, row)
            made.bad[box] += 1
        made.boxes[box] += 1
        if before:
            (made.moves if (before, box) in legal else made.jumps)[before, box] += 1
        before = box
    state = 1 if sorts else 2 if end < len(WAY) else 0
    made.ways.append((tuple(seen), state, len(sorts), tuple(sorts)))


MISSED: Final = frozenset(("F2.11", "F2.14", "F2.15", "F2.16"))
"""What an engineer may leave out."""


def _later(at: np.datetime64, dice: random.Random) -> np.datetime64:
    """Let some working time pass."""
    at += np.timedelta64(dice.randint(10, 130), "m")
    day = at.astype("datetime64[D]")
    if (at - day) > np.timedelta64(17 * 60 + 30, "m"):
        at = (day + np.timedelta64(1, "D")).astype("datetime64[us]")
        at += np.timedelta64(8 * 60 + dice.randint(30, 180), "m")
    return at


def _deviate(  # noqa: PLR0913, PLR0917 -- the columns of a deviation
    made: Made,
    ticket: str,
    type_: str,
    expected: str,
    found: str,
    post: str,
    at: np.datetime64,
    who: str = "",
    rows: str = "",
) -> None:
    step = f"{type_} {expected} {found}"
    n = sum(row[4] == ticket and row[3] == type_ for row in made.deviations)
    told = str(at).replace("T", " ")[:16] + ":00"
    made.deviations.append(
        (
            identity("F2", ticket, step, n), "F2", "", type_, ticket, rows, expected, found, who,
            told, "", "CD", post,
        )
    )  # fmt: skip


def _conformance(made: Made, names: list[str]) -> Conformance:
    counts = Counter(made.ways)
    order = sorted(counts, key=lambda way: (-counts[way], way[0]))
    variants = tuple(Variant(way[0], counts[way], way[2], way[1], way[3]) for way in order)
    place = {way: n for n, way in enumerate(order)}
    boxes = {b: Passage(n, n, made.bad[b]) for b, n in made.boxes.items()}
    return Conformance(
        tickets=tuple(names),
        state=np.array([way[1] for way in made.ways], np.int8),
        cost=np.array([way[2] for way in made.ways], np.int32),
        deviations=table([]),
        variants=variants,
        variant=np.array([place[way] for way in made.ways], np.int32),
        boxes=boxes,
        moves={move: Passage(n, n) for move, n in made.moves.items()},
        jumps=dict(made.jumps),
    )


def _records(made: Made) -> Records:
    names = ("ticket_no", "event", "at", "actor", "post")
    columns = {name: coded([row[n] for row in made.events]) for n, name in enumerate(names)}
    rows = np.arange(2, len(made.events) + 2)
    return Records({"events": Lines("events", columns, rows, "events.csv")}, "CD")


def _rules(made: Made, records: Records, dice: random.Random) -> dict[str, RuleResult]:
    """Hear rules by dice: each over the events of one sort, the third engineer worse than all."""
    results = {}
    chosen = [rule for rule in made.book.rules.values() if rule.kinds][:34]
    for n, rule in enumerate(chosen):
        if n % 9 == 8:
            results[rule.id] = RuleResult(rule, (), ("calls",))
            continue
        events = [said.split()[-1] for _, said, _ in WAY if said]
        event = events[n % len(events)]
        lines = records.of("events")
        places = np.flatnonzero(lines.is_any("event", frozenset((event,))))
        actors = lines.texts("actor")
        share = (0.0, 0.04, 0.0, 0.12, 0.02)[n % 5]
        verdict = np.array(
            [_verdict(dice, share * (3 if actors[p] == "CD-13" else 1)) for p in places], np.int8
        )
        lines_ = (("events", places),)
        type_ = np.full(len(places), TYPES.index("late"), np.int8)
        ticket = records.ticket("events")[places]
        cases = Cases(verdict, ticket, lines_, type=type_)
        part = RulePart(kind="deadline")
        results[rule.id] = RuleResult(rule, (Heard(part, cases),))
    return results


def _verdict(dice: random.Random, share: float) -> int:
    roll = dice.random()
    return 3 if roll < 0.02 else 2 if roll < 0.1 else int(dice.random() < share)


def _ruled(results: dict[str, RuleResult], records: Records) -> list[tuple[str, ...]]:
    lines = records.of("events")
    columns = [lines.texts(name) for name in ("ticket_no", "at", "actor", "post")]
    rows: list[tuple[str, ...]] = []
    for name, result in results.items():
        for heard in result.parts:
            _, places = heard.cases.lines[0]
            for place in places[heard.cases.verdict == 1].tolist():
                ticket, at, actor, post = (column[place] for column in columns)
                late = f"{place % 5} h {place % 60} min"
                severity = result.rule.severity or ""
                rows.append(
                    (
                        identity(name, ticket, str(place), 0), name, severity, "late", ticket,
                        str(lines.row[place]), "", "", actor, f"{at}:00", late,
                        "CD", post,
                    )
                )  # fmt: skip
    return rows

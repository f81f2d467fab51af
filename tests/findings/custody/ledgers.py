"""Random ledgers: moves of all kinds without sense, and jobs as offices do them, with faults."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from hypothesis import strategies as st
from tests.findings.kind_samples import handbook

from sopaudit.evidence.column import coded
from sopaudit.evidence.lines import Lines
from sopaudit.evidence.records import Records

START: Final = np.datetime64("2026-10-08T08:00", "s")
NOW: Final = np.datetime64("2026-11-05T23:59:59.999999", "us")
FIELDS: Final = (
    "move_id", "move_type", "at", "site_from", "site_to", "part_no", "serial", "qty",
    "status_from", "status_to", "ticket_no", "return_required", "holder", "actor", "note",
)  # fmt: skip
TICKETS: Final = tuple(f"CD-{n}" for n in range(1, 7))

Row = dict[str, str]


def lines(
    record: str, names: Sequence[str], rows: Sequence[Row], source: Sequence[int] | None = None
) -> Lines:
    columns = {name: coded([row.get(name, "") for row in rows]) for name in names}
    told = np.arange(2, len(rows) + 2) if source is None else np.asarray(source)
    return Lines(record, columns, told.astype(np.int64), f"{record}.csv")


def moment(minutes: int) -> str:
    return str(START + np.timedelta64(minutes, "m")).replace("T", " ")


@st.composite
def _any_move(draw: st.DrawFn) -> Row:
    """Draw one move of any kind: the statuses fit its kind, and nothing else fits anything."""
    parts = handbook().parts
    assert parts is not None
    move = draw(st.sampled_from(parts.moves))
    part = draw(st.sampled_from(["P04", "P09", "P11"]))
    return {
        "move_type": move.id,
        "site_from": draw(st.sampled_from(["CD", "CQ", ""])),
        "site_to": draw(st.sampled_from(["CD", "CQ"])),
        "part_no": part,
        "serial": draw(st.sampled_from(["S1", "S2"])) if part == "P04" else "",
        "qty": "1" if part == "P04" else draw(st.sampled_from(["1", "2", "3", "1", ""])),
        "status_from": draw(st.sampled_from(move.from_ or ("",))),
        "status_to": draw(st.sampled_from(move.to or ("",))),
        "ticket_no": draw(st.sampled_from([*TICKETS[:3], ""])),
        "return_required": draw(st.sampled_from(["yes", "no", ""])),
        "holder": draw(st.sampled_from(["1006", "1007", ""])),
        "actor": "1011",
    }


@st.composite
def anything(draw: st.DrawFn) -> list[Row]:
    """Draw a ledger of moves of all kinds; one of them may say no time."""
    rows = draw(st.lists(_any_move(), min_size=1, max_size=14))
    times = draw(st.permutations(range(len(rows))))
    for n, (row, time) in enumerate(zip(rows, times, strict=True)):
        row |= {"move_id": f"M{n}", "at": moment(60 * 37 * time + 5)}
    if draw(st.booleans()):
        rows[0]["at"] = ""
    return rows


JOBS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "fitted": (
        ("RECV", "", "good"), ("ISSUE", "good", "with_engineer"),
        ("CONSUME", "with_engineer", "consumed"), ("RETURN_DEF", "consumed", "defective"),
        ("SHIP_DEF", "defective", "in_transit"), ("CENTRE_ACCEPT", "in_transit", "returned"),
    ),
    "rejected": (
        ("RECV", "", "good"), ("ISSUE", "good", "with_engineer"),
        ("CONSUME", "with_engineer", "consumed"), ("RETURN_DEF", "consumed", "abnormal"),
        ("SHIP_DEF", "abnormal", "in_transit"), ("CENTRE_REJECT", "in_transit", "abnormal"),
    ),
    "reserved": (
        ("RECV", "", "good"), ("RESERVE", "good", "reserved"),
        ("UNRESERVE", "reserved", "good"), ("RESERVE", "good", "reserved"),
        ("ISSUE", "reserved", "with_engineer"), ("RETURN_GOOD", "with_engineer", "to_test"),
        ("SCRAP", "to_test", "scrapped"),
    ),
    "dead": (
        ("RECV", "", "good"), ("ISSUE", "good", "with_engineer"),
        ("DOA_REPORT", "with_engineer", "doa"), ("SHIP_DEF", "doa", "in_transit"),
    ),
    "moved": (
        ("RECV", "", "good"), ("TRANSFER_OUT", "good", "in_transit"),
        ("TRANSFER_IN", "in_transit", "good"),
    ),
    "lent": (
        ("ADJ_PLUS", "", "good"), ("LOAN_OUT", "good", "with_engineer"),
        ("LOAN_BACK", "with_engineer", "good"), ("ADJ_MINUS", "good", "lost"),
    ),
}  # fmt: skip
"""What befalls parts; a fault leaves one step out or stops half-way."""


@st.composite
def _job(draw: st.DrawFn, n: int) -> list[Row]:
    steps = list(JOBS[draw(st.sampled_from(sorted(JOBS)))])
    if draw(st.integers(0, 3)) == 0:
        steps.pop(draw(st.integers(0, len(steps) - 1)))
    steps = steps[: draw(st.integers(1, len(steps)))]
    single = draw(st.booleans())
    quantity = 1 if single else draw(st.integers(1, 3))
    ticket, holder = TICKETS[n % len(TICKETS)], draw(st.sampled_from(["1006", "1007"]))
    time = draw(st.integers(0, 8)) * 24 * 60 + n
    rows = []
    for kind, before, after in steps:
        time += draw(st.sampled_from([61, 190, 1500, 4400, 9100]))
        sent = kind.startswith("TRANSFER")
        rows.append(
            {
                "move_type": kind,
                "at": moment(time),
                "site_from": "PC" if kind == "RECV" else "CD",
                "site_to": "CQ" if sent else "CD",
                "part_no": "P04" if single else "P09",
                "serial": f"S{n}" if single else "",
                "qty": str(quantity),
                "status_from": before,
                "status_to": after,
                "ticket_no": "" if sent or kind in ("RECV", "ADJ_PLUS", "ADJ_MINUS") else ticket,
                "return_required": "yes" if kind == "CONSUME" else "",
                "holder": "" if sent or kind == "RECV" else holder,
                "actor": "1011",
            }
        )
    return rows


@st.composite
def jobs(draw: st.DrawFn) -> list[Row]:
    """Draw a ledger of jobs as they are done, all moves at times of their own."""
    count = draw(st.integers(1, 6))
    rows = [row for n in range(count) for row in draw(_job(n))]
    rows.sort(key=lambda row: row["at"])
    for n, row in enumerate(rows):
        row["move_id"] = f"M{n}"
    return rows


EVENTS: Final = [
    {"ticket_no": ticket, "event": event, "at": moment(n * 1700 + late), "actor": "1006"}
    for n, ticket in enumerate(TICKETS)
    for event, late in (("left_site", 1500), ("repair_done", 1440))
]


def records(
    rows: Sequence[Row], opening: Sequence[Row] | None = None, source: Sequence[int] | None = None
) -> Records:
    """Put a ledger beside tickets and events; an empty opening says that there was nothing."""
    found = {
        "moves": lines("moves", FIELDS, rows, source),
        "ledger": lines("ledger", ("site", "part_no", "serial", "status", "qty"), []),
        "tickets": lines("tickets", ("ticket_no",), [{"ticket_no": t} for t in TICKETS]),
        "events": lines("events", ("ticket_no", "event", "at", "actor"), EVENTS),
    }
    if opening is not None:
        names = (
            "site", "place", "part_no", "serial", "status", "qty", "holder", "ticket_no",
            "since", "move_type", "move_id",
        )  # fmt: skip
        found["opening"] = lines("opening", names, opening)
    return Records(found, "CD")

"""Event logs written as people tell them: one ticket a line, `A: rang, taken_in@MEC, paid`.

An event comes ten minutes after the one before it; `@` is followed by a post, `~` by a person.
"""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.eventlog import EventLog

ROOT: Final = Path(__file__).parents[3]
LOGS: Final = ROOT.parent / "shared/data/logs"
BEGIN: Final = np.datetime64("2026-10-09T08:00:00", "us")


def handbook(folder: str = "") -> Handbook:
    """Load a handbook of this repository."""
    found, problems = load_handbook(ROOT / folder)
    assert found is not None
    assert problems == []
    return found


def log(text: str) -> EventLog:
    """Read a log of lines."""
    tickets = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, events = line.partition(":")
        tickets[name.strip()] = [event.strip() for event in events.split(",") if event.strip()]
    return log_of_sequences(tickets)


def log_of_sequences(tickets: Mapping[str, Sequence[str]]) -> EventLog:
    """Make a log of sequences of events."""
    rows = [
        (n, *_said(event), at)
        for n, events in enumerate(tickets.values())
        for at, event in enumerate(events)
    ]
    names = sorted({event for _, event, *_ in rows})
    posts = sorted({post for *_, post, _, _ in rows} - {""})
    people = sorted({who for *_, who, _ in rows} - {""})
    minutes = np.array([10 * at for *_, at in rows], "timedelta64[m]")
    return EventLog(
        tuple(tickets),
        np.array([row[0] for row in rows], np.int32),
        tuple(names),
        np.array([names.index(row[1]) for row in rows], np.int32),
        (BEGIN + minutes).astype("datetime64[us]"),
        np.arange(2, len(rows) + 2),
        tuple(people),
        np.array([people.index(row[3]) if row[3] else -1 for row in rows], np.int32),
        tuple(posts),
        np.array([posts.index(row[2]) if row[2] else -1 for row in rows], np.int32),
    )


def _said(event: str) -> tuple[str, str, str]:
    name, _, who = event.partition("~")
    name, _, post = name.partition("@")
    return name, post, who


def parted(whole: EventLog, count: int) -> list[EventLog]:
    """Cut a log by tickets, as far apart as may be."""
    found = []
    for part in range(count):
        mine = np.flatnonzero(whole.ticket % count == part)
        tickets = tuple(t for n, t in enumerate(whole.tickets) if n % count == part)
        taken = whole.take(mine)
        found.append(
            EventLog(
                tickets,
                (taken.ticket // count).astype(np.int32),
                taken.activities,
                taken.activity,
                taken.at,
                taken.row,
                taken.actors,
                taken.actor,
                taken.posts,
                taken.post,
            )
        )
    return found


def xes(name: str) -> dict[str, list[str]]:
    """Read the completed events of each case of a public log, in the order of the file."""
    path = LOGS / name
    raw = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    found = {}
    for trace in _named(ET.fromstring(raw), "trace"):  # noqa: S314 -- a file we know
        said = [{key.get("key"): key.get("value") for key in e} for e in _named(trace, "event")]
        name_ = next(k.get("value") for k in trace if k.get("key") == "concept:name")
        found[str(name_)] = [
            str(event["concept:name"])
            for event in said
            if event.get("lifecycle:transition", "complete") == "complete"
        ]
    return found


def _named(tag: ET.Element, name: str) -> list[ET.Element]:
    """List what lies in an element and is called so, in whatever space of names."""
    return [found for found in tag.iter() if found.tag.rpartition("}")[2] == name]

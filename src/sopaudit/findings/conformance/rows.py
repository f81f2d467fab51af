"""Rows of the table of deviations: what deviates in a sequence, with who, when and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.eventlog import EventLog
from sopaudit.findings.conformance.automaton import Automaton
from sopaudit.findings.conformance.deviations import MIXED, ROLE, SKIP, Told
from sopaudit.findings.conformance.roles import post_names
from sopaudit.findings.conformance.sequence import Holding, Sequences
from sopaudit.findings.deviation import COLUMNS, STEP_TYPES, identity

Longs = npt.NDArray[np.int64]

OFFICE: Final = "office"
"""The attribute of an event that names its office, where the log has one."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Deviations of tickets; all arrays have one entry a row of the table."""

    ticket: Longs
    type: npt.NDArray[np.int8]
    own: Longs
    """The event it is about, as a place in the sequences; -1 for a skipped step."""

    before: Longs
    after: Longs
    """The events between which a step should stand; -1 where there is none."""

    step: Ints
    """What was due there, an index into the steps; -1 for nothing."""

    event: Ints
    near: Ints
    nth: Longs
    """Of those of one ticket that are alike it is the n-th, counted from 0."""

    def __len__(self) -> int:
        return len(self.ticket)


def spread(found: Told, variant: Ints, known: Sequences, model: Automaton) -> Rows:
    """Give each ticket the deviations of its sequence; `variant` is -1 where there is none."""
    count = np.bincount(found.sequence, minlength=int(variant.max(initial=-1)) + 1)
    first = np.cumsum(count) - count
    tickets = np.flatnonzero(variant >= 0)
    tickets = tickets[count[variant[tickets]] > 0]
    many = count[variant[tickets]]
    ticket = np.repeat(tickets, many)
    nth = np.arange(len(ticket)) - np.repeat(np.cumsum(many) - many, many)
    of = np.repeat(first[variant[tickets]], many) + nth
    start, end = known.starts[ticket], known.ends[ticket]
    own = np.where(found.position[of] >= 0, start + found.position[of], -1)
    due = np.where(found.due[of] >= 0, start + found.due[of], -1)
    before = np.where(due > start, due - 1, -1)
    after = np.where((due >= 0) & (due < end), due, -1)
    alike = _alike(found, model)
    return Rows(
        ticket, found.type[of], own, before, after,
        found.step[of], found.event[of], found.near[of], alike[of],
    )  # fmt: skip


def _alike(found: Told, model: Automaton) -> Longs:
    """Count, within each sequence, the deviations that are alike."""
    seen: dict[tuple[int, str], int] = {}
    number = np.zeros(len(found.type), np.int64)
    keys = _keys(found.type, found.step, found.event, found.near, model)
    for n, (sequence, key) in enumerate(zip(found.sequence.tolist(), keys, strict=True)):
        number[n] = seen[sequence, key] = seen.get((sequence, key), -1) + 1
    return number


def _keys(
    type_: npt.NDArray[np.int8], step: Ints, event: Ints, near: Ints, model: Automaton
) -> list[str]:
    """Say of each deviation what makes it alike another: workflow, type, and step or event."""
    boxed = (type_ == SKIP) | (type_ == MIXED) | (type_ == ROLE)
    columns = (type_, np.where(boxed, step, -1), event, near)
    steps, known = model.steps, {}
    keys = []
    for key in zip(*(column.tolist() for column in columns), strict=True):
        if key not in known:
            kind, of, said, at = key
            about = f"{steps[of].box} {steps[of].event}" if of >= 0 else f"\0{said}"
            known[key] = f"{steps[at].flow if at >= 0 else ''}\0{STEP_TYPES[kind]}: {about}"
        keys.append(known[key])
    return keys


def of_roles(places: Longs, step: Ints, known: Sequences) -> Rows:
    """Give the deviations of events that were done by a post that may not do them."""
    ticket = np.searchsorted(known.ends, places, side="right").astype(np.int64)
    order = np.lexsort((places, step, ticket))
    same = np.zeros(len(places), np.bool_)
    t, s = ticket[order], step[order]
    same[1:] = (t[1:] == t[:-1]) & (s[1:] == s[:-1])
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(places))))
    nth = np.zeros(len(places), np.int64)
    nth[order] = np.arange(len(places)) - first
    none = np.full(len(places), -1, np.int64)
    kind = np.full(len(places), ROLE, np.int8)
    return Rows(ticket, kind, places, none, none, step, known.event[places], step, nth)


def joined(*parts: Rows) -> Rows:
    """Put rows together."""
    names = ("ticket", "type", "own", "before", "after", "step", "event", "near", "nth")
    return Rows(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))


# --- the table ------------------------------------------------------------------------------------


def frame(rows: Rows, holding: Holding) -> pd.DataFrame:
    """Write rows as the table of deviations, in its one order."""
    log, known = holding.log, holding.known
    table = _Table(rows, log, known, holding.model, holding.handbook, holding.office)
    ids = table.ids()
    rules, rule = table.rules()
    at = table.times()
    number = np.frombuffer(bytes.fromhex("".join(ids)), ">u8")  # in the order of their text
    order = np.lexsort((number, at, rule, rows.ticket))
    columns = {
        "id": ids,
        "rule": [rules[n] for n in rule.tolist()],
        "severity": [""] * len(rows),
        "type": [STEP_TYPES[n] for n in rows.type.tolist()],
        "ticket": [known.tickets[n] for n in rows.ticket.tolist()],
        "rows": table.sources(),
        "expected": table.expected(),
        "found": table.found(),
        "who": table.named(log.actor, log.actors),
        "at": [text.replace("T", " ") for text in np.datetime_as_string(at).tolist()],
        "late": [""] * len(rows),
        "office": table.offices(),
        "post": table.posts(),
    }
    made = {}
    for name in COLUMNS:
        cells = np.array(columns[name], dtype=object)[order]
        made[name] = pd.Series(cells, dtype="str")
    return pd.DataFrame(made)


@dataclass(frozen=True, eq=False)
class _Table:
    """The columns of rows, one by one."""

    rows: Rows
    log: EventLog
    known: Sequences
    model: Automaton
    handbook: Handbook
    office: str

    def ids(self) -> list[str]:
        """Name each row; the same as `deviation.identity`, with the hash of what is common kept."""
        rows, names = self.rows, self.known.names
        keys = _keys(rows.type, rows.step, rows.event, rows.near, self.model)
        begun: dict[str, tuple[str, str]] = {}
        for key, event in zip(keys, rows.event.tolist(), strict=True):
            if key not in begun:
                rule, _, step = key.partition("\0")
                begun[key] = rule, step.partition("\0")[0] + names[event] if "\0" in step else step
        tickets = self.known.tickets
        return [
            identity(begun[key][0], tickets[ticket], begun[key][1], nth)
            for key, ticket, nth in zip(keys, rows.ticket.tolist(), rows.nth.tolist(), strict=True)
        ]

    def rules(self) -> tuple[list[str], Ints]:
        """Give the workflows in the order of their text, and which of them each row is of."""
        of = [step.flow for step in self.model.steps]
        names = sorted({*of, self.model.name or of[0]})
        code = np.array([names.index(name) for name in of], np.int32)
        usual = names.index(self.model.name or of[0])
        return names, np.where(self.rows.near >= 0, code[self.rows.near], usual).astype(np.int32)

    def times(self) -> npt.NDArray[np.datetime64]:
        """Say when: at the event, or where a step is missing at what came instead, else last."""
        rows = self.rows
        place = np.where(
            rows.own >= 0, rows.own, np.where(rows.after >= 0, rows.after, rows.before)
        )
        return np.take(self.log.at, self.known.place[place]).astype("datetime64[s]")

    def sources(self) -> list[str]:
        """Name the source rows: of the event, then those between which a step should stand."""
        source = self.log.row
        columns = []
        for places in (self.rows.own, self.rows.before, self.rows.after):
            found = source[self.known.place[places]] if len(places) else places
            columns.append(np.where(places >= 0, found, -1).tolist())
        return [_spaced(*numbers) for numbers in zip(*columns, strict=True)]

    def expected(self) -> list[str]:
        """Name the box and event that was due; for a wrong role also who may do it."""
        words = [f"{step.box} {step.event}" for step in self.model.steps]
        may = [f" ({', '.join(step.posts or ())})" for step in self.model.steps]
        return [
            "" if n < 0 else words[n] + may[n] if kind == ROLE else words[n]
            for n, kind in zip(self.rows.step.tolist(), self.rows.type.tolist(), strict=True)
        ]

    def found(self) -> list[str]:
        """Name the event that came; nothing where a step is missing."""
        names = self.known.names
        return [
            "" if kind == SKIP else names[n]
            for n, kind in zip(self.rows.event.tolist(), self.rows.type.tolist(), strict=True)
        ]

    def named(self, codes: Ints | None, names: Sequence[str]) -> list[str]:
        """Say who or which post did the event, where the log says."""
        if codes is None or not len(self.rows):
            return [""] * len(self.rows)
        found = codes[self.known.place[self.rows.own]]
        found = np.where(self.rows.own >= 0, found, -1)
        return [names[n] if n >= 0 else "" for n in found.tolist()]

    def posts(self) -> list[str]:
        """Give the post that did it; where a step is missing, the one whose it would have been."""
        said = post_names(self.handbook, self.log.posts)
        did = self.named(self.log.post, said)
        due = [(step.posts or ("",))[0] for step in self.model.steps]
        return [
            due[step] if kind == SKIP else post
            for post, step, kind in zip(
                did, self.rows.step.tolist(), self.rows.type.tolist(), strict=True
            )
        ]

    def offices(self) -> list[str]:
        """Give the office: as the event says, or the first of its ticket, else as was told."""
        cells = self.log.attributes.get(OFFICE)
        if cells is None or not len(self.rows):
            return [self.office] * len(self.rows)
        place = np.where(self.rows.own >= 0, self.rows.own, self.known.starts[self.rows.ticket])
        texts = cells.distinct()
        codes = cells.codes[self.known.place[place]].tolist()
        return [texts.get(code, "") or self.office for code in codes]


def _spaced(own: int, before: int, after: int) -> str:
    """Write rows side by side, each once; -1 is none."""
    if before < 0 > after:
        return f"{own}"
    if own < 0 <= before < after:
        return f"{before} {after}"
    return " ".join(str(n) for n in dict.fromkeys((own, before, after)) if n >= 0)

"""The kind `filled`: forms and fields are filled, and times on them can be read (AC-06)."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.duration import duration
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Coded, Places, from_distinct
from sopaudit.evidence.lines import Flags, Lines
from sopaudit.evidence.recordmapping import fields_of
from sopaudit.evidence.records import TICKETS
from sopaudit.findings.rules.case import (
    NONCONFORMING,
    NOT_APPLICABLE,
    UNKNOWN,
    Cases,
    decided,
    of_type,
)
from sopaudit.findings.rules.hearing import YES, Hearing
from sopaudit.findings.rules.key import NONE, named, told

_EVERY: Final = "ticket"


def filled(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look for blanks in the mandatory fields of forms and records, and in fields that are named.

    A column the file does not have at all is missing data, so a line that is full otherwise is
    unknown. Where something else than a time stands in one of `times`, the time is not there. With
    `where_kept`, fields nobody ever fills are no fields of these records; with `within`, a blank is
    none before so long has passed since a time of its line.
    """
    asked = _asked(hearing, given)
    parts = [_held(hearing, given, record, names) for record, names in asked.items()]
    if given.get("each_ticket") is True:
        parts += [_lacking(hearing, given, record) for record in asked]
    if given.get("per") == _EVERY:
        parts = [_of_tickets(part) for part in parts]
    return joined(parts)


def _asked(hearing: Hearing, given: Mapping[str, Given]) -> dict[str, list[str]]:
    """Give the fields that must be filled, by record; records nobody handed in are left out."""
    asked: dict[str, list[str]] = {}
    forms = hearing.handbook.forms
    for form in listed(given.get("forms", ())):
        asked.setdefault(form, []).extend(f.id for f in forms[form].fields if f.required)
    for record in listed(given.get("records", ())):
        fields = fields_of(hearing.handbook, record)
        asked.setdefault(record, []).extend(f.id for f in fields if f.required)
    for record, name in named(given, "fields"):
        asked.setdefault(record, []).append(name)
    kept = {
        record: _kept(hearing, given, record, list(dict.fromkeys(names)))
        for record, names in asked.items()
        if record in hearing.records
    }
    return {record: names for record, names in kept.items() if names}


def _kept(hearing: Hearing, given: Mapping[str, Given], record: str, names: list[str]) -> list[str]:
    """Leave out the fields nobody ever fills, where a rule asks for those only that are kept."""
    if given.get("where_kept") is not True:
        return names
    lines = hearing.lines(record)
    return [name for name in names if not lines.blank(name).all()]


def _held(hearing: Hearing, given: Mapping[str, Given], record: str, names: Sequence[str]) -> Cases:
    lines = hearing.lines(record)
    line = np.arange(len(lines))
    words = frozenset(listed(given.get("blank", ())))
    times = {name for of, name in named(given, "times") if of == record}
    answers = {f.id: frozenset(f.blank) for f in fields_of(hearing.handbook, record)}
    if record in hearing.handbook.forms:
        answers |= {f.id: frozenset(f.blank) for f in hearing.handbook.forms[record].fields}
    there = [name for name in names if lines.has(name)]
    blanks = [
        _blank(lines, name, (words, answers.get(name, frozenset())), time=name in times)
        for name in there
    ]
    blank = np.stack(blanks) if blanks else np.zeros((0, len(lines)), np.bool_)
    holds: Flags = ~np.asarray(blank.any(axis=0), np.bool_)
    known: Flags = ~holds | (len(there) == len(names))
    verdict = decided(hearing.applies(given, record, line), known, holds)
    verdict[(verdict == NONCONFORMING) & _early(hearing, given, record)] = NOT_APPLICABLE
    return Cases(
        verdict,
        hearing.records.ticket(record),
        lines=((record, line),),
        type=of_type("missing", len(lines)),
        expected=_missing(blank, record, there),
    )


def _early(hearing: Hearing, given: Mapping[str, Given], record: str) -> Flags:
    """Say of each line whether its fields need not be filled yet."""
    lines = hearing.lines(record)
    within = duration(given["within"]) if "within" in given else None
    of, _, name = str(given.get("since", "")).partition(".")
    if within is None or of != record:
        return np.zeros(len(lines), np.bool_)
    due = hearing.clock().due(lines.times(name), within)
    # Where nobody says since when, nobody can say that it is due.
    return np.isnat(due) | (due >= hearing.now)


def _blank(
    lines: Lines, name: str, words: tuple[frozenset[str], frozenset[str]], *, time: bool
) -> Flags:
    """Say of each line whether a field counts as blank: words that do, and those that do not."""
    nothing, answers = words
    blank = (lines.blank(name) | lines.is_any(name, nothing)) & ~lines.is_any(name, answers)
    return blank | lines.misread(name, "times") if time else blank


def _missing(blank: npt.NDArray[np.bool_], record: str, names: Sequence[str]) -> Coded:
    """List for each line the fields that are blank: a few lists, however many lines."""
    bits = np.packbits(blank, axis=0) if len(names) else np.zeros((1, blank.shape[1]), np.uint8)
    kinds, code = np.unique(bits, axis=1, return_inverse=True)
    whole = np.unpackbits(kinds, axis=0, count=len(names)).astype(np.bool_) if len(names) else kinds
    lists = [
        ", ".join(f"{record}.{name}" for name, wrong in zip(names, column, strict=False) if wrong)
        for column in whole.T
    ]
    return from_distinct(code.reshape(-1), lists or [""])


def _lacking(hearing: Hearing, given: Mapping[str, Given], record: str) -> Cases:
    """Give the tickets the rule applies to that have no line in the record at all."""
    ticket = hearing.records.ticket(record)
    applies = hearing.applies_to_tickets(given) == YES
    applies[ticket[ticket >= 0]] = False
    lacking = np.flatnonzero(applies & (hearing.records.home >= 0))
    count = len(lacking)
    return Cases(
        np.full(count, NONCONFORMING, np.int8),
        lacking.astype(np.int32),
        lines=((TICKETS, hearing.records.home[lacking]),),
        type=of_type("missing", count),
        expected=told([record] * count),
    )


def _of_tickets(cases: Cases) -> Cases:
    """Make one case a ticket of the cases of its lines: the worst of them, the first of these."""
    rank = np.select(
        [cases.verdict == NONCONFORMING, cases.verdict == UNKNOWN, cases.verdict == NOT_APPLICABLE],
        [0, 1, 3],
        2,
    )
    mine = np.flatnonzero(cases.ticket >= 0)
    order = mine[np.lexsort((mine, rank[mine], cases.ticket[mine]))]
    first = np.unique(cases.ticket[order], return_index=True)[1]
    return taken(cases, order[first])


def taken(cases: Cases, places: Places) -> Cases:
    """Give some of the cases."""
    return Cases(
        cases.verdict[places],
        cases.ticket[places],
        tuple((record, line[places]) for record, line in cases.lines),
        type=None if cases.type is None else cases.type[places],
        expected=None if cases.expected is None else cases.expected.rows(places),
    )


def joined(parts: Sequence[Cases]) -> Cases:
    """Put the cases of several records together; each keeps the line of its own record."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return Cases(np.empty(0, np.int8), np.empty(0, np.int32))
    records = dict.fromkeys(record for part in parts for record, _ in part.lines)
    return Cases(
        np.concatenate([part.verdict for part in parts]),
        np.concatenate([part.ticket for part in parts]),
        tuple(
            (record, np.concatenate([_line(part, record) for part in parts])) for record in records
        ),
        type=np.concatenate([_types(part) for part in parts]),
        expected=told([text for part in parts for text in _texts(part)]),
    )


def _line(cases: Cases, record: str) -> Places:
    return dict(cases.lines).get(record, np.full(len(cases), NONE, np.intp))


def _types(cases: Cases) -> npt.NDArray[np.int8]:
    return of_type("missing", len(cases)) if cases.type is None else cases.type


def _texts(cases: Cases) -> list[str]:
    return [""] * len(cases) if cases.expected is None else cases.expected.spelled()

"""What must hold of where parts can be: places, the statuses in them, and rules that look there."""

from collections.abc import Iterator
from typing import Final

from sopaudit.criteria.draft import Draft, ids_inside, shaped, unknown
from sopaudit.criteria.lifecycle import codes_of
from sopaudit.criteria.mending import STAND_IN
from sopaudit.criteria.parts import NO_STATUS, PartsRules
from sopaudit.criteria.rule import Rule
from sopaudit.criteria.ruling import Known, clean, inside, looked_up
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc

NEEDING: Final = frozenset(("never_below", "one_place", "stays"))
"""Kinds of rules that look at where parts are."""


def whereabouts(draft: Draft) -> Iterator[Problem]:
    """Look whether places, and what names them, fit each other."""
    rules = ids_inside([*draft.rules, *draft.parts], "rules")
    for parts, file in shaped(draft.parts):
        statuses = codes_of(draft, parts.status_codes)
        yield from _places(parts, file, statuses)
        yield from _moves(draft, parts, file, statuses)
        yield from _settings(draft, parts, file)
        for n, loss in enumerate(parts.losses):
            for m, word in enumerate(loss.rules):
                yield from _found_by(draft, file, ("losses", n, "rules", m), word, rules)
            for word in loss.types:
                loc: Loc = ("losses", n, "types", word)
                if STAND_IN not in loss.rules and word not in loss.rules:
                    yield file.problem("H195", loc, word=word, choices=", ".join(loss.rules))
    yield from _needing(draft)


def _places(parts: PartsRules, file: Document, statuses: Known) -> Iterator[Problem]:
    lies: dict[str, str] = {}
    for n, place in enumerate(parts.places):
        for m, status in enumerate(place.statuses):
            loc = ("places", n, "statuses", m)
            yield from looked_up(file, "H134", loc, status, statuses)
            first = lies.setdefault(status, place.id)
            if first != place.id and status != STAND_IN:
                yield file.problem("H192", loc, word=status, one=first, other=place.id)
    if parts.places and all(place.kind not in ("outside", STAND_IN) for place in parts.places):
        yield file.problem("H193", ("places",), key=True)


def _moves(draft: Draft, parts: PartsRules, file: Document, statuses: Known) -> Iterator[Problem]:
    places = inside(draft.parts, "places")
    fields = _fields(draft, "moves")
    lies = {status for place in parts.places for status in place.statuses}
    for n, move in enumerate(parts.moves):
        for status, place in move.places.items():
            loc: Loc = ("moves", n, "places", status)
            if status != NO_STATUS:
                yield from looked_up(file, "H134", loc, status, statuses)
            yield from unknown(file, "H191", loc, place, places)
        if move.owes is not None:
            for key, word in (("from", move.owes.from_), ("place", move.owes.place)):
                yield from unknown(file, "H191", ("moves", n, "owes", key), word, places)
            yield from looked_up(file, "H129", ("moves", n, "owes", "when"), move.owes.when, fields)
        if not parts.places:
            continue
        for key, words in (("from", move.from_), ("to", move.to)):
            for m, status in enumerate(words):
                known = status in lies or status in move.places or status == STAND_IN
                if not known and (statuses is None or status in statuses):
                    yield file.problem("H194", ("moves", n, key, m), word=status)


def _settings(draft: Draft, parts: PartsRules, file: Document) -> Iterator[Problem]:
    named = {
        f"{record.id}.{field.id}"
        for kept, _ in shaped(draft.records)
        for record in kept.records
        for field in record.fields
    }
    if draft.records and all(map(clean, draft.records)):
        for n, word in enumerate(parts.holder):
            if word not in named and word != STAND_IN:
                near = choices(word, sorted(named))
                yield file.problem("H196", ("holder", n), word=word, choices=near)
    days = parts.ageing
    if any(one >= other for one, other in zip((0, *days), days, strict=False)):
        yield file.problem("H198", ("ageing",), found=", ".join(map(str, days)))
    if parts.worth is not None:
        tables = {table.id: table for table, _ in shaped(draft.tables)}
        if all(map(clean, draft.tables)):
            yield from unknown(file, "H131", ("worth", "table"), parts.worth.table, tables)
            table = tables.get(parts.worth.table)
            for key in ("key", "column") if table is not None else ():
                columns = [column.id for column in table.columns] if table is not None else []
                word = getattr(parts.worth, key)
                yield from unknown(file, "H132", ("worth", key), word, columns)


def _fields(draft: Draft, record: str) -> Known:
    """List the fields of a record; None where they cannot be read."""
    if not draft.records or not all(map(clean, draft.records)):
        return None
    found = (r for kept, _ in shaped(draft.records) for r in kept.records if r.id == record)
    return [field.id for r in found for field in r.fields]


def _found_by(draft: Draft, file: Document, loc: Loc, word: str, rules: Known) -> Iterator[Problem]:
    """Look whether a rule, and the part of it that is named, exists."""
    name, mark, part = word.partition("/")
    if rules is None or word == STAND_IN:
        return
    if name not in rules:
        yield file.problem("H195", loc, word=word, choices=choices(name, list(rules)))
    elif mark:
        counts = {rule.id: max(len(rule.all_of), 1) for rule, _, _ in _rules(draft)}
        count = counts.get(name, 0)
        if count and not (part.isdecimal() and 1 <= int(part) <= count):
            near = ", ".join(f"{name}/{n}" for n in range(1, count + 1))
            yield file.problem("H195", loc, word=word, choices=near)


def _rules(draft: Draft) -> Iterator[tuple[Rule, Document, int]]:
    for register, file in shaped(draft.rules):
        yield from ((rule, file, n) for n, rule in enumerate(register.rules))
    for parts, file in shaped(draft.parts):
        yield from ((rule, file, n) for n, rule in enumerate(parts.rules))


def _needing(draft: Draft) -> Iterator[Problem]:
    """Look whether rules that ask where parts are have places to look at."""
    if any(parts.places for parts, _ in shaped(draft.parts)) or not all(map(clean, draft.parts)):
        return
    for rule, file, n in _rules(draft):
        if rule.kind in NEEDING:
            yield file.problem("H197", ("rules", n, "kind"), word=rule.kind)
        for m, part in enumerate(rule.all_of):
            if part.kind in NEEDING:
                yield file.problem("H197", ("rules", n, "all_of", m, "kind"), word=part.kind)

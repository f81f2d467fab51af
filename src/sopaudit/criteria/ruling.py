"""What must hold of rules, parts rules and key figures: their kinds, and what they name.

Names are looked up where the handbook has the register they belong to: without `sops/records.yaml`
nothing is said of records and fields.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from pydantic import BaseModel

from sopaudit.criteria.draft import (
    Anything,
    Draft,
    Loaded,
    ids,
    ids_inside,
    opened,
    shaped,
    unknown,
)
from sopaudit.criteria.drawing import Sampling
from sopaudit.criteria.form import FormField
from sopaudit.criteria.kind import KPI_KINDS, RULE_KINDS
from sopaudit.criteria.kpi import Figure, Kpi, Target
from sopaudit.criteria.mending import STAND_IN
from sopaudit.criteria.parameter import Kind, Parameter
from sopaudit.criteria.rule import Clause, Condition, Given, Rule, listed
from sopaudit.criteria.setting import example, fits
from sopaudit.criteria.workflow import Choice
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc


class _Use(NamedTuple):
    """A kind as it is used: by a rule, a part of one, or a key figure."""

    file: Document
    loc: Loc
    kind: str
    given: Mapping[str, Given]
    kinds: Mapping[str, Kind]
    """Those it may be."""

    counted: tuple[str, ...]
    """The rules it counts."""

    settled: bool
    """Nothing is wrong with the file, so what is missing there was never written."""


def clean(file: Loaded[BaseModel]) -> bool:
    """Say whether nothing is wrong with a file by itself: what it lacks was never written."""
    return file.whole and not file.document.problems


def _ruled(draft: Draft) -> Iterator[tuple[Rule, Document, Loc, bool]]:
    """Go through all rules: each with its file, where it stands, and whether the file is clean."""
    for register in draft.rules:
        for n, rule in enumerate(register.value.rules if register.value else ()):
            yield rule, register.document, ("rules", n), clean(register)
        for n, rule in enumerate(register.value.contradictions if register.value else ()):
            yield rule, register.document, ("contradictions", n), clean(register)
    for parts in draft.parts:
        for n, rule in enumerate(parts.value.rules if parts.value else ()):
            yield rule, parts.document, ("rules", n), clean(parts)


def _figures(draft: Draft) -> Iterator[tuple[Kpi | Figure, Document, Loc, bool]]:
    """Go through all key figures and those beside them, as `_ruled` does."""
    for file in draft.kpis:
        for n, kpi in enumerate(file.value.kpis if file.value else ()):
            yield kpi, file.document, ("kpis", n), clean(file)
            for m, figure in enumerate(kpi.also):
                yield figure, file.document, ("kpis", n, "also", m), clean(file)


def _uses(draft: Draft) -> Iterator[_Use]:
    for rule, file, loc, whole in _ruled(draft):
        yield from _uses_of(rule, file, loc, settled=whole)
    for figure, file, loc, whole in _figures(draft):
        yield _Use(file, loc, figure.kind, figure.given, KPI_KINDS, figure.rules, whole)


def _uses_of(rule: Rule, file: Document, loc: Loc, *, settled: bool) -> Iterator[_Use]:
    if rule.kind is not None:
        yield _Use(file, loc, rule.kind, rule.given, RULE_KINDS, (), settled)
    for n, part in enumerate(rule.all_of):
        where = (*loc, "all_of", n)
        yield _Use(file, where, part.kind, part.given, RULE_KINDS, (), settled)


def kinds(draft: Draft) -> Iterator[Problem]:
    """Look whether every rule and key figure is of a known kind, and gives it what it takes."""
    for use in _uses(draft):
        yield from unknown(use.file, "H120", (*use.loc, "kind"), use.kind, use.kinds)
        kind = use.kinds.get(use.kind)
        if kind is None:
            continue
        for name, given in use.given.items():
            yield from _setting(use, kind, name, given)
        if use.settled:
            yield from _complete(use, kind)
    for rule, file, loc, whole in _ruled(draft):
        both = rule.kind is not None and rule.all_of
        if whole and (both or (rule.kind is None and rule.given)):
            key = "all_of" if both else "with"
            yield file.problem("H137", (*loc, key), key=True, word=rule.id)


def _setting(use: _Use, kind: Kind, name: str, given: Given) -> Iterator[Problem]:
    loc = (*use.loc, "with", name)
    parameter = kind.parameter(name)
    if parameter is None:
        known = [p.name for p in kind.parameters]
        near = choices(name, known)
        yield use.file.problem("H121", loc, key=True, name=name, kind=kind.name, choices=near)
    elif STAND_IN in listed(given):
        return
    elif not fits(parameter, given):
        shown = ", ".join(listed(given))
        right = example(parameter, given)
        yield use.file.problem("H123", loc, name=name, found=shown, example=right)
    elif parameter.sort == "choice":
        for where, word in _words(loc, given):
            yield from unknown(use.file, "H124", where, word, parameter.choices)


def _complete(use: _Use, kind: Kind) -> Iterator[Problem]:
    """Look for settings that are missing, and for lists that do not go together."""
    loc = (*use.loc, "kind")
    missing = [p.name for p in kind.parameters if p.required and p.name not in use.given]
    if kind.counts_rules and not use.counted:
        missing.append("rules")
    if missing:
        yield use.file.problem("H122", loc, kind=kind.name, names=", ".join(missing))
    for group in kind.either:
        if not any(name in use.given for name in group):
            yield use.file.problem("H125", loc, kind=kind.name, names=", ".join(group))
    for first, second in kind.alike:
        if first in use.given and second in use.given:
            one, other = (len(listed(use.given[name])) for name in (first, second))
            if one != other:
                where = (*use.loc, "with", second)
                yield use.file.problem(
                    "H126", where, first=first, second=second, one=one, other=other
                )


def _words(loc: Loc, given: Given) -> Iterator[tuple[Loc, str]]:
    """Give each word of a setting with its place."""
    if isinstance(given, tuple):
        yield from (((*loc, n), word) for n, word in enumerate(given))
    elif isinstance(given, str):
        yield loc, given


Known = Collection[str] | None
"""Names of one sort; None where the handbook has no register of them."""


@dataclass(frozen=True)
class _Registers:
    """What rules may name."""

    events: Known
    moves: Known
    places: Known
    records: Known
    """Forms among them, because what is written on paper is a record too."""

    forms: Known
    fields: Mapping[str, Collection[str]]
    """By record and form; those that could not be read have any field."""

    coded: Mapping[str, str]
    """The list of codes of each `record.field` that has one."""

    tables: Known
    columns: Mapping[str, Collection[str]]
    lists: Known
    codes: Mapping[str, Collection[str]]
    conditions: Collection[str]
    phrases: Collection[str]
    rules: Collection[str]
    posts: Collection[str]
    purses: Known
    """Where money can be."""


def inside(files: Iterable[Loaded[BaseModel]], *path: str) -> Collection[str]:
    """List ids as `ids_inside` does, where the first key may be left out."""
    having = [
        file
        for file in files
        if not isinstance(file.document.data, Mapping) or path[0] in file.document.data
    ]
    return ids_inside(having, *path)


def _either(*found: Collection[str]) -> Collection[str]:
    if any(isinstance(names, Anything) for names in found):
        return Anything(name for names in found for name in names)
    return dict.fromkeys(name for names in found for name in names)


def _registers(draft: Draft) -> _Registers:
    # Of two of one name, the record is what rules read.
    named: dict[str, tuple[FormField, ...]] = {
        form.id: form.fields for register, _ in shaped(draft.forms) for form in register.forms
    }
    for kept, _ in shaped(draft.records):
        named |= {record.id: record.fields for record in kept.records}
    fielded = all(map(clean, (*draft.forms, *draft.records)))
    papers = ids_inside(draft.forms, "forms")
    codes = {c.id: c for register, _ in shaped(draft.codes) for c in register.lists}
    coded = all(map(clean, draft.codes))
    tables = {table.id: table for table, _ in shaped(draft.tables)}
    return _Registers(
        events=events_known(draft),
        moves=_moves(draft),
        places=(inside(draft.parts, "places") or None) if draft.parts else None,
        records=_either(ids_inside(draft.records, "records"), papers) if draft.records else None,
        forms=papers if draft.forms else None,
        fields={n: [f.id for f in fields] for n, fields in named.items()} if fielded else {},
        coded={
            f"{name}.{f.id}": f.codes for name, fields in named.items() for f in fields if f.codes
        },
        tables=ids(draft.tables) if draft.tables else None,
        columns={n: [c.id for c in table.columns] for n, table in tables.items()}
        if all(map(clean, draft.tables))
        else {},
        lists=ids_inside(draft.codes, "lists") if draft.codes else None,
        codes={n: [c.id for c in found.codes] for n, found in codes.items()} if coded else {},
        conditions=inside(draft.rules, "conditions"),
        phrases=inside(draft.posts, "forbidden"),
        posts=ids(draft.posts),
        rules=ids_inside([*draft.rules, *draft.parts], "rules"),
        purses=inside(draft.money, "places"),
    )


def events_known(draft: Draft) -> Known:
    """List what may happen: events of the register, or else those the workflows name."""
    if draft.events:
        return ids_inside(draft.events, "events")
    nodes = [node for flow, _ in shaped(draft.workflows) for node in flow.nodes]
    found = [e for node in nodes for e in (*node.events, *_chosen(node.choices))]
    return (opened(found) if all(map(clean, draft.workflows)) else Anything(found)) or None


def _chosen(found: Iterable[Choice]) -> Iterator[str]:
    for choice in found:
        yield from choice.events


def _moves(draft: Draft) -> Known:
    return inside(draft.parts, "moves") if draft.parts else None


def names(draft: Draft) -> Iterator[Problem]:
    """Look whether what rules and key figures name exists."""
    if not (draft.rules or draft.parts or draft.kpis):
        return
    known = _registers(draft)
    for use in _uses(draft):
        yield from _settings(use, known)
        for n, rule_id in enumerate(use.counted):
            yield from unknown(use.file, "H013", (*use.loc, "rules", n), rule_id, known.rules)
    for rule, file, loc, _ in _ruled(draft):
        yield from _read(file, loc, rule.uses, rule.data, known)
    for figure, file, loc, _ in _figures(draft):
        if isinstance(figure, Kpi):
            yield from _read(file, loc, figure.uses, figure.data, known)
    yield from _conditions(draft, known)
    yield from _desk(draft, known)


def _settings(use: _Use, known: _Registers) -> Iterator[Problem]:
    kind = use.kinds.get(use.kind)
    for name, given in use.given.items() if kind else ():
        parameter = kind.parameter(name) if kind else None
        if parameter is not None and fits(parameter, given):
            yield from _named(use, parameter, given, known)


def _read(
    file: Document, loc: Loc, uses: tuple[str, ...], data: tuple[str, ...], known: _Registers
) -> Iterator[Problem]:
    for n, table in enumerate(uses):
        yield from looked_up(file, "H131", (*loc, "uses", n), table, known.tables)
    for n, record in enumerate(data):
        yield from looked_up(file, "H128", (*loc, "data", n), record, known.records)


def looked_up(file: Document, code: str, loc: Loc, word: str, known: Known) -> Iterator[Problem]:
    """Look a word up where there is a register of its sort."""
    if known is not None:
        yield from unknown(file, code, loc, word, known)


def _named(use: _Use, parameter: Parameter, given: Given, known: _Registers) -> Iterator[Problem]:
    look = _LOOK_UP.get(parameter.sort)
    loc = (*use.loc, "with", parameter.name)
    for where, word in _words(loc, given):
        if look is not None:
            yield from look(use.file, where, word, known)
        elif parameter.sort == "column":
            columns = known.columns.get(str(use.given.get("table")))
            yield from looked_up(use.file, "H132", where, word, columns)
    if (use.kind, parameter.name) == ("value_in", "is"):
        yield from _coded(use.file, str(use.given.get("field")), _words(loc, given), known)


def _coded(
    file: Document, field: str, words: Iterable[tuple[Loc, str]], known: _Registers
) -> Iterator[Problem]:
    """Look whether the values a field is held against are codes it may have."""
    codes = known.codes.get(known.coded.get(field, ""))
    for where, word in words:
        yield from looked_up(file, "H134", where, word, codes)


def fields_and_codes(
    draft: Draft,
    file: Document,
    fields: Iterable[tuple[Loc, str]],
    codes: Iterable[tuple[str, Loc, str]],
) -> Iterator[Problem]:
    """Look whether fields exist, and words are codes of the field each is named with."""
    known = _registers(draft)
    for loc, word in fields:
        yield from _field(file, loc, word, known)
    for field, loc, word in codes:
        yield from _coded(file, field, [(loc, word)], known)


def _moment(file: Document, loc: Loc, word: str, known: _Registers) -> Iterator[Problem]:
    """Look an event, a move or the field of a record up, whichever the word is."""
    if "." in word:
        yield from _field(file, loc, word, known)
    elif known.events is not None and word not in (known.moves or ()):
        yield from unknown(file, "H127", loc, word, known.events)


def _field(file: Document, loc: Loc, word: str, known: _Registers) -> Iterator[Problem]:
    record, dot, field = word.partition(".")
    if not dot:
        if known.records is not None:
            names = choices(word, [f"{name}.{f}" for name, fs in known.fields.items() for f in fs])
            yield file.problem("H129", loc, word=word, choices=names)
    elif known.records is None or record in known.records:
        fields = known.fields.get(record)
        if fields is not None and field not in fields and STAND_IN not in fields:
            near = choices(field, fields)
            shown = ", ".join(f"{record}.{name}" for name in near.removesuffix(" …").split(", "))
            yield file.problem("H129", loc, word=word, choices=shown)
    else:
        yield from unknown(file, "H128", loc, record, known.records)


_LookUp = Callable[[Document, Loc, str, _Registers], Iterator[Problem]]

_LOOK_UP: Final[Mapping[str, _LookUp]] = {
    "moment": _moment,
    "event": lambda f, at, word, known: looked_up(f, "H127", at, word, known.events),
    "move": lambda f, at, word, known: looked_up(f, "H127", at, word, known.moves),
    "place": lambda f, at, word, known: looked_up(f, "H191", at, word, known.places),
    "field": _field,
    "record": lambda f, at, word, known: looked_up(f, "H128", at, word, known.records),
    "form": lambda f, at, word, known: looked_up(f, "H128", at, word, known.forms),
    "table": lambda f, at, word, known: looked_up(f, "H131", at, word, known.tables),
    "codes": lambda f, at, word, known: looked_up(f, "H133", at, word, known.lists),
    "condition": lambda f, at, word, known: unknown(f, "H135", at, word, known.conditions),
    "phrase": lambda f, at, word, known: unknown(f, "H130", at, word, known.phrases),
    "post": lambda f, at, word, known: unknown(f, "H015", at, word, known.posts),
    "purse": lambda f, at, word, known: looked_up(f, "H205", at, word, known.purses),
}
"""How a name of each sort is looked up."""


def _conditions(draft: Draft, known: _Registers) -> Iterator[Problem]:
    """Look whether conditions can be decided, and what they name exists."""
    for file in draft.rules:
        if file.value is None:
            continue
        document, found = file.document, file.value.conditions
        leads = {c.id: [x.condition for x in (*c.all_of, *c.any_of) if x.condition] for c in found}
        for n, condition in enumerate(found):
            loc: Loc = ("conditions", n)
            if clean(file) and (_empty(condition) or _circular(condition.id, leads)):
                yield document.problem("H136", (*loc, "id"), word=condition.id)
            for key, clauses in (("all_of", condition.all_of), ("any_of", condition.any_of)):
                for m, clause in enumerate(clauses):
                    yield from _clause(document, (*loc, key, m), clause, known)


def _desk(draft: Draft, known: _Registers) -> Iterator[Problem]:
    """Look up what the drawing of tickets and the list of the day name."""
    posts = ids(draft.posts)
    for register in draft.rules:
        file, found = register.document, register.value
        if found is not None and found.sampling is not None:
            yield from _sampling(file, found.sampling, known, whole=clean(register))
        for n, heading in enumerate(found.today if found else ()):
            loc: Loc = ("today", n)
            for m, word in enumerate(heading.rules):
                yield from unknown(file, "H013", (*loc, "rules", m), word, known.rules)
            for m, field in enumerate(heading.person):
                yield from _field(file, (*loc, "person", m), field, known)
            for m, post in enumerate(heading.posts):
                yield from unknown(file, "H015", (*loc, "posts", m), post, posts)


def _sampling(
    file: Document, drawn: Sampling, known: _Registers, *, whole: bool
) -> Iterator[Problem]:
    loc: Loc = ("sampling",)
    for n, field in enumerate(drawn.by):
        yield from _field(file, (*loc, "by", n), field, known)
    for n, word in enumerate(drawn.always):
        yield from unknown(file, "H135", (*loc, "always", n), word, known.conditions)
    for n, word in enumerate(drawn.failing):
        yield from unknown(file, "H013", (*loc, "failing", n), word, known.rules)
    for n, plan in enumerate(drawn.plans if whole else ()):
        if not plan.sound:
            yield file.problem("H190", (*loc, "plans", n, "id"), word=plan.id)


def _empty(condition: Condition) -> bool:
    clauses = (*condition.all_of, *condition.any_of)
    return not clauses or not all(map(_decided, clauses))


def _decided(clause: Clause) -> bool:
    """Say whether a clause asks one thing, and of a field what it should be."""
    asks = [clause.field, clause.event, clause.condition]
    bounds = (clause.at_least, clause.at_most, clause.filled)
    held = bool(clause.is_) or any(bound is not None for bound in bounds)
    return sum(ask is not None for ask in asks) == 1 and held == (clause.field is not None)


def _circular(start: str, leads: Mapping[str, list[str]]) -> bool:
    """Say whether a condition leads back to itself."""
    seen: set[str] = set()
    ahead = list(leads.get(start, ()))
    while ahead:
        name = ahead.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            ahead += leads.get(name, ())
    return False


def _clause(file: Document, loc: Loc, clause: Clause, known: _Registers) -> Iterator[Problem]:
    if clause.field is not None and clause.field != STAND_IN:
        yield from _field(file, (*loc, "field"), clause.field, known)
        words = (((*loc, "is", n), word) for n, word in enumerate(clause.is_))
        yield from _coded(file, clause.field, words, known)
    if clause.event is not None and clause.event not in (known.moves or ()):
        yield from looked_up(file, "H127", (*loc, "event"), clause.event, known.events)
    yield from unknown(file, "H135", (*loc, "condition"), clause.condition, known.conditions)


def targets(draft: Draft) -> Iterator[Problem]:
    """Look for targets that nothing can meet, or that say no direction."""
    for figure, file, loc, whole in _figures(draft):
        if whole and figure.target is not None and _contradicts(figure.target):
            word = figure.id if isinstance(figure, Kpi) else figure.kind
            yield file.problem("H138", (*loc, "target"), key=True, word=word)


def _contradicts(target: Target) -> bool:
    """Say whether a target has two limits of one side or none, or none lies between its limits."""
    low = [x for x in (target.at_least, target.above) if x is not None]
    high = [x for x in (target.at_most, target.below) if x is not None]
    if len(low) > 1 or len(high) > 1 or not (low or high):
        return True
    if low and high and (low > high or (low == high and None in (target.at_least, target.at_most))):
        return True
    # The floor lies on the far side of the target: nobody has a score before he reaches it.
    return target.floor is not None and (
        bool(low and high) or (target.floor >= low[0] if low else target.floor <= high[0])
    )

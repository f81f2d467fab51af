"""What must hold of the life of a part: its stages, statuses and moves name what exists."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from sopaudit.criteria.draft import Draft, ids, ids_inside, shaped, unknown
from sopaudit.criteria.field import plain
from sopaudit.criteria.parts import Counting, PartsRules
from sopaudit.criteria.rule import Rule
from sopaudit.criteria.ruling import Known, clean, inside, looked_up
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc

_JUDGES: Final = "count_tolerance"
"""The kind of rule that says whether what was counted is what the book has."""


def stages(draft: Draft) -> Iterator[Problem]:
    """Look whether stages, rules and moves name stages of the parts rules."""
    known = inside(draft.parts, "stages")
    for register, file in shaped(draft.rules):
        yield from _rules(file, register.rules, known)
    for parts, file in shaped(draft.parts):
        yield from _rules(file, parts.rules, known)
        for n, stage in enumerate(parts.stages):
            for m, following in enumerate(stage.next):
                yield from unknown(file, "H139", ("stages", n, "next", m), following, known)
        for n, move in enumerate(parts.moves):
            yield from unknown(file, "H139", ("moves", n, "stage"), move.stage, known)


def _rules(file: Document, rules: Iterable[Rule], known: Collection[str]) -> Iterator[Problem]:
    for n, rule in enumerate(rules):
        yield from unknown(file, "H139", ("rules", n, "stage"), rule.stage, known)


def bookings(draft: Draft) -> Iterator[Problem]:
    """Look whether the parts rules name statuses, moves, forms and records that exist."""
    lists = inside(draft.codes, "lists") if draft.codes else None
    records = inside(draft.records, "records") if draft.records else None
    forms = inside(draft.forms, "forms") if draft.forms else None
    for parts, file in shaped(draft.parts):
        for key, name in (("status_codes", parts.status_codes), ("move_codes", parts.move_codes)):
            if name is not None:
                yield from looked_up(file, "H133", (key,), name, lists)
        for n, record in enumerate(parts.ledger):
            yield from looked_up(file, "H128", ("ledger", n), record, records)
        statuses = codes_of(draft, parts.status_codes)
        for loc, status in _statuses(parts):
            yield from looked_up(file, "H134", loc, status, statuses)
        moves = codes_of(draft, parts.move_codes)
        for n, move in enumerate(parts.moves):
            yield from looked_up(file, "H134", ("moves", n, "id"), move.id, moves)
            for m, paper in enumerate(move.papers):
                yield from looked_up(file, "H128", ("moves", n, "papers", m), paper, forms)


def counting(draft: Draft) -> Iterator[Problem]:
    """Look whether a count has a rule that judges counts, shares of a whole, posts that exist."""
    rules = ids_inside([*draft.rules, *draft.parts], "rules")
    posts = ids(draft.posts)
    for parts, file in shaped(draft.parts):
        if parts.counting is not None:
            loc: Loc = ("counting",)
            yield from unknown(file, "H013", (*loc, "rule"), parts.counting.rule, rules)
            yield from _judging(draft, file, (*loc, "rule"), parts.counting.rule)
            yield from _shares(file, loc, parts.counting)
            for n, post in enumerate(parts.counting.keepers):
                yield from unknown(file, "H015", (*loc, "keepers", n), post, posts)


def measures(draft: Draft) -> Iterator[Problem]:
    """Look whether the equations of the ledger name key figures that exist."""
    known = inside(draft.kpis, "kpis")
    for parts, file in shaped(draft.parts):
        for n, equation in enumerate(parts.equations):
            for m, name in enumerate(equation.kpis):
                yield from unknown(file, "H201", ("equations", n, "kpis", m), name, known)


def _judging(draft: Draft, file: Document, loc: Loc, named: str) -> Iterator[Problem]:
    every = [rule for register, _ in shaped(draft.rules) for rule in register.rules]
    every += [rule for parts, _ in shaped(draft.parts) for rule in parts.rules]
    judge = next((rule for rule in every if rule.id == named), None)
    if judge and judge.kind != _JUDGES and all(part.kind != _JUDGES for part in judge.all_of):
        able = [r.id for r in every if _JUDGES in (r.kind, *(part.kind for part in r.all_of))]
        yield file.problem("H199", loc, word=named, kind=_JUDGES, choices=choices(named, able))


def _shares(file: Document, loc: Loc, counting: Counting) -> Iterator[Problem]:
    said = [((*loc, "shares", name), share) for name, share in counting.shares.items()]
    if counting.rate is not None:
        said.append(((*loc, "rate"), counting.rate))
    for at, share in said:
        if not 0 <= share <= 1:
            yield file.problem("H200", at, found=plain(share))


def codes_of(draft: Draft, name: str | None) -> Known:
    """List the codes of a list; None where it cannot be read or is not named."""
    lists = {c.id: c for register, _ in shaped(draft.codes) for c in register.lists}
    if name not in lists or not all(map(clean, draft.codes)):
        return None
    return [code.id for code in lists[name].codes]


def _statuses(parts: PartsRules) -> Iterator[tuple[Loc, str]]:
    for n, stage in enumerate(parts.stages):
        for m, status in enumerate(stage.statuses):
            yield ("stages", n, "statuses", m), status
    for n, move in enumerate(parts.moves):
        for key, words in (("from", move.from_), ("to", move.to)):
            for m, status in enumerate(words):
                yield ("moves", n, key, m), status

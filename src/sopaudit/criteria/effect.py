"""Words of a scheme that change nothing: told as hints, because the results are right all the same.

A checklist may well carry weights for another scheme, and a scheme sections another checklist has.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.draft import Draft, shaped
from sopaudit.criteria.field import plain
from sopaudit.criteria.judging import known_set
from sopaudit.criteria.label import own_labels
from sopaudit.criteria.labelled import Sheet, sheets
from sopaudit.criteria.scheme import Limit, Scheme
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc


def without_effect(draft: Draft) -> Iterator[Problem]:
    """Hint at numbers and limits that can be left out without changing a score or a grade."""
    for scheme, file in shaped(draft.schemes, whole=True):
        found = sheets(draft, scheme)
        yield from _nothing(scheme, file)
        yield from _implied(scheme, file)
        yield from _sections(scheme, found, file)
        for checklist, owner in found or ():
            yield from _items(scheme, checklist, owner)
        if found:
            yield from _unused(scheme, found, file)


def _nothing(scheme: Scheme, file: Document) -> Iterator[Problem]:
    """Look for numbers that add nothing."""
    if scheme.start == 0 and scheme.take is None:
        yield file.problem("H096", ("start",), key=True)
    for n, adjust in enumerate(scheme.adjust):
        if adjust.points == 0 or adjust.at_most == 0:
            key = "points" if adjust.points == 0 else "at_most"
            yield file.problem("H079", ("adjust", n, key), key=True)
    for n, rule in enumerate(scheme.sections):
        if rule.surcharge is not None and not any(rule.surcharge.rates.values()):
            loc: Loc = ("sections", n, "surcharge", "rates")
            yield file.problem("H094", loc, key=True, word=rule.surcharge.fact)


def _implied(scheme: Scheme, file: Document) -> Iterator[Problem]:
    """Look for limits that another one does the work of."""
    order = {band.grade: n for n, band in reversed([*enumerate(scheme.grades)])}
    for n, limit in enumerate(scheme.limits):
        for m, other in enumerate(scheme.limits):
            # Of two that are alike, the later is superfluous.
            if m == n or not _implies(limit, other, order):
                continue
            if m < n or not _implies(other, limit, order):
                told = other.id or plain(Fraction(m + 1))
                yield file.problem("H078", ("limits", n), word=told)
                break


def _implies(limit: Limit, other: Limit, order: Mapping[str, int]) -> bool:
    """Say whether `other` bites wherever `limit` does, and lowers no less."""
    if (limit.any, limit.is_, limit.round) != (other.any, other.is_, other.round):
        return False
    if limit.any not in ("item", "answer") and limit.where != other.where:
        return False
    wider = {*other.where.items()} <= {*limit.where.items()} and other.times <= limit.times
    waits = other.confirm and not limit.confirm
    if not wider or waits or limit.grade is None or other.grade is None:
        return False
    if limit.score_at_most is not None or not {limit.grade, other.grade} <= {*order}:
        return False
    return order[other.grade] >= order[limit.grade] and _within(limit, other)


def _within(limit: Limit, other: Limit) -> bool:
    """Say whether every number `limit` asks for is one `other` asks for."""
    low = [b for b in (limit.at_least, limit.above) if b is not None]
    high = [b for b in (limit.at_most, limit.below) if b is not None]
    return (
        (other.at_least is None or any(b >= other.at_least for b in low))
        and (other.at_most is None or any(b <= other.at_most for b in high))
        and (other.above is None or _beyond(limit.at_least, limit.above, other.above, 1))
        and (other.below is None or _beyond(limit.at_most, limit.below, other.below, -1))
    )


def _beyond(closed: Fraction | None, strict: Fraction | None, bound: Fraction, sign: int) -> bool:
    return (closed is not None and closed * sign > bound * sign) or (
        strict is not None and strict * sign >= bound * sign
    )


def _sections(scheme: Scheme, found: list[Sheet] | None, file: Document) -> Iterator[Problem]:
    """Look at the weights of sections, and for sections nobody has."""
    parents = {rule.in_ for rule in scheme.sections}
    above: dict[str, str] = {"": scheme.roll_up}
    above |= {rule.id: rule.roll_up for rule in scheme.sections}
    homes = {item.section for checklist, _ in found or () for item in checklist.items}
    for n, rule in enumerate(scheme.sections):
        if found and rule.id not in homes and rule.id not in parents:
            known = sorted(home for home in homes if home)
            near = choices(rule.id, known)
            yield file.problem("H071", ("sections", n, "id"), word=rule.id, choices=near)
        if "weight" not in rule.model_fields_set:
            continue
        roll_up = above.get(rule.in_ or "", "sum")
        loc: Loc = ("sections", n, "weight")
        beside = [r for r in scheme.sections if r.in_ == rule.in_ and r.id != rule.id and r.weight]
        direct = _direct(scheme, found, rule.in_)
        if roll_up in ("count", "all"):
            yield file.problem("H068", loc, key=True, word=rule.id, roll_up=roll_up)
        elif roll_up != "sum" and not beside and not direct and rule.weight:
            yield file.problem("H069", loc, key=True, word=rule.id)


def _direct(scheme: Scheme, found: list[Sheet] | None, section: str | None) -> bool:
    """Say whether items stand beside the sections of a section, or may."""
    if found is None:
        return True
    known = {rule.id for rule in scheme.sections}
    homes = {item.section for checklist, _ in found for item in checklist.items}
    return section in homes if section else bool(homes - known)


def _items(scheme: Scheme, checklist: Checklist, file: Document) -> Iterator[Problem]:
    """Look at the weights of items."""
    rules: dict[str, str] = {rule.id: rule.roll_up for rule in scheme.sections}
    for n, item in enumerate(checklist.items):
        if "weight" not in item.model_fields_set or not item.weight:
            continue
        loc: Loc = ("items", n, "weight")
        home = item.section if item.section in rules else None
        roll_up = rules.get(home or "", scheme.roll_up)
        if roll_up in ("count", "all"):
            yield file.problem("H068", loc, key=True, word=item.id, roll_up=roll_up)
        elif item.points == 0 and scheme.points_by is None and not item.points_since:
            if known_set(scheme, item) != "number":
                yield file.problem("H070", loc, key=True, word=item.id)
        elif roll_up in ("percent", "mean") and _alone(scheme, checklist, n, home):
            yield file.problem("H069", loc, key=True, word=item.id)


def _alone(scheme: Scheme, checklist: Checklist, n: int, home: str | None) -> bool:
    """Say whether an item has no other with a weight beside it, nor a section."""
    rules = {rule.id for rule in scheme.sections}
    if any(rule.in_ == home for rule in scheme.sections):
        return False
    beside = (
        item
        for m, item in enumerate(checklist.items)
        if m != n and (item.section if item.section in rules else None) == home
    )
    return not any(item.weight for item in beside)


def _unused(scheme: Scheme, found: list[Sheet], file: Document) -> Iterator[Problem]:
    """Look for points of label values that no item and no answer can have."""
    by = scheme.points_by
    if by is None:
        return
    values = [
        {
            *(v for checklist, _ in found for v in checklist.labels.get(label, ())),
            *(own_labels(item).get(label, "") for c, _ in found for item in c.items),
        }
        for label in by.label
    ]
    for value, inner in by.table.items():
        loc: Loc = ("points_by", "table", value)
        if value not in values[0]:
            near = choices(value, sorted(values[0] - {""}))
            told = {"label": by.label[0], "word": value, "choices": near}
            yield file.problem("H092", loc, key=True, **told)
        for second in inner if isinstance(inner, Mapping) and len(values) > 1 else ():
            if second not in values[1]:
                near = choices(second, sorted(values[1] - {""}))
                told = {"label": by.label[1], "word": second, "choices": near}
                yield file.problem("H092", (*loc, second), key=True, **told)

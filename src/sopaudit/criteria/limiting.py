"""Limits and counts that can never come true: what they ask, no audit can have.

A limit nobody can meet is a promise the report would never keep, so it is a mistake; one that only
repeats another is no more than superfluous (`effect`).
"""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from sopaudit.criteria.checklist import SEVERITIES, Checklist, Item
from sopaudit.criteria.draft import Draft, shaped
from sopaudit.criteria.field import number
from sopaudit.criteria.judging import known_set, set_words
from sopaudit.criteria.label import LOOKED_AT, own_labels
from sopaudit.criteria.labelled import ANSWER, Picked, Sheet, carrying, picked, sheets
from sopaudit.criteria.reach import Reach, earned, reach, together
from sopaudit.criteria.scheme import Bounds, Limit, Scheme
from sopaudit.problems import Problem
from sopaudit.reading.document import Document, Loc


def idle(draft: Draft) -> Iterator[Problem]:
    """Look for limits that can never lower anything, and for counts that count nothing."""
    for scheme, file in shaped(draft.schemes, whole=True):
        found = sheets(draft, scheme)
        for n, limit in enumerate(scheme.limits):
            yield from _powerless(scheme, limit, found, file, ("limits", n))
        for picks in picked(scheme) if found else ():
            if picks.labels:
                yield from _nobody(scheme, picks, found or [], file)
        for n, limit in enumerate(scheme.limits if found else ()):
            yield from _unmet(scheme, limit, found or [], file, ("limits", n))


def _powerless(
    scheme: Scheme, limit: Limit, found: Sequence[Sheet] | None, file: Document, loc: Loc
) -> Iterator[Problem]:
    """Look at what a limit does when it bites."""
    if limit.confirm and limit.any not in LOOKED_AT:
        yield file.problem("H093", (*loc, "confirm"), word=limit.any)
    most = limit.score_at_most
    if most is None:
        if scheme.grades and limit.grade == scheme.grades[0].grade:
            yield file.problem("H072", (*loc, "grade"), word=str(limit.grade))
    elif limit.grade is None and found is not None:
        ranges = [reach(scheme, checklist) for checklist, _ in found] or [reach(scheme)]
        if all(most >= within.high for within in ranges):
            high = max(ranges, key=lambda within: within.high)
            yield file.problem("H077", (*loc, "score_at_most"), span=high.told())


def _nobody(
    scheme: Scheme, picks: Picked, found: Sequence[Sheet], file: Document
) -> Iterator[Problem]:
    """Look whether anything at all is picked, and could have been answered so."""
    if "limit" in picks.labels:
        return
    chosen = carrying(found, picks.labels, of_answers=picks.of_answers)
    told = ", ".join(f"{label}: {value}" for label, value in picks.labels.items())
    # A label or a value that does not exist has been told by itself.
    known = all(_exists(scheme, found, label, value) for label, value in picks.labels.items())
    if known and not chosen:
        yield file.problem("H073", picks.loc, key=True, labels=told)
    word = picks.labels.get(ANSWER)
    if chosen and word is not None:
        yield from _unsaid(scheme, chosen, word, file, (*picks.loc, ANSWER))


def _exists(scheme: Scheme, found: Sequence[Sheet], label: str, value: str) -> bool:
    """Say whether there is such a label with this value, though nothing may carry it."""
    if label in (ANSWER, "severity", "scoring"):
        return label == ANSWER or value in (SEVERITIES if label == "severity" else scheme.sets)
    return any(
        value in checklist.labels.get(label, ())
        or any(own_labels(item).get(label) == value for item in checklist.items)
        for checklist, _ in found
    )


def _unsaid(
    scheme: Scheme,
    chosen: Sequence[tuple[Checklist, Item]],
    word: str,
    file: Document,
    loc: Loc,
) -> Iterator[Problem]:
    """Look whether one of the items may be answered with `word`, which some item knows."""
    sets = {name: set_words(answers) for name, answers in scheme.sets.items()}
    if not any(word in known for known in sets.values()):
        return
    if not any(word in set_words(known_set(scheme, item)) for _, item in chosen):
        yield file.problem("H074", loc, word=word, item=chosen[0][1].id)


def _unmet(
    scheme: Scheme, limit: Limit, found: Sequence[Sheet], file: Document, loc: Loc
) -> Iterator[Problem]:
    """Look whether what is picked could ever meet the condition, and so many of it."""
    if "limit" in limit.where:
        return
    chosen = carrying(found, limit.where, of_answers=limit.any != "item")
    if not chosen:
        return
    if limit.any not in LOOKED_AT:
        yield from _groups(scheme, limit, found, file, loc)
        return
    word = limit.is_ if limit.any == "answer" else None
    if word is not None and not _points_asked(scheme, chosen, word):
        yield from _unsaid(scheme, chosen, word, file, (*loc, "is"))
        chosen = [pair for pair in chosen if word in set_words(known_set(scheme, pair[1]))]
    meeting = [pair for pair in chosen if _may_meet(scheme, limit, *pair)]
    if chosen and not meeting:
        ranges = [_range(scheme, limit, *pair) for pair in chosen]
        yield file.problem("H075", loc, span=_together(ranges), looked=limit.any)
    most = max((len([p for p in meeting if p[0] is c]) for c, _ in found), default=0)
    if 0 < most < limit.times:
        yield file.problem("H076", (*loc, "times"), times=str(limit.times), most=str(most))


def _points_asked(scheme: Scheme, chosen: Sequence[tuple[Checklist, Item]], word: str) -> bool:
    """Say whether `is` compares points: it is a number, and no answer of these items."""
    known = any(word in set_words(known_set(scheme, item)) for _, item in chosen)
    return number(word) is not None and not known


def _range(scheme: Scheme, limit: Limit, checklist: Checklist, item: Item) -> Reach | None:
    look = together if limit.any == "item" else earned
    return look(scheme, checklist, item)


def _may_meet(scheme: Scheme, limit: Limit, checklist: Checklist, item: Item) -> bool:
    bounds: list[Bounds] = [limit] if limit.bounds else []
    points = None if limit.is_ is None else number(limit.is_)
    if points is not None and _points_asked(scheme, [(checklist, item)], str(limit.is_)):
        bounds.append(Bounds(at_least=points, at_most=points))
    if not bounds:
        return True
    within = _range(scheme, limit, checklist, item)
    return within is not None and all(_meets(each, within, limit) for each in bounds)


def _meets(bounds: Bounds, within: Reach, limit: Limit) -> bool:
    """Say whether a number within this range may lie between the bounds."""
    if limit.round is not None and limit.round.to:
        within = within.on(limit.round.to)
    low = max([within.low, *(b for b in (bounds.at_least, bounds.above) if b is not None)])
    high = min([within.high, *(b for b in (bounds.at_most, bounds.below) if b is not None)])
    if low != high:
        return low < high
    return math.isfinite(low) and bounds.holds(low)  # type: ignore[arg-type]


def _together(ranges: Sequence[Reach | None]) -> str:
    """Write where the points of several items lie."""
    known = [within for within in ranges if within is not None]
    if not known:
        return "–"
    return Reach(min(r.low for r in known), max(r.high for r in known)).told()


def _groups(
    scheme: Scheme, limit: Limit, found: Sequence[Sheet], file: Document, loc: Loc
) -> Iterator[Problem]:
    """Look at a limit on groups: how many there are, and what share each can reach."""
    most = max(
        len(
            {
                value
                for item in checklist.items
                if (value := own_labels(item).get(limit.any)) is not None
            }
            | {*checklist.labels.get(limit.any, ())}
        )
        for checklist, _ in found
    )
    if 0 < most < limit.times:
        yield file.problem("H076", (*loc, "times"), times=str(limit.times), most=str(most))
    raised = bool(scheme.adjust) or any(rule.surcharge for rule in scheme.sections)
    own = limit.any == "section" and any(r.roll_up not in _SHARES for r in scheme.sections)
    if limit.bounds and scheme.roll_up in _SHARES and not (raised or own):
        parts = [together(scheme, checklist, i) for checklist, _ in found for i in checklist.items]
        negative = any(part is not None and part.low < 0 for part in parts)
        within = Reach(-math.inf if negative else Fraction(0), scheme.best)
        if not _meets(limit, within, limit):
            yield file.problem("H075", loc, span=within.told(), looked=limit.any)


_SHARES: Final = ("percent", "mean", "all")
"""Roll-ups whose value is a share."""

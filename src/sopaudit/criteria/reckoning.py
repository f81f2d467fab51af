"""The arithmetic of a scheme: numbers and words that cannot both be meant.

What is told here makes results wrong or without meaning. What merely changes nothing is a hint
(`effect`).
"""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.criteria.draft import Draft, shaped
from sopaudit.criteria.field import plain
from sopaudit.criteria.judging import known_set, scored
from sopaudit.criteria.label import own_labels
from sopaudit.criteria.labelled import Sheet, sheets
from sopaudit.criteria.scheme import Scheme
from sopaudit.problems import Problem
from sopaudit.reading.document import Document, Loc

NOT_APPLICABLE: Final = frozenset(
    ("na", "notapplicable", "不适用", "不适用项", "不涉及", "缺项", "合理缺项", "无此项")
)
"""Words that say an item does not apply, without blanks, dots and strokes."""

_PARTS: Final = re.compile(r"[-_. ]")
_SIGNS: Final = str.maketrans("", "", " ._-/()（）")


def not_applicable(word: str) -> bool:
    """Say whether an answer says that its item does not apply."""
    return word.casefold().translate(_SIGNS) in NOT_APPLICABLE


def not_applicable_scored(draft: Draft) -> Iterator[Problem]:
    """Look for "not applicable" that is to earn a number, so that it counts after all.

    Whoever means it says so in the name of the answer set, such as `na-passes`.
    """
    for scheme, file in shaped(draft.schemes, whole=True):
        for name, answers in scheme.sets.items():
            if any(map(not_applicable, _PARTS.split(name))):
                continue
            for word, share in answers.items() if isinstance(answers, Mapping) else ():
                if isinstance(share, Fraction) and not_applicable(word):
                    loc: Loc = ("answers", *filter(None, [name]), word)
                    yield file.problem("H065", loc, word=word, share=plain(share))


def values(draft: Draft) -> Iterator[Problem]:
    """Look for items that may be answered with more points than they have, or once had."""
    schemes = {scheme.id: scheme for scheme, _ in shaped(draft.schemes, whole=True)}
    for checklist, file in shaped(draft.checklists, whole=True):
        scheme = schemes.get(checklist.scheme)
        for n, item in enumerate(checklist.items if scheme else ()):
            points = [since.points for since in item.points_since]
            points += [] if item.points is None else [item.points]
            if not (scheme and points and item.values and known_set(scheme, item) == "number"):
                continue
            if max(item.values) > min(points):
                told = {"most": plain(max(item.values)), "points": plain(min(points))}
                loc: Loc = ("items", n, "values")
                yield file.problem("H066", loc, key=True, word=item.id, **told)


def ends(draft: Draft) -> Iterator[Problem]:
    """Look for words at the end of the calculation that shut one another out."""
    for scheme, file in shaped(draft.schemes, whole=True):
        floor, ceiling = scheme.floor, scheme.ceiling
        if floor is not None and ceiling is not None and floor > ceiling:
            told = {"floor": plain(floor), "ceiling": plain(ceiling)}
            yield file.problem("H089", ("floor",), key=False, **told)
        if scheme.take is not None and scheme.start is None:
            yield file.problem("H088", ("take",))
        for n, adjust in enumerate(scheme.adjust):
            # A scheme nobody uses yet may be a pattern that sections are added to.
            if adjust.each == "section" and not scheme.sections and sheets(draft, scheme):
                yield file.problem("H095", ("adjust", n, "each"))
        for n, rule in enumerate(scheme.sections):
            loc: Loc = ("sections", n, "pass_mark")
            if rule.pass_mark is not None and not scheme.grades:
                yield file.problem("H090", loc, key=True, word=rule.id)
            elif rule.pass_mark is not None and rule.pass_mark > 1:
                yield file.problem("H050", loc, share=plain(rule.pass_mark))


def nothing_weighs(draft: Draft) -> Iterator[Problem]:
    """Look for parts of a scheme in which every weight is zero, so that nothing ever counts."""
    for scheme, file in shaped(draft.schemes, whole=True):
        found = sheets(draft, scheme)
        known = {rule.id for rule in scheme.sections}
        levels = {rule.in_ or "": rule.roll_up for rule in scheme.sections}
        for above in levels:
            inner = [n for n, rule in enumerate(scheme.sections) if (rule.in_ or "") == above]
            direct = _stands_in(found or [], above, known)
            if not direct and not any(scheme.sections[n].weight for n in inner):
                yield file.problem("H067", ("sections", inner[0], "weight"))
        for checklist, owner in found or ():
            counting = [n for n, i in enumerate(checklist.items) if scored(known_set(scheme, i))]
            if counting and not any(checklist.items[n].weight for n in counting):
                yield owner.problem("H067", ("items", counting[0], "weight"))


def _stands_in(found: list[Sheet], section: str, known: set[str]) -> bool:
    """Say whether items of a checklist stand directly in a section, or outside all of them."""
    homes = {item.section for checklist, _ in found for item in checklist.items}
    return section in homes if section else bool(homes - known)


def points_by(draft: Draft) -> Iterator[Problem]:
    """Look for items whose points neither the table of a label nor they themselves say."""
    for scheme, file in shaped(draft.schemes, whole=True):
        told: set[str] = set()
        for checklist, _ in sheets(draft, scheme) or () if scheme.points_by else ():
            for item, lost in _lost(scheme, checklist):
                if lost not in told:
                    told.add(lost)
                    yield from _pointless(file, item, lost)


def _pointless(file: Document, item: Item, lost: str) -> Iterator[Problem]:
    yield file.problem("H091", ("points_by", "table"), key=True, word=lost, item=item.id)


def _lost(scheme: Scheme, checklist: Checklist) -> Iterator[tuple[Item, str]]:
    """Give items without points of their own, and the labels the table has no points for."""
    by = scheme.points_by
    for item in checklist.items if by else ():
        if by is None or item.points is not None or item.points_since:
            continue
        answers = known_set(scheme, item)
        if not scored(answers) or answers == "number":
            continue
        own = own_labels(item)
        several: list[dict[str, str]] = [{}]
        for label in by.label:
            # Where the item does not say it, its answers do, in any of the ways that are declared.
            values = [own[label]] if label in own else checklist.labels.get(label, ())
            several = [{**labels, label: value} for labels in several for value in values]
        for labels in several:
            if by.points(labels) is None:
                yield item, " + ".join(labels.values())

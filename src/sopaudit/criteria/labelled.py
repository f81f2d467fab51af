"""What a scheme picks by labels: which there are, what values they have, and what carries them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sopaudit.criteria.checklist import SEVERITIES, Checklist, Item
from sopaudit.criteria.draft import Anything, Draft, opened, shaped, unknown
from sopaudit.criteria.judging import every_word
from sopaudit.criteria.label import LOOKED_AT, own_labels
from sopaudit.criteria.mending import STAND_IN
from sopaudit.criteria.scheme import Scheme
from sopaudit.criteria.worked import WorkedSheet
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc

ANSWER: Final = "answer"
"""In a count, the word that was recorded; it is no label."""

Sheet = tuple[Checklist, Document]


class Picked(NamedTuple):
    """Labels by which a scheme picks, and where they stand."""

    loc: Loc
    labels: Mapping[str, str]
    of_answers: bool
    """Whether answers are picked, which may carry labels of their own."""


def sheets(draft: Draft, scheme: Scheme) -> list[Sheet] | None:
    """List the checklists `scheme` scores; None where one that could not be read may be of them."""
    found: list[Sheet] = []
    for file in draft.checklists:
        if file.value is None or file.value.scheme == STAND_IN:
            return None
        if file.value.scheme == scheme.id:
            if not file.whole:
                return None
            found.append((file.value, file.document))
    return found


def picked(scheme: Scheme) -> Iterator[Picked]:
    """Go through everything a scheme picks by labels."""
    for n, band in enumerate(scheme.grades):
        for m, bounds in enumerate(band.when):
            yield Picked(("grades", n, "when", m, "count"), bounds.count, of_answers=True)
    for n, adjust in enumerate(scheme.adjust):
        yield Picked(("adjust", n, "count"), adjust.count, of_answers=True)
    for n, limit in enumerate(scheme.limits):
        yield Picked(("limits", n, "where"), limit.where, of_answers=limit.any != "item")


def carrying(
    found: Sequence[Sheet], labels: Mapping[str, str], *, of_answers: bool
) -> list[tuple[Checklist, Item]]:
    """List the items that carry `labels`, or whose answers may."""
    return [
        (checklist, item)
        for checklist, _ in found
        for item in checklist.items
        if all(
            label == ANSWER or _carries(checklist, item, label, value, of_answers=of_answers)
            for label, value in labels.items()
        )
    ]


def _carries(checklist: Checklist, item: Item, label: str, value: str, *, of_answers: bool) -> bool:
    if own_labels(item).get(label) == value:
        return True
    return of_answers and value in checklist.labels.get(label, ())


class _AnyLabel(dict[str, Collection[str]]):
    """Labels of which not all are known, so that nearly any word may be one of them."""

    def __contains__(self, word: object) -> bool:
        # What a scheme itself has a word for is a slip, whoever uses the scheme.
        slip = str(word).casefold().rstrip("s") in ("item", "answer", "section")
        return super().__contains__(word) or not slip

    def __missing__(self, _: str) -> Collection[str]:
        return Anything()


def known_labels(draft: Draft, scheme: Scheme) -> Mapping[str, Collection[str]]:
    """List the labels `scheme` may go by, and the values they can have.

    Its worked sheets declare labels as checklists do; a scheme without either may go by any.
    """
    checklists = [c for c, _ in shaped(draft.checklists) if c.scheme == scheme.id]
    named = [limit.id for other, _ in shaped(draft.schemes) for limit in other.limits if limit.id]
    own: dict[str, Collection[str]] = {
        "severity": SEVERITIES,
        "scoring": list(scheme.sets) if scheme.named else [],
        "limit": named if all(file.value for file in draft.schemes) else Anything(named),
    }
    sheets: tuple[Checklist | WorkedSheet, ...] = (*checklists, *scheme.worked)
    # What could not be read may have been a checklist of this scheme, with items and labels.
    readable = all(file.value and file.value.scheme != STAND_IN for file in draft.checklists)
    if not (sheets and readable):
        return _AnyLabel({"id": Anything(), "section": Anything(), **own})
    found: dict[str, Collection[str]] = {
        "id": opened(item.id for sheet in sheets for item in sheet.items),
        "section": opened(section.id for sheet in sheets for section in sheet.sections),
        **own,
    }
    for sheet in sheets:
        for label, values in sheet.labels.items():
            found[label] = opened([*found.get(label, ()), *values])
    return found


def labels(draft: Draft) -> Iterator[Problem]:
    """Look whether the labels a scheme goes by exist, with the values it names."""
    for scheme, file in shaped(draft.schemes):
        known = known_labels(draft, scheme)
        for picks in picked(scheme):
            yield from _picks(scheme, picks, known, file)
        for n, limit in enumerate(scheme.limits):
            if limit.any not in LOOKED_AT:
                yield from _label(file, ("limits", n, "any"), limit.any, known, LOOKED_AT)
        for n, label in enumerate(scheme.coverage.of if scheme.coverage else ()):
            yield from _label(file, _one(file, ("coverage", "of"), n), label, known)
        for n, label in enumerate(scheme.points_by.label if scheme.points_by else ()):
            yield from _label(file, _one(file, ("points_by", "label"), n), label, known)


def _picks(
    scheme: Scheme, picks: Picked, known: Mapping[str, Collection[str]], file: Document
) -> Iterator[Problem]:
    for label, value in picks.labels.items():
        where = (*picks.loc, label)
        if label == ANSWER and picks.loc[0] != "limits":
            yield from unknown(file, "H036", where, value, every_word(scheme))
        elif label not in known:
            near = choices(label, sorted(known))
            yield file.problem("H035", where, key=True, word=label, choices=near)
        elif value not in known[label] and value != STAND_IN:
            near = choices(value, known[label])
            yield file.problem("H048", where, label=label, word=value, choices=near)


def _label(
    file: Document, loc: Loc, word: str, known: Mapping[str, object], more: Sequence[str] = ()
) -> Iterator[Problem]:
    if word not in known and word != STAND_IN:
        near = choices(word, [*more, *sorted(known)])
        yield file.problem("H035", loc, word=word, choices=near)


def _one(file: Document, loc: Loc, n: int) -> Loc:
    """Point at one of several words, or at the one that stands alone."""
    held = file.data
    for part in loc:
        held = held.get(part) if isinstance(held, Mapping) else None
    return (*loc, n) if isinstance(held, list) else loc

"""What can be searched in the book: everything that has an id, with its words."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sopaudit.report.handbook.model import (
    Book,
    BranchSheet,
    CalendarSheet,
    ChecklistSheet,
    FlowSheet,
    FormSheet,
    GlossarySheet,
    Grid,
    GridSheet,
    GuideSheet,
    IndexSheet,
    ItemRow,
    Leaf,
    MoneySheet,
    NodeRow,
    PartsSheet,
    PostSheet,
    RuleRow,
    RuleSheet,
    Said,
)
from sopaudit.report.handbook.page import labels, pick


@dataclass(frozen=True)
class Entry:
    """Something that can be found."""

    kind: str
    """A key of the words for kinds."""

    leaf: str
    anchor: str
    """Where it stands in the page of its leaf."""

    id: str
    """As people type it; empty where it has none."""

    title: Said
    text: tuple[Said, ...]
    """What else is said of it."""


def index(book: Book, files: Mapping[str, str]) -> str:
    """Give the index as JSON that may stand inside a script.

    `files` says for each leaf in which file it stands; an empty name is the page itself.
    """
    found = [entry for leaf in book.leaves for entry in entries(book, leaf)]
    spoken = labels(book.languages)
    kinds = list(dict.fromkeys(entry.kind for entry in found))
    places = {leaf.anchor: n for n, leaf in enumerate(book.leaves)}
    several = len(book.languages)
    data = {
        "kinds": [[{**spoken["site"], **spoken["index"]}[kind], kind in _HEADS] for kind in kinds],
        "leaves": [[files[leaf.anchor], leaf.title] for leaf in book.leaves],
        "entries": [
            [
                kinds.index(entry.kind),
                places[entry.leaf],
                "" if files[entry.leaf] and entry.anchor == entry.leaf else entry.anchor,
                entry.id,
                entry.title,
                [_told(entry.text, n) for n in range(several)],
            ]
            for entry in found
        ],
    }
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # No text may end the script it stands in.
    return written.replace("<", "\\u003c")


def entries(book: Book, leaf: Leaf) -> Iterator[Entry]:
    """Give all that can be found in a leaf."""
    for kind, name, title, text in _entries(leaf):
        if kind in _APART:
            anchor = f"{kind}-{name}"
        else:
            here = book.anchors.get(name, leaf.anchor) == leaf.anchor
            anchor = name if here else f"{leaf.anchor}-{name}"
        yield Entry(kind, leaf.anchor, anchor, "" if kind in _UNNAMED else name, title, text)


_HEADS = frozenset({
    "flow", "post", "checklist", "branch", "parts", "form", "record", "table", "codes", "events",
    "calendar", "term", "guide",
})  # fmt: skip
"""Kinds that are looked for themselves; the others are details of them."""

_Told = tuple[str, str, Said, tuple[Said, ...]]
"""A kind, an id, what it is called and what else is said."""

_APART = ("term", "stage", "move")
"""Kinds that share no ids with the rest of the book; their anchors begin with the kind."""

_UNNAMED = ("term", "stage", "guide", "calendar", "events")
"""Kinds whose ids are for files and links, not for people."""


def _entries(leaf: Leaf) -> Iterator[_Told]:  # noqa: C901, PLR0912 -- a list
    sheet = leaf.sheet
    match sheet:
        case GuideSheet():
            yield "guide", sheet.id, sheet.title, sheet.paragraphs
        case FlowSheet():
            yield "flow", sheet.id, sheet.title, (sheet.purpose,)
            yield from (_node(row) for row in sheet.rows)
        case PostSheet():
            yield from _post(leaf.anchor, sheet)
        case ChecklistSheet():
            yield "checklist", sheet.id, sheet.title, tuple(fact.value for fact in sheet.facts)
            for section in sheet.sections:
                yield from (_item(item) for item in section.items)
        case BranchSheet():
            yield "branch", sheet.id, sheet.title, tuple(row.title for row in sheet.weights)
            for scheme in sheet.schemes:
                yield "scheme", scheme.id, scheme.title, (scheme.explanation, *scheme.limits)
        case PartsSheet():
            yield from _parts(sheet)
        case MoneySheet():
            rows = (*sheet.places.rows, *sheet.moves.rows)
            yield "parts", sheet.id, sheet.title, (sheet.purpose, *(c for row in rows for c in row))
        case RuleSheet():
            kind = "kpi" if sheet.id == "kpis" else "rule"
            yield from (_rule(kind, row) for group in sheet.groups for row in group.rows)
        case FormSheet():
            kind = "record" if sheet.id == "records" else "form"
            for form in sheet.forms:
                fields = (field for group in form.groups for field in group.fields)
                told = (said for field in fields for said in (field.title, field.note))
                yield kind, form.id, form.title, (form.purpose, *told)
        case CalendarSheet():
            days = (*sheet.days_off, *sheet.make_up)
            told = (said for fact in days for said in (fact.label, fact.value))
            yield "calendar", sheet.id, sheet.title, (sheet.note, *told)
        case GridSheet():
            kind = {"codes": "codes", "event-ids": "events"}.get(sheet.id, "table")
            yield from (_grid(kind, grid, sheet.title) for grid in sheet.grids)
        case GlossarySheet():
            for terms in sheet.groups:
                yield from (("term", term.id, term.term, (term.note,)) for term in terms.terms)
        case IndexSheet():
            pass


def _node(row: NodeRow) -> _Told:
    forms = (form.title for form in row.forms)
    events = ((event,) for event in row.events)
    return "node", row.id, row.title, (row.note, row.lane, row.limit, *forms, *events)


def _post(name: str, sheet: PostSheet) -> Iterator[_Told]:
    yield "post", name, sheet.title, (sheet.purpose, *(tool.title for tool in sheet.tools))
    for step in sheet.steps:
        yield "step", step.id, step.title, (step.explanation,)
        for row in step.standards:
            yield "standard", row.id, row.standard, (row.limit,)
    for phrase in sheet.forbidden:
        yield "forbidden", phrase.id, phrase.phrase, (phrase.instead,)


def _item(item: ItemRow) -> _Told:
    return "item", item.id, item.question, (*item.parts, item.sample, item.needs)


def _parts(sheet: PartsSheet) -> Iterator[_Told]:
    yield "parts", sheet.id, sheet.title, (sheet.purpose,)
    for stage in sheet.stages:
        yield "stage", stage.id, stage.title, (stage.explanation,)
    for move in sheet.moves:
        yield "move", move.id, move.title, (move.before, move.after)
    yield from (_rule("rule", row) for group in sheet.groups for row in group.rows)


def _rule(kind: str, row: RuleRow) -> _Told:
    return kind, row.id, row.title, (row.passes, row.limit, row.note)


def _grid(kind: str, grid: Grid, title: Said) -> _Told:
    cells = (cell for row in grid.rows for cell in row)
    return kind, grid.id, grid.title or title, (grid.note, *cells)


def _told(text: Iterable[Said], n: int) -> str:
    """Say all of it in one language, once where it is the same in both."""
    return " · ".join(pick(said, n) for said in text if said and (n == 0 or len(said) > 1))

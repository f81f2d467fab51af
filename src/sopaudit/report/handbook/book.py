"""The whole handbook as a book, in one language or in two side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.sop import Sop
from sopaudit.criteria.workflow import Workflow
from sopaudit.report.handbook.checklist import branch_sheet, checklist_sheet
from sopaudit.report.handbook.control import book_letterhead, control, created
from sopaudit.report.handbook.fit import CHAPTER
from sopaudit.report.handbook.flow import Charts, flow_sheet
from sopaudit.report.handbook.guide import guide_sheet, index_sheet
from sopaudit.report.handbook.ledger import money_sheet
from sopaudit.report.handbook.model import (
    Book,
    BranchSheet,
    Chapter,
    ChartPage,
    ChecklistSheet,
    FlowSheet,
    FormSheet,
    GridSheet,
    Leaf,
    PartsSheet,
    PostSheet,
    RuleSheet,
    Sheet,
)
from sopaudit.report.handbook.post import HEADING, POSTER, post_sheet
from sopaudit.report.handbook.register import (
    calendar_sheet,
    code_sheet,
    event_sheet,
    form_sheet,
    glossary_sheet,
    table_sheet,
)
from sopaudit.report.handbook.rule import kpi_sheet, parts_sheet, rule_sheet
from sopaudit.report.handbook.speaker import Speaker


def _no_charts(_: Workflow) -> tuple[ChartPage, ...]:
    return ()


def book(handbook: Handbook, languages: Sequence[str], charts: Charts = _no_charts) -> Book:
    """Write the book of a handbook; a chapter it has nothing for is left out.

    `languages` are one, or two that stand side by side.
    """
    speaker = Speaker(handbook, tuple(languages))
    chapters = tuple(_numbered(speaker, list(_chapters(speaker, charts))))
    return _bound(speaker, chapters)


def post_book(handbook: Handbook, post: str, languages: Sequence[str]) -> Book:
    """Write the sheet of one post alone. Raises KeyError for an unknown post."""
    speaker = Speaker(handbook, tuple(languages))
    sheet = post_sheet(speaker, handbook.posts[post], POSTER)
    leaf = Leaf(post, "", sheet.title, "post", sheet)
    return _bound(speaker, (Chapter("posts", "", (), (leaf,)),))


def _bound(speaker: Speaker, chapters: tuple[Chapter, ...]) -> Book:
    handbook = speaker.handbook
    return Book(
        languages=speaker.languages,
        title=speaker.say(handbook.title),
        organisation=speaker.say(handbook.organisation.name),
        edition=handbook.edition,
        letterhead=book_letterhead(speaker),
        control=control(speaker),
        chapters=chapters,
        anchors=_anchors(chapters),
        created=created(handbook),
        authors=tuple(dict.fromkeys(speaker.say(handbook.organisation.name))),
    )


def _chapters(speaker: Speaker, charts: Charts) -> Iterator[tuple[str, list[Leaf]]]:
    """Give the leaves of each chapter; numbers come later."""
    handbook = speaker.handbook
    yield "guide", [_leaf("guide", guide_sheet(speaker))]
    flows = [flow_sheet(speaker, flow, charts) for flow in handbook.workflows.values()]
    yield "flows", [_leaf("flow", sheet) for sheet in flows]
    posts = [
        post_sheet(speaker, post, HEADING + (0 if n else CHAPTER))
        for n, post in enumerate(_in_order(handbook))
    ]
    yield "posts", [_leaf("post", sheet) for sheet in posts]
    lists = [
        checklist_sheet(speaker, checklist, 0 if n else CHAPTER)
        for n, checklist in enumerate(handbook.checklists.values())
    ]
    branches = [branch_sheet(speaker, branch) for branch in handbook.branches.values()]
    yield (
        "checklists",
        [
            *(_leaf("checklist", sheet) for sheet in lists),
            *(_leaf("branch", sheet) for sheet in branches),
        ],
    )
    yield from _ledger(speaker)
    on_parts = len(handbook.parts.rules) if handbook.parts else 0
    yield (
        "measures",
        [
            *([_leaf("rule", rule_sheet(speaker))] if len(handbook.rules) > on_parts else []),
            *([_leaf("rule", kpi_sheet(speaker))] if handbook.kpis else []),
        ],
    )
    kept = {"forms": handbook.forms, "records": handbook.records_kept}
    intro = {"forms": "intro", "records": "record_intro"}
    yield (
        "papers",
        [
            _leaf("form", form_sheet(speaker, name, forms.values(), intro[name]))
            for name, forms in kept.items()
            if forms
        ],
    )
    yield (
        "reference",
        [
            *(_leaf("calendar", calendar_sheet(speaker, c)) for c in (handbook.calendar,) if c),
            *([_leaf("grid", table_sheet(speaker))] if handbook.tables else []),
            *([_leaf("grid", code_sheet(speaker))] if handbook.codes else []),
            *([_leaf("grid", event_sheet(speaker))] if handbook.events else []),
        ],
    )
    yield (
        "glossary",
        [_leaf("glossary", glossary_sheet(speaker, g)) for g in (handbook.glossary,) if g],
    )
    yield "index", [_leaf("index", index_sheet(speaker))]


def _ledger(speaker: Speaker) -> Iterator[tuple[str, list[Leaf]]]:
    """Give the chapter on parts and on money, which is called by what it has."""
    parts, money = speaker.handbook.parts, speaker.handbook.money
    leaves = [_leaf("parts", parts_sheet(speaker, parts))] if parts else []
    if money:
        leaves.append(_leaf("money", money_sheet(speaker, money)))
    yield ("parts_and_money" if len(leaves) > 1 else "money" if money else "parts"), leaves


def _in_order(handbook: Handbook) -> list[Sop]:
    """Give the posts in the order of their checklists, which is the order of the branch."""
    listed = [checklist.post for checklist in handbook.checklists.values()]
    return [handbook.posts[name] for name in dict.fromkeys([*listed, *handbook.posts]) if name]


def _leaf(kind: str, sheet: Sheet) -> Leaf:
    return Leaf(sheet.id, "", sheet.title, kind, sheet)


def _numbered(speaker: Speaker, chapters: list[tuple[str, list[Leaf]]]) -> Iterator[Chapter]:
    """Give a number to each chapter that holds anything, and to its leaves."""
    numbers = count(1)
    for name, leaves in chapters:
        if not leaves:
            continue
        number = next(numbers)
        alone = len(leaves) == 1
        yield Chapter(
            anchor=f"chapter-{name}",
            number=str(number),
            title=speaker.word("chapter", name),
            leaves=tuple(
                replace(leaf, number=str(number) if alone else f"{number}.{n}")
                for n, leaf in enumerate(leaves, 1)
            ),
        )


def _anchors(chapters: tuple[Chapter, ...]) -> dict[str, str]:
    """Say for every id that can be pointed at in which leaf it stands."""
    found: dict[str, str] = {}
    for chapter in chapters:
        for leaf in chapter.leaves:
            for name in (leaf.anchor, *_inside(leaf.sheet)):
                found.setdefault(name, leaf.anchor)
    return found


def _inside(sheet: Sheet) -> Iterator[str]:
    match sheet:
        case FlowSheet():
            yield from (row.id for row in sheet.rows)
        case PostSheet():
            for step in sheet.steps:
                yield step.id
                yield from (standard.id for standard in step.standards)
            yield from (phrase.id for phrase in sheet.forbidden)
        case ChecklistSheet():
            yield from (item.id for section in sheet.sections for item in section.items)
        case BranchSheet():
            yield from (scheme.id for scheme in sheet.schemes)
        case RuleSheet() | PartsSheet():
            yield from (row.id for group in sheet.groups for row in group.rows)
        case FormSheet():
            yield from (form.id for form in sheet.forms)
        case GridSheet():
            yield from (grid.id for grid in sheet.grids)
        case _:
            pass

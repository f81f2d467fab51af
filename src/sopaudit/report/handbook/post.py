"""A post's operating standard as the book shows it."""

from dataclasses import replace
from typing import Final

from sopaudit.criteria.sop import Sop, Step
from sopaudit.report.handbook.fit import LYING, UPRIGHT, Cell, Row, beside, setting
from sopaudit.report.handbook.model import ForbiddenRow, PostSheet, StandardRow, StepBlock, ToolRow
from sopaudit.report.handbook.speaker import Speaker

HEADING: Final = 14.0
POSTER: Final = 24.0
"""What the heading of a sheet takes in the book and on the wall, in millimetres."""


def post_sheet(speaker: Speaker, post: Sop, heading: float = HEADING) -> PostSheet:
    """Write the sheet of a post, to stand below a heading of so many millimetres."""
    checked = _checked(speaker)
    sheet = PostSheet(
        id=post.id,
        title=speaker.say(post.title),
        purpose=speaker.say(post.purpose),
        facts=speaker.facts(
            "flow",
            edition=speaker.plain(post.edition),
            source=speaker.plain(post.source),
            **{
                "from": speaker.plain(post.effective_from),
                "until": speaker.plain(post.effective_until),
            },
        ),
        tools=tuple(ToolRow(speaker.say(tool.title), tool.provenance or "") for tool in post.tools),
        steps=tuple(_step(speaker, step, n, checked) for n, step in enumerate(post.steps, 1)),
        forbidden=tuple(
            ForbiddenRow(
                phrase.id,
                speaker.say(phrase.phrase),
                speaker.say(phrase.instead),
                phrase.provenance or "",
            )
            for phrase in post.forbidden
        ),
        size="",
    )
    return replace(sheet, size=_size(speaker, sheet, heading))


def _size(speaker: Speaker, sheet: PostSheet, heading: float) -> str:
    """Choose how closely to set a sheet; the rooms are the columns of its table, less padding."""
    both = len(speaker.languages) > 1
    standard, limit = ((54.0, 54.0), (47.8, 47.8)) if both else ((67.8,), (52.8,))
    whole, page = (245.0, LYING[1]) if both else (160.0, UPRIGHT[1])
    rows = [
        Row((*beside(sheet.purpose, (whole / 2, whole / 2) if both else (whole,)),)),
        Row(((Cell("".join(" ".join(tool.title) + "xxx" for tool in sheet.tools), whole),),)),
    ]
    for step in sheet.steps:
        explained = beside(step.explanation, (whole / 2, whole / 2) if both else (whole,), 0.91)
        rows.append(Row(((Cell(step.title[0], whole, 1.07),),)))
        rows.append(Row(explained))
        rows += [
            Row(
                (
                    *beside(row.standard, standard),
                    *beside(row.limit, limit),
                    tuple(Cell(item, 22.8, 0.85) for item in row.items),
                )
            )
            for row in step.standards
        ]
    half = (113.0, 113.0) if both else (80.0,)
    rows += [Row((*beside(p.phrase, half), *beside(p.instead, half))) for p in sheet.forbidden]
    return setting(rows, page, heading + 14 + (12 if sheet.forbidden else 0))


def _checked(speaker: Speaker) -> dict[str, tuple[str, ...]]:
    """List the checklist items of each standard."""
    found: dict[str, tuple[str, ...]] = {}
    for checklist in speaker.handbook.checklists.values():
        for item in checklist.items:
            for standard in item.standards:
                found[standard] = (*found.get(standard, ()), item.id)
    return found


def _step(
    speaker: Speaker, step: Step, number: int, checked: dict[str, tuple[str, ...]]
) -> StepBlock:
    return StepBlock(
        id=step.id,
        number=str(number),
        title=speaker.say(step.step),
        explanation=speaker.say(step.explanation),
        mark=step.provenance or "",
        standards=tuple(
            StandardRow(
                id=standard.id,
                number=f"{number}.{n}",
                standard=speaker.say(standard.standard),
                limit=speaker.say(standard.limit),
                evidence="".join(standard.evidence),
                checks=standard.checks,
                items=checked.get(standard.id, ()),
                mark=standard.provenance or "",
            )
            for n, standard in enumerate(step.standards, 1)
        ),
    )

"""A post's operating standard as the book shows it."""

from typing import Final

from sopaudit.criteria.sop import Sop, Step
from sopaudit.report.handbook.model import ForbiddenRow, PostSheet, StandardRow, StepBlock, ToolRow
from sopaudit.report.handbook.speaker import Speaker

ROOMY: Final = 20
"""Up to so many standards fit one page set wide."""

USUAL: Final = 28
"""Up to so many fit two pages set as usual."""


def post_sheet(speaker: Speaker, post: Sop) -> PostSheet:
    """Write the sheet of a post."""
    checked = _checked(speaker)
    number = len(post.standards)
    return PostSheet(
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
        size="roomy" if number <= ROOMY else "usual" if number <= USUAL else "close",
    )


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

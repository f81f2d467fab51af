"""What a log held against workflows puts on their charts: numbers, shares, and illegal moves.

Only the most frequent moves outside a workflow are drawn: ten red lines across a chart are read by
nobody. The rest is counted below it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from sopaudit.criteria.workflow import Workflow
from sopaudit.findings.conformance.result import Conformance, Passage, Step
from sopaudit.report.seen import Speaker
from sopaudit.report.tickets.model import ChartSheet
from sopaudit.swimlane.face import TITLE, Names
from sopaudit.swimlane.layout import lay_out
from sopaudit.swimlane.overlay import Count, Overlay
from sopaudit.swimlane.paging import WHOLE, pages
from sopaudit.swimlane.word import words

DRAWN: Final = 5
"""So many moves outside a workflow are drawn."""


def overlay(told: Conformance, flow: Workflow, lang: str) -> Overlay:
    """Give the numbers of one workflow's chart; a log may be held against several at once.

    Moves that leave its chart or come from elsewhere count among those that are not drawn.
    """
    boxes, moves = set(flow.by_id), {(edge.source, edge.target) for edge in flow.edges}
    out = left_out(told, flow)
    nodes = {name: counted(told.boxes.get(name, Passage(0, 0)), out[name]) for name in flow.by_id}
    edges = {move: counted(told.moves[move]) for move in moves & set(told.moves)}
    own = [(move, n) for move, n in jumps(told, flow) if boxes.issuperset(move)]
    drawn = own[:DRAWN]
    rest = [n for move, n in jumps(told, flow) if (move, n) not in drawn]
    note = ""
    if rest:
        note = words(lang)["more_jumps"].format(kinds=len(rest), tickets=f"{sum(rest):,}")
    return Overlay(nodes, edges, tuple((*move, Count(n)) for move, n in drawn), note)


def jumps(told: Conformance, flow: Workflow) -> list[tuple[Step, int]]:
    """List the moves outside a workflow that touch it, the most frequent first."""
    found = [(move, n) for move, n in told.jumps.items() if _touches(flow, move)]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _touches(flow: Workflow, move: Iterable[str]) -> bool:
    return any(box in flow.by_id for box in move)


def left_out(told: Conformance, flow: Workflow) -> Counter[str]:
    """Count the tickets that left a box out whole: all that it must leave in the records."""
    skipped = told.deviations[told.deviations["type"] == "skipped"]
    missing: dict[tuple[str, str], set[str]] = {}
    for ticket, expected in zip(
        skipped["ticket"].tolist(), skipped["expected"].tolist(), strict=True
    ):
        box, _, event = expected.partition(" ")
        missing.setdefault((box, ticket), set()).add(event)
    found: Counter[str] = Counter()
    for (box, _), events in missing.items():
        node = flow.by_id.get(box)
        found[box] += node is not None and events >= set(node.events) - set(node.optional_events)
    return found


def counted(passage: Passage, out: int = 0) -> Count:
    """Give how often, and the share of tickets that deviated; none where no ticket did.

    The share is of those that came by and of the `out` that should have.
    """
    if not passage.deviating:
        return Count(passage.times)
    of = max(passage.tickets + out, passage.deviating)
    return Count(passage.times, Fraction(passage.deviating, of))


def walked(told: Conformance, flows: Iterable[Workflow]) -> Iterator[Workflow]:
    """Give the workflows that any ticket passed."""
    for flow in flows:
        if any(name in told.boxes and told.boxes[name].times for name in flow.by_id):
            yield flow


_POINT: Final = 0.75
"""Points in a unit."""

_UPRIGHT: Final = (168.0, 225.0)
_LYING: Final = (255.0, 143.0)
"""Room for a drawing on a page of a report below its heading, in millimetres."""


def sheets(told: Conformance, flow: Workflow, speaker: Speaker) -> Iterator[ChartSheet]:
    """Draw a workflow with its numbers on as many pages as it takes to stay readable.

    Forms are left out: they stand in the handbook, and without them it takes a third less room.
    """
    bare = tuple(node.model_copy(update={"forms": ()}) for node in flow.nodes)
    flow = flow.model_copy(update={"nodes": bare})
    names = Names.of(speaker.seen.handbook, speaker.lang)
    numbers = overlay(told, flow, speaker.lang)
    drawing = lay_out(flow, lang=speaker.lang, names=names, overlay=numbers)
    fitted = pages(drawing, *_UPRIGHT, landscape=False)
    if len(fitted.sheets) > 1 or fitted.scale * TITLE * _POINT < WHOLE:
        lying = pages(drawing, *reversed(_LYING), landscape=True)
        fitted = min(lying, pages(drawing, *_UPRIGHT), key=lambda one: len(one.sheets))
    for n, sheet in enumerate(fitted.sheets):
        title = speaker.say(flow.title) if n == 0 else ""
        drawn = Markup(sheet.svg)  # noqa: S704 -- ours, and it escapes what it is given
        yield ChartSheet(flow.id, title, drawn, fitted.landscape)

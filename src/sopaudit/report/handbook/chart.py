"""The charts of the workflows, sized for the pages of the book.

A chart stands below the heading of its workflow, so it has a page less that heading; one that is
too wide for an upright page lies on its side. What a box is about is said by name and not by
address, because only who lays out the pages knows where things stand.
"""

import re
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.workflow import Workflow
from sopaudit.report.handbook.fit import LYING, UPRIGHT
from sopaudit.report.handbook.flow import Charts
from sopaudit.report.handbook.model import ChartPage, ChartSpot
from sopaudit.swimlane.drawing import Shown
from sopaudit.swimlane.face import Names
from sopaudit.swimlane.layout import lay_out
from sopaudit.swimlane.paging import Sheet, pages

_LINK: Final = re.compile(r"</?a\b[^>]*>")
"""The links inside a drawing, which lead to names and not to places."""

HEADING: Final = 27.0
"""What the heading of a workflow and its purpose take of that, in millimetres."""


def charts(handbook: Handbook, languages: Sequence[str]) -> Charts:
    """Give what draws the charts of `handbook`, one after another in each of `languages`."""
    named = {lang: Names.of(handbook, lang) for lang in languages}

    def draw(flow: Workflow) -> tuple[ChartPage, ...]:
        return tuple(
            page for lang, names in named.items() for page in _pages(handbook, flow, lang, names)
        )

    return draw


def _pages(handbook: Handbook, flow: Workflow, lang: str, names: Names) -> tuple[ChartPage, ...]:
    def subject(box: Shown) -> str:
        """Name what a box is about: the flow behind it, its first standard, else its row."""
        if box.flow is not None:
            return box.flow
        return next(iter(box.standards), box.id)

    drawing = lay_out(flow, lang=lang, names=names)
    width, height = UPRIGHT
    fitted = pages(drawing, width, height - HEADING, link=subject)
    if fitted.landscape:
        width, height = LYING
        fitted = pages(drawing, height - HEADING, width, link=subject, landscape=True)
    of = len(fitted.sheets)
    words = {box.id: box.words for box in drawing.boxes}
    return tuple(
        ChartPage(
            svg=Markup(_LINK.sub("", sheet.svg)),  # noqa: S704 -- ours, and it escapes what it is given
            lang=lang,
            landscape=fitted.landscape,
            title=f"{flow.id} {handbook.say(flow.title, lang)}",
            number=f"{n}/{of}" if of > 1 else "",
            width=sheet.width,
            height=sheet.height,
            spots=_spots(sheet, words),
        )
        for n, sheet in enumerate(fitted.sheets, 1)
    )


def _spots(sheet: Sheet, words: dict[str, str]) -> tuple[ChartSpot, ...]:
    """Give where the boxes stand in shares of the drawing, which holds at any size of it."""
    return tuple(
        ChartSpot(
            subject=spot.address,
            words=words[spot.node],
            left=_share(spot.x, sheet.width),
            top=_share(spot.y, sheet.height),
            width=_share(spot.width, sheet.width),
            height=_share(spot.height, sheet.height),
        )
        for spot in sheet.spots
    )


def _share(part: float, whole: float) -> str:
    return f"{part / whole * 100:.2f}%"

"""The charts of the workflows, sized for the pages of the book.

A chart stands below the heading of its workflow, so it has a page less that heading; one that is
too wide for an upright page lies on its side. What a box is about is said by name and not by
address, because only who lays out the pages knows where things stand.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.workflow import Workflow
from sopaudit.report.handbook.fit import LYING, UPRIGHT
from sopaudit.report.handbook.flow import Charts
from sopaudit.report.handbook.model import ChartPage, ChartSpot
from sopaudit.swimlane.drawing import Drawing, Shown
from sopaudit.swimlane.face import Names
from sopaudit.swimlane.layout import lay_out
from sopaudit.swimlane.paging import Pages, Sheet, pages

_LINK: Final = re.compile(r"</?a\b[^>]*>")
"""The links inside a drawing, which lead to names and not to places."""

HEADING: Final = 27.0
"""What the heading of a workflow and its purpose take of that, in millimetres."""


def charts(handbook: Handbook, languages: Sequence[str]) -> Charts:
    """Give what draws the charts of `handbook`, one after another in each of `languages`."""
    named = {lang: Names.of(handbook, lang) for lang in languages}

    def draw(flow: Workflow) -> tuple[ChartPage, ...]:
        told = [_Chart(handbook, flow, lang, names) for lang, names in named.items()]
        return tuple(page for chart in told for page in (*chart.pages(), *chart.across()))

    return draw


@dataclass(frozen=True)
class _Chart:
    """A workflow in one language."""

    handbook: Handbook
    flow: Workflow
    lang: str
    names: Names

    def pages(self) -> Iterator[ChartPage]:
        """Draw it upright, on as many pages as it takes."""
        drawing = lay_out(self.flow, lang=self.lang, names=self.names)
        width, height = UPRIGHT
        fitted = pages(drawing, width, height - HEADING, link=_subject)
        if fitted.landscape:
            width, height = LYING
            fitted = pages(drawing, height - HEADING, width, link=_subject, landscape=True)
        return self._written(drawing, fitted)

    def across(self) -> Iterator[ChartPage]:
        """Draw it whole with time running right."""
        drawing = lay_out(self.flow, lang=self.lang, names=self.names, upright=False)
        whole = (math.ceil(drawing.width), math.ceil(drawing.height))
        fitted = pages(drawing, *whole, link=_subject, landscape=False)
        return (replace(page, across=True) for page in self._written(drawing, fitted))

    def _written(self, drawing: Drawing, fitted: Pages) -> Iterator[ChartPage]:
        of = len(fitted.sheets)
        words = {box.id: box.words for box in drawing.boxes}
        for n, sheet in enumerate(fitted.sheets, 1):
            yield ChartPage(
                svg=Markup(_LINK.sub("", sheet.svg)),  # noqa: S704 -- ours, and it escapes what it is given
                lang=self.lang,
                landscape=fitted.landscape,
                title=f"{self.flow.id} {self.handbook.say(self.flow.title, self.lang)}",
                number=f"{n}/{of}" if of > 1 else "",
                width=sheet.width,
                height=sheet.height,
                spots=_spots(sheet, words),
            )


def _subject(box: Shown) -> str:
    """Name what a box is about: the flow behind it, its first standard, else its row."""
    return box.flow if box.flow is not None else next(iter(box.standards), box.id)


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

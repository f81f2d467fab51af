"""The charts of the workflows, sized for the page."""

from collections.abc import Sequence

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.workflow import Workflow
from sopaudit.report.handbook.flow import Charts
from sopaudit.report.handbook.model import ChartPage


def charts(handbook: Handbook, languages: Sequence[str]) -> Charts:
    """Give what draws the charts of `handbook` in each of `languages`."""

    def draw(flow: Workflow) -> tuple[ChartPage, ...]:
        return ()

    return draw

"""A difference as one HTML file for screen, phone and paper."""

from sopaudit.press.html import page
from sopaudit.report.change.told import Told


def difference_html(told: Told, lang: str) -> str:
    """Lay it out; what was taken out is struck through, what was put in is underlined."""
    return page("desk/change.html.j2", lang, "change", page=told)

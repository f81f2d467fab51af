"""A difference as one HTML file for screen, phone and paper."""

from sopaudit.press.html import page
from sopaudit.press.words import words
from sopaudit.report.change.told import Told
from sopaudit.report.replay.told import ReplayTold


def difference_html(told: Told, lang: str, replay: ReplayTold | None = None) -> str:
    """Lay it out; what was taken out is struck through, what was put in is underlined.

    What the new edition would do to past audits stands first.
    """
    said = words(lang, "replay")
    return page("desk/change.html.j2", lang, "change", page=told, replay=replay, words=said)

"""Whether the entry `report` of `sopaudit.yaml` is sound: logo, colours, document number."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

from sopaudit.criteria.draft import Draft, shaped, unknown
from sopaudit.criteria.mending import STAND_IN
from sopaudit.criteria.organisation import NUMBER_VARIABLES
from sopaudit.problems import Problem
from sopaudit.reading.document import Document

LOGO_LIMIT: Final = 200
"""Kilobytes of a logo: it stands in every report, and prints no better when it is larger."""

CONTRAST: Final = Fraction(9, 2)
"""Of text on white, so that those with weak eyes and poor printers can read it (WCAG 2, AA)."""

_COLOUR: Final = r"#[0-9a-fA-F]{6}"
_BRACES: Final = re.compile(r"\{\{\s*(.*?)\s*\}\}")


def letterhead(draft: Draft) -> Iterator[Problem]:
    """Look whether the logo is a picture, colours can be read, and the number can be filled in."""
    for settings, file in shaped(draft.settings):
        report = settings.report
        if report is None:
            continue
        if report.logo is not None and report.logo != STAND_IN:
            yield from _logo(draft.folder, report.logo, file)
        if report.colours is not None:
            for name in ("accent", "signal"):
                yield from _colour(name, getattr(report.colours, name), file)
        for variable in _BRACES.findall(report.number or ""):
            loc = ("report", "number")
            yield from unknown(file, "H086", loc, variable, NUMBER_VARIABLES)


def _logo(folder: Path, name: str, file: Document) -> Iterator[Problem]:
    from sopaudit.criteria.picture import foreign, kind

    loc = ("report", "logo")
    path = folder / name
    if "\\" in name or ":" in name or not path.resolve().is_relative_to(folder.resolve()):
        yield file.problem("H081", loc, file=name)
        return
    if not path.is_file():
        yield file.problem("H080", loc, file=name)
        return
    size = path.stat().st_size
    if size > LOGO_LIMIT * 1024:
        yield file.problem("H083", loc, file=name, size=-(-size // 1024), limit=LOGO_LIMIT)
        return
    content = path.read_bytes()
    if kind(content) is None:
        yield file.problem("H082", loc, file=name)
    elif reference := foreign(content):
        yield file.problem("H087", loc, file=name, reference=reference)


def _colour(name: str, colour: str | None, file: Document) -> Iterator[Problem]:
    if colour is None or colour == STAND_IN:
        return
    loc = ("report", "colours", name)
    if not re.fullmatch(_COLOUR, colour):
        yield file.problem("H084", loc, word=colour)
    elif (ratio := on_white(colour)) < CONTRAST:
        yield file.problem("H085", loc, word=colour, ratio=f"{float(ratio):.1f}")


def on_white(colour: str) -> Fraction:
    """Give the contrast of `#rrggbb` with white, from 1 (white) to 21 (black)."""
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (s / 12.92 if s <= _DARK else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    # To the hundredth, so that no last bit of a float decides between two machines.
    return Fraction(round(100 * 1.05 / (light + 0.05)), 100)


_DARK: Final = 0.04045
"""Up to here the light of a colour grows straight with its number."""

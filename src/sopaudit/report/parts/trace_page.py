"""A trace as a picture: one drawing a piece, on a page or as an SVG by itself."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from markupsafe import Markup, escape

from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.loss import Loss
from sopaudit.press.html import page
from sopaudit.press.timeline import MM, Timeline, timeline
from sopaudit.report.parts.life import life, settled
from sopaudit.report.parts.teller import Teller, speaker_of
from sopaudit.report.parts.trace import Piece, Trace, by_ticket
from sopaudit.report.parts.trace_text import piece_title

WIDE: Final = 680.0
"""Units in the width of a page of A4 between its margins: 180 mm."""

SHOWN: Final = 24
"""So many pieces are drawn."""

_HEAD: Final = 22.0
_GAP: Final = 14.0
_HEIGHT: Final = re.compile(r'viewBox="0 0 [\d.]+ ([\d.]+)"')


def pictured(custody: Custody, losses: Sequence[Loss], found: Trace) -> Trace:
    """Split what has no serial number into tickets: of a heap no single way can be drawn."""
    if found.sort != "part_no":
        return found
    split = [
        each
        for piece in found.pieces
        for each in ([piece] if piece.serial else by_ticket(custody, losses, piece))
    ]
    # Where not all are drawn those with findings are.
    return replace(found, pieces=tuple(sorted(split, key=lambda piece: not piece.found)))


def trace_svg(custody: Custody, found: Trace, lang: str) -> str:
    """Draw all pieces below one another, each under its name."""
    shapes: list[str] = []
    top = 0.0
    for name, drawn in _drawn(custody, found, lang):
        shapes.append(
            f'<text x="4" y="{top + 15:g}" font-size="12" font-weight="700" fill="#16212b" '
            f'font-family="Sopaudit Sans SC, Noto Sans SC, sans-serif">{escape(name)}</text>'
        )
        top += _HEAD
        shapes.append(drawn.replace("<svg ", f'<svg x="0" y="{top:g}" ', 1))
        height = _HEIGHT.search(drawn)
        top += float(height[1]) + _GAP if height else 0.0
    size = f'width="{WIDE * MM:g}mm" height="{top * MM:g}mm" viewBox="0 0 {WIDE:g} {top:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(shapes)}</svg>\n'


def trace_html(custody: Custody, found: Trace, lang: str) -> str:
    """Lay the pictures out as a page of A4."""
    teller = Teller(custody, speaker_of(custody, lang))
    replay, qty = found.replay, teller.qty
    names = ("plus", "minus", "left", "balance")
    told = {name: qty(getattr(replay, name)).replace("-", "−") for name in names}
    same = replay.left == replay.balance
    notes = [teller.fill("trace", "replay" if same else "differs", **told)]
    if any(piece.found for piece in found.pieces):
        notes.insert(0, teller.words["trace"]["key"])
    if any(piece.ticket for piece in found.pieces):
        notes.insert(0, teller.words["trace"]["by_ticket"])
    if len(found.pieces) > SHOWN:
        n = len(found.pieces)
        notes.insert(0, teller.fill("trace", "too_many", shown=SHOWN, n=n))
    return page(
        "parts-life.html.j2",
        lang,
        "custody",
        heading=teller.fill("trace", "page", word=found.word),
        sort=teller.fill("trace", found.sort, word=found.word),
        day=teller.fill("trace", "as_of", day=teller.day(custody.now)),
        author=custody.handbook.organisation.name.to(lang),
        pieces=[{"name": n, "drawing": Markup(d)} for n, d in _drawn(custody, found, lang)],  # noqa: S704 -- ours
        notes=notes,
    )


def _drawn(custody: Custody, found: Trace, lang: str) -> list[tuple[str, str]]:
    teller = Teller(custody, speaker_of(custody, lang))
    return [
        (piece_title(teller, piece), str(timeline(_life(custody, teller, piece), width=WIDE)))
        for piece in found.pieces[:SHOWN]
    ]


def _life(custody: Custody, teller: Teller, piece: Piece) -> Timeline:
    sides = np.array(piece.sides, np.int64)
    over = frozenset(side for side, found in piece.losses.items() if settled(found))
    return life(custody, sides, teller.speaker, marked=frozenset(piece.losses), over=over)

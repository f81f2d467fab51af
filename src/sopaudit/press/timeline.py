"""The life of one thing as inline SVG: lanes are places, time runs to the right.

A line steps from lane to lane, with a dot where something happened and two short lines of words
beside it. Positions follow time as far as words leave room: a word is never written over another,
nor is it crossed by the line. Where the words of all stops have no room they stand in a key below,
and dots carry numbers. Attributes only and no classes, sizes worked out here, a `<title>`: for the
reasons `charts` gives. What is late or lost has a colour, and a shape of its own for those who do
not see it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from sopaudit.press.charts import QUIET, SIGNAL
from sopaudit.press.timeline_ink import (
    LOST,
    Face,
    Ink,
    broken,
    colour,
    mark,
    measured,
    num,
    numbered,
    path,
    rect,
    text,
)

MM: Final = 25.4 / 96
"""Millimetres in a unit."""

INK: Final = "#16212b"
_SHADES: Final = ("#f4f7f8", "#ffffff")
_GAP: Final = 6.0
_BANDS: Final = 2
"""So many rows of lanes are drawn before numbers take the place of words."""


@dataclass(frozen=True)
class Stop:
    """Something that happened to it."""

    x: float
    """When, 0 to 1 along the time shown; stops stand in the order of time."""

    lane: int
    """Where it was then: index into the lanes."""

    when: str
    """As shown: `10-09 14:00`."""

    said: str
    """What happened, short: `出库`, `issued`."""

    tone: str = ""
    """`late` or `lost` is drawn in the signal colour."""

    left: bool = False
    """Some of it is still there, even where the line goes on with the rest."""


@dataclass(frozen=True)
class Timeline:
    """A life, in words."""

    title: str
    """Read aloud; not drawn."""

    lanes: tuple[str, ...]
    stops: tuple[Stop, ...]
    ends: tuple[str, str]
    """The first and the last day shown."""

    open_until: str = ""
    """What is said at the open end: that of the last stop, unless another says `left`; empty where
    the chain is closed."""


_Wide = Callable[[Stop], float]
"""Says how much room the words of a stop take."""


_LARGE: Final = Face(said=10, when=8.5, line=11.5, bare=11, dot=4)
_SMALL: Final = Face(said=8.5, when=7.5, line=9.5, bare=8, dot=3.2)


def timeline(of: Timeline, *, width: float = 480, small: bool = False) -> Markup:
    """Draw a life `width` units wide (96 to the inch), as high as it needs.

    `small` takes less room: smaller words, and one row of lanes wherever it is enough.
    """
    drawing = _Drawing(of, width, _SMALL if small else _LARGE, 1 if small else _BANDS)
    return drawing.svg()


@dataclass(frozen=True)
class _Band:
    """Stops that stand in one row of lanes, with where they are."""

    first: int
    stops: tuple[Stop, ...]
    at: tuple[float, ...]
    above: tuple[bool, ...]
    wide: tuple[float, ...]


class _Drawing:
    """Lays a life out and writes it."""

    def __init__(self, of: Timeline, width: float, face: Face, bands: int) -> None:
        self.of = of
        self.width = width
        self.face = face
        room = max((measured(lane, face.said) for lane in of.lanes), default=0.0) + 10
        self.gutter = min(room, width * 0.24)
        self.room = width - self.gutter - 8
        self.names = [broken(lane, face.said, self.gutter - 8) for lane in of.lanes]
        told = self._banded(self._label, bands)
        self.numbered = told is None
        self.bands = told if told is not None else self._by_number()

    # --- where things stand ----------------------------------------------------------------------

    def _label(self, stop: Stop) -> float:
        face = self.face
        return max(measured(stop.said, face.said), measured(stop.when, face.when)) + _GAP

    def _banded(self, wide: _Wide, most: int) -> list[_Band] | None:
        """Cut the stops into as few even bands as will hold them; None where `most` will not."""
        count = len(self.of.stops)
        for bands in range(1, most + 1):
            size = max(-(-count // bands), 1)
            found = []
            for first in range(0, max(count, 1), size):
                band = self._placed(first, self.of.stops[first : first + size], wide)
                if band is None:
                    break
                found.append(band)
            else:
                return found
        return None

    def _by_number(self) -> list[_Band]:
        """Cut into bands of numbers, which always have room somewhere."""
        return self._banded(lambda _: 0.0, len(self.of.stops)) or []

    def _placed(self, first: int, stops: Sequence[Stop], wide: _Wide) -> _Band | None:
        """Place the stops of a band: where time puts them, as far as nothing is covered."""
        if not stops:
            return _Band(first, (), (), (), ())
        widths = tuple(wide(stop) for stop in stops)
        # Words stand on the side the line does not leave by.
        follows = (*stops[1:], stops[-1])
        above = tuple(n.lane >= s.lane for s, n in zip(stops, follows, strict=True))
        apart = self._apart(stops, above, widths)
        left = self.face.dot + 4
        whole = len(stops) == len(self.of.stops)
        low, high_end = (0.0, 1.0) if whole else (stops[0].x, stops[-1].x)
        span = max(high_end - low, 1e-9)
        ends = [self.room - max(each, self.face.dot + 6) for each in widths]
        high = list(ends)
        for n in range(len(stops) - 1, -1, -1):
            for m, least in apart[n].items():
                high[m] = min(high[m], high[n] - least)
        if high[0] < left:
            return None
        at: list[float] = []
        for n, stop in enumerate(stops):
            wanted = left + (stop.x - low) / span * (self.room - left)
            needed = max((at[m] + least for m, least in apart[n].items()), default=left)
            at.append(min(max(wanted, needed), high[n]))
        return _Band(first, tuple(stops), tuple(at), above, widths)

    def _apart(
        self, stops: Sequence[Stop], above: Sequence[bool], wide: Sequence[float]
    ) -> list[dict[int, float]]:
        """Say how far each stop must stand from those before it."""
        nearest = 2 * self.face.dot + (7 if not any(wide) else 3)
        found: list[dict[int, float]] = []
        for n, stop in enumerate(stops):
            mine: dict[int, float] = {n - 1: nearest} if n else {}
            for m in range(n):
                other = stops[m]
                same = other.lane == stop.lane and above[m] == above[n]
                if wide[m] and (same or _crosses(stops[n - 1], stop, other.lane, above[m])):
                    mine[m] = max(mine.get(m, 0.0), wide[m] + self.face.dot + 2)
            found.append(mine)
        return found

    # --- drawing ---------------------------------------------------------------------------------

    def svg(self) -> Markup:
        shapes: list[str] = []
        top = 0.0
        for number, band in enumerate(self.bands):
            drawn, top = self._row(band, top, last=number == len(self.bands) - 1)
            shapes += drawn
        drawn, top = self._foot(top)
        shapes += drawn
        if self.numbered:
            drawn, top = self._key(top)
            shapes += drawn
        size = (
            f'width="{num(self.width * MM)}mm" height="{num(top * MM)}mm" '
            f'viewBox="0 0 {num(self.width)} {num(top)}"'
        )
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
        head += f"<title>{escape(self._title())}</title>"
        return Markup(f"{head}{''.join(shapes)}</svg>")  # noqa: S704 -- numbers, and escaped words

    def _title(self) -> str:
        lanes = self.of.lanes
        told = [f"{stop.when} {stop.said} ({lanes[stop.lane]})" for stop in self.of.stops]
        return "; ".join([self.of.title, *told, *filter(None, [self.of.open_until])])

    def _row(self, band: _Band, top: float, *, last: bool) -> tuple[list[str], float]:
        """Draw one row of lanes, the line through them, and what stands beside it."""
        shapes: list[str] = []
        middles: list[float] = []
        low = top
        for lane, names in enumerate(self.names):
            over, under = self._reach(band, lane, len(names))
            shapes.append(rect(0, low, self.width, over + under, _SHADES[lane % 2]))
            middle = low + over
            middles.append(middle)
            first = middle - (len(names) - 1) * self.face.line / 2 + self.face.said * 0.36
            shapes += [
                text(4, first + n * self.face.line, name, Ink(self.face.said, QUIET))
                for n, name in enumerate(names)
            ]
            low += over + under
        shapes += self._path(band, middles, last=last)
        for n, stop in enumerate(band.stops):
            shapes += self._stop(band, n, stop, middles[stop.lane])
        return shapes, low + (8 if not last else 0)

    def _reach(self, band: _Band, lane: int, names: int) -> tuple[float, float]:
        """Say how far a lane reaches above and below its line."""
        face = self.face
        least = max(face.bare, names * face.line / 2 + 2)
        sides = [least, least]
        if not self.numbered:
            for n, stop in enumerate(band.stops):
                if stop.lane == lane:
                    sides[0 if band.above[n] else 1] = max(least, 2 * face.line + 6)
        return sides[0], sides[1]

    def _path(self, band: _Band, middles: Sequence[float], *, last: bool) -> Iterator[str]:
        stops, left = band.stops, self.gutter
        yield from self._left(band, middles, last=last)
        for n in range(len(stops) - 1):
            here, there = middles[stops[n].lane], middles[stops[n + 1].lane]
            x, until = left + band.at[n], left + band.at[n + 1]
            # Of what is left somewhere only the rest goes on, and that is not lost.
            tone = "" if stops[n].left else stops[n].tone
            yield path([(x, here), (until, here), (until, there)], tone)
        if stops and not (last and self._closed) and not stops[-1].left:
            x, here = left + band.at[-1], middles[stops[-1].lane]
            yield from self._out(x, here, stops[-1].tone, last=last)

    @property
    def _closed(self) -> bool:
        """Whether nothing is said of an open end, or it is another stop's."""
        return not self.of.open_until or any(stop.left for stop in self.of.stops)

    def _left(self, band: _Band, middles: Sequence[float], *, last: bool) -> Iterator[str]:
        """Draw what is left somewhere to the edge, also from the rows of lanes above."""
        for stop in self.of.stops[: band.first]:
            if stop.left:
                yield from self._out(self.gutter, middles[stop.lane], stop.tone, last=last)
        for at, stop in zip(band.at, band.stops, strict=True):
            if stop.left:
                yield from self._out(self.gutter + at, middles[stop.lane], stop.tone, last=last)

    def _out(self, x: float, y: float, tone: str, *, last: bool) -> Iterator[str]:
        """Draw a line to the edge, with an arrow in the last row of lanes."""
        end = self.width - (10 if last else 2)
        yield path([(x, y), (end, y)], tone)
        if last:
            points = f"{num(end + 7)},{num(y)} {num(end)},{num(y - 3.5)} {num(end)},{num(y + 3.5)}"
            yield f'<polygon points="{points}" fill="{colour(tone)}"/>'

    def _stop(self, band: _Band, n: int, stop: Stop, middle: float) -> Iterator[str]:
        face, x = self.face, self.gutter + band.at[n]
        if self.numbered:
            yield from numbered(x, middle, band.first + n + 1, face, stop.tone)
            return
        yield mark(x, middle, face.dot, stop.tone)
        ink = SIGNAL if stop.tone else INK
        first = middle - face.line - 6 if band.above[n] else middle + face.line + 2
        near = x + face.dot + 1
        yield text(near, first, stop.said, Ink(face.said, ink, bold=bool(stop.tone)))
        yield text(near, first + face.line - 1, stop.when, Ink(face.when, QUIET))

    def _foot(self, top: float) -> tuple[list[str], float]:
        """Write the ends of the time shown, and what is said of the open end."""
        face = self.face
        start, end = self.of.ends
        shapes = [rect(0, top, self.width, 0.8, "#c9d2d8")]
        base = top + face.line + 3
        shapes.append(text(self.gutter + 2, base, start, Ink(face.when, QUIET)))
        shapes.append(text(self.width - 2, base, end, Ink(face.when, QUIET), "end"))
        if not self.of.open_until:
            return shapes, base + 5
        ink = SIGNAL if any(stop.tone == LOST for stop in self.of.stops) else INK
        for line in broken(self.of.open_until, face.said * 1.05, self.width - 8):
            base += face.line + 1
            shapes.append(text(self.width - 2, base, line, Ink(face.said, ink, bold=True), "end"))
        return shapes, base + 5

    def _key(self, top: float) -> tuple[list[str], float]:
        """Say below what each number stands for, in columns read from top to bottom."""
        face, stops = self.face, self.of.stops
        number = measured(str(len(stops)), face.when) + 5
        when = max(measured(stop.when, face.when) for stop in stops) + 6
        widest = max(measured(stop.said, face.said) for stop in stops)
        columns = max(1, int(self.width // (number + when + widest + 10)))
        rows, wide = -(-len(stops) // columns), self.width / columns
        shapes = []
        for n, stop in enumerate(stops):
            x, y = n // rows * wide + 2, top + (n % rows + 1) * (face.line + 2)
            end = x + number - 4
            shapes.append(text(end, y, str(n + 1), Ink(face.when, colour(stop.tone)), "end"))
            shapes.append(text(x + number, y, stop.when, Ink(face.when, QUIET)))
            ink = SIGNAL if stop.tone else INK
            said = text(x + number + when, y, stop.said, Ink(face.said, ink, bold=bool(stop.tone)))
            shapes.append(said)
        return shapes, top + rows * (face.line + 2) + 6


def _crosses(before: Stop, stop: Stop, lane: int, above: bool) -> bool:  # noqa: FBT001 -- a side
    """Say whether the line from one stop to the next runs through the words of a lane's side."""
    low, high = sorted((before.lane, stop.lane))
    if low == high:
        return False
    # Downwards it leaves the lower side of the first lane and enters the upper side of the last.
    return low < lane <= high if above else low <= lane < high

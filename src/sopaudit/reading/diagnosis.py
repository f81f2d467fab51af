"""Saying what was typed wrongly, and mending it in memory so that reading can go on.

The parser is the judge: what a habit offers is taken for certain if the text can be read further
with it than without.
"""

import re
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Final

from sopaudit.reading.slipped import SLIPPED
from sopaudit.reading.stopping import STOPPING, indentation, unclosed
from sopaudit.reading.typed import Line, Scalar, Slip, StopError, Typed, line_at, lines
from sopaudit.reading.unquoted import values_to_quote

ROUNDS: Final = 60
"""So many times at most a text is mended and read again."""

_LARGEST: Final = 200_000
"""Characters; what is larger was not typed by hand, and reading it again takes too long."""

_LONGEST: Final = 2_000
"""Of a line; for the same reason."""

_SHORT: Final = 40
"""Of what people typed, so many characters fit into a sentence."""

_Attempt = Callable[[Typed], StopError | None]

_Left = tuple[int, int]

_NOTHING: Final[_Left] = (-sys.maxsize, 0)
_ALL: Final[_Left] = (1, 0)


def at_stop(typed: Typed, stop: StopError, attempt: _Attempt) -> tuple[list[Slip], Typed | None]:
    """Say why the parser stopped; and give the mended text, if there is one to go on with."""
    if len(typed.text) <= _LARGEST:
        # Where it is known which value it stopped at, only quotes around that one help.
        for habit in STOPPING if stop.slip is None else (values_to_quote,):
            for line in _near(typed.text, stop):
                offered = [
                    slips
                    for slips in habit(typed.text, line)
                    if stop.slip is None or slips[0].edits[0].start in {stop.at, stop.at - 1}
                    if not _put_in(typed, slips[0])
                ]
                tried = [(slips, *_mended(typed, slips, attempt)) for slips in offered]
                slips, better, left = min(
                    tried, key=itemgetter(2), default=([], None, _left(typed, stop))
                )
                if better is not None and left < _left(typed, stop):
                    # It can be read moved to the left and to the right: only its author knows.
                    even = habit is indentation and [n for *_, n in tried].count(left) > 1
                    return [replace(s, edits=()) for s in slips] if even else slips, better
    return [_named(typed.text, stop)], None


def _put_in(typed: Typed, slip: Slip) -> bool:
    """Say whether a slip is about quotes an earlier mend put in; nobody typed those wrongly."""
    spots = [slip.at, *(edit.start for edit in slip.edits if slip.code == "Y034")]
    return any(typed.origin(at) == typed.origin(at + 1) for at in spots)


def _mended(typed: Typed, slips: list[Slip], attempt: _Attempt) -> tuple[Typed | None, _Left]:
    """Give the text without these slips, and how much of it is then left unread."""
    better = typed.mended(edit for slip in slips for edit in slip.edits)
    if better is None:
        return None, _ALL
    stop = attempt(better)
    return better, _NOTHING if stop is None else _left(better, stop)


def _left(typed: Typed, stop: StopError) -> _Left:
    """Say how far reading came before it stopped: the further, the smaller."""
    return -typed.origin(stop.at), -typed.origin(stop.opened)


def _near(text: str, stop: StopError) -> list[Line]:
    """List the lines the mistake may stand in, from above."""
    here = line_at(text, stop.at)
    above = [line for line in lines(text[: here.start])[:-1] if line.text.strip()][-1:]
    unclosed_at = _unclosed(text, stop)
    quoted = [] if unclosed_at is None else [line_at(text, unclosed_at)]
    found = {line.start: line for line in (line_at(text, stop.opened), *quoted, *above, here)}
    return [found[start] for start in sorted(found) if len(found[start].text) <= _LONGEST]


def _unclosed(text: str, stop: StopError) -> int | None:
    """Find the quote that was not closed, where one that was meant to open has closed it."""
    sign = text[stop.at - 1 : stop.at]
    if sign not in {"'", '"'}:
        return None
    for line in reversed(lines(text[: line_at(text, stop.at).start])):
        if line.text.count(sign) % 2:
            return next((s[0].at for s in unclosed(text, line) if text[s[0].at] == sign), None)
    return None


def slipped(
    typed: Typed,
    scalars: Sequence[Scalar],
    known: Collection[tuple[str, int]],
    attempt: _Attempt,
) -> tuple[list[Slip], Typed | None]:
    """List what YAML took without a word and was meant otherwise; and give the mended text."""
    found: dict[int, Slip] = {}
    for habit in SLIPPED if scalars else ():
        for slip in habit(typed.text, list(scalars)):
            original = typed.slip(slip)
            if (original.code, original.at) not in known:
                found.setdefault(slip.at, slip)
    slips = [found[at] for at in sorted(found)]
    better = typed.mended(sorted(edit for slip in slips for edit in slip.edits))
    stop = attempt(better) if better and slips else None
    lost = better is None or (stop is not None and at_stop(better, stop, attempt)[1] is None)
    if lost:
        # What meets an earlier mend, or brings reading to a stop, is told and not mended.
        return [replace(slip, edits=()) for slip in slips], None
    return slips, better if any(slip.edits for slip in slips) else None


def _named(text: str, stop: StopError) -> Slip:
    """Say what may be wrong where no mend is certain."""
    here = line_at(text, stop.at)
    if stop.slip is not None:
        merging = here.text.lstrip(" -").startswith("<<")
        return Slip("Y047", here.start + here.text.index("<<")) if merging else stop.slip
    at_quote = _unclosed(text, stop)
    still_open = [] if at_quote is None else [at_quote]
    if not text[stop.at :].strip():
        flows = [at for at in stop.inside if text[at : at + 1] in {"[", "{"}]
        quoted = [stop.opened] if text[stop.opened : stop.opened + 1] in {"'", '"'} else []
        still_open += [*flows, *quoted]
    if still_open:
        return Slip("Y006", still_open[-1])
    above = [line for line in lines(text) if line.start < here.start and line.text.strip()]
    body = here.text.lstrip(" ")
    at = here.start + len(here.text) - len(body)
    if above and above[-1].text.lstrip().startswith("#") and stop.at == at and ":" not in body:
        return Slip("Y043", at, values={"line": body[:_SHORT]})
    if stop.at == at and stop.opened < here.start and re.match(r"-(\s|$)", body):
        return Slip("Y050", at)
    if stop.at == at and text[stop.opened : stop.opened + 1] == "-" and _KEY.match(body):
        return Slip("Y051", at, values={"key": body.partition(":")[0][:_SHORT]})
    inside = stop.opened in stop.inside
    spot = stop.at if inside or stop.opened >= here.start else stop.opened
    if above and text[stop.at : stop.at + 1] == ":" and ":" not in above[-1].text:
        # The first key of a group without its colon takes the next line for its own.
        lead = len(above[-1].text) - len(above[-1].text.lstrip())
        spot = above[-1].start + lead if lead == len(here.text) - len(body) else spot
    spot = min(spot, len(text.rstrip()))
    return Slip("Y005", spot, values={"line": line_at(text, spot).text.strip()[:60]})


_KEY: Final = re.compile(r"[^\s#'\"\[\]{},-][^:]*:(\s|$)")

"""The life of a part as a timeline: lanes are the places of the handbook it was in."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from sopaudit.findings.custody.custody import Custody, Step
from sopaudit.findings.custody.entries import EARLIEST
from sopaudit.findings.custody.lots import Sides
from sopaudit.findings.loss import Loss
from sopaudit.press.timeline import Stop, Timeline
from sopaudit.press.timeline_ink import LATE, LOST
from sopaudit.report.parts.teller import Teller
from sopaudit.report.seen import Speaker

QUIET: Final = 12
"""With more stops than these, what repeats in a row without a loss is one stop."""

_DAY: Final = np.timedelta64(1, "D")


def life(
    custody: Custody,
    sides: Sides,
    speaker: Speaker,
    *,
    marked: Collection[int] = (),
    over: Collection[int] = (),
) -> Timeline:
    """Tell postings, sides that take in the order of time, as stops in the places they led to.

    `marked` are sides of postings that a finding speaks of: one that is still open is drawn as
    lost, another as late. Of those that are `over` too nothing is lost: what had to follow did, and
    that the piece now lies where it belongs is no open end. The time shown ends with the custody's.
    """
    named = (frozenset(side & ~1 for side in each) for each in (marked, over))
    return _Life(Teller(custody, speaker), sides, *named).whole()


def settled(losses: Iterable[Loss]) -> bool:
    """Say whether what findings missed was done in the end, only late."""
    return all(loss.type == "late" for loss in losses)


class _Life:
    def __init__(
        self, teller: Teller, sides: Sides, marked: Collection[int], over: Collection[int]
    ) -> None:
        self.teller = teller
        self.custody = teller.custody
        self.sides = [int(side) & ~1 for side in sides]
        self.steps = self.custody.steps(np.array(self.sides, np.int64))
        self.over = over
        # Of a lot that this life went on from, what is left are other pieces.
        went_on = {int(n) & ~1 for n in self.custody.lots.lot[self.sides]} - set(marked)
        here = teller.open(np.array(self.sides, np.int64))
        self.open = [side for side in here if side not in went_on]
        self.tones = self._tones(marked)

    def _tones(self, marked: Collection[int]) -> dict[int, str]:
        """Mark what is open before what is closed: of a line, only what is still there is lost."""
        lost = {side: LOST for side in self.open if side in marked and side not in self.over}
        line = self.custody.entries.line
        late = {side: LATE for side in marked if line[side] not in {line[n] for n in lost}}
        return {**late, **lost}

    def whole(self) -> Timeline:
        used = {step.target["place"] for step in self.steps}
        lanes = [id_ for id_ in self.teller.places.ids if id_ in used]
        start, end = self._ends()
        stops = [
            self._stop(step, side, lanes.index(step.target["place"]), (start, end))
            for side, step in zip(self.sides, self.steps, strict=True)
        ]
        if len(stops) > QUIET:
            stops = list(_folded(stops, self.teller))
        # Of several that are open, one that was found is told, else the one of the last move.
        lost = [side for side in self.open if self.tones.get(side) == LOST]
        waiting = (lost or [side for side in self.open if side not in self.over])[-1:]
        return Timeline(
            self.teller.fill("life", "title", part=self._called()),
            tuple(self.teller.place(id_) for id_ in lanes),
            tuple(stops),
            (self.teller.day(start), self.teller.day(end)),
            "".join(self.teller.open_since(side) for side in waiting),
        )

    def _called(self) -> str:
        """Name what it is the life of: the first part, and its serial where one is told."""
        part = next((s.target["part_no"] for s in self.steps if s.target["part_no"]), "")
        serials = [end["serial"] for step in self.steps for end in (step.source, step.target)]
        return " ".join(filter(None, [part, next(filter(None, serials), "")]))

    def _ends(self) -> tuple[np.datetime64, np.datetime64]:
        known = [step.at for step in self.steps if not np.isnat(step.at) and step.at != EARLIEST]
        now = self.custody.now
        return min([*known, now]), now

    def _stop(
        self, step: Step, side: int, lane: int, ends: tuple[np.datetime64, np.datetime64]
    ) -> Stop:
        start, end = ends
        if np.isnat(step.at) or step.at == EARLIEST or end <= start:
            along = 0.0
        else:
            along = float((step.at - start) / (end - start))
        return Stop(
            min(max(along, 0.0), 1.0),
            lane,
            self.teller.moment(step.at),
            self._said(step),
            self.tones.get(side, ""),
            side in self.open,
        )

    def _said(self, step: Step) -> str:
        told = self.teller.move(step)
        one = 10**self.custody.entries.decimals
        if step.qty != one:
            told = self.teller.fill("life", "times", said=told, n=self.teller.qty(step.qty))
        who = step.target["holder"]
        return f"{told} · {self.teller.person(who)}" if who and not step.owed else told


def _folded(stops: Sequence[Stop], teller: Teller) -> Iterator[Stop]:
    """Make one stop of those that say the same in the same place, one after the other."""
    first = 0
    while first < len(stops):
        one, last = stops[first], first
        while last + 1 < len(stops) and _alike(one, stops[last + 1]):
            last += 1
        if last - first > 1 and not one.tone:
            days = f"{one.when[:5]} – {stops[last].when[:5]}"
            said = teller.fill("life", "times", said=one.said, n=last - first + 1)
            yield Stop(one.x, one.lane, days, said, left=one.left)
            first = last + 1
        else:
            yield one
            first += 1


def _alike(one: Stop, other: Stop) -> bool:
    mine = (one.lane, one.said, one.tone, one.left)
    return mine == (other.lane, other.said, other.tone, other.left)

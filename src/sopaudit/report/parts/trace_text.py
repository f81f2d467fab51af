"""A trace as text for a terminal of 80 columns: a line down the time, a stop a move."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

import numpy as np
import pandas as pd

from sopaudit.findings.custody.custody import Custody, Step
from sopaudit.findings.custody.entries import KEYS
from sopaudit.report.parts.columns import fitted
from sopaudit.report.parts.teller import Teller, speaker_of
from sopaudit.report.parts.trace import Piece, Trace
from sopaudit.terminal import COLUMNS, padded, width, wrapped

_RULE: Final = "─" * COLUMNS
_SHOWN: Final = 60
"""So many pieces of a part are told."""


def trace_text(custody: Custody, found: Trace, lang: str) -> str:
    """Tell where a word leads; lines end without blanks."""
    return "\n".join(_Writer(custody, found, lang).lines()) + "\n"


class _Writer:
    def __init__(self, custody: Custody, found: Trace, lang: str) -> None:
        self.custody = custody
        self.found = found
        self.lang = lang
        self.teller = Teller(custody, speaker_of(custody, lang))
        self.words = self.teller.words["trace"]
        rules = custody.handbook.parts
        self.sorts = {
            sort.id: custody.handbook.say(sort.title, lang)
            for sort in (rules.losses if rules else ())
        }

    def lines(self) -> Iterator[str]:
        head = self._say(self.found.sort, word=self.found.word)
        day = self._say("as_of", day=self.teller.day(self.custody.now))
        yield head + padded(day, COLUMNS - width(head), right=True)
        yield _RULE
        if self.found.sort == "part_no":
            yield from self._part()
        else:
            for n, piece in enumerate(self.found.pieces):
                yield from (("",) if n else ())
                yield from self._life(piece)
        yield ""
        yield from self._replay()

    def _replay(self) -> Iterator[str]:
        told = self.found.replay
        names = ("plus", "minus", "left", "balance")
        given = {name: self.teller.qty(getattr(told, name)).replace("-", "−") for name in names}
        yield self._say("replay" if told.left == told.balance else "differs", **given)

    # --- one piece -----------------------------------------------------------------------------

    def _life(self, piece: Piece) -> Iterator[str]:
        yield piece_title(self.teller, piece)
        sides = np.array(piece.sides, np.int64)
        steps = self.custody.steps(sides)
        for side, step in zip(piece.sides, steps, strict=True):
            losses = piece.losses.get(side, ())
            yield from self._stop(step, "◆" if losses else "●")
            named = [(self.sorts.get(loss.sort, loss.sort), loss.rule) for loss in losses]
            for sort, rule in dict.fromkeys(named):
                told = self._say("lost", sort=sort, rule=rule)
                yield f"│    {told}"
        yield from self._end(piece, steps)
        if piece.others:
            yield f"  {self.words['others']}"
            for loss in piece.others:
                sort = self.sorts.get(loss.sort, loss.sort)
                yield "    " + self._say("other", sort=sort, rule=loss.rule, rows=loss.rows)

    def _end(self, piece: Piece, steps: Sequence[Step]) -> Iterator[str]:
        """Say where it is now, what is still open, and where the old part is that it took out."""
        waiting = waiting_of(self.teller, self.found, piece)
        own = [step for step in steps if step.target["serial"] == piece.serial and not step.owed]
        last = own[-1] if piece.serial and own else steps[-1]
        if not waiting or (last.owed is False and not self._in(last, piece, waiting)):
            old = steps[-1] if steps[-1] is not last and not waiting else None
            place = self.teller.place(last.target["place"])
            if old is None:
                yield "■ " + self._say("now", place=place)
            else:
                there = self.teller.place(old.target["place"])
                yield "■ " + self._say("now_old", place=place, old=there)
        for side in waiting:
            yield from self._open(side)
        for slot in self._below(piece.part, piece.serial):
            if self.found.sort != "ticket_no" or slot["ticket_no"] == self.found.word:
                ends = [self.teller.place(slot["place"]), *self.teller.whose(slot)]
                told = {"n": self.teller.qty(-slot["units"]), "place": self.teller.listed(*ends)}
                first, *rest = wrapped(self._say("below", **told), "  ")
                yield "▽" + first[1:]
                yield from rest

    def _below(self, part: str, serial: str) -> list[dict[str, Any]]:
        """Find the accounts of ours of a piece, or of a part, that are below zero."""
        found = self.custody.balances(KEYS, ours=True)
        mine = (found["part_no"] == part) & (found["serial"] == serial) & (found["units"] < 0)
        return cast("list[dict[str, Any]]", found[mine].to_dict("records"))

    def _in(self, last: Step, piece: Piece, waiting: Sequence[int]) -> bool:
        """Say whether the last move of a piece is one of those that are still open."""
        open_ = self.custody.steps(np.array(waiting, np.int64))
        return not piece.serial or any(
            (step.record, step.row, step.owed) == (last.record, last.row, False) for step in open_
        )

    def _stop(self, step: Step, mark: str) -> Iterator[str]:
        said = self.teller.move(step)
        if step.qty != 10**self.custody.entries.decimals:
            said = self.teller.fill("life", "times", said=said, n=self.teller.qty(step.qty))
        moment = self.teller.moment(step.at)
        year = f"{str(step.at)[:4]}-" if moment[:1].isdigit() else ""
        head = f"{mark} {padded(year + moment, 16)}  {said}"
        source = f"{step.record}:{step.row}" if step.row else ""
        yield (head + padded(source, COLUMNS - width(head), right=True)).rstrip()
        ends = f"{self.teller.place(step.source['place'])} → {self._where(step)}"
        yield from wrapped(ends, "│    ")

    def _where(self, step: Step) -> str:
        who = step.target["holder"]
        named = self.teller.named(who) if who else ""
        place = self.teller.place(step.target["place"])
        return " · ".join(filter(None, [place, named, step.target["ticket_no"]]))

    def _open(self, side: int) -> Iterator[str]:
        left = int(self.custody.lots.left[side | 1])
        said = self.teller.open_since(side)
        one = left == 10**self.custody.entries.decimals
        key = "open" if one else "open_many"
        place = self.teller.place(self.custody.steps(np.array([side]))[0].target["place"])
        if self.custody.entries.owed[side]:
            key = "open_owed"
        told = self._say(key, said=said, n=self.teller.qty(left), place=place)
        first, *rest = wrapped(told, "  ")
        yield "▼" + first[1:]
        yield from rest

    # --- a part --------------------------------------------------------------------------------

    def _part(self) -> Iterator[str]:
        pieces = [piece for piece in self.found.pieces if piece.serial]
        if pieces:
            yield self._say("pieces", n=len(pieces))
            head = self._head("serial", "place", "since", "days", "who", "found")
            rows = [self._row(piece) for piece in pieces[:_SHOWN]]
            yield from fitted(head, rows, [head[3]], "  ")
            if len(pieces) > _SHOWN:
                yield "  " + self._say("more", number=len(pieces) - _SHOWN)
        for piece in self.found.pieces:
            if not piece.serial:
                yield from (("",) if pieces else ())
                yield from self._bulk(piece)

    def _row(self, piece: Piece) -> tuple[str, ...]:
        step = self.custody.steps(np.array(piece.sides[-1:], np.int64))[0]
        days = self.teller.days(step.at)
        who = step.target["holder"]
        named = self.teller.person(who) if who else ""
        sorts = [self.sorts.get(loss.sort, loss.sort) for loss in piece.found]
        return (
            piece.serial,
            self.teller.place(step.target["place"]),
            self.teller.day(step.at),
            "" if days is None else str(days),
            " ".join(filter(None, [named, step.target["ticket_no"]])),
            self.teller.listed(*dict.fromkeys(sorts)),
        )

    def _bulk(self, piece: Piece) -> Iterator[str]:
        """Add up moves without serial numbers by what they are, and list what is still there."""
        yield self.words["bulk"]
        head = self._head("move", "in", "out", "within")
        yield from fitted(head, list(self._moves(piece)), head[1:], "  ")
        lots = self._lots(piece)
        below = self._below(piece.part, "")
        if len(lots) or below:
            yield self.words["there"]
            head = self._head("place", "qty", "since", "days", "who")
            rows = [self._lot(lot) for lot in lots.to_dict("records")]
            rows += [self._missing(slot) for slot in below]
            yield from fitted(head, rows[:_SHOWN], [head[1], head[3]], "  ")
            if len(rows) > _SHOWN:
                yield "  " + self._say("more", number=len(rows) - _SHOWN)
        for loss in piece.found:
            sort = self.sorts.get(loss.sort, loss.sort)
            yield from wrapped(self._say("other", sort=sort, rule=loss.rule, rows=loss.rows), "  ")

    def _moves(self, piece: Piece) -> Iterator[tuple[str, ...]]:
        """Tell what each kind of move brought into our custody, and what it took out."""
        ours = self.custody.entries.slots.places.ours
        sums: dict[str, list[int]] = {}
        for step in self.custody.steps(np.array(piece.sides, np.int64)):
            mine = sums.setdefault(self.teller.move(step), [0, 0, 0])
            source, target = ours(step.source["place"]), ours(step.target["place"])
            mine[0 if target and not source else 1 if source and not target else 2] += step.qty
        for said, counted in sums.items():
            signed = zip(("+", "−", ""), counted, strict=True)
            yield said, *(f"{sign}{self.teller.qty(n)}" if n else "" for sign, n in signed)

    def _missing(self, slot: Mapping[str, Any]) -> tuple[str, ...]:
        """Tell what is below zero: since when nobody can say."""
        named = self.teller.person(slot["holder"]) if slot["holder"] else ""
        who = " ".join(filter(None, [named, slot["ticket_no"]]))
        less = "−" + self.teller.qty(-slot["units"])
        return self.teller.place(slot["place"]), less, "", "", who

    def _lots(self, piece: Piece) -> pd.DataFrame:
        held = self.custody.holdings()
        return held[(held["part_no"] == piece.part) & (held["serial"] == "")]

    def _lot(self, lot: Mapping[Hashable, Any]) -> tuple[str, ...]:
        since = np.datetime64(lot["since"].to_datetime64(), "us")
        days = self.teller.days(since)
        named = self.teller.person(lot["holder"]) if lot["holder"] else ""
        return (
            self.teller.place(lot["place"]),
            self.teller.qty(lot["units"]),
            self.teller.day(since),
            "" if days is None else str(days),
            " ".join(filter(None, [named, lot["ticket_no"]])),
        )

    def _head(self, *keys: str) -> tuple[str, ...]:
        return tuple(self.words[f"head_{key}"] for key in keys)

    def _say(self, key: str, **values: object) -> str:
        return self.words[key].format_map(values)


def waiting_of(teller: Teller, found: Trace, piece: Piece) -> list[int]:
    """List the postings of a piece of which something is still there; of a ticket only its own."""
    waiting = teller.open(np.array(piece.sides, np.int64))
    if found.sort != "ticket_no" or piece.serial:
        return waiting
    steps = teller.custody.steps(np.array(waiting, np.int64))
    told = zip(waiting, steps, strict=True)
    return [side for side, step in told if step.target["ticket_no"] == found.word]


def piece_title(teller: Teller, piece: Piece) -> str:
    """Name a piece."""
    key = "piece_serial" if piece.serial else "piece_ticket" if piece.ticket else "piece"
    given = {"part": piece.part, "serial": piece.serial, "ticket": piece.ticket}
    return teller.fill("trace", key, **given)

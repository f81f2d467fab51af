"""Which place a status of a part lies in, told by the parts rules of a handbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from sopaudit.criteria.parts import NO_STATUS, MoveType, PartPlace, PartsRules

UNKNOWN: Final = "unknown"
"""Where a part lies whose status belongs to no place."""

OPENING: Final = "opening"
"""Where opening balances are taken from, so that they too are moves from one place to another."""


@dataclass(frozen=True, eq=False)
class Places:
    """The places of a handbook, numbered in its order; `unknown` and `opening` come after them."""

    rules: PartsRules

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """All places, by number."""
        return (*(place.id for place in self.rules.places), UNKNOWN, OPENING)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each place."""
        return {id_: n for n, id_ in enumerate(self.ids)}

    @cached_property
    def known(self) -> Mapping[str, PartPlace]:
        """The places of the handbook, by id."""
        return {place.id: place for place in self.rules.places}

    @cached_property
    def outside(self) -> str:
        """The place of parts without a status: the first that is not ours."""
        found = (place.id for place in self.rules.places if place.kind == "outside")
        return next(found, UNKNOWN)

    @cached_property
    def moves(self) -> Mapping[str, MoveType]:
        """The kinds of moves, by id."""
        return {move.id: move for move in self.rules.moves}

    @cached_property
    def _lies(self) -> Mapping[str, str]:
        return {status: place.id for place in self.rules.places for status in place.statuses}

    def of(self, status: str, move: str = "") -> str:
        """Say where a status lies, as a move means it; the empty status is outside."""
        meant = self.moves[move].places if move in self.moves else {}
        usual = self._lies.get(status, UNKNOWN) if status else self.outside
        return meant.get(status or NO_STATUS, usual)

    def meant(self, status: str, move: str, end: Literal["from", "to"]) -> str:
        """Give the status a move leaves out: the first it may have at that end, the usual one."""
        kind = self.moves.get(move)
        if status or kind is None:
            return status
        may = kind.from_ if end == "from" else kind.to
        return may[0] if may else ""

    def ours(self, place: str) -> bool:
        """Say whether what lies in a place is in our custody."""
        return place in self.known and self.known[place].ours

    def keyed(self, place: str, by: str) -> bool:
        """Say whether accounts of a place are kept apart by site, holder or ticket."""
        return place not in self.known or by in self.known[place].by

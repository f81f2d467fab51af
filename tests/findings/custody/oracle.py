"""Double entry the slow way: one move after the other, in dictionaries, from domain e.2 and e.3.

Written from the wording of the rules and of `sops/parts.yaml`, not from the engine; nothing here is
a column.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sopaudit.criteria.parts import MoveType, PartPlace, PartsRules

Move = Mapping[str, str]
Slot = tuple[str, str, str, str, str, str, str]
"""Place, site, status, part, serial, holder, ticket."""

_LATER = "9999"


@dataclass
class Books:
    """Every slot and what is in it."""

    rules: PartsRules
    slots: Counter[Slot] = field(default_factory=Counter)
    puts: dict[Slot, list[tuple[str, int, int]]] = field(default_factory=lambda: defaultdict(list))
    takes: dict[Slot, list[tuple[str, int, int]]] = field(default_factory=lambda: defaultdict(list))
    """Per slot: moment, line and quantity of what came and went."""

    def post(self, line: int, move: Move) -> None:
        """Book a move, and what it takes out besides."""
        kind = next((m for m in self.rules.moves if m.id == move["move_type"]), None)
        here = move["site_from"] or move["site_to"]
        there = move["site_to"] or move["site_from"]
        before = self._meant(kind, move["status_from"], kind.from_ if kind else ())
        after = self._meant(kind, move["status_to"], kind.to if kind else ())
        source, target = self._place(kind, before), self._place(kind, after)
        if self._known(source) and self._known(source).kind == "transit":  # type: ignore[union-attr]
            here = there
        quantity = int(move["qty"] or "1")
        one = self._slot(source, here, before, move["serial"], move)
        other = self._slot(target, there, after, move["serial"], move)
        self._shift(line, move["at"], one, other, quantity)
        if kind is not None and kind.owes is not None and move["return_required"] == "yes":
            machine = self._slot(kind.owes.from_, here, "", "", move)
            owed = self._slot(kind.owes.place, there, "", "", move)
            self._shift(line, move["at"], machine, owed, quantity)

    def _shift(self, line: int, at: str, one: Slot, other: Slot, quantity: int) -> None:
        if quantity < 0:
            one, other, quantity = other, one, -quantity
        self.slots[one] -= quantity
        self.slots[other] += quantity
        self.takes[one].append((at, line, quantity))
        self.puts[other].append((at, line, quantity))

    def _known(self, place: str) -> PartPlace | None:
        return next((p for p in self.rules.places if p.id == place), None)

    def _meant(self, kind: MoveType | None, status: str, may: tuple[str, ...]) -> str:
        """Fill in a status that is left out: the first it may be."""
        return status if status or kind is None or not may else may[0]

    def _place(self, kind: MoveType | None, status: str) -> str:
        if kind is not None and (status or "none") in kind.places:
            return kind.places[status or "none"]
        if not status:
            return next(p.id for p in self.rules.places if p.kind == "outside")
        return next((p.id for p in self.rules.places if status in p.statuses), "unknown")

    def _slot(self, place: str, site: str, status: str, serial: str, move: Move) -> Slot:
        known = self._known(place)
        by = known.by if known is not None else ("site", "holder", "ticket")
        told = known is None or known.serials
        return (
            place,
            site if "site" in by else "",
            status if told else "",
            move["part_no"],
            serial if told else "",
            move["holder"] if "holder" in by else "",
            move["ticket_no"] if "ticket" in by else "",
        )

    def ours(self) -> dict[Slot, int]:
        """Give what lies in our custody, slot by slot, without those of nothing."""
        found = {}
        for slot, units in self.slots.items():
            place = self._known(slot[0])
            if units and place is not None and place.ours:
                found[slot] = units
        return found

    def left(self) -> Counter[tuple[Slot, int, int]]:
        """Give what is left of each lot by slot, line and quantity: the oldest goes first."""
        found: Counter[tuple[Slot, int, int]] = Counter()
        for slot, puts in self.puts.items():
            gone = sum(quantity for _, _, quantity in self.takes[slot])
            for _, line, quantity in sorted(puts):
                taken = min(gone, quantity)
                gone -= taken
                if quantity > taken:
                    found[slot, line, quantity - taken] += 1
        return found


def books(rules: PartsRules, moves: Sequence[Move]) -> Books:
    """Book all moves; those that say no time come first, as do earlier lines of one moment."""
    found = Books(rules)
    for line, move in enumerate(moves):
        found.post(line, move)
    return found

"""What a session asks, and what is said and lacking so far: looked at, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from typing import Final

from sopaudit.criteria.organisation import Person
from sopaudit.evidence.grounds import Grounds, fails
from sopaudit.evidence.habits import key as alike
from sopaudit.evidence.people import People
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.reading.document import Document
from sopaudit.sheets.answering import Answering, Slip
from sopaudit.sheets.blank import Ask, Blank, Leaf
from sopaudit.sheets.terminal.filling import Key, answered
from sopaudit.sheets.terminal.said import NOTHING, Said, said_of

NOTE: Final = ("A026", "A028")
"""What is lacking where there is no remark: what was found, or why it does not apply."""

EVIDENCE: Final = "A027"
VAIN: Final = "A056"
"""What is lacking where somebody confirmed an answer without evidence."""

SECOND: Final = "A055"
"""Why somebody cannot confirm an answer."""


@dataclass(frozen=True)
class Form:
    """The items of one audit as one session asks them."""

    blank: Blank
    """Whole, with the answers there are already."""

    keys: tuple[Key, ...]
    """The items that are asked, in their order."""

    lang: str
    zone: tzinfo

    @cached_property
    def leaves(self) -> dict[str, Leaf]:
        """The checklists by id."""
        return {leaf.id: leaf for leaf in self.blank.leaves}

    @cached_property
    def asks(self) -> dict[Key, Ask]:
        """Every item of the audit, also those that are not asked now."""
        return {(leaf.id, ask.item.id): ask for leaf, ask in self.blank.asks}

    @cached_property
    def _answering(self) -> dict[str, Answering]:
        return {leaf.id: Answering(self.blank, leaf, self.zone) for leaf in self.blank.leaves}

    @cached_property
    def given(self) -> dict[Key, Said]:
        """What the record says already."""
        return {key: said_of(ask.given[0]) for key, ask in self.asks.items() if ask.given}

    @cached_property
    def _read(self) -> dict[Key, tuple[Said, tuple[RecordedAnswer | None, list[Slip]]]]:
        """What was read last of each item: it is asked for at every step, and seldom changes."""
        return {}

    def read(self, key: Key, said: Said) -> tuple[RecordedAnswer | None, list[Slip]]:
        """Read what was said of an item."""
        last = self._read.get(key)
        if last is None or last[0] is not said:
            last = said, answered(self._answering[key[0]], self.asks[key], said)
            self._read[key] = last
        return last[1]

    def fails(self, key: Key, said: Said) -> bool:
        """Say whether it is a nonconformity."""
        answer, _ = self.read(key, said)
        ask = self.asks[key]
        return answer is not None and fails(answer, ask.item, ask.answers, self.blank.day)

    def lacking(self, key: Key, said: Said) -> list[str]:
        """Name what the answer to an item must still rest on, as the handbook has it."""
        answer, _ = self.read(key, said)
        if answer is None:
            return []
        ask = self.asks[key]
        grounds = Grounds(self.blank.handbook.records, self.blank.day, Document("", None))
        codes = [one.code for one in grounds.lacking(answer, ask.item, ask.answers, ())]
        return [*codes, VAIN] if self.vain(key, said) and EVIDENCE not in codes else codes

    @cached_property
    def _people(self) -> People | None:
        audit = self.blank.audit
        return None if audit is None else People(self.blank.handbook, audit)

    def _second(self, key: Key, by: str, answer: RecordedAnswer) -> bool:
        folder = self.blank.folder
        record = folder.records.get(key[0]) if folder else None
        return self._people is None or self._people.second(by, record, answer)

    def no_second(self, key: Key, said: Said) -> str:
        """Name who is said to confirm an answer and cannot; empty where nothing is wrong."""
        answer, _ = self.read(key, said)
        by = answer.confirmed.by if answer and answer.confirmed else ""
        return by if answer and by and not self._second(key, by, answer) else ""

    def confirms(self, key: Key, said: Said) -> bool:
        """Say whether an answer fails and has no effect without a second person."""
        return self.asks[key].witness and self.fails(key, said)

    def waits(self, key: Key, said: Said) -> bool:
        """Say whether an answer still waits for its second person."""
        answer, _ = self.read(key, said)
        return answer is not None and self.asks[key].waits(answer, self.blank.day)

    def vain(self, key: Key, said: Said) -> bool:
        """Say whether a second person confirms an answer that nothing shows, which is no use."""
        answer, _ = self.read(key, said)
        return answer is not None and answer.confirmed is not None and not answer.files

    def witnesses(self, key: Key, said: Said) -> tuple[Person, ...]:
        """List who can confirm an answer, of those every sheet of the audit offers."""
        answer, _ = self.read(key, said)
        offered = self.blank.witnesses if answer else ()
        return tuple(one for one in offered if answer and self._second(key, one.id, answer))

    def cases(self, key: Key, said: Said) -> list[str]:
        """List the cases of an item: the drawn tickets in their order, then all others."""
        drawn = self.blank.tickets if self.asks[key].drawn else ()
        return list(dict.fromkeys((*drawn, *(case.id for case in said.cases))))

    def case(self, key: Key, said: Said, text: str) -> str:
        """Give the case that is meant, as it is spelt already where it is known."""
        near = {alike(name): name for name in self.cases(key, said)}
        return near.get(alike(text), text)


def open_items(form: Form, said: Mapping[Key, Said]) -> list[Key]:
    """List the items nobody answered yet."""
    return [key for key in form.keys if form.read(key, said.get(key, NOTHING))[0] is None]


def lacking_items(form: Form, said: Mapping[Key, Said]) -> dict[Key, list[str]]:
    """List the items whose answer must still rest on something."""
    found = {key: form.lacking(key, said.get(key, NOTHING)) for key in form.keys}
    return {key: codes for key, codes in found.items() if codes}


def waiting_items(form: Form, said: Mapping[Key, Said]) -> list[Key]:
    """List the items whose answer waits for a second person."""
    return [key for key in form.keys if form.waits(key, said.get(key, NOTHING))]


def waiting_named(form: Form, said: Mapping[Key, Said]) -> str:
    """Name them in a line; empty where none waits."""
    return ", ".join(item for _, item in waiting_items(form, said))

"""What places, moves, people and quantities of custody are called in one language."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from sopaudit.findings.custody.custody import Custody, Step
from sopaudit.findings.custody.entries import EARLIEST
from sopaudit.findings.custody.lots import Sides
from sopaudit.findings.custody.places import OPENING, UNKNOWN
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.press.words import Words, words
from sopaudit.report.seen import Seen, Speaker


class Teller:
    """Names what stands in one custody."""

    def __init__(self, custody: Custody, speaker: Speaker) -> None:
        self.custody = custody
        self.speaker = speaker
        self.lang = speaker.lang
        self.words: Words = words(speaker.lang, "custody")
        self.places = custody.entries.slots.places

    def fill(self, section: str, key: str, **values: object) -> str:
        """Fill a sentence of ours."""
        return self.words[section][key].format_map(values)

    # --- names ---------------------------------------------------------------------------------

    def place(self, id_: str) -> str:
        """Name a place."""
        if id_ == OPENING:
            return self.words["life"]["outside_opening"]
        if id_ == UNKNOWN:
            return self.words["life"]["unknown"]
        return self.speaker.say(self.places.known[id_].title)

    def move(self, step: Step) -> str:
        """Name a move; the old part it takes out is a move of its own, and so is an opening."""
        if step.owed:
            return self.words["life"]["old_out"]
        known = self.places.moves.get(step.move)
        if known is not None:
            return self.speaker.say(known.title)
        return step.move or self.words["life"]["opening"]

    def person(self, staff: str) -> str:
        """Name a person; on a circulating copy the staff number stands alone."""
        return self._number(staff) or self.speaker.name(staff)

    def named(self, staff: str) -> str:
        """Name a person with the staff number."""
        return self._number(staff) or self.speaker.named(staff)

    def _number(self, staff: str) -> str:
        """Give what a circulating copy says: no name stands where a number should."""
        if not self.speaker.seen.circulating:
            return ""
        known = self.speaker.seen.handbook.person(staff)
        return staff if known else words(self.lang, "ticket_section")["worst"]["hidden"]

    def listed(self, *texts: str) -> str:
        """Join what is said, leaving out what is empty, as a sentence of the language does."""
        return ("，" if self.lang == "zh" else ", ").join(text for text in texts if text)

    def join(self, what: str, told: str) -> str:
        """Put what is told behind what it is told of."""
        return f"{what}{'：' if self.lang == 'zh' else ': '}{told}" if told else what

    # --- numbers -------------------------------------------------------------------------------

    def qty(self, units: int) -> str:
        """Write a quantity of the custody."""
        return decimal(units, self.custody.entries.decimals)

    def value(self, units: int) -> str:
        """Write a value of the custody, with commas between thousands."""
        return decimal(units, self.custody.value_decimals, grouped=True)

    # --- times ---------------------------------------------------------------------------------

    def day(self, at: np.datetime64) -> str:
        """Write a day; words of ours where nobody says."""
        if np.isnat(at) or at == EARLIEST:
            return self.words["life"]["undated"]
        return str(at.astype("datetime64[D]"))

    def moment(self, at: np.datetime64) -> str:
        """Write a time without its year: `10-09 14:00`."""
        if np.isnat(at) or at == EARLIEST:
            return self.words["life"]["undated"]
        return str(at.astype("datetime64[m]"))[5:].replace("T", " ")

    def days(self, since: np.datetime64) -> int | None:
        """Count the working days since a time; None where nobody says since when."""
        if np.isnat(since) or since == EARLIEST:
            return None
        start, now = np.array([since]), np.array([self.custody.now])
        return int(self._hearing.clock().days_between(start, now)[0])

    @cached_property
    def _hearing(self) -> Hearing:
        return Hearing(self.custody.handbook, self.custody.records, self.custody.now)

    @property
    def short(self) -> int:
        """How much was taken from places that are ours and had never been put there."""
        entries = self.custody.entries
        return int(self.custody.lots.short[entries.slots.ours[entries.slot]].sum())

    # --- what is open --------------------------------------------------------------------------

    def open(self, sides: Sides) -> list[int]:
        """List the postings of which something is still there, in a place that is ours."""
        entries = self.custody.entries
        put = np.asarray(sides, np.int64) | 1
        ours = entries.slots.ours[entries.slot[put]]
        return [int(side) & ~1 for side in put[ours & (self.custody.lots.left[put] > 0)]]

    def open_since(self, side: int) -> str:
        """Say since when what a posting put somewhere is there, with whom, and for which ticket."""
        step = self.custody.steps(np.array([side]))[0]
        days = self.days(step.at)
        said = self.day(step.at)
        if days is not None:
            said = self.fill("life", "since_one" if days == 1 else "since", day=said, n=days)
        return self.listed(said, *self.whose(step.target))

    def whose(self, slot: Mapping[str, str]) -> tuple[str, ...]:
        """Say with whom a slot is, and for which ticket."""
        told = []
        if slot["holder"]:
            told.append(self.fill("life", "with", who=self.named(slot["holder"])))
        if slot["ticket_no"]:
            told.append(self.fill("life", "for", ticket=slot["ticket_no"]))
        return tuple(told)


def decimal(units: int, decimals: int, *, grouped: bool = False) -> str:
    """Write a whole number of `10 ** -decimals` exactly, without zeros at the end of a fraction."""
    sign, units = ("-" if units < 0 else ""), abs(units)
    whole, part = divmod(units, 10**decimals)
    told = f"{whole:,}" if grouped else str(whole)
    fraction = f"{part:0{decimals}d}".rstrip("0") if decimals else ""
    return f"{sign}{told}{'.' + fraction if fraction else ''}"


def speaker_of(custody: Custody, lang: str) -> Speaker:
    """Speak of a custody that belongs to no report."""
    return Speaker(Seen(custody.handbook, "", None, None, {}), lang)

"""Kinds that look at words: `repeated_text` and `phrases`; what they find is a suspicion."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sopaudit.criteria.field import Text, number
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Coded, Places, from_distinct
from sopaudit.evidence.habits import key
from sopaudit.evidence.lines import Flags
from sopaudit.findings.rules.case import (
    NOT_APPLICABLE,
    TYPES,
    Cases,
    Measure,
    decided,
    of_type,
)
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE, alike, called, chosen, shown
from sopaudit.findings.rules.pair import any_of


def repeated_text(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Count how often a text stands in a field; all lines of one that is there too often fail."""
    record, _, name = str(given["field"]).partition(".")
    lines = hearing.lines(record)
    line = np.arange(len(lines))
    applies, blank = hearing.applies(given, record, line), lines.blank(name)
    text = alike([lines.coded(name)])[0]
    counted = (applies == 1) & ~blank
    times = np.bincount(text[counted], minlength=int(text.max(initial=0)) + 1)[text]
    limit = int(number(str(given["at_most"])) or 0)
    verdict = decided(applies, np.ones(len(lines), np.bool_), times <= limit)
    verdict[blank] = NOT_APPLICABLE
    return Cases(
        verdict,
        hearing.records.ticket(record),
        lines=((record, line),),
        type=of_type("suspicious", len(lines)),
        measure=Measure(times.astype(np.int64), "number"),
        late=(times - limit).astype(np.int64),
        found=lines.coded(name),
    )


def phrases(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Search the transcript of each call for words that must be there and words that must not.

    Blanks, width and case do not matter. A call without a transcript is unknown (AC-33).
    """
    record, _, name = str(given["text"]).partition(".")
    of, _, number_of = str(given["of"]).partition(".")
    lines, calls = hearing.lines(record), hearing.lines(of)
    call = _calls(lines.coded(str(given["call"]).partition(".")[2]), calls.coded(number_of))
    search = _Search(lines.coded(name), call, chosen(hearing, given, "only", record), len(calls))
    lacking, missing = search.lacking(_required(hearing, given))
    line, said = search.spoken(_forbidden(hearing, given))
    known = np.bincount(call[call >= 0], minlength=len(calls)) > 0
    bad = line >= 0
    every = np.arange(len(calls))
    return Cases(
        decided(hearing.applies(given, of, every), known, ~bad & ~lacking),
        hearing.records.ticket(of),
        lines=((of, every), (record, np.where(bad, line, search.first()))),
        names=called(hearing, hearing.records.ticket(of), calls.coded(number_of)),
        type=np.where(bad, TYPES.index("suspicious"), TYPES.index("missing")).astype(np.int8),
        found=said,
        expected=missing,
    )


def _calls(named: Coded, calls: Coded) -> Places:
    """Give for each line of a transcript its call; -1 for a call nobody knows."""
    mine, theirs = alike([named], [calls])
    return any_of(mine, theirs)


@dataclass(frozen=True, eq=False)
class _Search:
    """The lines of all transcripts, searched text by text: what is said often is read once."""

    cells: Coded
    call: Places
    counts: Flags
    """The lines that are searched, such as those of our own side."""

    size: int

    def first(self) -> Places:
        """Give the first line of each call."""
        return self._at(np.ones(len(self.call), np.bool_))

    def lacking(self, phrases: Iterable[str]) -> tuple[Flags, Coded]:
        """Say which calls lack one of some phrases, and the first each lacks."""
        wanted = list(phrases)
        first = np.zeros(self.size, np.int32)
        for n in reversed(range(len(wanted))):
            first[self._heard(wanted[n]) < 0] = n + 1
        return first > 0, from_distinct(first, ["", *wanted])

    def spoken(self, phrases: Iterable[str]) -> tuple[Places, Coded]:
        """Give of each call the first line with one of some phrases, and what was said there."""
        line = np.full(self.size, NONE, np.intp)
        for phrase in phrases:
            heard = self._heard(phrase)
            line = np.where((heard >= 0) & ((line < 0) | (heard < line)), heard, line)
        return line, shown(self.cells, line)

    def _heard(self, phrase: str) -> Places:
        """Give of each call the first line that holds a phrase; -1 for none."""
        folded = key(phrase)
        holds = {code: int(folded in key(text)) for code, text in self.cells.distinct().items()}
        return self._at(self.cells.table(holds, 0)[self.cells.codes].astype(np.bool_) & self.counts)

    def _at(self, wanted: Flags) -> Places:
        places = np.flatnonzero(wanted & (self.call >= 0))[::-1]
        line = np.full(self.size, NONE, np.intp)
        line[self.call[places]] = places
        return line


def _required(hearing: Hearing, given: Mapping[str, Given]) -> list[str]:
    """List what must be said; names of the organisation are put in."""
    lang = hearing.handbook.languages[0]
    texts = (Text((("", words),)) for words in listed(given.get("required", ())))
    return [hearing.handbook.say(text, lang) for text in texts]


_QUOTED: Final = re.compile("“([^”]+)”")


def _forbidden(hearing: Hearing, given: Mapping[str, Given]) -> Iterator[str]:
    """List what must not be said: what stands in quotation marks in each phrase, else all of it."""
    wanted = listed(given.get("forbidden", ()))
    for post in hearing.handbook.posts.values():
        for phrase in post.forbidden:
            for lang, words in phrase.phrase.wordings if phrase.id in wanted else ():
                said = hearing.handbook.say(Text(((lang, words),)), lang)
                yield from _QUOTED.findall(said) or [said]

"""How a number came about, in words: the lines of a derivation told in a language."""

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final

from sopaudit.criteria.checklist import Branch, Checklist
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.scheme import PASS_MARK
from sopaudit.findings.score import Bite, ItemScore, Line, Score
from sopaudit.press.words import words

PLACES: Final = 2
"""Decimals of points on a page; the exact fractions stand in the result JSON."""

_SMALL: Final = 4
"""Decimals in a derivation, where a fraction has no short one."""

_FRACTION: Final = re.compile(r"-?\d+/\d+")


class Teller:
    """Tells derivations of one handbook in one language."""

    def __init__(self, handbook: Handbook, lang: str) -> None:
        self.handbook = handbook
        self.lang = lang
        self.words = words(lang)

    def lines(self, score: Score) -> tuple[str, ...]:
        """Tell how a score came about: its sections, then the whole."""
        lines = [line for section in score.sections for line in section.lines]
        return tuple(self.line(line, score) for line in (*lines, *score.lines))

    def line(self, line: Line, score: Score) -> str:
        """Tell one line of `score` or of one of its items."""
        told = {key: self._value(key, value, score) for key, value in line.values.items()}
        # A weight of one, which most items have, would only make the sentence longer.
        usual = told.get("weight") == "1" and line.key in self.words["line_unweighted"]
        return self.words["line_unweighted" if usual else "line"][line.key].format_map(told)

    def persons(self, item: ItemScore, score: Score, named: Callable[[str], str]) -> Iterator[str]:
        """Tell the figure of each of several persons; `named` gives the words for one."""
        for one in item.persons:
            lines = [self.line(line, score) for line in one.lines]
            told = "".join(lines) or self.words["outcome"][one.outcome]
            person = named(one.person) if one.person else self.words["finding"]["nobody"]
            yield self.words["finding"]["one"].format(person=person, told=told)

    def _value(self, key: str, value: str, score: Score) -> str:
        if key in _NAMED:
            return self.words[_NAMED[key]].get(value, value)
        if key in ("section", "limit"):
            return self._titles(score).get(value, value)
        return _FRACTION.sub(lambda found: nearly(Fraction(found[0])), value)

    def _titles(self, score: Score) -> Mapping[str, str]:
        return self.sections(score.checklist) | self.limits(score.scheme)

    def sections(self, checklist: str) -> dict[str, str]:
        """Give the titles of a checklist's sections."""
        known = self.handbook.checklists.get(checklist)
        sections = known.sections if known else ()
        return {section.id: self.handbook.say(section.title, self.lang) for section in sections}

    def limits(self, scheme: str) -> dict[str, str]:
        """Give the titles of a scheme's limits, and what the pass marks of its sections are."""
        limits = self.handbook.schemes[scheme].every_limit
        titles = {
            limit.id: self.handbook.say(limit.title, self.lang)
            for limit in limits
            if limit.id and limit.title
        }
        marks = (limit for limit in limits if limit.id and limit.id.startswith(PASS_MARK))
        said = self.words["pass_mark"]["below"]
        return titles | {
            limit.id or "": said.format(mark=shown(limit.below or Fraction(0))) for limit in marks
        }

    def causes(self, bite: Bite, score: Score) -> list[str]:
        """Name the groups or items that brought a limit about."""
        sections = self.sections(score.checklist)
        return [sections.get(cause, cause) for cause in bite.causes]

    def post(self, checklist: str) -> str:
        """Give the post a checklist is about; its own title where it names none."""
        known = self.handbook.checklists.get(checklist)
        post = self.handbook.posts.get(known.post or "") if known else None
        return self.handbook.say(post.title, self.lang) if post else self.title(checklist)

    def title(self, checklist: str) -> str:
        """Give the title of a checklist or roll-up."""
        known: Checklist | Branch = (
            self.handbook.checklists.get(checklist) or self.handbook.branches[checklist]
        )
        return self.handbook.say(known.title, self.lang)


_NAMED: Final = {"answer": "answer", "rule": "rule", "mode": "mode", "state": "coverage"}
"""Values that are words of ours, and the section their translation stands in."""


def shown(value: Fraction, places: int = PLACES) -> str:
    """Write points for people: at most `places` decimals, halves up, no trailing zeros."""
    step = Fraction(1, 10**places)
    whole = int(abs(value) / step + Fraction(1, 2))
    text = f"{whole // 10**places}.{whole % 10**places:0{places}d}".rstrip("0").rstrip(".")
    return f"−{text}" if value < 0 and whole else text


def nearly(value: Fraction) -> str:
    """Write a number of a derivation: exact where it is short, else cut off with an ellipsis."""
    text = shown(value, _SMALL)
    if Fraction(text.replace("−", "-")) == value:
        return text
    cut = Fraction(int(value * 10**_SMALL), 10**_SMALL)
    return f"{shown(cut, _SMALL)}…"

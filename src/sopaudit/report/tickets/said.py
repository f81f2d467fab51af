"""Names for what stands in the table of deviations, and each deviation in one sentence.

What a cell of the records said is a stranger's text. On a circulating copy only what the handbook
knows is told: an event, a box, a post, a staff number; of the rest that it was withheld.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Final

import pandas as pd

from sopaudit.findings.deviation import COLUMNS, STEP_TYPES
from sopaudit.press.words import Words, words
from sopaudit.report.measured import Names, is_length
from sopaudit.report.seen import Speaker
from sopaudit.report.tickets.model import SaidRow

_PLACE: Final = re.compile(r" \(.*\)$")
"""The posts behind a box and its event, where the wrong one did it."""

_ONE: Final = r"(?:at_least|at_most|within|by|times) [\w.:% -]+"
_LIMIT: Final = re.compile(f"{_ONE}(?:, {_ONE})*")
"""Settings of a rule that limit it, as the table of deviations writes them."""

_FIELD: Final = re.compile(r"[a-z]\w*\.[a-z]\w*")
"""A field of a record, as `loans.signed`."""

_TIME: Final = re.compile(r"\d{4}-(\d\d-\d\d \d\d:\d\d)(?::\d\d)?")


class Sayer:
    """Puts tickets into the words of a handbook."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self.handbook = speaker.seen.handbook
        self.words: Words = words(speaker.lang, "ticket_section")

    def fill(self, section: str, key: str, **values: object) -> str:
        """Fill a sentence of ours."""
        return self.words[section][key].format_map(values)

    @cached_property
    def _steps(self) -> Mapping[str, str]:
        """Name boxes and events; a box goes by its id and title."""
        say = self.speaker.say
        found = {name: say(event.title) for name, event in self.handbook.events.items()}
        for flow in self.handbook.workflows.values():
            found |= {name: say(text) for name, text in flow.events.items()}
            found |= {n.id: f"{n.id} {say(n.title)}".strip() for n in flow.nodes}
        return found

    def knows(self, name: str) -> bool:
        """Say whether the handbook has a box, event or post of this id."""
        return name in self._steps or name in self.handbook.posts

    def step(self, name: str) -> str:
        """Name a box or event; an unknown one stands for itself, unless it is to be withheld."""
        if name in self._steps:
            return self._steps[name]
        if name in self.handbook.posts:
            return self.post(name)
        box, _, event = _PLACE.sub("", name).partition(" ")
        if box in self._steps and self.knows(event):
            return f"{self._steps[box]} · {self.step(event)}"
        return self._withheld() if self.speaker.seen.circulating and name else name

    def post(self, name: str) -> str:
        """Name a post; an unknown one stands for itself."""
        sop = self.handbook.posts.get(name)
        return self.speaker.say(sop.title) if sop else name

    def office(self, name: str) -> str:
        """Name an office, alike."""
        office = self.handbook.offices.get(name)
        return self.speaker.say(office.title) if office else name

    def person(self, staff: str) -> str:
        """Name a person with the staff number; on a circulating copy the number alone.

        Logs write names where a number should be; such a name does not circulate.
        """
        if not staff:
            return ""
        if not self.speaker.seen.circulating:
            return self.speaker.named(staff)
        return staff if self.handbook.person(staff) else self._withheld()

    def _withheld(self) -> str:
        return self.words["worst"]["hidden"]

    def owner(self, rule: str, step: str, post: str) -> str:
        """Say whose a finding is: the post that mostly did it, else that of its box."""
        if post:
            return self.post(post)
        flow = self.handbook.workflows.get(rule)
        node = flow.by_id.get(step.split(maxsplit=1)[0]) if flow and step else None
        lane = next((x for x in flow.lanes if node and x.id == node.lane), None) if flow else None
        if lane is None:
            return self._asked(rule) or self.words["first"]["nobody"]
        return self.speaker.say(lane.title) or self.post(lane.post or lane.id)

    def _asked(self, rule: str) -> str:
        """Name the post one of whose standards a rule checks, where there is one alone."""
        posts = [
            sop.id
            for sop in self.handbook.posts.values()
            if any(rule in one.checks for step in sop.steps for one in step.standards)
        ]
        return self.post(posts[0]) if len(posts) == 1 else ""

    def rule(self, name: str) -> str:
        """Give the title of a rule or workflow."""
        known = self.handbook.rules.get(name) or self.handbook.workflows.get(name)
        return self.speaker.say(known.title) if known else name

    def type(self, name: str) -> str:
        """Name a type of deviation."""
        return self.words["type"].get(name.replace(" ", "_"), name)

    def deviation(self, type_: str, step: str) -> str:
        """Say how a workflow was left, and where."""
        return self.fill("deviation", type_.replace(" ", "_"), step=self.step(step))

    def severity(self, name: str) -> str:
        """Name a severity; nothing for none."""
        return self.speaker.words["severity"].get(name, name) if name else ""

    def percent(self, share: Fraction | float) -> str:
        """Write a share with one digit below ten percent, and no more above."""
        percent = Fraction(share) * 100
        whole = percent >= 10 or percent.denominator == 1  # noqa: PLR2004 -- two digits are enough
        return f"{float(percent):.{0 if whole else 1}f}%"

    def said(self, row: Mapping[str, str]) -> SaidRow:
        """Put a row of the table of deviations into words."""
        rule, type_ = row["rule"], row["type"]
        if type_ in STEP_TYPES:
            text = self._left(row)
        else:
            told = self.fill("deviation", "rule", title=self.rule(rule), type=self.type(type_))
            text = self._with(told, self._details(row))
        return SaidRow(
            ticket=row["ticket"],
            rule=rule,
            severity_title=self.severity(row["severity"]),
            text=text,
            who=self.person(row["who"]) or self.post(row["post"]),
            when=when(row["at"]),
            rows=row["rows"],
        )

    def _left(self, row: Mapping[str, str]) -> str:
        type_, expected, found = row["type"], row["expected"], row["found"]
        about = (expected or found) if type_ == "skipped" else (found or expected)
        details = []
        if type_ in {"extra", "unknown step", "wrong role"} and expected and found:
            details = [self.fill("deviation", "expected", expected=self.step(expected))]
        return self._with(self.deviation(type_, about), details)

    def _details(self, row: Mapping[str, str]) -> list[str]:
        told = []
        if row["late"] and row["type"] == "late":
            late = self.speaker.length(row["late"])
            told.append(self.fill("deviation", "late", late=late))
        told += [
            self.fill("deviation", key, **{key: self.value(row[key])})
            for key in ("expected", "found")
            if row[key]
        ]
        return told

    def value(self, text: str) -> str:
        """Say what a cell said; a time, a number or a known word may circulate."""
        plain = re.fullmatch(r"[\d\s.:,/%±+-]*", text) is not None and len(text) < 20  # noqa: PLR2004 -- no telephone is that plain
        if _TIME.fullmatch(text):
            return when(text)
        if _LIMIT.fullmatch(text):
            return self.limit(text)
        if _FIELD.fullmatch(text) and (title := self._names.all(text)):
            return title
        if is_length(text):
            return self.speaker.length(text)
        if self.speaker.seen.circulating and plain and not re.search(r"\d{7}", text):
            return text
        return self.step(text)

    def limit(self, text: str) -> str:
        """Put the settings of a rule into words: `at_most 15 s`; several stand between commas."""
        said = [part.partition(" ") for part in text.split(", ")]
        return self.speaker.listed([self._setting(name, value) for name, _, value in said])

    def _setting(self, name: str, value: str) -> str:
        if told := self._names.all(value):
            return self.fill("setting", "done" if name == "by" else name, value=told)
        return self.fill("setting", name, value=self.speaker.length(value))

    @cached_property
    def _names(self) -> Names:
        return Names(self.speaker)

    def _with(self, text: str, details: list[str]) -> str:
        if not details:
            return text
        inner = self.speaker.listed(details)
        return f"{text}（{inner}）" if self.speaker.lang == "zh" else f"{text} ({inner})"

    def all_said(self, deviations: pd.DataFrame) -> list[SaidRow]:
        """Put a table of deviations into words, row by row."""
        columns = (deviations[name].tolist() for name in COLUMNS)
        return [
            self.said(dict(zip(COLUMNS, row, strict=True))) for row in zip(*columns, strict=True)
        ]


def when(at: str) -> str:
    """Shorten a moment to month, day and minute; the year is that of the report."""
    return _TIME.sub(r"\1", at)

"""Checked tickets as text for a terminal of 80 columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
import pandas as pd

from sopaudit.criteria.checklist import SEVERITIES
from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.checked import Checked
from sopaudit.findings.conformance.result import STATES
from sopaudit.findings.rules.engine import RuleResult
from sopaudit.press.words import words
from sopaudit.terminal import COLUMNS, GAP, fitting, padded, table, width, wrapped

_BAR: Final = 30
_SHOWN: Final = 8
"""So many sorts of deviations are told one by one."""


def checked_text(checked: Checked, handbook: Handbook, file: str, lang: str) -> str:
    """Tell what tickets came to; lines end without blanks."""
    return "\n".join(_Writer(checked, handbook, file, lang).lines()) + "\n"


class _Writer:
    def __init__(self, checked: Checked, handbook: Handbook, file: str, lang: str) -> None:
        self.checked = checked
        self.handbook = handbook
        self.file = file
        self.lang = lang
        self.words = words(lang, "tickets")
        self.severities = words(lang, "report").get("severity", {})

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield ""
        yield from self._conformance()
        if self.checked.rules:
            yield ""
            yield from self._rules()
        yield ""
        yield self._say("digest", digest=str(self.checked.totals()["digest"]))

    def _head(self) -> Iterator[str]:
        conformance = self.checked.conformance
        tickets = len(conformance.tickets) if conformance is not None else 0
        yield from wrapped(
            self._say(
                "head", file=self.file, events=f"{self.checked.events:,}", tickets=f"{tickets:,}"
            ),
            "",
        )
        if np.isnat(self.checked.now):
            yield from wrapped(self._say("complete"), "")
        else:
            yield self._say("as_of", day=str(self.checked.now.astype("datetime64[D]")))

    def _conformance(self) -> Iterator[str]:
        conformance = self.checked.conformance
        if conformance is None:
            yield self._say("no_log")
            return
        totals = conformance.totals()
        number = len(conformance.tickets)
        room = max(width(self._state(state)) for state in STATES)
        for state in STATES:
            count = int(totals[state.replace(" ", "_")])
            bar = "█" * round(_BAR * count / number) if number else ""
            share = percent(Fraction(count, number)) if number else "–"
            told = f"{padded(self._state(state), room)}{GAP}{count:>9,}{GAP}{share:>6}{GAP}{bar}"
            yield told.rstrip()
        yield from wrapped(self._say("cost", cost=f"{totals['total_cost']:,}"), "")
        yield ""
        yield from self._sorts()

    def _state(self, state: str) -> str:
        return self._say(state.replace(" ", "_"))

    def _sorts(self) -> Iterator[str]:
        """Tell the sorts of deviations, the most frequent first, each with a ticket."""
        conformance = self.checked.conformance
        frame = conformance.deviations if conformance is not None else None
        if frame is None or not len(frame):
            yield self._say("none")
            return
        yield self._say("deviations")
        rows = []
        ranked = sorts(frame)
        for found in ranked[:_SHOWN]:
            kind = self.words["types"][found.type]
            rows.append((f"{found.count:,}", kind, found.rule, found.step, found.ticket))
        head = ("n", "", self._say("flow"), "", self._say("ticket"))
        yield from table(head, rows, ["n"]).splitlines()
        if len(ranked) > _SHOWN:
            yield f"… +{len(ranked) - _SHOWN}"

    def _rules(self) -> Iterator[str]:
        heard = [result for result in self.checked.rules.values() if result.assessable]
        wrong = [result for result in heard if result.counts()["nonconforming"]]
        yield self._say("rules")
        if wrong:
            yield from table(*self._table(sorted(wrong, key=_rank))).splitlines()
        if len(heard) > len(wrong):
            yield from wrapped(self._say("clean", number=str(len(heard) - len(wrong))), "")
        missing = [r for r in self.checked.rules.values() if not r.assessable]
        if missing:
            told = ", ".join(f"{r.rule.id} ({' '.join(r.missing)})" for r in missing)
            yield from wrapped(self._say("unheard") + told, "")

    def _table(
        self, results: list[RuleResult]
    ) -> tuple[tuple[str, ...], list[tuple[str, ...]], list[str]]:
        head = tuple(self._say(w) for w in ("rule", "title", "wrong", "cases", "rate", "unknown"))
        numbers = [self._say(word) for word in ("wrong", "cases", "rate", "unknown")]
        rows: list[tuple[str, ...]] = []
        for result in results:
            counts = result.counts()
            wrong, of = counts["nonconforming"], counts["nonconforming"] + counts["conforming"]
            title = fitting(self.handbook.say(result.rule.title, self.lang), COLUMNS - 46)
            share = percent(Fraction(wrong, of)) if of else "–"
            unknown = f"{counts['unknown']:,}" if counts["unknown"] else ""
            rows.append((result.rule.id, title, f"{wrong:,}", f"{of:,}", share, unknown))
        return head, rows, numbers

    def _say(self, key: str, **values: str) -> str:
        return self.words["check"][key].format(**values)


@dataclass(frozen=True)
class Sort:
    """Deviations of one type from one step of a workflow."""

    type: str
    rule: str
    step: str
    count: int
    ticket: str
    """The first of them."""


def sorts(deviations: pd.DataFrame) -> list[Sort]:
    """Count deviations by type and step, the most frequent first."""
    counts: dict[tuple[str, str, str], int] = {}
    first: dict[tuple[str, str, str], str] = {}
    columns = (
        deviations[name].tolist() for name in ("type", "rule", "expected", "found", "ticket")
    )
    for kind, rule, expected, found, ticket in zip(*columns, strict=True):
        name = (kind, rule, expected or found)
        counts[name] = counts.get(name, 0) + 1
        first.setdefault(name, ticket)
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    return [Sort(*name, counts[name], first[name]) for name in ranked]


def _rank(result: RuleResult) -> tuple[int, int, str]:
    """Put the most serious first, then those with the most cases."""
    severity = result.rule.severity or ""
    rank = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
    return rank, -result.counts()["nonconforming"], result.rule.id


def percent(share: Fraction) -> str:
    """Write a share with one decimal: `3.4%`; what is above 0 or below 1 never looks like it."""
    tenths = round(share * 1000)
    if share > 0 and not tenths:
        return "<0.1%"
    if share < 1 and tenths == 1000:  # noqa: PLR2004 -- all of them
        return ">99.9%"
    return f"{tenths // 10}.{tenths % 10}%"

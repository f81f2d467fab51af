"""Checked tickets as text for a terminal of 80 columns."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

import numpy as np

from sopaudit.criteria.checklist import SEVERITIES
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.quality import Quality
from sopaudit.findings.checked import BigChecked, Checked
from sopaudit.findings.conformance.result import STATES
from sopaudit.findings.rules.engine import RuleResult
from sopaudit.press.words import words
from sopaudit.terminal import COLUMNS, GAP, fitting, padded, table, width, wrapped

_BAR: Final = 30
ODD: Final = 12
"""So many measures of the data are told one by one."""

_SHOWN: Final = 8
"""So many sorts of deviations are told one by one."""


def checked_text(
    checked: Checked | BigChecked,
    handbook: Handbook,
    file: str,
    lang: str,
    quality: Quality | None = None,
) -> str:
    """Tell what tickets came to; lines end without blanks."""
    return "\n".join(_Writer(checked, handbook, file, lang, quality).lines()) + "\n"


class _Writer:
    def __init__(
        self,
        checked: Checked | BigChecked,
        handbook: Handbook,
        file: str,
        lang: str,
        quality: Quality | None,
    ) -> None:
        self.quality = quality
        self.checked = checked
        self.handbook = handbook
        self.file = file
        self.lang = lang
        self.words = words(lang, "tickets")
        self.severities = words(lang, "report").get("severity", {})

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield ""
        yield from self._quality()
        yield ""
        yield from self._conformance()
        if self.checked.rules:
            yield ""
            yield from self._rules()
        if isinstance(self.checked, BigChecked) and self.checked.unruled:
            yield ""
            yield from wrapped(self._say("unruled"), "")
        yield ""
        yield self._say("digest", digest=str(self.checked.totals()["digest"]))

    def _head(self) -> Iterator[str]:
        told = {"file": self.file, "events": f"{self.checked.events:,}"}
        conformance = self.checked.conformance
        if conformance is None:  # nobody counted them
            yield from wrapped(self._say("head_events", **told), "")
        else:
            told["tickets"] = f"{conformance.count:,}"
            yield from wrapped(self._say("head", **told), "")
        if np.isnat(self.checked.now):
            yield from wrapped(self._say("complete"), "")
        else:
            yield self._say("as_of", day=str(self.checked.now.astype("datetime64[D]")))

    def _quality(self) -> Iterator[str]:
        """Tell first how far the data can be trusted."""
        quality = self.quality
        told = [] if quality is None else quality.rows(self.lang)
        odd = [row for row in told if row["state"] != "ok"]
        if quality is None or not odd:
            yield self._say("sound")
            return
        yield self._say("quality")
        yield from odd_lines(odd)
        if len(odd) > ODD:
            yield "  " + self._say("odd_rest", number=str(len(odd) - ODD))
        for reason in quality.reasons(self.lang):
            yield from wrapped(reason, "")

    def _conformance(self) -> Iterator[str]:
        conformance = self.checked.conformance
        if conformance is None:
            trusted = self.quality is None or self.quality.assessable
            yield self._say("no_log" if trusted else "untrusted")
            return
        totals = conformance.totals()
        number = conformance.count
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
        ranked = conformance.sorts if conformance is not None else []
        if not ranked:
            yield self._say("none")
            return
        yield self._say("deviations")
        rows = []
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
        yield from self._let_be()
        missing = [r for r in self.checked.rules.values() if not r.assessable]
        if missing:
            told = ", ".join(f"{r.rule.id} ({' '.join(r.missing)})" for r in missing)
            yield from wrapped(self._say("unheard") + told, "")

    def _let_be(self) -> Iterator[str]:
        """Tell what suppressions leave out, and which have run out."""
        found = self.checked.let_be
        for key, entries in (("let_be", found.held), ("again", found.expired)):
            for entry, count in entries:
                reason = self.handbook.say(entry.reason, self.lang)
                until, number = str(entry.until), str(count)
                told = self._say(key, rule=entry.rule, number=number, until=until, reason=reason)
                yield from wrapped(told, "")

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


def odd_lines(odd: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Tell measures of the data that found something, as rows of `Quality.rows`, the first `ODD`.

    What keeps it from being assessed comes first, then what is odd in the log, then in its records.
    """
    ranked = sorted(odd, key=lambda row: (row["state"] != "stops", bool(row["where"])))
    rows = [(_where(row), row["count"], row["share"], row["examples"]) for row in ranked[:ODD]]
    room = [max(width(row[n]) for row in rows) for n in range(3)]
    for title, count, share, named in rows:
        said = f"  {padded(title, room[0])}{GAP}{padded(count, room[1], right=True)}{GAP}"
        said += f"{padded(share, room[2], right=True)}{GAP}"
        left = max(COLUMNS - width(said), 0)
        examples = named
        if width(named) > left:
            # What is cut says so, and is cut where an example ends, if one does.
            told = fitting(named, left - 1)
            examples = (told[: told.rfind("; ") + 1] or told) + "…" if left else ""
        yield (said + examples).rstrip()


def _where(row: Mapping[str, str]) -> str:
    """Name a measure, with the record it is of."""
    return f"{row['title']} {row['where']}".strip()


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

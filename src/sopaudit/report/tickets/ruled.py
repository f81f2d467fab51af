"""What each rule came to: k of n, what is unknown, and why where nothing can be said."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Final

from sopaudit.criteria.checklist import SEVERITIES
from sopaudit.findings.intervals import wilson
from sopaudit.findings.rules.case import VERDICTS
from sopaudit.findings.rules.engine import RuleResult
from sopaudit.report.tickets.model import RuleRow
from sopaudit.report.tickets.said import Sayer

_RANK: Final[Mapping[str, int]] = {name: n for n, name in enumerate(SEVERITIES)}


def rule_rows(results: Mapping[str, RuleResult], say: Sayer) -> tuple[RuleRow, ...]:
    """Tell every rule, in the order given."""
    return tuple(rule_row(result, say) for result in results.values())


def rule_row(result: RuleResult, say: Sayer) -> RuleRow:
    """Tell one rule."""
    conforming, failed, _, lacking = (result.counts()[name] for name in VERDICTS)
    rule, decided = result.rule, conforming + failed
    severity = rule.severity or ""
    rate = Fraction(failed, decided) if decided else None
    between = wilson(failed, decided) if decided else None
    note, tone = "", "missed" if failed else "met" if decided else "out"
    if result.missing:
        kept = {**say.handbook.records_kept, **say.handbook.forms}
        names = [say.speaker.say(kept[n].title) if n in kept else n for n in result.missing]
        note = say.fill("rule", "not_assessable", records=say.speaker.listed(names))
    elif not decided and lacking:
        note = say.fill("rule", "nothing_known", n=lacking)
    elif rule.suspicion and failed:
        note = say.words["rule"]["suspicion"]
    return RuleRow(
        id=rule.id,
        title=say.rule(rule.id),
        severity=severity,
        severity_title=say.severity(severity),
        cases=f"{failed:,} / {decided:,}" if decided else "",
        rate=say.percent(rate) if rate is not None else "",
        share=rate,
        range=_range(between.low, between.high) if between else "",
        unknown=f"{lacking:,}" if lacking else "",
        note=note,
        tone=tone,
        failed=failed,
        decided=decided,
        lacking=lacking,
    )


def _range(low: float, high: float) -> str:
    return f"{low * 100:.0f}–{high * 100:.0f}%"


def broken(rows: Sequence[RuleRow]) -> tuple[RuleRow, ...]:
    """Choose the rules that are broken anywhere: by severity, then rate, then cases."""
    found = [row for row in rows if row.failed]
    return tuple(sorted(found, key=_urgency))


def _urgency(row: RuleRow) -> tuple[int, Fraction, int, str]:
    return (_RANK.get(row.severity, len(_RANK)), -(row.share or Fraction(0)), -row.failed, row.id)


def others(rows: Sequence[RuleRow], say: Sayer) -> Iterator[str]:
    """Tell the other rules in a sentence for each reason, none left out."""
    clean = [f"{row.id} ({row.decided:,})" for row in rows if row.decided and not row.failed]
    idle = [row.id for row in rows if not row.decided and not row.note]
    for key, names in (("clean", clean), ("idle", idle)):
        if names:
            yield say.fill("rule", key, rules=say.speaker.listed(names))
    silent = sorted((row for row in rows if row.tone == "out" and row.note), key=lambda r: r.note)
    for note, group in groupby(silent, key=lambda row: row.note):
        ids = say.speaker.listed([row.id for row in group])
        yield say.fill("rule", "unheard", reason=note, rules=ids)

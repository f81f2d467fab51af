"""What the month holds, told beforehand: planted cases, deviations, and what no rule may find.

A row is written where its case is planted, from domain c.11, f and b, by somebody who did not look
at how the rules are programmed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import yaml

from month.book import Job
from month.clock import shown

Subject = Job | str | Callable[[], str]


@dataclass
class Truth:
    """All that is expected."""

    cases: list[dict[str, object]] = field(default_factory=list)
    deviations: list[dict[str, object]] = field(default_factory=list)
    quality: list[dict[str, object]] = field(default_factory=list)
    not_assessable: list[dict[str, object]] = field(default_factory=list)
    losses: list[dict[str, object]] = field(default_factory=list)
    short: list[dict[str, object]] = field(default_factory=list)

    def case(
        self,
        rule: str,
        sort: str,
        subject: Subject,
        verdict: str,
        why: str,
        *,
        part: int = 1,
        base: datetime | str = "",
        limit: datetime | str = "",
        found: datetime | str = "",
        also: tuple[Subject, ...] = (),
    ) -> None:
        """Plant a case: `sort` is over, inside, na or missing, or `follows` from another."""
        self.cases.append({
            "rule": rule, "part": part, "sort": sort, "subject": subject, "verdict": verdict,
            "base": base, "limit": limit, "found": found, "also": also, "why": why,
        })  # fmt: skip

    def over(self, rule: str, subject: Subject, why: str, **more: object) -> None:
        """Plant one that does not conform."""
        self.case(rule, "over", subject, "nonconforming", why, **more)  # type: ignore[arg-type]

    def inside(self, rule: str, subject: Subject, why: str, **more: object) -> None:
        """Plant one that just conforms."""
        self.case(rule, "inside", subject, "conforming", why, **more)  # type: ignore[arg-type]

    def na(self, rule: str, subject: Subject, why: str, **more: object) -> None:
        """Plant one to which the rule does not apply."""
        self.case(rule, "na", subject, "not applicable", why, **more)  # type: ignore[arg-type]

    def missing(self, rule: str, subject: Subject, why: str, **more: object) -> None:
        """Plant one that cannot be told."""
        self.case(rule, "missing", subject, "unknown", why, **more)  # type: ignore[arg-type]

    def follows(self, rule: str, subject: Subject, verdict: str, why: str, part: int = 1) -> None:
        """Name what another planted cause brings about of necessity."""
        self.case(rule, "follows", subject, verdict, why, part=part)

    def deviation(self, flow: str, sort: str, job: Job, event: str, why: str) -> None:
        """Plant a deviation; `event` may name alternatives of one cost, parted by `|`."""
        self.deviations.append(
            {"workflow": flow, "type": sort, "ticket": job, "event": event, "why": why}
        )

    def loss(
        self, sort: str, subject: Subject, part: str, *, serial: Subject = "", holder: object = "",
        qty: int = 1, since: datetime | str = "",
    ) -> None:  # fmt: skip
        """Name what vanished: what, how many, who answers for it, since when."""
        self.losses.append({
            "sort": sort, "subject": subject, "part": part, "serial": serial,
            "holder": str(holder), "qty": qty, "since": since,
        })  # fmt: skip

    def lacks(self, person: object, amount: str, since: datetime) -> None:
        """Name who is short in cash, by how much, and since when."""
        self.short.append({"person": str(person), "amount": amount, "since": since})

    def blind(self, job: Job, why: str) -> None:
        """Name a ticket whose way cannot be told."""
        self.not_assessable.append({"ticket": job, "why": why})

    def written(self) -> str:
        """Write the truth as YAML for people."""
        cases = [_filled(row) for row in self.cases]
        cases.sort(key=lambda row: (str(row["rule"]), int(str(row["part"])), str(row["sort"])))
        return _HEAD + _yaml({
            "cases": cases,
            "deviations": [_told(row) for row in self.deviations],
            "not_assessable": [_told(row) for row in self.not_assessable],
            "losses": [_filled(row) for row in self.losses],
            "short": [_told(row) for row in self.short],
            "unreachable": [{"rule": r, "sort": s, "why": w} for r, s, w in UNREACHABLE],
            "provisional": PROVISIONAL,
        })  # fmt: skip

    def quality_written(self) -> str:
        """Write what is wrong with the files."""
        return _QUALITY + _yaml({"errors": [_told(row) for row in self.quality]})


def _filled(row: dict[str, object]) -> dict[str, object]:
    return {name: _said(value) for name, value in row.items() if value not in ("", ())}


def _told(row: dict[str, object]) -> dict[str, object]:
    return {name: _said(value) for name, value in row.items()}


def _said(value: object) -> object:
    if isinstance(value, Job):
        return value.no
    if isinstance(value, datetime):
        return shown(value)
    if isinstance(value, tuple):
        return [_said(each) for each in value]
    return value() if callable(value) else value


def _yaml(what: object) -> str:
    return yaml.safe_dump(what, allow_unicode=True, sort_keys=False, width=110)


_HEAD = """\
# The truth about the known-answer month, written by `python tools/month` from its plants.
# Each row was worded from domain.md (c.11, f, b) before any rule was run. What no row names
# conforms or does not apply; unknown beyond these are the calls nobody transcribed (AC-33).
# sort: over, inside, na (not applicable), missing (data); follows = brought about by another plant.
# verdict `clean`: conforming or not applicable, the domain does not say which of the two.
"""

_QUALITY = """\
# What is wrong with the files of the month, each of a kind nobody planned for: it must be told in
# the data-quality block and make no rule find anything. Written by `python tools/month`.
"""

PROVISIONAL = (
    "AC-23 looks at all that was handed in; of the last 2 working days callbacks are due yet.",
    "The ticket only the log knows (quality.yaml) has no verdict: no rule can tell.",
)

UNREACHABLE = (
    ("AC-06", "na", "every form handed in is asked for its mandatory fields"),
    (
        "AC-06",
        "missing",
        "what is missing on a form is the very finding (c.11: report it as AC-06)",
    ),
    ("AC-10", "na", "every ticket with events has an order of times"),
    ("AC-15", "na", "every ticket carries a decision on warranty"),
    ("AC-20", "na", "a piece that was not moved is no case"),
    ("AC-20", "missing", "a bulk part has no serial and a serialised one without it is a blank"),
    ("AC-21", "na", "the equation is asked of every line of stock"),
    ("AC-23", "missing", "a ticket without an attempt has none; a share is never half known"),
    ("AC-30", "na", "every ticket names a machine"),
    ("AC-33", "na", "every call has words, or they were not written down, which is unknown"),
    ("AC-39", "na", "everybody who goes out has worked ten days of the month"),
    ("PR-01", "na", "every request is asked what it says"),
    ("PR-02", "na", "every request is one of its ticket and part"),
    ("PR-03", "na", "every request needs an approval"),
    ("PR-08", "na", "all three offices lend"),
    ("PR-08", "missing", "an office is one case; two carry the limit, the third is clean"),
    ("PR-11", "na", "every piece has a status"),
    ("PR-12", "na", "of every stock it is asked"),
    ("PR-13", "missing", "a piece without a serial number is not told from others"),
    ("PR-15", "na", "every issue needs a ticket"),
    ("PR-16", "na", "of every issue it is asked"),
    ("PR-20", "missing", "a blank is the very finding: an element is not present"),
    ("PR-20", "na", "everything that is sent is packed"),
    ("PR-23", "na", "only what is reported is a case"),
    ("PR-25", "na", "only what was counted is a case"),
    ("PR-26", "na", "the statement is older than 3 working days"),
    ("PR-28", "na", "only what is scrapped is a case"),
    ("PR-28", "missing", "a blank is the very finding: an element is not present"),
    ("PR-32", "na", "of every loan it is asked"),
    ("AC-39", "missing", "an arrival of nobody is nobody's load"),
)

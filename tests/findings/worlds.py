"""Random schemes, checklists and filled sheets: what the laws of scoring are tried on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

import pandas as pd
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tests.findings.aloud import Aloud
from tests.findings.conftest import Row, built, framed, rows_of

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import scores
from sopaudit.findings.score import Score
from sopaudit.findings.scoring import Scorer

Words = dict[str, Any]
"""What stands in a YAML file."""


def laws(examples: int = 40) -> settings:
    """Give settings that look at the same `examples` worlds every time."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


SETS: Final = {
    "B": {"yes": "1", "no": "0", "na": "skip", "unchecked": "skip"},
    "H": {"yes": "1", "partial": "1/2", "no": "0", "na": "skip", "unchecked": "skip"},
    "D1": {"each": "1"},
    "D2": {"each": "5/2"},
    "R": "rate",
    "V": {"yes": "skip", "no": "skip", "na": "skip", "unchecked": "skip"},
}
TABLE: Final = {
    "yes": "1",
    "partial": "1/2",
    "third": "1/3",
    "no": "0",
    "na": "skip",
    "unchecked": "skip",
    "stop": "block",
}
DEMERITS: Final = {"cited": "1", "na": "skip"}
NUMBERS: Final = ("0", "0.05", "1/3", "2.675", "5", "7.5", "10", "999999999999.995", "na")
FAILED: Final = (
    "0 of 0",
    "0 of 3",
    "1 of 3",
    "7 of 16",
    "1 of 2000",
    "101 of 2000",
    "na",
    "no",
    "yes",
)
SPOKEN: Final[Mapping[str, Sequence[str]]] = {
    "": ("yes", "partial", "third", "no", "na", "unchecked", "yes", "no", "no, confirmed"),
    "demerits": ("cited", "na"),
    "number": NUMBERS,
    "negative": (*NUMBERS, "-5", "-1/3"),
    "B": ("yes", "no", "na", "unchecked"),
    "H": ("yes", "partial", "no", "na"),
    "D1": ("0", "1", "2", "40", "2 of 9", "no", "na"),
    "D2": ("0", "1", "3"),
    "R": FAILED,
    "V": ("yes", "no", "unchecked", "no, confirmed"),
}
ALSO: Final = (", step=P1", ", step=P2, risk=high", ", severity=critical, risk=low", "")
"""Labels recorded with an answer."""

TIMES: Final = st.sampled_from([1, 1, 2, 1, 0, 2, 3])
"""How often an item is answered."""

DAYS: Final = ("NaT", "2012-01-01", "2020-05-01", "2024-02-29")
"""The day of an audit; points changed on the second and the third."""

FACTS: Final[Sequence[Mapping[str, str]]] = ({}, {"past": "poor"}, {"past": "good"}, {"past": "?"})

SEVERITY: Final = {"critical": "10", "major": "1/3", "minor": "2"}
POINTS_BY: Final = (
    {"label": "severity", "table": SEVERITY},
    {"label": "risk", "table": {"high": "7", "low": "0"}},
    {"label": ["severity", "step"], "table": {"critical": {"P1": "16", "P2": "1/7"}}},
)
MANY: Final = str(10**12)
"""A start so large that floating point numbers cancel."""


@dataclass(frozen=True)
class World:
    """A scheme, a checklist and filled sheets, in YAML's words."""

    words: Words
    sheets: dict[str, dict[str, list[str]]]
    days: dict[str, str]
    facts: dict[str, Mapping[str, str]]


@dataclass(frozen=True)
class Office:
    """A world built: what the laws are tried on."""

    scorer: Scorer
    audits: tuple[str, ...]
    rows: list[Row]
    days: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def framed(self, rows: Sequence[Row], audits: Sequence[str] | None = None) -> AnswerFrame:
        audits = self.audits if audits is None else audits
        return framed(self.scorer, audits, rows, self.days, self.facts)

    def table(self, *hands: Sequence[Row]) -> pd.DataFrame:
        return self.scorer.table([self.framed(hand) for hand in hands])

    def told(self, rows: Sequence[Row] | None = None) -> list[Score]:
        return scores(self.scorer, [self.framed(self.rows if rows is None else rows)])

    def under(self, **scheme: object) -> "Office":
        """Give the same answers under a scheme that says something else."""
        changed = Scorer(self.scorer.checklist, self.scorer.scheme.model_copy(update=scheme))
        return replace(self, scorer=changed)

    def aloud(self, audit: str) -> Aloud:
        answers: dict[str, list[Answer]] = {}
        for _, item, answer in (row for row in self.rows if row[0] == audit):
            answers.setdefault(item, []).append(answer)
        day = self.days[audit]
        known = None if day == "NaT" else date.fromisoformat(day)
        return Aloud(self.scorer, answers, known, self.facts[audit])

    @property
    def items(self) -> tuple[Item, ...]:
        return self.scorer.checklist.items


Settle = Callable[..., Office]


def office_of(world: World) -> Office:
    scorer = built(world.words)
    rows = rows_of(scorer, world.sheets)
    return Office(scorer, tuple(world.sheets), rows, world.days, world.facts)


def replaced(office: Office, checklist: Checklist) -> Office:
    """Give the same answers to another checklist."""
    return replace(office, scorer=Scorer(checklist, office.scorer.scheme))


def uncounted(office: Office) -> Office:
    """Give the same answers under a scheme that does not count what was not applicable."""
    scheme = office.scorer.scheme
    adjust = tuple(rule for rule in scheme.adjust if rule.count.get("answer") != "na")
    grades = tuple(
        band.model_copy(
            update={"when": tuple(w for w in band.when if w.count.get("answer") != "na")}
        )
        for band in scheme.grades
    )
    return office.under(adjust=adjust, grades=grades)


def settled(data: st.DataObject, **asked: str) -> Office:
    """Draw a world and build it."""
    from tests.findings.edges import edged

    world = data.draw(worlds(**asked), label="world")
    return office_of(data.draw(edged(world), label="with edges"))


@st.composite
def worlds(draw: st.DrawFn, family: str | None = None, labels: str | None = None) -> World:
    """Draw a world whose scheme has no grades and limits yet."""
    families = ["", "", "named", "named", "number", "negative", "demerits"]
    family = draw(st.sampled_from(families)) if family is None else family
    labels = (
        draw(st.sampled_from(["answers", "items", "answers", ""])) if labels is None else labels
    )
    codes = draw(st.lists(st.sampled_from([*SETS]), min_size=1, max_size=6))
    scheme = draw(schemes(family, labels))
    words: Words = {
        "scheme": scheme,
        "sections": ["S0", "S1", "S2"],
        "items": draw(items(family, codes, labels)),
    }
    pools = {f"i{n}": SPOKEN[code if family == "named" else family] for n, code in enumerate(codes)}
    also = st.sampled_from(ALSO if labels == "answers" and "pick" not in scheme else [""])
    sheets = {
        f"A{n}": {
            item: [draw(st.sampled_from(pool)) + draw(also) for _ in range(draw(TIMES))]
            for item, pool in pools.items()
        }
        for n in range(draw(st.integers(1, 4)))
    }
    days = {audit: draw(st.sampled_from(DAYS)) for audit in sheets}
    return World(words, sheets, days, {audit: draw(st.sampled_from(FACTS)) for audit in sheets})


@st.composite
def items(draw: st.DrawFn, family: str, codes: Sequence[str], labels: str) -> list[Words]:
    """Draw items whose points add up to a number that gives halves, thirds or sevenths."""
    total = draw(st.sampled_from([16, 32, 40, 200, 2000, 3 * 7 * 11]))
    cuts = sorted(draw(st.integers(0, total)) for _ in codes[1:])
    points = [high - low for low, high in pairwise([0, *cuts, total])]
    drawn = []
    for n, (code, worth) in enumerate(zip(codes, points, strict=True)):
        item: Words = {"id": f"i{n}", "severity": draw(st.sampled_from([*SEVERITY]))}
        item["section"] = draw(st.sampled_from(["S0", "S1", "S2", ""]))
        item["weight"] = draw(st.sampled_from(["1", "2", "1/3", "1", "0"]))
        if family == "named":
            item["scoring"] = code
        if family not in {"number", "negative"} or draw(st.booleans()):
            item["points"] = str(worth)
        if "points" in item and draw(st.sampled_from([False, False, True])):
            del item["points"]
            item["points_since"] = [
                {"date": "2015-01-01", "points": str(worth)},
                {"date": "2020-05-01", "points": "1/3"},
            ]
        if labels:
            item["color"] = draw(st.sampled_from(["red", "green", ""]))
            item["step"] = draw(st.sampled_from(["P1", "P2", ""]))
            item["risk"] = draw(st.sampled_from(["high", "low", ""]))
        drawn.append({key: value for key, value in item.items() if value})
    return drawn


ROLL_UPS: Final = st.sampled_from(["count", "mean", "all", "percent", "mean", "sum"])
SHARE: Final = st.sampled_from(["1/3", "70 %", "1"])


@st.composite
def schemes(draw: st.DrawFn, family: str, labels: str) -> Words:
    """Draw a scheme without grades, limits and rounding."""
    answers: Words = {"": TABLE, "named": SETS, "demerits": DEMERITS}
    scheme: Words = {
        "answers": answers.get(family, "number"),
        "roll_up": draw(ROLL_UPS),
        "unanswered": draw(st.sampled_from(["skip", "skip", "fail", "block"])),
        "several": draw(st.sampled_from(["worst", "sum", "mean", "once"])),
        "several_round": draw(st.sampled_from(["", "", {"to": "1"}, {"to": "1/4", "mode": "up"}])),
        "persons": draw(st.sampled_from(["", "", "mean", "worst", "pooled"])),
        "empty": draw(st.sampled_from(["drop", "zero", "full"])),
        "scale": draw(st.sampled_from(["1", "100", ""])),
        "pick": draw(st.sampled_from(["", "", "", "many"])) if not family else "",
        "no_rows": draw(st.sampled_from(["zero", "", ""])),
        "coverage": draw(covered(labels)),
        "start": draw(st.sampled_from(["", "", MANY, "100", "-1/3"])),
        "adjust": draw(adjusted()),
        "points_by": draw(st.sampled_from(["", "", *POINTS_BY])),
    }
    if scheme["start"]:
        scheme["take"] = draw(st.sampled_from(["away", ""]))
    if family in {"number", "negative"} and scheme["points_by"]:
        # Where some answers to an item have points and others none, nothing can be said of it.
        scheme["points_by"] = POINTS_BY[0]
    if scheme["pick"]:
        del scheme["persons"], scheme["several_round"]
    scheme["sections"] = draw(sections())
    return {key: value for key, value in scheme.items() if value}


@st.composite
def sections(draw: st.DrawFn) -> list[Words]:
    shape = draw(st.sampled_from(["none", "flat", "nested"]))
    charge = {"fact": "past", "rates": {"poor": "1/3", "good": "-0.15"}}
    charges: list[Words | str] = ["", "", charge, {**charge, "round": {"to": "1/10"}}]
    drawn = [
        {
            "id": name,
            "weight": draw(st.sampled_from(["1", "25 %", "1/3", "40", "0"])),
            "roll_up": draw(ROLL_UPS),
            "surcharge": draw(st.sampled_from(charges)),
            "empty": draw(st.sampled_from(["drop", "zero", "full"])) if name == "S0" else "",
            "in": "S1" if name == "S2" and shape == "nested" else "",
        }
        for name in ("S0", "S1", "S2")
        if shape != "none"
    ]
    return [{key: value for key, value in rule.items() if value} for rule in drawn]


@st.composite
def covered(draw: st.DrawFn, labels: str) -> Words | None:
    at_least = draw(st.sampled_from(["", "", "1/3", "1/2", "70 %"]))
    if not at_least:
        return None
    groups = ["section", "severity", *(["step", "color"] if labels else [])]
    return {
        "at_least": at_least,
        "of": draw(st.lists(st.sampled_from(groups), max_size=2, unique=True)),
        "else": draw(st.sampled_from(["incomplete", "limited scope"])),
    }


COUNTS: Final = (
    {"severity": "critical"},
    {"answer": "no"},
    {"severity": "minor", "step": "P1"},
    {"risk": "high"},
    {"answer": "yes"},
    {"answer": "na"},
    {"color": "red", "answer": "partial"},
    {"section": "S1"},
)
"""What can be counted: answers that fall short, and those that said a word."""


@st.composite
def adjusted(draw: st.DrawFn) -> list[Words]:
    drawn = []
    for _ in range(draw(st.sampled_from([1, 2, 0]))):
        count = draw(st.sampled_from(COUNTS))
        points = draw(st.sampled_from(["-5", "1/3", "-1/3", "2.5", MANY, f"-{MANY}"]))
        rule: Words = {"count": count, "points": points}
        rule["each"] = draw(st.sampled_from(["section", "total"]))
        at_most = draw(st.sampled_from(["", "0", "1", "2"]))
        drawn.append(rule | ({"at_most": at_most} if at_most else {}))
    return drawn


def fractions_near(value: Fraction) -> st.SearchStrategy[Fraction]:
    """Give a number, or one so little beside it that only fractions tell."""
    return st.sampled_from([value, value, value + Fraction(1, 10**15), value - Fraction(1, 10**15)])

"""What must hold for any scheme, checklist and answers.

`_Aloud` is the rule of a scheme read aloud: one audit, in fractions, without a table or a float. It
is slow and knows nothing of the engine, which has to agree with it wherever Hypothesis looks; and
it looks at rounding points and edges of bands, because those are made from the answers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import floor
from random import Random
from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Item
from sopaudit.criteria.field import number
from sopaudit.criteria.scheme import Each, Limit, Scheme
from sopaudit.criteria.section import Round, SectionRule
from sopaudit.evidence.answers import AnswerFrame, answer_set
from sopaudit.findings.derivation import scores
from sopaudit.findings.proof import recomputed
from sopaudit.findings.rounding import SHOWN, rounded
from sopaudit.findings.score import LINE_KEYS, STATES, ItemScore, Line, Score
from sopaudit.findings.scoring import COLUMNS, Scorer

Build = Callable[..., Scorer]
Frame = Callable[..., AnswerFrame]
Row = tuple[str, str, Answer]

laws = settings(
    max_examples=120,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


# --- the rule, read aloud ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Marked:
    """What became of one item."""

    outcome: str
    earned: Fraction = Fraction(0)
    possible: Fraction = Fraction(0)
    missed: bool = False
    """One of its persons was not looked at."""


@dataclass(frozen=True)
class _Part:
    """What a section, or the whole, comes to."""

    value: Fraction
    out_of: Fraction
    full: Fraction
    present: bool

    @property
    def share(self) -> Fraction:
        return self.value / self.out_of if self.out_of else self.value


class _Aloud:
    """One audit under one scheme."""

    def __init__(self, scorer: Scorer, answers: Mapping[str, Sequence[Answer]]) -> None:
        self.scheme = scorer.scheme
        self.items = scorer.checklist.items
        self.answers = {item.id: list(answers.get(item.id, ())) for item in self.items}
        self.marks = {item.id: self.mark(item) for item in self.items}
        self.root = self.part("", self.scheme.roll_up)
        usual = 100 if self.scheme.roll_up == "percent" else 1
        scale = 1 if self.scheme.roll_up == "sum" else Fraction(self.scheme.scale or usual)
        self.total, self.out_of = self.root.value * scale, self.root.out_of * scale

    def rule(self, item: Item) -> Any:  # noqa: ANN401 -- an answer set is a union
        sets = self.scheme.sets
        return sets[item.scoring] if item.scoring in sets else sets[""]

    def bounded(self, item: Item) -> bool:
        rule = self.rule(item)
        if rule == "number":
            return item.points is not None
        shares = (
            {s for s in rule.values() if s not in {"skip", "block"}}
            if self.listed(rule)
            else {0, 1}
        )
        return len(shares) > 1

    @staticmethod
    def listed(rule: object) -> bool:
        return isinstance(rule, Mapping)

    def full(self, item: Item) -> Fraction:
        rule, worth = self.rule(item), Fraction(1) if item.points is None else item.points
        if rule == "number":
            return (item.points or Fraction(0)) * item.weight
        best = Fraction(1)
        if self.listed(rule):
            shares = [s for s in rule.values() if isinstance(s, Fraction)]
            best = max(shares, default=Fraction(1))
            if self.scheme.pick == "many":
                best = sum((s for s in shares if s > 0), Fraction(0))
        return worth * best * item.weight

    def points(self, item: Item, answer: Answer) -> Fraction | str:
        """Judge one answer: points, its weight left out, or why there are none."""
        rule, worth = self.rule(item), Fraction(1) if item.points is None else item.points
        if self.listed(rule):
            share = rule[answer.result]
            if share == "skip":
                return str(answer.result) if answer.result in {"na", "unchecked"} else "no_points"
            return "blocked" if share == "block" else worth * share
        if answer.result in {"na", "unchecked"}:
            return str(answer.result)
        if rule == "number":
            return "blank" if answer.value is None else answer.value
        if isinstance(rule, Each):
            times = Fraction(answer.failed or 0) if answer.value is None else answer.value
            return max(worth - rule.each * times, Fraction(0))
        share = (
            Fraction(answer.checked - (answer.failed or 0), answer.checked)
            if answer.checked
            else None
        )
        return "na" if share is None else worth * share

    def mark(self, item: Item) -> _Marked:
        answers, full = self.answers[item.id], self.full(item)
        if self.scheme.pick == "many":
            answers = list({answer.result: answer for answer in answers}.values())
        judged = [self.points(item, answer) for answer in answers] or ["blank"]
        if "blocked" in judged:
            return _Marked("blocked")
        earned = [points * item.weight for points in judged if isinstance(points, Fraction)]
        if not earned:
            order = ["no_points", "unchecked", "blank", "na"]
            return self.without_points(item, min(map(str, judged), key=order.index))
        if self.scheme.persons and len(answers) > 1:
            missed = bool({"unchecked", "blank"} & {p for p in judged if isinstance(p, str)})
            return _Marked("counted", self.of_persons(item, earned), full, missed)
        several = "sum" if self.scheme.pick == "many" else self.scheme.several
        times = len(earned) if several == "sum" and self.scheme.pick == "one" else 1
        worst = min if self.bounded(item) else max
        total = {
            "sum": sum(earned, Fraction(0)),
            "mean": sum(earned, Fraction(0)) / len(earned),
            "worst": worst(earned),
            "once": worst(earned),
        }[several]
        return _Marked("counted", total, full * times)

    def of_persons(self, item: Item, earned: Sequence[Fraction]) -> Fraction:
        """Combine what several persons earned."""
        if self.scheme.persons == "worst":
            return (min if self.bounded(item) else max)(earned)
        if self.scheme.persons == "pooled" and (
            isinstance(self.rule(item), Each) or self.rule(item) == "rate"
        ):
            points = self.points(item, self.together(item))
            assert isinstance(points, Fraction)
            return points * item.weight
        added = sum(earned, Fraction(0))
        alone = self.scheme.persons == "pooled" and not self.bounded(item)
        return added if alone else added / len(earned)

    def together(self, item: Item) -> Answer:
        """Put the answers of all persons into one: their cases, or their occurrences."""
        spoken = [a for a in self.answers[item.id] if a.result not in {"na", "unchecked"}]
        failed = sum(answer.failed or 0 for answer in spoken)
        if self.rule(item) == "rate":
            return Answer(failed=failed, checked=sum(answer.checked or 0 for answer in spoken))
        times = [answer.value for answer in spoken if answer.value is not None]
        return Answer(value=sum(times, Fraction(failed)))

    def without_points(self, item: Item, why: str) -> _Marked:
        if why != "blank":
            return _Marked(why)
        if self.scheme.no_rows == "zero":
            return _Marked("no_points")
        carries = not self.listed(self.rule(item)) or any(
            isinstance(share, Fraction) for share in self.rule(item).values()
        )
        if carries and self.scheme.unanswered == "fail":
            return _Marked("counted", Fraction(0), self.full(item))
        return _Marked("blocked" if carries and self.scheme.unanswered == "block" else "unanswered")

    def part(self, name: str, roll_up: str) -> _Part:
        """Add up a section, or with no name the whole."""
        weighed = self.scheme.sections
        value = out_of = full = Fraction(0)
        present = False
        for item in self.items:
            mark = self.marks[item.id]
            if name != (item.section if weighed else ""):
                continue
            full += self.full(item)
            if mark.outcome != "counted":
                continue
            present = True
            if roll_up != "mean":
                value, out_of = value + mark.earned, out_of + mark.possible
            elif item.weight and item.points != 0:
                value += item.weight * (mark.earned / (mark.possible or item.weight))
                out_of += item.weight
        for section in (rule for rule in weighed if (rule.in_ or "") == name):
            inner = self.part(section.id, section.roll_up)
            got, most = self.filled(inner, section.empty or self.scheme.empty, roll_up)
            value, out_of = value + section.weight * got, out_of + section.weight * most
            full += section.weight * inner.full
            present = present or inner.present
        if roll_up == "sum":
            return _Part(value * present, out_of, full, present)
        present = present and out_of > 0
        share = value / out_of if present else Fraction(0)
        return _Part(share, Fraction(1), Fraction(1), present)

    @staticmethod
    def filled(inner: _Part, empty: str, roll_up: str) -> tuple[Fraction, Fraction]:
        """Say what a section brings into its parent, also when nothing was counted in it."""
        if inner.present:
            return (inner.share, Fraction(1)) if roll_up == "mean" else (inner.value, inner.out_of)
        most = Fraction(1) if roll_up == "mean" else inner.full
        return {"drop": (most * 0, most * 0), "zero": (most * 0, most), "full": (most, most)}[empty]

    def rounded(self, value: Fraction) -> Fraction:
        rule = self.scheme.round
        to, mode = (rule.to, rule.mode) if rule else (Fraction(1, 10**6), "half_up")
        whole, rest = floor(abs(value) / to), abs(value) / to % 1
        up = {
            "half_up": rest >= Fraction(1, 2),
            "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
            "down": False,
            "up": rest > 0,
        }[mode]
        return (whole + up) * to * (1 if value >= 0 else -1)

    def band(self, value: Fraction) -> int:
        value = self.rounded(value) if self.scheme.round else value
        return next((n for n, band in enumerate(self.scheme.grades) if band.holds(value)), -1)

    def meets(self, limit: Limit, *, confirmed: bool) -> bool:
        return sum(self.item_meets(limit, item, confirmed) for item in self.items) >= limit.times

    def item_meets(self, limit: Limit, item: Item, confirmed: bool) -> bool:  # noqa: FBT001
        answers = [a for a in self.answers[item.id] if a.confirmed or not confirmed]
        mark = self.marks[item.id]
        if confirmed and not answers:
            return False
        carried = {"severity": item.severity, "scoring": item.scoring, **item.labels}
        if any(carried.get(label) != word for label, word in limit.where.items()):
            return False
        if limit.any == "answer":
            return any(self.answer_meets(limit, item, answer) for answer in answers)
        bounds = (limit.at_least, limit.at_most, limit.above, limit.below)
        if all(bound is None for bound in bounds):
            return True
        return mark.outcome == "counted" and limit.holds(mark.earned)

    def answer_meets(self, limit: Limit, item: Item, answer: Answer) -> bool:
        if limit.is_ not in (None, answer.result):
            return False
        points = self.points(item, answer)
        bounds = (limit.at_least, limit.at_most, limit.above, limit.below)
        if all(bound is None for bound in bounds):
            return True
        return isinstance(points, Fraction) and limit.holds(points * item.weight)

    @property
    def state(self) -> str:
        outcomes = [mark.outcome for mark in self.marks.values()]
        states = ["scored"]
        if self.scheme.coverage is not None:
            countable = [i for i in self.items if i.scoring != "V"]
            counted = Fraction(outcomes.count("counted"))
            if counted < self.scheme.coverage.at_least * len(countable):
                states.append(self.scheme.coverage.else_)
        if any(limit.confirm and self.waits(limit) for limit in self.scheme.limits):
            states.append("pending veto")
        missed = any(mark.missed for mark in self.marks.values())
        if "unanswered" in outcomes or "unchecked" in outcomes or missed:
            states.append("incomplete")
        if "blocked" in outcomes or not (self.root.present or self.scheme.no_rows == "zero"):
            states.append("not scored")
        return max(states, key=[*map(str, STATES)].index)

    def waits(self, limit: Limit) -> bool:
        return self.meets(limit, confirmed=False) and not self.meets(limit, confirmed=True)

    def row(self) -> dict[str, Any]:
        """Give what a table of scores says of this audit, numbers as fractions."""
        if self.state == "not scored":
            return dict.fromkeys(COLUMNS[2:], None) | {"state": "not scored", "limits": ""}
        score, band, named = self.total, self.band(self.total), []
        grade = band
        for n, limit in enumerate(self.scheme.limits):
            at = [b.grade for b in self.scheme.grades].index(limit.grade) if limit.grade else None
            cap = limit.score_at_most
            if self.meets(limit, confirmed=limit.confirm):
                grade = grade if at is None else max(grade, at)
                if cap is not None and cap < self.total:
                    score = min(score, cap)
                    grade = max(grade, self.band(cap))
                if (at is not None and at >= band) or (cap is not None and cap <= self.total):
                    named.append(limit.id or f"limit-{n + 1}")
            elif limit.confirm and self.waits(limit):
                named.append(f"{limit.id or f'limit-{n + 1}'} (pending)")
        bounded = all(self.bounded(item) for item in self.items if item.scoring != "V")
        return {
            "score": self.rounded(score),
            "possible": self.out_of if bounded else None,
            "percent": self.percent(score) if bounded and self.out_of else None,
            "grade": self.scheme.grades[grade].grade if grade >= 0 else None,
            "state": self.state,
            "limits": ";".join(named),
        }

    def percent(self, score: Fraction) -> Fraction:
        if self.scheme.roll_up != "sum" and self.out_of == 100 and self.scheme.round:
            score = self.rounded(score)
        hundredths = score / self.out_of * 10_000
        sign = 1 if hundredths >= 0 else -1
        return Fraction(sign * floor(abs(hundredths) + Fraction(1, 2)), 100)


# --- worlds --------------------------------------------------------------------------------------

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
NUMBERS: Final = ("0", "0.05", "1/3", "2.675", "5", "7.5", "10", "na")
FAILED: Final = ("0 of 0", "0 of 3", "1 of 3", "7 of 16", "1 of 2000", "101 of 2000", "na")
SPOKEN: Final[Mapping[str, Sequence[str]]] = {
    "": ("yes", "partial", "third", "no", "na", "unchecked", "yes", "no"),
    "demerits": ("cited", "na"),
    "number": NUMBERS,
    "negative": (*NUMBERS, "-5", "-1/3"),
    "B": ("yes", "no", "na", "unchecked"),
    "H": ("yes", "partial", "no", "na"),
    "D1": ("0", "1", "2", "40", "2 of 9"),
    "D2": ("0", "1", "3"),
    "R": FAILED,
    "V": ("yes", "no", "unchecked", "no, confirmed"),
}
TIMES: Final = st.sampled_from([1, 1, 1, 1, 0, 2, 3])
"""How often an item is answered."""

MODES: Final = ("half_up", "half_even", "down", "up")


@dataclass(frozen=True)
class _World:
    """A scheme, a checklist and filled sheets, in YAML's words."""

    words: dict[str, Any]
    sheets: dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class _Office:
    """A world built: what the laws are tried on."""

    scorer: Scorer
    audits: tuple[str, ...]
    rows: list[Row]
    frame: Frame

    def framed(self, rows: Sequence[Row]) -> AnswerFrame:
        return self.frame(self.scorer, self.audits, rows)

    def table(self, *hands: Sequence[Row]) -> pd.DataFrame:
        return self.scorer.table([self.framed(hand) for hand in hands])

    def under(self, **scheme: object) -> "_Office":
        """Give the same answers under a scheme that says something else."""
        changed = Scorer(self.scorer.checklist, self.scorer.scheme.model_copy(update=scheme))
        return replace(self, scorer=changed)

    def aloud(self, audit: str) -> _Aloud:
        answers: dict[str, list[Answer]] = {}
        for _, item, answer in (row for row in self.rows if row[0] == audit):
            answers.setdefault(item, []).append(answer)
        return _Aloud(self.scorer, answers)


Settle = Callable[..., _Office]


@pytest.fixture(scope="session")
def settle(build: Build, rows: Callable[..., list[Row]], frame: Frame) -> Settle:
    """Give the function that draws a world and builds it."""

    def settled(data: st.DataObject, **asked: str) -> _Office:
        world = data.draw(worlds(build, rows, **asked), label="world")
        scorer = build(world.words)
        return _Office(scorer, tuple(world.sheets), rows(scorer, world.sheets), frame)

    return settled


@st.composite
def worlds(
    draw: st.DrawFn, build: Build, rows: Callable[..., list[Row]], family: str | None = None
) -> _World:
    """Draw a world; then put rounding points and edges of bands where its first score lies."""
    families = ["", "", "named", "named", "number", "negative", "demerits"]
    family = draw(st.sampled_from(families)) if family is None else family
    codes = draw(st.lists(st.sampled_from([*SETS]), min_size=1, max_size=6))
    words: dict[str, Any] = {
        "scheme": draw(schemes(family)),
        "sections": ["S0", "S1", "S2"],
        "items": draw(items(family, codes)),
    }
    pools = {f"i{n}": SPOKEN[code if family == "named" else family] for n, code in enumerate(codes)}
    sheets = {
        f"A{n}": {
            item: [draw(st.sampled_from(pool)) for _ in range(draw(TIMES))]
            for item, pool in pools.items()
        }
        for n in range(draw(st.integers(1, 4)))
    }
    scorer = build(words)
    office = _Office(scorer, tuple(sheets), rows(scorer, sheets), framed_nowhere)
    return _World({**words, "scheme": words["scheme"] | draw(edges(office))}, sheets)


def framed_nowhere(*_: object) -> AnswerFrame:
    raise AssertionError("a world is read aloud before it is built")


@st.composite
def items(draw: st.DrawFn, family: str, codes: Sequence[str]) -> list[dict[str, str]]:
    """Draw items whose points add up to a number that gives halves, thirds or sevenths."""
    total = draw(st.sampled_from([16, 32, 40, 200, 2000, 3 * 7 * 11]))
    cuts = sorted(draw(st.integers(0, total)) for _ in codes[1:])
    points = [high - low for low, high in pairwise([0, *cuts, total])]
    drawn = []
    for n, (code, worth) in enumerate(zip(codes, points, strict=True)):
        item = {"id": f"i{n}", "severity": draw(st.sampled_from(["critical", "minor"]))}
        item["section"] = draw(st.sampled_from(["S0", "S1", "S2"]))
        item["weight"] = draw(st.sampled_from(["1", "1", "2", "1/3", "0"]))
        if family == "named":
            item["scoring"] = code
        if family not in {"number", "negative"} or draw(st.booleans()):
            item["points"] = str(worth)
        drawn.append(item)
    return drawn


@st.composite
def schemes(draw: st.DrawFn, family: str) -> dict[str, Any]:
    """Draw a scheme without grades, limits and rounding."""
    answers: dict[str, Any] = {"": TABLE, "named": SETS, "demerits": DEMERITS}
    scheme: dict[str, Any] = {
        "answers": answers.get(family, "number"),
        "roll_up": draw(st.sampled_from(["sum", "percent", "percent", "mean"])),
        "unanswered": draw(st.sampled_from(["skip", "skip", "fail", "block"])),
        "several": draw(st.sampled_from(["sum", "once", "mean", "worst"])),
        "persons": draw(st.sampled_from(["", "", "mean", "worst", "pooled"])),
        "empty": draw(st.sampled_from(["drop", "zero", "full"])),
        "scale": draw(st.sampled_from(["1", "100", ""])),
        "pick": draw(st.sampled_from(["many", ""])) if not family else "",
        "no_rows": draw(st.sampled_from(["zero", "", ""])),
        "coverage": draw(
            st.sampled_from(
                [
                    "",
                    {"at_least": "1/3", "else": "incomplete"},
                    {"at_least": "70 %", "else": "limited scope"},
                ]
            )
        ),
    }
    shape = draw(st.sampled_from(["none", "flat", "nested"]))
    scheme["sections"] = [
        {
            "id": name,
            "weight": draw(st.sampled_from(["1", "25 %", "1/3", "40", "0"])),
            "roll_up": draw(st.sampled_from(["sum", "mean", "percent"])),
        }
        | ({"empty": draw(st.sampled_from(["drop", "zero", "full"]))} if name == "S0" else {})
        | ({"in": "S1"} if name == "S2" and shape == "nested" else {})
        for name in ("S0", "S1", "S2")
        if shape != "none"
    ]
    if scheme["pick"]:
        del scheme["persons"]
    return {key: value for key, value in scheme.items() if value}


@st.composite
def edges(draw: st.DrawFn, office: _Office) -> dict[str, Any]:
    """Draw grades, rounding and limits that meet the first audit where it is hardest to tell."""
    aloud = office.aloud("A0")
    exact, scheme = aloud.total, {}
    to = draw(st.sampled_from(["", "1/10", "1/100", "1", "halfway"]))
    if to == "halfway" and exact:
        # So many and a half of these steps are the score.
        to = str(2 * abs(exact) / (2 * draw(st.integers(0, 500)) + 1))
    if to not in {"", "halfway"}:
        scheme["round"] = {"to": Fraction(to), "mode": draw(st.sampled_from(MODES))}
    round_ = Round.model_validate(scheme["round"]) if scheme else None
    shown = office.under(round=round_).aloud("A0").rounded(exact)
    edge = draw(st.sampled_from([exact, shown, Fraction(80)]))
    bound = draw(st.sampled_from(["at_least", "above"]))
    bands = draw(
        st.sampled_from(
            [
                [{bound: edge}, {}],
                [{bound: edge + 1}, {bound: edge}, {}],
                [{"at_most": edge}, {}],
                [{"below": edge}, {"at_most": edge}, {}],
            ]
        )
    )
    grades = [{"grade": grade} | band for grade, band in zip("ABC", bands, strict=False)]
    worst = grades[-1]["grade"]
    earned = max((mark.earned for mark in aloud.marks.values()), default=Fraction(0))
    no = {"any": "answer", "is": "no"}
    critical = {"any": "item", "where": {"severity": "critical"}}
    limits = [
        {**no, "id": "no", "grade": "B"},
        {**no, "id": "veto", "where": {"scoring": "V"}, "confirm": "yes", "grade": worst},
        {**no, "id": "cap", "score_at_most": exact},
        {**no, "id": "waiting", "confirm": "yes", "score_at_most": "1", "grade": worst},
        {**critical, "id": "low", "below": earned, "score_at_most": "1/3"},
        {"any": "item", "at_least": earned, "times": "2", "grade": worst},
        {"any": "answer", "at_least": earned, "times": "2", "grade": worst},
    ]
    drawn = draw(st.lists(st.sampled_from(limits), max_size=3, unique_by=str))
    return {**scheme, "grades": grades, "limits": drawn}


# --- laws ----------------------------------------------------------------------------------------


def by_audit(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values("audit", ignore_index=True)


def spelled(text: str | None, value: Fraction | None) -> bool:
    """Say whether a text is a number, to the six decimals anything is printed with."""
    if not text or value is None:
        return not text and value is None
    return abs(Fraction(text) - value) <= Fraction(5, 10**7)


@laws
@given(data=st.data())
def test_the_engine_says_what_the_rule_read_aloud_says(data: st.DataObject, settle: Settle) -> None:
    office = settle(data)
    for row in office.table(office.rows).to_dict("records"):
        aloud = office.aloud(row["audit"]).row()
        for name in ("score", "possible", "percent"):
            assert spelled(row[name], aloud[name]), (name, row, aloud)
        for name in ("grade", "state", "limits"):
            assert row[name] == (aloud[name] or ""), (name, row, aloud)


@laws
@given(data=st.data())
def test_a_score_with_its_derivation_says_what_the_table_says(
    data: st.DataObject, settle: Settle
) -> None:
    office = settle(data)
    table = office.table(office.rows).set_index("audit")
    for told in scores(office.scorer, [office.framed(office.rows)]):
        row = table.loc[told.audit]
        texts = (told.score, told.possible, told.percent, told.grade, told.state)
        assert tuple(row[["score", "possible", "percent", "grade", "state"]]) == tuple(
            text or "" for text in texts
        )
        names = [
            f"{b.limit} (pending)" if b.pending else b.limit
            for b in told.bites
            if b.bit or b.pending
        ]
        assert row["limits"] == ("" if told.score is None else ";".join(names))
        exact, aloud = told.exact, office.aloud(told.audit)
        if exact is not None:
            assert spelled(told.score, aloud.rounded(exact))
            assert spelled(told.possible, told.maximum)


@laws
@given(data=st.data(), seed=st.integers(0, 9))
def test_the_order_of_rows_changes_nothing(data: st.DataObject, seed: int, settle: Settle) -> None:
    office = settle(data)
    shuffled = Random(seed).sample(office.rows, len(office.rows))  # noqa: S311 -- a shuffle
    pd.testing.assert_frame_equal(office.table(shuffled), office.table(office.rows))
    one, other = (scores(office.scorer, [office.framed(r)]) for r in (shuffled, office.rows))
    assert one == other


@laws
@given(data=st.data(), cut=st.integers(0, 40))
def test_frames_may_be_cut_anywhere(data: st.DataObject, cut: int, settle: Settle) -> None:
    office = settle(data)
    whole = office.table(office.rows)
    hands = [office.rows[cut:], [], office.rows[:cut]]
    pd.testing.assert_frame_equal(office.table(*hands), whole)
    own = [
        office.frame(office.scorer, dict.fromkeys(a for a, _, _ in hand), hand) for hand in hands
    ]
    rest = office.framed([])
    pd.testing.assert_frame_equal(by_audit(office.scorer.table([*own, rest])), by_audit(whole))


@laws
@given(data=st.data())
def test_a_table_of_many_audits_is_each_of_them_alone(data: st.DataObject, settle: Settle) -> None:
    office = settle(data)
    alone = [
        office.scorer.table(
            [office.frame(office.scorer, [a], [row for row in office.rows if row[0] == a])]
        )
        for a in office.audits
    ]
    pd.testing.assert_frame_equal(pd.concat(alone, ignore_index=True), office.table(office.rows))


@laws
@given(data=st.data())
def test_an_item_that_does_not_apply_changes_no_score(data: st.DataObject, settle: Settle) -> None:
    office = settle(data)
    checklist = office.scorer.checklist
    code = {"scoring": "R"} if office.scorer.scheme.named else {}
    extra = checklist.items[-1].model_copy(
        update={"id": "extra", "points": Fraction(7), "weight": Fraction(2), **code}
    )
    longer = checklist.model_copy(update={"items": (*checklist.items, extra)})
    more = replace(office, scorer=Scorer(longer, office.scorer.scheme.model_copy()))
    rows = [*office.rows, *((audit, "extra", Answer("na")) for audit in office.audits)]
    # A section that was empty and counts as full has more points when it has more items.
    same = office.under(empty="drop", sections=tuple(dropped(office.scorer.scheme)), coverage=None)
    more = more.under(empty="drop", sections=same.scorer.scheme.sections, coverage=None)
    pd.testing.assert_frame_equal(more.table(rows), same.table(office.rows))


@laws
@given(data=st.data())
def test_a_person_it_does_not_apply_to_changes_no_item(data: st.DataObject, settle: Settle) -> None:
    rule = data.draw(st.sampled_from(["mean", "worst", "pooled"]))
    office = settle(data).under(persons=rule, pick="one")
    answered = {(audit, item) for audit, item, answer in office.rows}
    can = {
        i.id: isinstance(answer_set(office.scorer.scheme, i), str | Each) for i in items_of(office)
    }
    more = [(audit, item, Answer("na")) for audit, item in sorted(answered) if can[item]]
    for one, other in zip(
        told_of(office, office.rows), told_of(office, office.rows + more), strict=True
    ):
        assert (one.score, one.exact, one.grade) == (other.score, other.exact, other.grade)


def items_of(office: _Office) -> Sequence[Item]:
    return office.scorer.checklist.items


def told_of(office: _Office, rows: Sequence[Row]) -> list[Score]:
    return scores(office.scorer, [office.framed(rows)])


@laws
@given(data=st.data())
def test_the_worst_person_is_never_better_than_the_mean(
    data: st.DataObject, settle: Settle
) -> None:
    office = settle(data).under(pick="one")
    worst, mean = (told_of(office.under(persons=p), office.rows) for p in ("worst", "mean"))
    for low, high in zip(worst, mean, strict=True):
        for one, other in zip(low.items, high.items, strict=True):
            assert (one.outcome, one.possible) == (other.outcome, other.possible)
            if one.earned is not None and other.earned is not None:
                better = one.earned - other.earned
                assert better <= 0 if one.possible is not None else better >= 0


@laws
@given(data=st.data())
def test_pooled_persons_are_one_answer_with_all_their_cases(
    data: st.DataObject, settle: Settle
) -> None:
    office = settle(data, family="named").under(persons="pooled", limits=())
    once: list[Row] = []
    for audit in office.audits:
        aloud = office.aloud(audit)
        for item in items_of(office):
            spoken = [a for a in aloud.answers[item.id] if a.result not in {"na", "unchecked"}]
            counting = item.scoring in {"R", "D1", "D2"} and spoken
            said = [aloud.together(item)] if counting else aloud.answers[item.id]
            once += [(audit, item.id, answer) for answer in said]
    one, other = told_of(office, office.rows), told_of(office, once)
    for told, pooled in zip(one, other, strict=True):
        assert told.exact == pooled.exact
        assert [item.earned for item in told.items] == [item.earned for item in pooled.items]


@laws
@given(data=st.data())
def test_one_person_alone_is_no_several(data: st.DataObject, settle: Settle) -> None:
    office = settle(data).under(pick="one")
    first = {(audit, item): (audit, item, answer) for audit, item, answer in office.rows}
    alone = [*first.values()]
    told = {
        rule: told_of(office.under(persons=rule), alone)
        for rule in (None, "mean", "worst", "pooled")
    }
    assert all(other == told[None] for other in told.values())


def dropped(scheme: Scheme) -> Iterator[SectionRule]:
    """Give the sections of a scheme, dropped where they are empty."""
    return (rule.model_copy(update={"empty": "drop"}) for rule in scheme.sections)


@laws
@given(data=st.data())
def test_limits_never_raise_a_score_or_a_grade(data: st.DataObject, settle: Settle) -> None:
    office = settle(data)
    grades = ["", *(band.grade for band in office.scorer.scheme.grades)]
    limited, free = (o.table(o.rows) for o in (office, office.under(limits=())))
    for held, plain in zip(limited.to_dict("records"), free.to_dict("records"), strict=True):
        assert grades.index(held["grade"]) >= grades.index(plain["grade"])
        assert Fraction(held["score"] or 0) <= Fraction(plain["score"] or 0)


@laws
@given(data=st.data(), family=st.sampled_from(["", "named"]))
def test_a_percent_score_lies_between_0_and_100(
    data: st.DataObject, family: str, settle: Settle
) -> None:
    office = settle(data, family=family).under(roll_up="percent", scale="100", round=None)
    for row in office.table(office.rows).to_dict("records"):
        assert 0 <= Fraction(row["score"] or 0) <= 100
        assert 0 <= Fraction(row["percent"] or 0) <= 100


@laws
@given(data=st.data(), roll_up=st.sampled_from(["sum", "percent"]))
def test_items_add_up_to_sections_and_sections_to_the_whole(
    data: st.DataObject, roll_up: str, settle: Settle
) -> None:
    office = settle(data).under(roll_up=roll_up, scale="1", sections=(), limits=(), round=None)
    items = {item.id: item for item in office.scorer.checklist.items}
    for told in scores(office.scorer, [office.framed(office.rows)]):
        counted = {i.item: i.earned for i in told.items if i.earned is not None}
        for section in told.sections:
            inside = [
                points for item, points in counted.items() if items[item].section == section.id
            ]
            assert section.earned == sum(inside)
            assert section.counted == len(inside)
        earned = sum(section.earned for section in told.sections)
        assert earned == sum(counted.values())
        if told.exact is not None and roll_up == "sum":
            assert told.exact == earned
        elif told.exact is not None and told.possible == "1":
            possible = sum(section.possible or 0 for section in told.sections)
            assert told.exact == (earned / possible if possible else 0)


# --- the story told is the calculation done ------------------------------------------------------


def told_in(line: Line) -> Mapping[str, str]:
    """Give what a line tells, by name."""
    return line.values  # noqa: PD011 -- a line is no frame


def value(text: str) -> Fraction:
    found = number(text.rstrip()) if len(text) < 40 else Fraction(text)
    assert found is not None
    return found


def item_points(line: Line) -> Fraction:
    """Work an item's points out again from its line."""
    told = {k: v for k, v in told_in(line).items() if k not in {"answer", "rule"}}
    n = {name: value(text) for name, text in told.items()}
    if line.key == "item.table":
        return n["points"] * n["share"] * n["weight"]
    if line.key == "item.each":
        return max(Fraction(0), n["points"] - n["each"] * n["occurrences"]) * n["weight"]
    if line.key == "item.rate":
        return n["points"] * (1 - n["failed"] / n["checked"]) * n["weight"]
    if line.key == "item.number":
        return n["value"] * n["weight"]
    assert line.key == "item.fail"
    return Fraction(0)


def persons_points(item: ItemScore, *, bounded: bool) -> Fraction:
    """Work an item's points out again from what each person earned, or from all their cases."""
    *pooled, last = item.lines
    earned = [person.earned for person in item.persons if person.earned is not None]
    assert [item_points(line) for p in item.persons for line in p.lines] == earned
    assert value(told_in(last)["number"]) == len(earned)
    if pooled:
        return item_points(pooled[0])
    if told_in(last)["rule"] == "worst":
        return min(earned) if bounded else max(earned)
    added = sum(earned, Fraction(0))
    return added if told_in(last)["rule"] == "pooled" and not bounded else added / len(earned)


def several_points(lines: Sequence[Line], *, bounded: bool) -> Fraction:
    """Work an item's points out again from the lines of all its answers."""
    *each, last = lines
    if last.key != "item.several":
        assert not each
        return item_points(last)
    points = [item_points(line) for line in each]
    assert value(told_in(last)["number"]) == len(points)
    if told_in(last)["rule"] in {"sum", "pick"}:
        return sum(points, Fraction(0))
    if told_in(last)["rule"] == "mean":
        return sum(points, Fraction(0)) / len(points)
    return min(points) if bounded else max(points)


def total_points(line: Line) -> Fraction:
    """Work the total out again from its line."""
    told = told_in(line)
    if line.key == "total.sum":
        return value(told["earned"])
    if line.key == "total.percent":
        return value(told["earned"]) / value(told["possible"]) * value(told["scale"])
    if line.key == "total.mean":
        parts = [part.split("×") for part in told["parts"].split(" + ")]
        added = sum((value(weight) * value(share) for weight, share in parts), Fraction(0))
        return added / value(told["weights"]) * value(told["scale"])
    assert line.key == "total.zero"
    return Fraction(0)


@laws
@given(data=st.data())
def test_the_lines_told_reproduce_every_number(data: st.DataObject, settle: Settle) -> None:
    office = settle(data)
    for told in scores(office.scorer, [office.framed(office.rows)]):
        for item in told.items:
            assert all(set(LINE_KEYS[line.key]) <= set(told_in(line)) for line in item.lines)
            if item.earned is not None:
                bounded = item.possible is not None
                if item.lines[-1].key == "item.persons":
                    assert persons_points(item, bounded=bounded) == item.earned
                else:
                    assert several_points(item.lines, bounded=bounded) == item.earned
                assert value(told_in(item.lines[-1]).get("earned", "0")) == item.earned
        for line in (line for section in told.sections for line in section.lines):
            if "share" in told_in(line):
                ratio = value(told_in(line)["earned"]) / value(told_in(line)["possible"])
                assert ratio == value(told_in(line)["share"])
        lines = {line.key: line for line in told.lines}
        assert all(set(told_in(line)) == set(LINE_KEYS[line.key]) for line in told.lines)
        if told.exact is None:
            assert [*lines] == ["total.nothing"]
            continue
        total = total_points(told.lines[0])
        caps = [value(told_in(line)["score"]) for line in told.lines if line.key == "limit.score"]
        assert min([total, *caps]) == told.exact
        if "round" in lines:
            assert value(told_in(lines["round"])["exact"]) == total
        graded = [told_in(line) for line in told.lines if line.key == "grade"]
        if graded:
            assert graded[0]["grade"] == told.band
            assert graded[-1]["score"] == told.score
        held = [told_in(line)["grade"] for line in told.lines if line.key == "limit.grade"]
        last = [*(line["grade"] for line in graded), *held]
        assert max(last, default=None) == told.grade


@laws
@given(data=st.data())
def test_every_number_of_a_proof_follows_from_those_below_it(
    data: st.DataObject, settle: Settle
) -> None:
    office = settle(data)
    for told in scores(office.scorer, [office.framed(office.rows)]):
        assert told.proof is not None
        root = told.proof.root
        for node in root.all():
            assert recomputed(node) == node.value, node
        assert (told.score is None) == (root.value is None)
        for item in told.items:
            assert told.proof.items()[item.item].value == item.earned
        if root.value is None:
            continue
        assert spelled(told.score, rounded(root.value, office.scorer.scheme.round or SHOWN))
        exact = root.parts[0].value if root.rule == "round" else root.value
        assert exact == told.exact
        if told.proof.standing is not None and told.exact == office.aloud(told.audit).total:
            assert told.proof.standing.grade == told.band

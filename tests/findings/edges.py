"""Grades, limits and rounding that meet a world where it is hardest to tell.

What the first audit comes to, read aloud, is where bands begin, where floors and ceilings hold,
where limits and pass marks stand and where rounding is about to go the other way.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from hypothesis import strategies as st
from tests.findings.aloud import Aloud
from tests.findings.aloud_item import rounded
from tests.findings.worlds import COUNTS, Words, World, fractions_near, office_of

from sopaudit.criteria.section import Round

MODES: Final = ("half_up", "half_even", "down", "up")
SEVERAL: Final = st.sampled_from([1, 2, 0])
NEVER: Final = (False, False, False, True)


@st.composite
def edged(draw: st.DrawFn, world: World) -> World:
    """Give a world the rest of its scheme, in the order in which the numbers come about."""
    for step in (held, passed, graded):
        aloud = office_of(world).aloud("A0")
        scheme = world.words["scheme"] | draw(step(world.words["scheme"], aloud))
        world = replace(world, words={**world.words, "scheme": scheme})
    return world


@st.composite
def held(draw: st.DrawFn, _: Words, aloud: Aloud) -> Words:
    """Hold the score where it is, a little beside it, or at zero."""
    drawn = {}
    for word in ("floor", "ceiling"):
        if draw(st.sampled_from(NEVER)):
            edges = [aloud.total, aloud.total + 1, aloud.total - Fraction(1, 3), Fraction(0)]
            drawn[word] = draw(st.sampled_from(edges))
    return drawn


@st.composite
def passed(draw: st.DrawFn, scheme: Words, aloud: Aloud) -> Words:
    """Put pass marks where sections are."""
    rules = []
    for rule in scheme.get("sections", ()):
        edge = max(aloud.sections[rule["id"]].share, Fraction(0))
        if draw(st.booleans()):
            marks = [edge + Fraction(1, 10**15), edge, Fraction(1, 2)]
            rules.append({**rule, "pass_mark": draw(st.sampled_from(marks))})
        else:
            rules.append(rule)
    return {"sections": rules} if rules else {}


@st.composite
def graded(draw: st.DrawFn, _: Words, aloud: Aloud) -> Words:
    scheme = draw(rounds(aloud.total))
    rule = Round.model_validate(scheme["round"]) if scheme else None
    edge = draw(st.sampled_from([aloud.total, rounded(aloud.total, rule), Fraction(80)]))
    bound = draw(st.sampled_from(["at_least", "above"]))
    bands: list[Words] = draw(
        st.sampled_from(
            [
                [{bound: edge}, {}],
                [{bound: edge + 1}, {bound: edge}, {}],
                [{"at_most": edge}, {}],
                [{"below": edge}, {"at_most": edge}, {}],
            ]
        )
    )
    for band in bands[:-1]:
        if draw(st.sampled_from(NEVER)):
            band["when"] = draw(st.lists(counted(aloud), min_size=1, max_size=2))
    grades = [{"grade": grade} | band for grade, band in zip("ABC", bands, strict=False)]
    return {**scheme, "grades": grades, "limits": draw(limited(aloud, grades[-1]["grade"]))}


@st.composite
def rounds(draw: st.DrawFn, exact: Fraction) -> Words:
    to = draw(st.sampled_from(["", "1/10", "1/100", "1", "halfway"]))
    if to == "halfway" and exact:
        # So many and a half of these steps are the score.
        to = str(2 * abs(exact) / (2 * draw(st.integers(0, 500)) + 1))
    if to in {"", "halfway"}:
        return {}
    return {"round": {"to": Fraction(to), "mode": draw(st.sampled_from(MODES))}}


@st.composite
def counted(draw: st.DrawFn, aloud: Aloud) -> Words:
    """Draw a count of a kind of answers that just holds, or just does not."""
    kind = draw(st.sampled_from(COUNTS))
    times = aloud.counted(kind, aloud.items)
    bound = draw(st.sampled_from(["at_most", "at_least", "below", "above"]))
    return {"count": kind, bound: times + draw(st.sampled_from([0, 0, 1, -1]))}


@st.composite
def limited(draw: st.DrawFn, aloud: Aloud, worst: str) -> list[Words]:
    earned = max((mark.earned for mark in aloud.marks.values()), default=Fraction(0))
    no = {"any": "answer", "is": "no"}
    critical = {"any": "item", "where": {"severity": "critical"}}
    limits: list[Words] = [
        {**no, "id": "no", "grade": "B"},
        {**no, "id": "veto", "where": {"scoring": "V"}, "confirm": "yes", "grade": worst},
        {**no, "id": "cap", "score_at_most": aloud.total},
        {**no, "id": "waiting", "confirm": "yes", "score_at_most": "1", "grade": worst},
        {**no, "id": "step", "where": {"step": "P1"}, "grade": worst},
        {**critical, "id": "low", "below": earned, "score_at_most": "1/3"},
        {"any": "item", "at_least": earned, "times": "2", "grade": worst},
        {"any": "answer", "at_least": earned, "times": "2", "grade": worst},
        {"any": "item", "is": str(earned), "grade": "B"},
        {"any": "answer", "is": str(earned), "score_at_most": aloud.total - 1},
        {"any": "item", "above": round(earned), "round": {"to": "1"}, "grade": worst},
    ]
    drawn = draw(st.lists(st.sampled_from(limits), max_size=3, unique_by=str))
    return [*drawn, *(draw(on_groups(aloud, worst)) for _ in range(draw(SEVERAL)))]


@st.composite
def on_groups(draw: st.DrawFn, aloud: Aloud, worst: str) -> Words:
    """Draw a limit that looks at groups, and stands where one of them is."""
    label = draw(st.sampled_from(["step", "section", "severity", "color", "scoring", "id"]))
    groups = aloud.groups(label)
    values = [group.value for group in groups.values() if group.value is not None]
    edge: Any = draw(st.sampled_from([*values, Fraction(70)]))
    limit: Words = {"any": label, "id": f"by-{label}"}
    if draw(st.sampled_from([True, False])):
        rule = {
            "to": draw(st.sampled_from(["1", "7", "1/10"])),
            "mode": draw(st.sampled_from(MODES)),
        }
        limit["round"] = rule
        edge = rounded(edge, Round.model_validate(rule))
    bound = draw(st.sampled_from(["below", "is", "at_least", "above", "at_most"]))
    limit[bound] = str(edge) if bound == "is" else draw(fractions_near(edge))
    wheres: Sequence[Words] = [
        {label: next(iter(groups), "none")},
        {"severity": "critical"},
        {"color": "red", "severity": "minor"},
    ]
    if draw(st.sampled_from(NEVER)):
        limit["where"] = draw(st.sampled_from(wheres))
    if draw(st.sampled_from(NEVER)):
        limit["times"] = "2"
    effects: Sequence[Words] = [
        {"grade": worst},
        {"grade": "B"},
        {"score_at_most": aloud.total - 1},
    ]
    return limit | draw(st.sampled_from(effects))

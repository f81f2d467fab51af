"""No score lies outside of the range a scheme is said to reach."""

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.reach import Reach, reach
from sopaudit.criteria.scheme import Scheme

Raw = dict[str, Any]
SECTIONS = ("K", "L")
ROLL_UP = st.sampled_from(["sum", "percent", "mean", "count", "all"])
NUMBER = st.integers(0, 20).map(str)
TABLES: tuple[dict[str, str], ...] = (
    {"yes": "1", "half": "1/2", "no": "0"},
    {"yes": "1", "no": "-1"},
    {"good": "1", "fair": "2/3"},
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Scheme, Checklist, list[str]]:
    """Draw a scheme, a checklist and what its items are answered."""
    table = draw(st.sampled_from(TABLES))
    raw: Raw = {"id": "s", "edition": "1", "title": "S", "answers": table}
    raw["roll_up"] = draw(ROLL_UP)
    if draw(st.booleans()):
        raw["sections"] = [
            {"id": name, "weight": draw(NUMBER), "roll_up": draw(ROLL_UP)} for name in SECTIONS
        ]
    for key in ("start", "floor", "ceiling"):
        if draw(st.booleans()):
            raw[key] = draw(NUMBER)
    if draw(st.booleans()):
        raw["take"] = "away"
    if draw(st.booleans()):
        raw["scale"] = draw(st.sampled_from(["1", "100"]))
    if draw(st.booleans()):
        raw["round"] = {"to": draw(st.sampled_from(["1", "0.1", "5"]))}
    items: list[Raw] = [
        {
            "id": f"I{n}",
            "question": "Q",
            "section": draw(st.sampled_from(SECTIONS)),
            "points": draw(st.integers(1, 9).map(str)),
            "weight": draw(st.integers(0, 3).map(str)),
        }
        for n in range(draw(st.integers(1, 4)))
    ]
    sheet: Raw = {"id": "c", "edition": "1", "title": "C", "scheme": "s", "items": items}
    sheet["sections"] = [{"id": name, "title": name} for name in SECTIONS]
    said: list[str] = [*table, ""]
    answers = [draw(st.sampled_from(said)) for _ in items]
    return Scheme.model_validate(raw), Checklist.model_validate(sheet), answers


def scored(scheme: Scheme, checklist: Checklist, answers: list[str]) -> Fraction:
    """Score as docs/schemes.md says, in so many words; an empty answer leaves the base."""
    table = {word: Fraction(str(share)) for word, share in scheme.sets[""].items()}  # type: ignore[union-attr]
    best = max(table.values())
    marks = [
        (item, (item.points or 1) * item.weight * table[said], (item.points or 1) * item.weight)
        for item, said in zip(checklist.items, answers, strict=True)
        if said
    ]

    def group(name: str, roll_up: str) -> tuple[Fraction, Fraction, bool]:
        """Give value, the most it could be, and whether anything counted."""
        home = {rule.id for rule in scheme.sections}
        inside = [m for m in marks if (m[0].section if m[0].section in home else "") == name]
        rules = scheme.sections if not name else ()
        inner = [(rule, *group(rule.id, rule.roll_up)) for rule in rules]
        inner = [part for part in inner if part[3]]
        present = bool(inside or inner)
        shares = [(m[0].weight, m[1] / (m[2] * best)) for m in inside if m[2]]
        shares += [
            (rule.weight, value / most if most else Fraction(0)) for rule, value, most, _ in inner
        ]
        if roll_up in ("sum", "percent"):
            value = sum((m[1] for m in inside), Fraction(0))
            most = sum((m[2] * best for m in inside), Fraction(0))
            value += sum(rule.weight * v for rule, v, _, _ in inner)
            most += sum(rule.weight * m for rule, _, m, _ in inner)
            if roll_up == "sum":
                return value, most, present
            return (value / most if most else Fraction(0)), Fraction(1), present and most > 0
        if roll_up == "mean":
            weight = sum((w for w, _ in shares), Fraction(0))
            value = sum((w * s for w, s in shares), Fraction(0))
            return (value / weight if weight else Fraction(0)), Fraction(1), weight > 0
        if roll_up == "count":
            each = [
                table[said] / best
                for said, item in zip(answers, checklist.items, strict=True)
                if said and (item.section if item.section in home else "") == name
            ]
            value = sum(each, Fraction(0)) + sum((v for _, v, _, _ in inner), Fraction(0))
            return value, Fraction(len(each) + len(inner)), present
        full = all(m[1] == m[2] * best for m in inside) and all(v == m for _, v, m, _ in inner)
        return Fraction(int(full)), Fraction(1), present

    value, _, _ = group("", scheme.roll_up)
    if scheme.roll_up in ("percent", "mean", "all"):
        value *= scheme.best
    value = (scheme.start or 0) - value if scheme.take else (scheme.start or 0) + value
    if scheme.floor is not None:
        value = max(value, scheme.floor)
    if scheme.ceiling is not None:
        value = min(value, scheme.ceiling)
    if scheme.round is not None:
        value = Fraction((value / scheme.round.to + Fraction(1, 2)).__floor__()) * scheme.round.to
    return value


def inside(score: Fraction, within: Reach) -> bool:
    return within.low <= score <= within.high and (within.only is None or score in within.only)


@settings(max_examples=150)
@given(worlds())
def test_no_score_lies_out_of_reach(world: tuple[Scheme, Checklist, list[str]]) -> None:
    scheme, checklist, answers = world
    score = scored(scheme, checklist, answers)
    assert inside(score, reach(scheme, checklist))
    assert inside(score, reach(scheme))


@settings(max_examples=60)
@given(worlds())
def test_the_best_of_everything_is_reached(world: tuple[Scheme, Checklist, list[str]]) -> None:
    scheme, checklist, _ = world
    plain = scheme.model_copy(update={"round": None})
    if plain.take or plain.sections or plain.roll_up == "count":
        return
    table = {str(word): Fraction(str(share)) for word, share in plain.sets[""].items()}  # type: ignore[union-attr]
    best = max(table, key=table.__getitem__)
    full = scored(plain, checklist, [best] * len(checklist.items))
    if any(item.weight for item in checklist.items):
        assert full == reach(plain, checklist).high


def test_what_is_left_out_of_a_sum_adds_nothing() -> None:
    scheme = Scheme.model_validate(
        {"id": "s", "edition": "1", "title": "S", "answers": {"good": "1", "fair": "2/3"}}
    )
    item = {"id": "I", "question": "Q", "points": "3"}
    sheet = {"id": "c", "edition": "1", "title": "C", "scheme": "s", "items": [item]}
    within = reach(scheme, Checklist.model_validate(sheet))
    assert (within.low, within.high) == (0, 3)
    assert within.told() == "0 … 3"

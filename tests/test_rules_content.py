"""The rules, parts rules and key figures of the handbook are those the business laid down.

The tables below are taken from the description of the business, row by row; a limit, severity,
stage or source that changes by accident shows here.
"""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.criteria.kind import KPI_KINDS, RULE_KINDS
from sopaudit.criteria.kpi import Figure, Kpi
from sopaudit.criteria.rule import Rule, listed

ROOT = Path(__file__).parents[1]

PARTS = """
PR-01 request major F auto
PR-02 request minor F auto
PR-03 approval major F auto
PR-04 approval major H auto
PR-05 request minor F auto
PR-06 order major F auto
PR-07 order minor P.S08 auto
PR-08 order major P.S08 auto
PR-09 receipt minor P.S45 auto
PR-10 receipt major F auto+photo
PR-11 stock major F auto
PR-12 stock critical F auto
PR-13 stock critical F auto
PR-14 issue minor F auto
PR-15 issue critical F auto
PR-16 issue major F auto
PR-17 use major F auto
PR-18 return_defective major F auto
PR-19 return major P auto
PR-20 return minor F auto+photo
PR-21 return minor P.S09 auto
PR-22 doa major P.S43 auto
PR-23 doa major F auto
PR-24 abnormal major P.S06,S07 auto+photo
PR-25 count major P.S44 auto
PR-26 count major F auto
PR-27 count critical F auto
PR-28 scrap major F auto+photo
PR-29 ageing minor F auto
PR-30 warranty major L.S19 auto
PR-31 warranty major L auto
PR-32 loan major F auto
PR-33 transfer minor F auto
PR-34 money major F auto
"""
"""Id, stage, severity, source, and whether records decide it or a photo."""

LIMITS = """
AC-01 in_range at_most 3
AC-01 elapsed at_most 15 s
AC-02 elapsed at_most 10 min
AC-03 elapsed at_most 30 min
AC-04 elapsed at_most 2 working hours
AC-05 elapsed at_most 2 working days
AC-05 elapsed at_most 3 working days
AC-08 notice_before at_least 60 min
AC-12 amounts_agree tolerance 0
AC-13 numbering invoice_mode e
AC-14 deadline within 0 working days
AC-14 deadline late_from 17:00
AC-14 deadline late_by 10:00
AC-17 elapsed at_most 30 working min
AC-18 followed at_most 1 working day
AC-19 followed at_most 1 working day
AC-19 followed at_most 5 working days
AC-22 elapsed at_most 2 working days
AC-23 share_reached at_least 100 %
AC-23 share_reached at_least 30 %
AC-24 attempts at_least 3
AC-24 attempts on_days 2
AC-25 elapsed at_most 2 working hours
AC-25 elapsed at_most 24 h
AC-27 elapsed at_most 3 working days
AC-27 elapsed at_most 7 working days
AC-28 elapsed at_most 1 working day
AC-29 elapsed at_most 2 working hours
AC-29 reminders at 7 days
AC-29 reminders at 30 days
AC-30 repeat within 30 days
AC-30 repeat told_within 90 days
AC-32 second_call times 2
AC-32 second_call within 3 working days
AC-38 followed at_most 5 working days
AC-38 followed worse_after 10 working days
AC-39 load_spread within 30 %
AC-39 load_spread days_at_least 10
AC-42 burst at_most 4
AC-42 repeated_text at_most 3
AC-43 deadline by 09:30
AC-44 occurrences at_most 1
AC-44 occurrences at_least 1
AC-45 elapsed at_most 30 working min
AC-46 hours within 09:00-12:00
AC-46 hours within 14:00-20:00
PR-01 in_range at_least 1
PR-01 in_range at_most 5
PR-03 approved up_to 500
PR-05 elapsed at_most 30 working min
PR-06 deadline late_from 16:00
PR-07 elapsed at_most 2 working days
PR-08 value_limit at_most 60 %
PR-09 elapsed at_most 1 working day
PR-10 elapsed at_most 1 working day
PR-12 in_range at_least 0
PR-16 blocked at_most 2
PR-16 blocked oldest 5 days
PR-17 followed at_most 1 working day
PR-18 followed at_most 1 working day
PR-19 followed at_most 5 working days
PR-22 followed at_most 1 working day
PR-22 preceded at_most 14 days
PR-25 count_tolerance tolerances 1 %
PR-25 count_tolerance tolerances 3 %
PR-25 count_tolerance tolerances 5 %
PR-25 count_tolerance serialised 0
PR-26 amounts_agree explained_within 3 working days
PR-27 approved up_to 200
PR-29 overdue at_most 180 days
PR-31 repeat within 30 days
PR-31 warranty at_least 90 days
PR-33 stays at_most 3 working days
"""
"""Rule, kind, setting and the limit it is given."""

TARGETS = """
K-01 at_least 95 rate
K-02 at_least 98 rate
K-03 at_most 1600 percentile
K-04 at_least 98 rate
K-05 at_least 95 rate
K-06 at_least 85 rate
K-07 at_most 5 rate
K-08 at_least 85 share_within
K-09 at_least 100 ratio
K-10 at_least 95 share_in_range
K-11 at_least 100 rate
K-12 at_least 98 rate
K-13 at_least 95 fill_rate
K-14 at_least 98 rate
K-15 below 1/2 ratio
K-16 at_least 100 share_within
K-17 at_least 100 agreement
K-18 at_least 100 rate
K-19 at_least 100 filled_share
K-20 at_most 0 open_cases
K-21 at_most 1 ratio
K-22 at_least 95 agreement
K-23 at_least 100 ratio
"""
"""Figure, side and percent of its target (K-03: 16 working hours, K-20: a number), and its kind."""

ANSWERED = """
CK-HTL-B1 AC-01
CK-HTL-C2 AC-15
CK-HTL-D1 AC-02 AC-06
CK-HTL-D2 AC-03
CK-HTL-E1 AC-32
CK-COO-B1 AC-03 AC-06
CK-COO-B2 AC-04
CK-COO-B3 AC-05
CK-COO-C3 AC-39 AC-17
CK-COO-C4 AC-08
CK-COO-D1 AC-43
CK-COO-D2 AC-31
CK-OSE-B1 AC-08
CK-OSE-B2 AC-07
CK-OSE-C4 AC-30 AC-44
CK-OSE-D2 AC-18 AC-19 AC-20
CK-RCP-C3 AC-15
CK-RCP-D2 AC-45
CK-RCP-D3 AC-08 AC-29
CK-RCP-V2 AC-12
CK-INS-B2 AC-28
CK-INS-C1 AC-20
CK-INS-D1 AC-27
CK-INS-D2 AC-30
CK-SPS-B1 PR-01 PR-05
CK-SPS-B2 PR-06 AC-37
CK-SPS-C2 PR-14 PR-15 AC-20
CK-SPS-D1 AC-18
CK-SPS-D2 PR-18 AC-20
CK-SPS-D3 AC-19 PR-19
CK-SPS-D4 PR-22 PR-23
CK-SPS-V2 PR-15
CK-CBS-A1 AC-22
CK-CBS-A2 AC-23
CK-CBS-A3 AC-24 AC-46
CK-MGR-C1 AC-25
CK-ADM-C2 AC-14
"""
"""Which checks answer which items."""

MOVES = """
RECV RESERVE UNRESERVE ISSUE CONSUME RETURN_GOOD RETURN_DEF DOA_REPORT SHIP_DEF CENTRE_ACCEPT
CENTRE_REJECT TRANSFER_OUT TRANSFER_IN LOAN_OUT LOAN_BACK SCRAP ADJ_PLUS ADJ_MINUS
"""


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@pytest.fixture(scope="module")
def book() -> Handbook:
    loaded, problems = load_handbook(ROOT)
    assert loaded is not None, problems
    return loaded


def test_all_rules_and_figures_are_there(book: Handbook) -> None:
    automatic = [f"AC-{n:02}" for n in range(1, 47)]
    on_parts = [f"PR-{n:02}" for n in range(1, 35)]
    assert list(book.rules) == automatic + on_parts
    assert list(book.kpis) == [f"K-{n:02}" for n in range(1, 26)]


def test_parts_rules_have_the_stage_severity_and_source_laid_down(book: Handbook) -> None:
    assert book.parts is not None
    for id_, stage, severity, source, check in rows(PARTS):
        rule = book.rules[id_]
        mark = source.replace(".", " ")
        assert (rule.stage, rule.severity, rule.provenance) == (stage, severity, mark), id_
        assert bool(rule.kinds) == ("auto" in check), id_
        assert rule.evidence == (("P",) if "photo" in check else ()), id_


def figures(book: Handbook) -> list[Kpi | Figure]:
    found: list[Kpi | Figure] = []
    for kpi in book.kpis.values():
        found += [kpi, *kpi.also]
    return found


def given(rule: Rule) -> set[tuple[str, str, str]]:
    """List what a rule gives its kinds: kind, setting and each value."""
    parts = [(part.kind, part.given) for part in rule.all_of]
    if rule.kind is not None:
        parts.append((rule.kind, rule.given))
    return {(kind, name, v) for kind, g in parts for name, vs in g.items() for v in listed(vs)}


def test_limits_are_those_laid_down(book: Handbook) -> None:
    for id_, kind, setting, *words in rows(LIMITS):
        assert (kind, setting, " ".join(words)) in given(book.rules[id_]), id_


UNSAID = {
    ("PR-06", "within"): "the same day is said in words",
    ("PR-06", "late_within"): "what comes later than that is told in the rule",
    ("PR-08", "of"): "the deposit of a station stands in the note",
    ("PR-16", "returned_within"): "it is the limit of PR-18",
    ("PR-21", "at_most"): "it is the limit of PR-19",
    ("PR-26", "tolerance"): "to agree is to differ by nothing",
}
"""Numbers the text of a limit does not say, and why."""

OTHERWISE = {("PR-16", "at_most"): "3"}
"""How it says a number: 3 block where 2 are the most."""


def test_the_text_of_a_limit_of_a_parts_rule_says_its_numbers(book: Handbook) -> None:
    seen = set[tuple[str, str]]()
    for rule in (rule for name, rule in book.rules.items() if name.startswith("PR-")):
        for kind, name, value in given(rule):
            parameter = RULE_KINDS[kind].parameter(name)
            if parameter is None or parameter.sort not in {"length", "number", "share", "time"}:
                continue
            seen.add((rule.id, name))
            number = OTHERWISE.get((rule.id, name), value.split()[0])
            if (rule.id, name) in UNSAID:
                continue
            assert rule.limit is not None, rule.id
            for _, text in rule.limit.wordings:
                assert number in re.findall(r"\d+(?::\d+)?", text), (rule.id, text)
    assert {*UNSAID, *OTHERWISE} <= seen


def test_targets_are_those_laid_down(book: Handbook) -> None:
    for id_, side, percent, kind in rows(TARGETS):
        kpi = book.kpis[id_]
        assert kpi.target is not None, id_
        assert getattr(kpi.target, side) == Fraction(percent) / 100, id_
        assert kpi.kind == kind, id_
    assert {id_ for id_, kpi in book.kpis.items() if kpi.lag} == {"K-06", "K-07", "K-09"}


def test_items_are_answered_by_the_checks_laid_down(book: Handbook) -> None:
    items = {item.id: item for lst in book.checklists.values() for item in lst.items}
    told = {id_: item.answer_from for id_, item in items.items() if item.answer_from}
    assert told == {id_: tuple(checks) for id_, *checks in rows(ANSWERED)}


def test_all_moves_are_booked_from_and_to_a_status(book: Handbook) -> None:
    assert book.parts is not None
    assert [move.id for move in book.parts.moves] == MOVES.split()
    assert [move.id for move in book.parts.moves if not move.from_] == ["ADJ_PLUS"]
    assert all(move.to and move.stage and move.papers for move in book.parts.moves)


def test_every_stage_is_reached_from_the_first_or_stands_by_itself(book: Handbook) -> None:
    assert book.parts is not None
    following = {stage.id: stage.next for stage in book.parts.stages}
    reached, ahead = set[str](), ["request"]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += following[name]
    # What has not moved for long is found by looking, wherever it lies.
    assert set(following) - reached == {"ageing"}


def test_a_rule_says_all_it_needs_in_both_languages(book: Handbook) -> None:
    for rule in book.rules.values():
        texts = (rule.title, rule.passes, rule.limit, *(part.title for part in rule.all_of))
        assert all(t is not None and t.languages == ("zh", "en") for t in texts), rule.id
        assert rule.severity, rule.id
        assert set(rule.kinds) <= set(RULE_KINDS)
        assert rule.data, rule.id


def test_every_kind_serves_a_rule_or_a_figure(book: Handbook) -> None:
    used = {kind for rule in book.rules.values() for kind in rule.kinds}
    assert used == set(RULE_KINDS)
    assert {figure.kind for figure in figures(book)} == set(KPI_KINDS)


def test_every_condition_is_named_by_a_rule_a_figure_a_draw_or_another_condition(
    book: Handbook,
) -> None:
    named = {name for rule in book.rules.values() for name in rule.named}
    for figure in figures(book):
        for key in ("when", "unless", "of_only"):
            named |= set(listed(figure.given[key])) if key in figure.given else set()
    named |= set(book.sampling.always) if book.sampling else set()
    for condition in book.conditions.values():
        clauses = (*condition.all_of, *condition.any_of)
        named |= {clause.condition for clause in clauses if clause.condition}
    assert named == set(book.conditions)


def test_a_suspicion_is_told_as_one(book: Handbook) -> None:
    assert {id_ for id_, rule in book.rules.items() if rule.suspicion} == {"AC-33", "AC-42"}

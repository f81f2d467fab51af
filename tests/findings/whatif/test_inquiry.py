"""Questions asked of the sample handbook: posts, vetoes, the branch, and items still open."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.findings.whatif.test_prospect import every_set, told_sets

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.auditfile import Audit
from sopaudit.findings.scoring import Scorer
from sopaudit.findings.whatif.inquiry import Inquiry
from sopaudit.findings.whatif.prospect import prospect
from sopaudit.findings.whatif.subject import Thing, Whole
from sopaudit.report.whatif.text import outlook_text, prospect_text
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[3]
FAULTLESS = {"B": "yes", "H": "yes", "R": "0 of 20", "V": "yes"}
WORST = {"B": "no", "H": "partial", "R": "7 of 20", "V": "no, confirmed"}
SCOPE = {
    "id": "A1",
    "office": "CD",
    "period": {"from": "2026-10-01", "to": "2026-10-31"},
    "scope": {"posts": ["HTL", "COO"]},
    "date": "2026-11-06",
    "kind": "region",
    "team": [{"person": "9001", "role": "leader"}],
    "state": "final",
}

Ask = Callable[..., Inquiry]


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    loaded, problems = load_handbook(ROOT)
    assert loaded is not None, problems
    return loaded


@pytest.fixture(scope="module")
def ask(
    handbook: Handbook, rows: Callable[..., list[Any]], frame: Callable[..., AnswerFrame]
) -> Ask:
    """Give the function that asks of hotline and coordinator without a fault but those said.

    What is said by the empty text is still open.
    """

    def asked(said: Mapping[str, str]) -> Inquiry:
        frames = []
        for name in ("CK-HTL", "CK-COO"):
            checklist = handbook.checklists[name]
            scorer = Scorer(checklist, handbook.schemes[checklist.scheme])
            sheet = {i.id: FAULTLESS.get(str(i.scoring), "0") for i in checklist.items}
            sheet |= {item: words for item, words in said.items() if item in sheet}
            frames.append(frame(scorer, ["A1"], rows(scorer, {"A1": sheet})))
        return Inquiry(handbook, frames, "A1", Audit.model_validate(SCOPE))

    return asked


@pytest.mark.parametrize("seed", range(2))
def test_the_smallest_sets_of_a_branch_are_those_found_by_trying_all(seed: int, ask: Ask) -> None:
    random = Random(seed)  # noqa: S311 -- a sample
    asked = ask({})
    items = [i for name in ("CK-HTL", "CK-COO") for i in asked.handbook.checklists[name].items]
    chosen = random.sample(items, 5)
    asked = ask({item.id: WORST.get(str(item.scoring), "9") for item in chosen})
    branch = asked.handbook.branches["CK-BRANCH"]
    scheme = asked.handbook.schemes[branch.scheme]
    subject = Whole([*asked.posts.values()], scheme, asked._roll(branch))
    for goal in "AB":
        told = prospect(subject, goal)
        assert told.proven
        assert told_sets(told) == every_set(subject, told)


def test_a_veto_says_that_nothing_else_helps(ask: Ask, handbook: Handbook) -> None:
    asked = ask({"CK-HTL-V2": "no, confirmed", "CK-HTL-B1": "10 of 20"})
    told = asked.prospect("CK-HTL", "A")
    assert (told.now.score, told.now.grade) == ("95.0", "E")
    assert told_sets(told) == [(Thing("CK-HTL", "CK-HTL-V2"),)]
    (obstacle,) = told.obstacles
    assert (obstacle.kind, obstacle.causes) == ("limit", ("CK-HTL-V2",))
    assert obstacle.alone
    said = prospect_text(handbook, told, "en").replace("\n  ", " ")
    assert "CK-HTL-V2 · One-vote veto: it holds the grade at E; no correction of other" in said
    branch = asked.prospect("CK-BRANCH", "C")
    assert branch.now.grade == "D"
    assert told_sets(branch) == [(Thing("CK-HTL", "CK-HTL-V2"),)]


def test_a_veto_that_waits_is_told_and_holds_nothing_yet(ask: Ask) -> None:
    asked = ask({"CK-HTL-V2": "no"})
    for name, grade in (("CK-HTL", "E"), ("CK-BRANCH", "D")):
        told = asked.prospect(name, "A")
        assert told.reached
        (obstacle,) = told.obstacles
        assert (obstacle.kind, obstacle.grade) == ("pending", grade)
        outlook = asked.outlook(name)
        assert (outlook.best, outlook.worst, outlook.worst_of_all) == ("A", "A", grade)
        assert [(v.thing.item, v.pending) for v in outlook.vetoes] == [("CK-HTL-V2", True)]


def test_a_grade_may_hold_whatever_the_open_items_are(ask: Ask, handbook: Handbook) -> None:
    """100 − 10 − 2 is 88; the open item is worth 5."""
    told = ask({"CK-HTL-E2": "", "CK-HTL-A1": "2", "CK-HTL-B1": "20 of 20"}).outlook("CK-HTL")
    assert (told.best, told.worst, told.proven) == ("C", "C", True)
    assert not told.deciding
    text = outlook_text(handbook, told, "en")
    assert "C holds whatever CK-HTL-E2 is." in text
    assert "The score lies between 83.0 and 88.0." in text


def test_two_grades_may_still_be_possible(ask: Ask, handbook: Handbook) -> None:
    """100 − 5 is 95; the open item is worth 5."""
    told = ask({"CK-HTL-A1": "", "CK-HTL-B1": "10 of 20"}).outlook("CK-HTL")
    assert (told.best, told.worst) == ("A", "B")
    assert told.lowest is not None
    assert told.lowest.exact == Fraction(90)
    text = outlook_text(handbook, told, "en")
    assert "A … B are still possible.\nThese items decide: CK-HTL-A1." in text


def test_an_open_veto_stands_as_the_exception(ask: Ask, handbook: Handbook) -> None:
    asked = ask({"CK-HTL-V1": "", "CK-HTL-E2": "", "CK-HTL-B1": "16 of 20"})
    told = asked.outlook("CK-HTL")
    assert (told.best, told.worst, told.worst_of_all) == ("B", "C", "E")
    assert [(v.thing.item, v.grade) for v in told.vetoes] == [("CK-HTL-V1", "E")]
    assert [thing.item for thing in told.deciding] == ["CK-HTL-E2"]
    for lang, words in (("zh", "除非 CK-HTL-V1 查出否决情形"), ("en", "Unless CK-HTL-V1 turns")):
        text = outlook_text(handbook, told, lang)
        assert words in text
        assert all(width(line) <= COLUMNS for line in text.splitlines())


def test_a_post_nobody_looked_at_may_take_the_branch_anywhere(handbook: Handbook, ask: Ask) -> None:
    asked = ask({})
    asked = Inquiry(handbook, asked.frames["CK-HTL"], "A1", asked.described)
    told = asked.outlook("CK-BRANCH")
    assert told.proven
    assert told.lowest is not None
    assert told.highest is not None
    assert (told.lowest.score, told.highest.score) == ("50.0", "100.0")
    assert (told.best, told.worst) == ("A", "E")
    assert len(told.open) == len(handbook.checklists["CK-COO"].items)


def test_what_is_not_proven_says_so(ask: Ask, handbook: Handbook) -> None:
    asked = ask({"CK-HTL-B1": "20 of 20", "CK-HTL-E2": ""})
    told = replace(asked.prospect("CK-HTL", "A"), proven=False)
    assert "一项就可以" not in prospect_text(handbook, told, "zh")
    assert "是否最少没有算完（不符合的有 1 项）" in prospect_text(handbook, told, "zh")
    text = prospect_text(handbook, told, "en")
    assert "CK-HTL-E2 has no answer yet; whatif" in text.replace("\n  ", " ")
    open_ = replace(asked.outlook("CK-HTL"), proven=False)
    assert "Not every way was tried" in outlook_text(handbook, open_, "en")
    endless = replace(open_, endless=(True, False))
    assert "there is no lowest" in outlook_text(handbook, endless, "en").replace("\n", " ")


def test_an_audit_of_which_nothing_is_answered_has_every_grade_before_it(
    handbook: Handbook, ask: Ask
) -> None:
    asked = ask({item.id: "" for item in handbook.checklists["CK-HTL"].items})
    told = asked.prospect("CK-HTL", "A")
    assert [obstacle.kind for obstacle in told.obstacles] == ["unscored", "open"]
    assert "现在没有得分" in prospect_text(handbook, told, "zh")
    outlook = asked.outlook("CK-HTL")
    assert (outlook.best, outlook.worst, outlook.may_go, outlook.proven) == ("A", "E", True, True)
    assert "If nothing applies, there will be no score." in outlook_text(handbook, outlook, "en")


def test_long_lists_say_how_many_more_there_are_and_posts_stand_beside_no_items_of_theirs(
    handbook: Handbook, ask: Ask
) -> None:
    names = ("CK-HTL", "CK-COO")
    asked = ask({i.id: "" for name in names for i in handbook.checklists[name].items})
    told = asked.prospect("CK-BRANCH", "A")
    assert not {*names} & {*told.obstacles[-1].causes}
    assert "、另 20 项；" in prospect_text(handbook, told, "zh").replace("\n  ", "")


def test_what_decides_is_not_told_where_not_every_way_was_tried(
    handbook: Handbook, ask: Ask
) -> None:
    """One item of 5 points leaves an A an A, but two together do not."""
    told = ask({item.id: "" for item in handbook.checklists["CK-HTL"].items}).outlook("CK-HTL")
    assert not told.deciding
    assert (told.best, told.worst) == ("A", "E")


def test_a_grade_that_is_a_number_is_told_apart_from_the_score(
    handbook: Handbook, ask: Ask
) -> None:
    told = ask({"CK-HTL-B1": "10 of 20"}).prospect("CK-HTL", "A")
    told = replace(told, now=replace(told.now, score="20", grade="4"))
    assert "20, grade 4" in prospect_text(handbook, told, "en")
    assert "20（等级 4）" in prospect_text(handbook, told, "zh")

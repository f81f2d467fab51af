"""A branch is the weighted mean of its posts, and no better than D while a post is vetoed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sopaudit.criteria.checklist import Branch, BranchPart, Checklist
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.criteria.organisation import Person
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.auditfile import Scope
from sopaudit.findings.branch import branch_score, expected, left_out
from sopaudit.findings.derivation import score
from sopaudit.findings.score import Line, Score
from sopaudit.findings.scoring import Scorer

ROOT = Path(__file__).parents[2]
POSTS = ("CK-HTL", "CK-COO")
FAULTLESS = {"B": "yes", "H": "yes", "R": "0 of 20", "D1": "0", "D2": "0", "V": "yes"}

Post = Callable[..., Score]


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    loaded, problems = load_handbook(ROOT)
    assert loaded is not None, problems
    return loaded


@pytest.fixture(scope="module")
def branch(handbook: Handbook) -> Branch:
    """Give the roll-up of the two posts whose items are known here."""
    branch = handbook.branches["CK-BRANCH"]
    of = [part for part in branch.of if part.checklist in POSTS]
    return branch.model_copy(update={"of": tuple(of)})


@pytest.fixture(scope="module")
def post(
    handbook: Handbook, rows: Callable[..., list[Any]], frame: Callable[..., AnswerFrame]
) -> Post:
    """Give the function that scores a post without a fault, but for what is said of its items."""

    def scored(checklist: str, said: Mapping[str, str] | None = None) -> Score:
        criteria = handbook.checklists[checklist]
        scorer = Scorer(criteria, handbook.schemes[criteria.scheme])
        sheet = {item.id: FAULTLESS[str(item.scoring)] for item in criteria.items}
        sheet |= {f"{checklist}-{item}": words for item, words in (said or {}).items()}
        return score(scorer, [frame(scorer, ["A1"], rows(scorer, {"A1": sheet}))], "A1")

    return scored


def blank(checklist: Checklist) -> dict[str, str]:
    return {item.id.removeprefix(f"{checklist.id}-"): "" for item in checklist.items}


def test_posts_without_a_fault_make_a_branch_of_grade_a(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    told = branch_score(handbook, branch, [post(name) for name in POSTS], POSTS)
    assert (told.checklist, told.score, told.possible) == ("CK-BRANCH", "100.0", "100")
    assert (told.grade, told.state) == ("A", "scored")


def test_unrounded_scores_of_posts_enter_the_mean(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    """95.95 and 96.06 print as 96.0 and 96.1, whose mean would print as 96.1."""
    posts = [post("CK-HTL", {"B1": "81 of 200"}), post("CK-COO", {"B1": "197 of 500"})]
    assert [told.score for told in posts] == ["96.0", "96.1"]
    told = branch_score(handbook, branch, posts, POSTS)
    assert told.exact == Fraction("96.005")
    assert told.score == "96.0"


def test_posts_weigh_as_the_branch_says(handbook: Handbook, branch: Branch, post: Post) -> None:
    heavy, light = branch.of
    weighed = (
        heavy.model_copy(update={"weight": Fraction(3)}),
        light.model_copy(update={"weight": Fraction(1)}),
    )
    told = branch_score(
        handbook,
        branch.model_copy(update={"of": weighed}),
        [post("CK-HTL", {"B1": "20 of 20"}), post("CK-COO")],
        POSTS,
    )
    assert told.exact == Fraction(3 * 90 + 100, 4)


def test_a_post_the_branch_does_not_have_drops_out(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    told = branch_score(handbook, branch, [post("CK-HTL", {"B1": "20 of 20"})], ["CK-HTL"])
    assert (told.score, told.grade, told.state) == ("90.0", "B", "scored")
    assert (told.possible, told.percent) == ("100", "90")
    assert {item.item: item.outcome for item in told.items} == {"CK-HTL": "counted", "CK-COO": "na"}


def test_a_branch_without_any_of_the_posts_is_not_scored(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    assert branch_score(handbook, branch, [post("CK-HTL")], []).state == "not scored"


def test_a_post_that_was_not_looked_at_leaves_the_branch_incomplete(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    told = branch_score(handbook, branch, [post("CK-HTL")], POSTS)
    assert (told.score, told.grade, told.state) == ("100.0", "A", "incomplete")
    assert (told.possible, told.percent) == ("100", "100")


def test_a_post_without_a_score_leaves_the_branch_incomplete(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    unscored = post("CK-COO", blank(handbook.checklists["CK-COO"]))
    assert unscored.state == "not scored"
    told = branch_score(handbook, branch, [post("CK-HTL"), unscored], POSTS)
    assert (told.score, told.possible, told.state) == ("100.0", "100", "incomplete")


def test_a_branch_whose_posts_all_lack_a_score_is_not_scored(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    unscored = [post(name, blank(handbook.checklists[name])) for name in POSTS]
    told = branch_score(handbook, branch, unscored, POSTS)
    assert (told.state, told.score, told.grade) == ("not scored", None, None)


def test_an_incomplete_post_makes_an_incomplete_branch(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    posts = [post("CK-HTL", {"A1": "unchecked"}), post("CK-COO")]
    assert branch_score(handbook, branch, posts, POSTS).state == "incomplete"


def test_a_limited_scope_stays_the_posts_own(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    skipped = dict.fromkeys(("A1", "A2", "B1", "B2", "B3", "C1"), "na")
    limited = post("CK-HTL", skipped)
    assert limited.state == "limited scope"
    assert branch_score(handbook, branch, [limited, post("CK-COO")], POSTS).state == "scored"


def test_a_post_outside_the_scope_is_left_out_and_the_branch_says_so(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    """It speaks for one post, with the whole weight, and does not pretend to be the whole."""
    posts = [post("CK-HTL", {"B1": "20 of 20"})]
    told = branch_score(handbook, branch, posts, POSTS, ["CK-COO"])
    assert (told.score, told.grade, told.state) == ("90.0", "B", "limited scope")
    assert (told.possible, told.percent) == ("100", "90")
    assert (told.within, told.outside) == (("CK-HTL",), ("CK-COO",))
    assert [(i.item, i.outcome) for i in told.items] == [
        ("CK-HTL", "counted"), ("CK-COO", "out_of_scope"),
    ]  # fmt: skip
    assert told.lines[0] == Line("total.scope", {"items": "CK-COO"})


def test_posts_stand_in_the_order_of_the_branch_whichever_are_in_scope(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    told = branch_score(handbook, branch, [post("CK-COO")], POSTS, ["CK-HTL"])
    assert [item.item for item in told.items] == ["CK-HTL", "CK-COO"]


def test_a_post_outside_the_scope_that_nobody_holds_is_not_missed(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    told = branch_score(handbook, branch, [post("CK-HTL")], ["CK-HTL"], ["CK-COO"])
    assert (told.state, told.within, told.outside) == ("scored", ("CK-HTL",), ())
    assert told == branch_score(handbook, branch, [post("CK-HTL")], ["CK-HTL"])


def test_a_post_in_scope_without_a_score_still_leaves_the_branch_incomplete(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    more = BranchPart.model_validate({"checklist": "CK-MORE", "weight": 1})
    wide = branch.model_copy(update={"of": (*branch.of, more)})
    known = handbook.checklists["CK-HTL"].model_copy(update={"id": "CK-MORE"})
    grown = replace(handbook, checklists={**handbook.checklists, "CK-MORE": known})
    told = branch_score(grown, wide, [post("CK-HTL")], [*POSTS, "CK-MORE"], ["CK-COO"])
    assert (told.score, told.state) == ("100.0", "incomplete")
    assert (told.within, told.outside) == (("CK-HTL", "CK-MORE"), ("CK-COO",))


def test_a_pending_veto_is_told_before_a_limited_scope(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    posts = [post("CK-HTL", {"V1": "no"})]
    told = branch_score(handbook, branch, posts, POSTS, ["CK-COO"])
    assert (told.grade, told.pending_grade, told.state) == ("A", "D", "pending veto")
    assert told.outside == ("CK-COO",)


def test_a_branch_of_limited_scope_without_a_score_is_not_scored(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    unscored = post("CK-HTL", blank(handbook.checklists["CK-HTL"]))
    told = branch_score(handbook, branch, [unscored], POSTS, ["CK-COO"])
    assert (told.state, told.score, told.outside) == ("not scored", None, ("CK-COO",))


@pytest.mark.parametrize(
    ("scope", "outside"),
    [
        (None, []),
        (["HTL", "COO"], []),
        (["HTL"], ["CK-COO"]),
        (["COO", "MGR"], ["CK-HTL"]),
        (["MGR"], ["CK-HTL", "CK-COO"]),
    ],
)
def test_what_the_scope_does_not_name_is_outside_it(
    scope: list[str] | None, outside: list[str], handbook: Handbook, branch: Branch
) -> None:
    declared = Scope.model_validate({"posts": scope}) if scope else None
    assert left_out(handbook, branch, declared) == outside


def test_a_checklist_of_no_post_is_always_in_scope(handbook: Handbook, branch: Branch) -> None:
    of_none = handbook.checklists["CK-COO"].model_copy(update={"post": None})
    known = replace(handbook, checklists={**handbook.checklists, "CK-COO": of_none})
    assert left_out(known, branch, Scope.model_validate({"posts": ["HTL"]})) == []


def test_a_confirmed_veto_in_one_post_limits_the_branch_to_d_and_leaves_its_score(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    vetoed = post("CK-HTL", {"V1": "no, confirmed"})
    assert (vetoed.score, vetoed.grade) == ("100.0", "E")
    told = branch_score(handbook, branch, [vetoed, post("CK-COO")], POSTS)
    assert (told.score, told.band, told.grade, told.state) == ("100.0", "A", "D", "scored")
    (bite,) = told.bites
    assert (bite.limit, bite.items, bite.pending) == ("post-veto", ("CK-HTL",), False)


def test_a_branch_that_is_worse_than_d_stays_so_under_a_veto(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    items = ("B1", "B2", "C1", "C2", "C3", "D1", "D2", "D3")
    poor = post("CK-HTL", dict.fromkeys(items, "20 of 20") | {"V1": "no, confirmed"})
    told = branch_score(handbook, branch, [poor], ["CK-HTL"])
    assert (told.score, told.band, told.grade) == ("28.0", "E", "E")


def test_an_unconfirmed_veto_leaves_the_branch_pending_and_both_grades_are_told(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    posts = [post("CK-HTL", {"V1": "no"}), post("CK-COO")]
    told = branch_score(handbook, branch, posts, POSTS)
    assert (told.grade, told.pending_grade, told.state) == ("A", "D", "pending veto")


def test_an_incomplete_post_does_not_hide_its_pending_veto(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    posts = [post("CK-HTL", {"V1": "no", "A1": "unchecked"}), post("CK-COO")]
    told = branch_score(handbook, branch, posts, POSTS)
    assert (told.grade, told.pending_grade, told.state) == ("A", "D", "incomplete")


def test_a_veto_counts_even_where_the_auditor_stopped_there(
    handbook: Handbook, branch: Branch, post: Post
) -> None:
    stopped = blank(handbook.checklists["CK-HTL"]) | {"V1": "no, confirmed"}
    posts = [post("CK-HTL", stopped), post("CK-COO")]
    told = branch_score(handbook, branch, posts, POSTS)
    assert (told.score, told.grade, told.state) == ("100.0", "D", "incomplete")


def test_a_post_measured_in_thirds_enters_exactly(
    handbook: Handbook,
    branch: Branch,
    build: Callable[..., Scorer],
    rows: Callable[..., list[Any]],
    frame: Callable[..., AnswerFrame],
) -> None:
    scorer = build(
        """
        scheme: {answers: number}
        items: [{id: a, points: 1/3}, {id: b, points: 1/3}]
        """
    )
    known: dict[str, Scheme] = {**handbook.schemes, "scheme": scorer.scheme}
    tiny = replace(handbook, checklists={"CK-HTL": scorer.checklist}, schemes=known)
    only = branch.model_copy(update={"of": branch.of[:1]})
    sheet = {"A1": {"a": "1/3", "b": "1/7"}}
    told = score(scorer, [frame(scorer, ["A1"], rows(scorer, sheet))], "A1")
    told = replace(told, checklist="CK-HTL")
    assert branch_score(tiny, only, [told], ["CK-HTL"]).exact == Fraction(10, 14) * 100


@pytest.mark.parametrize(
    ("office", "day", "known"),
    [
        ("CD", "2026-10-20", ["CK-HTL", "CK-COO"]),
        ("CD", "2026-10-31", ["CK-HTL", "CK-COO"]),
        ("CD", "2026-11-01", ["CK-COO"]),
        ("CQ", "2026-10-20", []),
        ("CD", "2019-12-31", ["CK-HTL", "CK-COO"]),
        ("HZ", "2026-10-20", ["CK-HTL", "CK-COO"]),
        (None, "2026-10-20", ["CK-HTL", "CK-COO"]),
    ],
)
def test_a_post_exists_where_somebody_holds_it_that_day(
    office: str | None, day: str, known: list[str], handbook: Handbook, branch: Branch
) -> None:
    """Where the roster knows nobody at all, every post is taken to exist."""
    days = {"from": "2020-01-01", "to": "2026-10-31"}
    roster = [
        {"id": "1", "name": "A", "posts": ["HTL"], "office": "CD", **days},
        {"id": "2", "name": "B", "posts": ["COO"], "office": "CD", "from": "2020-01-01"},
        {"id": "3", "name": "C", "posts": [], "office": "CQ"},
    ]
    people = replace(handbook, roster=tuple(Person.model_validate(person) for person in roster))
    assert expected(people, branch, office, date.fromisoformat(day)) == known

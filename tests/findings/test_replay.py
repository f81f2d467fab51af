"""Past audits under a proposed edition: the same numbers as scoring, and causes that add up."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopaudit.criteria.checklist import BranchPart, Item
from sopaudit.criteria.field import day
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.frozen import Engine, Frozen, FrozenScore
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.findings.replay import Replay, Row, replay

ROOT = Path(__file__).parents[2]
AUDITS = ("2026-07-cd", "2026-10-cd")


def _loaded() -> tuple[Handbook, dict[str, AuditFolder]]:
    handbook, problems = load_handbook(ROOT)
    assert handbook is not None, problems
    found = {name: read_audit(ROOT / "audits" / name, handbook)[0] for name in AUDITS}
    return handbook, {name: audit for name, audit in found.items() if audit is not None}


BOOK, FOLDERS = _loaded()
JULY, OCTOBER = (FOLDERS[name] for name in AUDITS)


def with_items(handbook: Handbook, name: str, items: dict[str, Item | None]) -> Handbook:
    held = handbook.checklists[name]
    kept = tuple(item for item in {**held.by_id, **items}.values() if item is not None)
    changed = held.model_copy(update={"items": kept})
    digests = {**handbook.digests, name: "sha256:other"}
    checklists = {**handbook.checklists, name: changed}
    return replace(handbook, checklists=checklists, digests=digests)


def with_item(name: str, item: str, handbook: Handbook = BOOK, **values: Any) -> Handbook:  # noqa: ANN401
    changed = handbook.checklists[name].by_id[item].model_copy(update=values)
    return with_items(handbook, name, {item: changed})


def with_scheme(
    words: dict[str, object], handbook: Handbook = BOOK, name: str = "post"
) -> Handbook:
    held = handbook.schemes[name]
    fields = {key: getattr(held, key) for key in Scheme.model_fields}
    changed = Scheme.model_construct(**{**fields, **words})
    digests = {**handbook.digests, name: "sha256:other"}
    return replace(handbook, schemes={**handbook.schemes, name: changed}, digests=digests)


def bands(grade: str, at_least: int) -> dict[str, object]:
    return {
        "grades": tuple(
            band.model_copy(update={"at_least": Fraction(at_least)})
            if band.grade == grade
            else band
            for band in BOOK.schemes["post"].grades
        )
    }


def row(told: Replay, checklist: str) -> Row:
    return next(one for one in told.rows if one.checklist == checklist)


def seen(one: Row) -> tuple[str | None, ...]:
    assert one.old is not None
    assert one.new is not None
    return one.old.score, one.old.grade, one.new.score, one.new.grade


@pytest.mark.parametrize("name", AUDITS)
def test_the_old_column_is_what_the_edition_of_the_audit_gives(name: str) -> None:
    told = replay(FOLDERS[name], BOOK, with_scheme(bands("B", 92)))
    scored = {score.checklist: score for score in conclude_folder(FOLDERS[name]).all}
    assert {one.checklist: one.old for one in told.rows} == scored
    assert told.belongs == "old"


def test_an_edition_that_scores_alike_changes_nothing() -> None:
    told = replay(OCTOBER, BOOK, BOOK)
    assert told.belongs == "both"
    assert not any(one.changed or one.causes or one.not_carried for one in told.rows)


def test_a_band_that_moves_is_named_as_the_one_cause() -> None:
    told = replay(OCTOBER, BOOK, with_scheme(bands("B", 92)))
    one = row(told, "CK-HTL")
    assert seen(one) == ("91.2", "B", "91.2", "C")
    (cause,) = one.causes
    assert (cause.change.kind, cause.change.id, list(cause.change.parts)) == (
        "scheme",
        "post",
        ["grades"],
    )
    assert cause.step == 0
    assert cause.decides
    assert one.additive
    assert not row(told, "CK-COO").regraded
    assert not row(told, "CK-BRANCH").regraded


def test_changes_that_move_the_grade_only_together_do_not_claim_it_alone() -> None:
    """With fewer points on one item it is a 90.9, with another band a 91.2 is enough for a B."""
    new = with_scheme(bands("B", 91), with_item("CK-HTL", "CK-HTL-D1", points=Fraction(9)))
    one = row(replay(OCTOBER, BOOK, new), "CK-HTL")
    assert seen(one) == ("91.2", "B", "90.9", "C")
    assert [cause.decides for cause in one.causes] == [False, False]
    assert [cause.after.grade for cause in one.causes if cause.after] == ["B", "C"]


def test_what_a_change_does_alone_is_what_an_edition_with_it_alone_would_do() -> None:
    sets = BOOK.schemes["post"].sets
    nothing = {**sets["H"], "partial": Fraction(0)}  # type: ignore[dict-item]
    words: dict[str, object] = {"answers": {**sets, "H": nothing}}
    item = with_item("CK-COO", "CK-COO-B2", points=Fraction(30))
    both = row(replay(OCTOBER, BOOK, with_scheme(words, item)), "CK-COO")
    single = [row(replay(OCTOBER, BOOK, new), "CK-COO").new for new in (item, with_scheme(words))]
    assert [cause.alone and cause.alone.exact for cause in both.causes] == [
        one and one.exact for one in single
    ]
    assert not both.additive


def test_a_new_item_has_no_answer_and_one_that_is_gone_loses_it() -> None:
    old = BOOK.checklists["CK-COO"].by_id
    new = with_items(
        BOOK,
        "CK-COO",
        {
            "CK-COO-D3": None,
            "CK-COO-D9": old["CK-COO-D3"].model_copy(
                update={"id": "CK-COO-D9", "points": Fraction(6)}
            ),
        },
    )
    one = row(replay(OCTOBER, BOOK, new), "CK-COO")
    assert {(n.item, n.why) for n in one.not_carried} == {
        ("CK-COO-D9", "new"),
        ("CK-COO-D3", "gone"),
    }
    assert one.new is not None
    assert one.new.state == "incomplete"
    assert [c.change.kind for c in one.causes] == ["item_new", "item_gone"]


def test_an_item_that_only_has_another_id_keeps_its_answer() -> None:
    """The list of changes calls it renamed, so the replay must not call it new and unanswered."""
    renamed = BOOK.checklists["CK-COO"].by_id["CK-COO-B2"].model_copy(update={"id": "CK-COO-B9"})
    changes: dict[str, Item | None] = {"CK-COO-B2": None, "CK-COO-B9": renamed}
    one = row(replay(OCTOBER, BOOK, with_items(BOOK, "CK-COO", changes)), "CK-COO")
    assert not one.changed
    assert one.difference == 0
    assert [*one.causes, *one.not_carried] == []
    dearer = with_items(with_item("CK-COO", "CK-COO-B3", points=Fraction(8)), "CK-COO", changes)
    (cause,) = row(replay(OCTOBER, BOOK, dearer), "CK-COO").causes
    assert cause.change.id == "CK-COO-B3"


def test_an_item_retired_before_the_audit_is_gone_from_it() -> None:
    new = with_item("CK-COO", "CK-COO-D3", effective_until=day("2026-09-30"))
    assert [(n.item, n.why) for n in row(replay(OCTOBER, BOOK, new), "CK-COO").not_carried] == [
        ("CK-COO-D3", "gone")
    ]
    assert row(replay(JULY, BOOK, new), "CK-COO").not_carried == ()


def test_an_answer_that_is_none_any_more_is_told_with_its_reason() -> None:
    new = with_item("CK-COO", "CK-COO-A1", scoring="H")
    (missing,) = row(replay(OCTOBER, BOOK, new), "CK-COO").not_carried
    assert (missing.item, missing.why) == ("CK-COO-A1", "refused")
    assert missing.problem is not None
    assert missing.problem.code == "A111"


def test_an_answer_judged_otherwise_is_carried_and_told() -> None:
    new = with_item("CK-COO", "CK-COO-C3", scoring="B")
    missing = row(replay(JULY, BOOK, new), "CK-COO").not_carried
    assert ("CK-COO-C3", "rejudged") in {(n.item, n.why) for n in missing}


def test_a_branch_names_the_checklists_and_weights_that_move_it() -> None:
    new = with_item("CK-COO", "CK-COO-B2", points=Fraction(30))
    of = tuple(
        BranchPart(checklist=part.checklist, weight=part.weight * (3 if n else 1))
        for n, part in enumerate(new.branches["CK-BRANCH"].of)
    )
    branch = new.branches["CK-BRANCH"].model_copy(update={"of": of})
    new = replace(new, branches={**new.branches, "CK-BRANCH": branch})
    one = row(replay(OCTOBER, BOOK, new), "CK-BRANCH")
    assert [(c.change.kind, c.change.id) for c in one.causes] == [
        ("checklist", "CK-COO"),
        ("branch", "CK-BRANCH"),
    ]
    assert sum((c.step or Fraction(0)) for c in one.causes) == one.difference


def test_a_checklist_that_takes_another_scheme_leaves_those_of_the_old_one_alone() -> None:
    """Only the coordinator is scored by `strict`; what it does to the branch is half of that."""
    strict = with_scheme({"id": "strict", "roll_up": "mean"}).schemes["post"]
    coordinator = BOOK.checklists["CK-COO"].model_copy(update={"scheme": "strict"})
    new = replace(
        BOOK,
        checklists={**BOOK.checklists, "CK-COO": coordinator},
        schemes={**BOOK.schemes, "strict": strict},
        digests={**BOOK.digests, "CK-COO": "sha256:other", "strict": "sha256:strict"},
    )
    told = replay(OCTOBER, BOOK, new)
    assert not row(told, "CK-HTL").causes
    alone, branch = row(told, "CK-COO"), row(told, "CK-BRANCH")
    assert alone.difference
    assert branch.difference == alone.difference / 2
    for one in (alone, branch):
        (cause,) = one.causes
        assert (cause.change.kind, cause.change.id) == ("scheme", "post → strict")
        assert cause.step == one.difference


def test_what_is_no_change_of_scoring_is_told_as_the_rest() -> None:
    """Where nobody of the office holds another post, the two audited ones are the whole of it."""
    two = {"HTL", "COO"}
    held = [tuple(post for post in p.posts if post in two) for p in BOOK.roster]
    people = zip(BOOK.roster, held, strict=True)
    roster = tuple(person.model_copy(update={"posts": posts}) for person, posts in people)
    one = row(replay(OCTOBER, BOOK, replace(BOOK, roster=roster)), "CK-BRANCH")
    assert one.new is not None
    assert one.new.state == "scored"
    assert [cause.change.kind for cause in one.causes] == ["rest"]


def test_a_scheme_of_another_kind_changes_with_its_checklist_as_a_whole() -> None:
    words: dict[str, object] = {"answers": {"yes": Fraction(1), "no": Fraction(0)}}
    new = with_scheme(words)
    items = {
        id_: item.model_copy(update={"scoring": None})
        for id_, item in BOOK.checklists["CK-HTL"].by_id.items()
    }
    others = {n: c for n, c in new.checklists.items() if n == "CK-HTL"}
    new = replace(with_items(new, "CK-HTL", dict(items)), branches={})
    new = replace(new, checklists={n: new.checklists[n] for n in others})
    one = row(replay(OCTOBER, BOOK, new), "CK-HTL")
    assert [cause.change.kind for cause in one.causes] == ["whole"]
    assert all(n.why in ("refused", "rejudged") for n in one.not_carried)
    assert row(replay(OCTOBER, BOOK, new), "CK-COO").new is None


def test_an_audit_of_another_edition_is_said_to_be_one() -> None:
    other = with_scheme(bands("B", 92))
    third = with_scheme(bands("B", 93))
    third = replace(third, digests={**third.digests, "post": "sha256:third"})
    assert replay(OCTOBER, other, BOOK).belongs == "new"
    assert replay(OCTOBER, other, third).belongs == "neither"


def test_a_filed_result_that_does_not_come_out_again_is_named_with_its_engine() -> None:
    score = FrozenScore.model_validate(
        {"checklist": "CK-HTL", "exact": "91", "score": "91.0", "grade": "B", "state": "scored"}
    )
    kept = Frozen.model_construct(
        schema_="sopaudit.frozen/1",
        engine=Engine(name="sopaudit", version="0.0.1"),
        source=None,
        files={},
        answers={},
        scores=(score,),
    )
    told = replay(replace(OCTOBER, kept=kept), BOOK, BOOK)
    assert told.engine == "0.0.1"
    assert told.refiled == (("CK-HTL", "91.0 B", "91.2 B"),)


points = st.integers(1, 20).map(Fraction)
edits = st.lists(
    st.one_of(
        st.tuples(
            st.just("points"), st.sampled_from(["CK-COO-B2", "CK-COO-C1", "CK-COO-D2"]), points
        ),
        st.tuples(st.just("weight"), st.sampled_from(["CK-COO-B1", "CK-COO-C2"]), points),
        st.tuples(st.just("gone"), st.sampled_from(["CK-COO-C4", "CK-COO-B4"]), points),
        st.tuples(st.just("partial"), st.just(""), points),
        st.tuples(st.just("band"), st.sampled_from("ABCD"), points),
    ),
    min_size=1,
    max_size=4,
)


def edited(changes: list[tuple[str, str, Fraction]]) -> Handbook:
    new = BOOK
    for kind, name, value in changes:
        if kind == "gone":
            new = with_items(new, "CK-COO", {name: None})
        elif kind in ("points", "weight"):
            if name in new.checklists["CK-COO"].by_id:
                new = with_item("CK-COO", name, new, **{kind: value})
        elif kind == "partial":
            sets = new.schemes["post"].sets
            half = {**sets["H"], "partial": value / 20}  # type: ignore[dict-item]
            new = with_scheme({"answers": {**sets, "H": half}}, new)
        else:
            grades = new.schemes["post"].grades
            moved = tuple(
                g.model_copy(update={"at_least": g.at_least - value / 10})
                if g.grade == name and g.at_least is not None
                else g
                for g in grades
            )
            new = with_scheme({"grades": moved}, new)
    return new


@settings(max_examples=8, deadline=None)
@given(edits, st.sampled_from(AUDITS))
def test_the_steps_lead_from_the_old_result_to_the_new_exactly(
    changes: list[tuple[str, str, Fraction]], name: str
) -> None:
    told = replay(FOLDERS[name], BOOK, edited(changes))
    for one in told.rows:
        assert one.old is not None
        assert one.new is not None
        if not one.causes:
            assert not one.changed
            continue
        last = one.causes[-1].after
        assert last is not None
        assert (last.exact, last.grade, last.state) == (
            one.new.exact,
            one.new.grade,
            one.new.state,
        )
        assert sum((c.step or Fraction(0)) for c in one.causes) == one.difference
        assert "rest" not in [c.change.kind for c in one.causes]
        for cause in one.causes:
            assert cause.alone is not None
            assert cause.decides == (cause.alone.grade != one.old.grade)
            if one.additive and one.old.exact is not None and cause.alone.exact is not None:
                assert cause.alone.exact - one.old.exact == cause.step

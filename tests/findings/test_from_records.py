"""Items answered from records: what counts, what does not, and who has the last word."""

import hashlib
import json
import random
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.findings.garage import AUDIT, GARAGE, Seen, answer, book, hear, shop, ticket

from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.frozen import drifted
from sopaudit.findings.whatif.inquiry import Inquiry

LATE = {"minutes": "90"}
UNKNOWN = {"minutes": "?"}


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    return shop(tmp_path)


@pytest.fixture(scope="module")
def sound() -> Handbook:
    return book(GARAGE / "audits" / AUDIT)


def ten(**other: str) -> list[dict[str, str]]:
    """Ten tickets, of which the first differs."""
    return [ticket(1, **other), *(ticket(n) for n in range(2, 11))]


# --- how the records answer -----------------------------------------------------------------------


def test_a_rate_is_points_times_the_share_of_all_cases_that_conform(audit: Path) -> None:
    seen = hear(audit, ten(**LATE))
    assert seen.item("R1").earned == 9
    told = seen.records("R1")
    assert (told.failed, told.checked, told.unknown) == (1, 10, 0)
    assert [(o.case, o.rule, o.rows, o.found) for o in told.offences] == [
        ("G-001", "AC-1", "tickets:2", "90")
    ]


def test_a_ticket_that_fails_two_rules_of_an_item_fails_it_once(audit: Path) -> None:
    seen = hear(audit, ten(**LATE, cover="out", consent="no"))
    told = seen.records("R2")
    assert (told.failed, told.checked) == (1, 10)
    assert [rule.failed for rule in told.rules] == [1, 1]
    assert len(told.offences) == 2


def test_a_ticket_that_fails_one_of_two_rules_fails_the_item(audit: Path) -> None:
    seen = hear(audit, [*ten(**LATE), ticket(11, cover="out", consent="no")])
    assert (seen.records("R2").failed, seen.records("R2").checked) == (2, 11)


def test_all_or_nothing_is_nothing_where_one_case_fails(audit: Path) -> None:
    assert hear(audit, ten(cover="out", consent="no")).item("B1").earned == 0
    assert hear(audit, ten(cover="out", consent="yes")).item("B1").earned == 5


def test_half_is_earned_where_one_of_two_rules_holds(audit: Path) -> None:
    fine = ticket(11, cover="out", consent="yes")
    assert hear(audit, [*ten(), fine]).item("H1").earned == 6
    assert hear(audit, [*ten(**LATE), fine]).item("H1").earned == 3
    assert hear(audit, [*ten(**LATE), ticket(11, cover="out", consent="no")]).item("H1").earned == 0


def test_each_case_that_fails_is_an_occurrence(audit: Path) -> None:
    wrong = [ticket(n, cover="out", consent="no") for n in range(11, 14)]
    assert hear(audit, [*ten(), *wrong]).item("D1").earned == 2


def test_what_the_tolerance_of_a_rule_covers_costs_nothing_and_is_told(audit: Path) -> None:
    seen = hear(audit, ten(minutes="200"))
    assert seen.item("T1").earned == 4
    told = seen.records("T1")
    assert (told.failed, told.tolerated, told.checked) == (0, 1, 10)
    assert told.rules[0].tolerated
    over = hear(audit, [*ten(minutes="200"), ticket(11, minutes="200")])
    assert over.item("T1").earned == Fraction(4 * 9, 11)


def test_chargeable_and_not_warranty_alone_decides_whether_consent_is_asked_for(
    audit: Path,
) -> None:
    inside = hear(audit, ten(consent="no"))
    assert inside.item("B1").outcome == "na"
    damaged = hear(audit, ten(cover="in", cause="customer", consent="no"))
    assert (damaged.records("B1").failed, damaged.records("B1").checked) == (1, 1)
    outside = hear(audit, ten(cover="out", consent="no"))
    assert (outside.records("B1").failed, outside.records("B1").checked) == (1, 1)


# --- what they do not answer ----------------------------------------------------------------------


def test_a_table_with_none_of_the_columns_is_a_record_nobody_handed_in(audit: Path) -> None:
    """Read as a table without lines, it would be a month in which nothing went wrong."""
    seen = hear(audit, ten(), tests="a,b\n1,2\n")
    assert [problem.code for problem in seen.problems] == ["L030"]
    assert (seen.records("K1").why, seen.records("K1").missing) == ("missing", ("tests",))


def test_unknown_cases_leave_n_up_to_a_tenth(audit: Path) -> None:
    seen = hear(audit, ten(**UNKNOWN))
    told = seen.records("R1")
    assert (told.failed, told.checked, told.unknown, told.result) == (0, 9, 1, None)
    assert seen.item("R1").earned == 10


def test_above_a_tenth_unknown_an_item_is_unchecked_and_says_why(audit: Path) -> None:
    seen = hear(audit, ten(**UNKNOWN)[:9])
    assert seen.item("R1").outcome == "unchecked"
    assert seen.records("R1").why == "unknown"


def test_a_missing_record_leaves_its_items_unchecked_and_is_named(audit: Path) -> None:
    seen = hear(audit, ten())
    assert seen.item("K1").outcome == "unchecked"
    assert (seen.records("K1").why, seen.records("K1").missing) == ("missing", ("tests",))


def test_cases_that_are_no_tickets_count_line_by_line(audit: Path) -> None:
    seen = hear(audit, ten(), tests="car,km\nA1,5\nA1,0\nB2,3\n")
    told = seen.records("K1")
    assert (told.failed, told.checked) == (1, 3)
    assert [o.case for o in told.offences] == ["tests:3"]


def test_no_case_in_the_period_does_not_apply(audit: Path) -> None:
    seen = hear(audit, ten())
    assert seen.item("D1").outcome == "na"
    assert seen.records("D1").why == "none"


def test_a_suspicion_waits_for_a_person(audit: Path) -> None:
    seen = hear(audit, ten(minutes="1"))
    assert seen.item("S1").outcome == "unchecked"
    assert seen.records("S1").why == "suspected"
    answer(audit, {"item": "S1", "result": "yes"})
    assert hear(audit).item("S1").earned == 3


def test_records_of_nobody_and_of_another_office_change_nothing(audit: Path) -> None:
    answer(audit, {"item": "R1", "sample": {"failed": 1, "checked": 4}})
    seen = hear(audit)
    assert (seen.folder.own, seen.folder.said) == (None, {})
    assert seen.item("R1").earned == Fraction(30, 4)


def test_only_checklists_the_records_answer_are_scored_without_an_auditor(audit: Path) -> None:
    seen = hear(audit, ten())
    assert [score.checklist for score in seen.conclusion.scores] == ["CK-MEC"]
    assert seen.folder.records["CK-MEC"].channel == "records"
    assert {score.state for score in seen.conclusion.all} == {"incomplete"}


def test_posts_outside_the_scope_are_not_answered(audit: Path) -> None:
    described = audit / "audit.yaml"
    described.write_text(described.read_text() + "scope: {posts: [DSK]}\n")
    assert hear(audit, ten()).conclusion.scores == ()


# --- beside what the auditor answers --------------------------------------------------------------


def beside(audit: Path, tickets: list[dict[str, str]], **given: Any) -> Seen:  # noqa: ANN401 -- JSON
    answer(audit, given)
    return hear(audit, tickets)


def test_an_answer_that_agrees_confirms_and_all_cases_count(audit: Path) -> None:
    seen = beside(audit, ten(**LATE), item="R1", sample={"failed": 1, "checked": 4})
    assert seen.said("R1").standing == "confirmed"
    assert seen.item("R1").earned == 9
    assert seen.conclusion.contradictions == ()
    (own,) = seen.said("R1").own
    assert own.counts == (1, 4)


def test_a_clean_sample_of_an_office_with_few_failures_is_no_contradiction(audit: Path) -> None:
    seen = beside(audit, ten(**LATE), item="R1", sample={"failed": 0, "checked": 9})
    assert seen.said("R1").standing == "confirmed"
    whole = beside(audit, ten(**LATE), item="R1", sample={"failed": 0, "checked": 10})
    assert whole.said("R1").standing == "contradicted"


def test_a_yes_against_records_that_say_no_is_a_contradiction_with_its_tickets(
    audit: Path,
) -> None:
    seen = beside(audit, ten(**LATE), item="R1", result="yes")
    assert seen.said("R1").standing == "contradicted"
    assert seen.item("R1").earned == 9
    (found,) = seen.conclusion.contradictions
    assert found.id == f"{AUDIT}/R1"
    assert [(o.case, o.rows) for o in found.offences] == [("G-001", "tickets:2")]


def test_a_case_judged_otherwise_is_named(audit: Path) -> None:
    cases = [{"id": "G-001", "result": "yes"}, {"id": "G-002", "result": "no"}]
    seen = beside(audit, ten(**LATE), item="R1", sample={"cases": cases})
    assert seen.said("R1").differing == ("G-001", "G-002")


def test_an_answer_with_a_reason_counts_and_both_are_kept(audit: Path) -> None:
    over = {"by": "91", "why": "the clock of the workshop was wrong"}
    seen = beside(audit, ten(**LATE), item="R1", result="yes", override=over)
    assert seen.said("R1").standing == "overridden"
    assert seen.item("R1").earned == 10
    assert seen.records("R1").failed == 1
    assert seen.conclusion.contradictions == ()


@pytest.mark.parametrize(("value", "standing"), [("3", "confirmed"), ("2", "contradicted")])
def test_a_number_of_occurrences_must_be_that_of_the_records(
    audit: Path, value: str, standing: str
) -> None:
    wrong = [ticket(n, cover="out", consent="no") for n in range(11, 14)]
    seen = beside(audit, [*ten(), *wrong], item="D1", value=value)
    assert seen.said("D1").standing == standing
    assert seen.item("D1").earned == 2


def test_an_answer_counts_where_the_records_say_nothing(audit: Path) -> None:
    seen = beside(audit, ten(), item="K1", sample={"failed": 1, "checked": 3})
    assert seen.said("K1").standing == "silent"
    assert seen.item("K1").earned == 2


def test_an_item_the_auditor_left_unchecked_is_answered_by_the_records(audit: Path) -> None:
    seen = beside(audit, ten(**LATE), item="R1", result="unchecked")
    assert seen.said("R1").standing == "alone"
    assert seen.item("R1").earned == 9


def test_of_several_lines_about_one_ticket_the_worst_counts(audit: Path) -> None:
    for lines in ([ticket(1, **LATE), ticket(1)], [ticket(1), ticket(1, **LATE)]):
        told = hear(audit, [*lines, *(ticket(n) for n in range(2, 11))]).records("R1")
        assert (told.failed, told.checked) == (1, 10)


def test_an_auditor_who_saw_a_case_where_the_records_have_none_counts(audit: Path) -> None:
    seen = beside(audit, ten(), item="B1", result="no")
    assert seen.said("B1").standing == "silent"
    assert seen.item("B1").earned == 0
    assert seen.conclusion.contradictions == ()


def test_a_checklist_none_of_whose_items_the_records_answer_has_no_score(audit: Path) -> None:
    sheet = audit.parent.parent / "checklists/dsk.yaml"
    sheet.write_text(sheet.read_text().replace("scoring: B,", "scoring: B, answer_from: [AC-5],"))
    assert [s.checklist for s in hear(audit, ten()).conclusion.scores] == ["CK-MEC"]
    both = hear(audit, ten(), tests="car,km\nA1,5\n")
    assert [s.checklist for s in both.conclusion.scores] == ["CK-MEC", "CK-DSK"]


def test_the_audit_before_is_heard_too(audit: Path) -> None:
    hear(audit, ten(**LATE))
    before = audit.parent / "2026-09-g1"
    shutil.copytree(audit, before)
    described = (audit / "audit.yaml").read_text()
    (before / "audit.yaml").write_text(
        described.replace("2026-10-g1", "2026-09-g1").replace("date: 2026-11", "date: 2026-10")
    )
    (audit / "audit.yaml").write_text(f"{described}follows: 2026-09-g1\n")
    seen = hear(audit, ten())
    assert seen.problems == []
    assert seen.folder.previous is not None
    assert seen.folder.previous.said["CK-MEC", "R1"].records.failed == 1
    assert seen.records("R1").failed == 0


# --- the veto -------------------------------------------------------------------------------------


def mechanic(seen: Seen) -> tuple[str | None, str | None]:
    """Give the grade, and that which waits."""
    return seen.conclusion.scores[0].grade, seen.conclusion.scores[0].pending_grade


def proof(audit: Path) -> dict[str, Any]:
    (audit / "evidence").mkdir(exist_ok=True)
    (audit / "evidence/till.jpg").write_bytes(b"till")
    return {"file": "evidence/till.jpg", "sha256": hashlib.sha256(b"till").hexdigest()}


def test_a_veto_is_never_given_by_a_rule_alone(audit: Path) -> None:
    answer(audit, {"item": "M1", "result": "yes"})
    seen = hear(audit, ten(cash="-5"), tests="car,km\nA1,5\n")
    assert seen.conclusion.scores[0].state == "pending veto"
    assert mechanic(seen) == ("A", "C")


def test_a_veto_bites_with_evidence_and_a_second_person(audit: Path) -> None:
    given = {"item": "V1", "result": "no", "evidence": [proof(audit)]}
    assert mechanic(beside(audit, ten(cash="-5"), **given)) == ("A", "C")
    seen = beside(audit, ten(cash="-5"), **given, confirmed={"by": "92"})
    assert seen.problems == []
    assert mechanic(seen) == ("C", None)


def test_a_denied_veto_stays_pending_without_a_reason(audit: Path) -> None:
    seen = beside(audit, ten(cash="-5"), item="V1", result="yes")
    assert mechanic(seen) == ("A", "C")
    assert [c.id for c in seen.conclusion.contradictions] == [f"{AUDIT}/V1"]
    over = {"by": "91", "why": "a refund"}
    denied = {"item": "V1", "result": "yes", "evidence": [proof(audit)], "confirmed": {"by": "92"}}
    # A second person who confirmed that all is well has confirmed no veto.
    assert mechanic(beside(audit, ten(cash="-5"), **denied)) == ("A", "C")
    freed = beside(audit, ten(cash="-5"), item="V1", result="yes", override=over)
    assert mechanic(freed) == ("A", None)


def test_a_veto_the_scheme_would_give_at_once_waits_outside(audit: Path) -> None:
    scheme = audit.parent.parent / "checklists/schemes/post.yaml"
    scheme.write_text(scheme.read_text().replace(", confirm: true", ""))
    seen = hear(audit, ten(cash="-5"))
    assert seen.records("V1").why == "suspected"
    assert mechanic(seen) == ("A", None)


# --- records against records ----------------------------------------------------------------------


def test_records_that_contradict_one_another_are_told_and_answer_no_item(audit: Path) -> None:
    clean, seen = hear(audit, ten()), hear(audit, ten(phoned="yes"))
    (found,) = seen.conclusion.contradictions
    assert (found.id, [o.case for o in found.offences]) == (f"{AUDIT}/CX-1", ["G-001"])
    scores = [one.conclusion.scores[0].exact for one in (clean, seen)]
    assert scores[0] == scores[1]
    assert clean.conclusion.contradictions == ()


# --- what stays -----------------------------------------------------------------------------------


def test_what_the_records_said_still_counts_when_they_are_gone(audit: Path) -> None:
    from sopaudit.cli.freezing import frozen
    from sopaudit.reading.copy import copy

    then = hear(audit, ten(**LATE, phoned="yes"))
    home = audit.parent.parent
    frozen(audit, copy(home.as_posix(), home), None, home)
    shutil.rmtree(audit / "data")
    now = hear(audit)
    assert now.problems == []
    assert [s.exact for s in now.conclusion.all] == [s.exact for s in then.conclusion.all]
    assert now.folder.said == then.folder.said
    assert now.folder.held == then.folder.held
    assert now.conclusion.contradictions == then.conclusion.contradictions
    assert drifted(now.folder, now.conclusion.all) == []


def test_a_record_that_carries_what_was_said_scores_alone(audit: Path) -> None:
    from sopaudit.evidence.keeping import kept_record

    answer(audit, {"item": "R1", "result": "yes"}, {"item": "M1", "result": "yes"})
    then = hear(audit, ten(**LATE))
    path = audit / "answers/CK-MEC.json"
    path.write_bytes(kept_record(then.folder, "CK-MEC", path.read_bytes()))
    shutil.rmtree(audit / "data")
    now = hear(audit)
    assert now.problems == []
    assert now.conclusion.scores[0].exact == then.conclusion.scores[0].exact
    assert now.said("R1").standing == "contradicted"
    answers = json.loads(path.read_text())["answers"]
    assert answers[0]["result"] == "yes"


def test_whatif_asks_about_the_same_scores(audit: Path) -> None:
    seen = hear(audit, ten(**LATE))
    asked = Inquiry(book(audit), tuple(seen.folder.frames.values()), AUDIT, seen.folder.audit)
    assert asked.posts["CK-MEC"].now.exact == seen.conclusion.scores[0].exact
    assert "R1" in [thing.item for thing in asked.posts["CK-MEC"].things]


# --- laws -----------------------------------------------------------------------------------------

TICKET = st.fixed_dictionaries(
    {
        "minutes": st.sampled_from(["30", "90", "200", "?", ""]),
        "cover": st.sampled_from(["in", "out", ""]),
        "cause": st.sampled_from(["", "customer"]),
        "consent": st.sampled_from(["yes", "no", ""]),
        "cash": st.sampled_from(["5", "-5"]),
    }
)
TICKETS = st.lists(TICKET, min_size=1, max_size=12)
COUNTED = ("R1", "R2", "T1")

quick = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def numbered(tickets: list[dict[str, str]]) -> list[dict[str, str]]:
    return [ticket(n, **{**one, "phoned": "call"}) for n, one in enumerate(tickets, 1)]


def earned(seen: Seen, item: str) -> Fraction | None:
    told = next((i for s in seen.conclusion.scores for i in s.items if i.item == item), None)
    return told.earned if told is not None else None


@quick
@given(TICKETS)
def test_one_more_conforming_ticket_never_lowers_an_item(
    audit: Path, sound: Handbook, tickets: list[dict[str, str]]
) -> None:
    before = hear(audit, numbered(tickets), handbook=sound)
    more = ticket(900, cover="out", consent="yes")
    after = hear(audit, [*numbered(tickets), more], handbook=sound)
    for item in ("R1", "R2", "T1", "B1", "D1", "H1"):
        was = earned(before, item)
        if was is not None:
            assert (earned(after, item) or 0) >= was, item


@quick
@given(TICKETS)
def test_an_unknown_case_never_counts_as_conforming(
    audit: Path, sound: Handbook, tickets: list[dict[str, str]]
) -> None:
    before = hear(audit, numbered(tickets), handbook=sound)
    after = hear(audit, [*numbered(tickets), ticket(900, **UNKNOWN)], handbook=sound)
    for item in COUNTED:
        then = before.folder.said.get(("CK-MEC", item))
        now = after.folder.said.get(("CK-MEC", item))
        if then is not None and now is not None:
            assert now.records.checked - now.records.failed <= (
                then.records.checked - then.records.failed
            )
            assert now.records.unknown == then.records.unknown + 1


@quick
@given(TICKETS, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(
    audit: Path, sound: Handbook, tickets: list[dict[str, str]], chance: random.Random
) -> None:
    lines = numbered(tickets)
    shuffled = [*lines]
    chance.shuffle(shuffled)
    told = [hear(audit, order, handbook=sound) for order in (lines, shuffled)]
    first, second = (
        [
            (name, s.records.rules, s.records.failed, s.records.result, s.standing)
            for name, s in seen.folder.said.items()
        ]
        for seen in told
    )
    assert first == second
    assert [s.exact for s in told[0].conclusion.all] == [s.exact for s in told[1].conclusion.all]
    cases = [
        sorted(o.id for s in seen.folder.said.values() for o in s.records.offences) for seen in told
    ]
    assert cases[0] == cases[1]


# --- what suppressions let be ---------------------------------------------------------------------


def let_be(audit: Path, **entry: object) -> None:
    """Write a suppression of AC-1 into the handbook of an audit."""
    said = {
        "rule": "AC-1",
        "reason": {"zh": "试点", "en": "pilot"},
        "by": "91",
        "from": "2026-10-01",
        "until": "2026-12-31",
        "office": "G1",
        **entry,
    }
    told = {"edition": "1", "suppressions": [said]}
    path = audit.parent.parent / "sops/suppressions.yaml"
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def test_a_case_let_be_leaves_k_and_n_and_is_counted_by_itself(audit: Path) -> None:
    let_be(audit, tickets=["G-001"])
    told = hear(audit, [ticket(1, **LATE), *(ticket(n) for n in range(2, 11))]).records("R1")
    assert (told.failed, told.checked, told.unknown, told.let_be) == (0, 9, 0, 1)
    assert told.rules[0].let_be == 1
    assert told.offences == ()


def test_a_suppression_of_one_rule_leaves_the_other_rules_of_an_item_alone(audit: Path) -> None:
    let_be(audit, tickets=["G-001"])
    told = hear(audit, ten(**LATE, cover="out", consent="no")).records("R2")
    assert (told.failed, told.checked, told.let_be) == (1, 10, 1)


def test_what_is_let_be_for_lack_of_data_is_not_unknown_either(audit: Path) -> None:
    let_be(audit)
    told = hear(audit, [*ten(**UNKNOWN), ticket(11, **UNKNOWN)]).records("R1")
    assert (told.failed, told.checked, told.unknown, told.let_be) == (0, 9, 0, 2)
    assert told.result is None


def test_where_every_case_is_let_be_nobody_says_there_was_none(audit: Path) -> None:
    let_be(audit)
    told = hear(audit, [ticket(1, **LATE)]).records("R1")
    assert (told.checked, told.let_be, told.why) == (0, 1, "let be")


def test_a_suppression_that_is_over_lets_nothing_be(audit: Path) -> None:
    let_be(audit, until="2026-10-02")
    told = hear(audit, ten(**LATE)).records("R1")
    assert (told.failed, told.checked, told.let_be) == (1, 10, 0)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(gone=st.sets(st.integers(1, 20)), late=st.integers(0, 8))
def test_no_item_scores_better_because_data_of_what_conforms_is_missing(
    audit: Path, sound: Handbook, gone: set[int], late: int
) -> None:
    """A tenth may be missing, and leaves n: the share that fails only grows by it.

    What fails and has lost its data may hide within that tenth, and no further: above it the item
    stays unchecked.
    """
    whole = [ticket(n, **(LATE if n <= late else {})) for n in range(1, 21)]
    lost = [t | (UNKNOWN if n in gone else {}) for n, t in enumerate(whole, 1)]
    after = hear(audit, lost, sound).records("R1")
    if len(gone) * 10 > len(whole):
        assert (after.result, after.why) == ("unchecked", "unknown")
        return
    hidden = sum(n <= late for n in gone)
    assert (after.failed, after.unknown) == (late - hidden, len(gone))
    assert after.checked == 20 - len(gone)
    if not hidden:
        assert Fraction(after.failed, after.checked) >= Fraction(late, 20)

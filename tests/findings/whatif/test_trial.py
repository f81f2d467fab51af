"""What if, where a checklist has items that are not asked, and blanks that are not left out."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.scoring import Scorer
from sopaudit.findings.whatif.outlook import Outlook, View
from sopaudit.findings.whatif.prospect import Prospect, prospect
from sopaudit.findings.whatif.subject import Post
from sopaudit.findings.whatif.trial import Trial

SCHEME = {
    "id": "s",
    "edition": "1",
    "title": "S",
    "answers": {"yes": "1", "no": "0", "na": "skip"},
    "roll_up": "percent",
    "grades": [{"grade": "A", "at_least": "90"}, {"grade": "B", "at_least": "70"}, {"grade": "C"}],
}
RETIRED = {"effective_until": "2025-12-31"}


def trial(said: Mapping[str, str], *items: Mapping[str, str], **words: object) -> Trial:
    """Ask four items, of which some are said to be otherwise, on the first day of 2026."""
    listed = [{"id": f"I{n}", "question": "Q?", "points": "10"} for n in range(4)]
    listed = [{**one, **more} for one, more in zip(listed, (*items, {}, {}, {}, {}), strict=False)]
    sheet = {"id": "CK", "edition": "1", "title": "CK", "scheme": "s", "items": listed}
    frame = AnswerFrame(
        checklist="CK",
        audits=("A1",),
        dates=np.array([date(2026, 1, 1)], "datetime64[D]"),
        audit=np.zeros(len(said), np.int32),
        items=tuple(said),
        item=np.arange(len(said), dtype=np.int32),
        kinds=tuple(map(Answer, said.values())),
        answer=np.arange(len(said), dtype=np.int32),
        row=np.arange(len(said), dtype=np.int32),
    )
    scorer = Scorer(Checklist.model_validate(sheet), Scheme.model_validate({**SCHEME, **words}))
    return Trial(scorer, [frame], "A1")


def asked(trial: Trial, goal: str) -> Prospect:
    """Ask what would bring the audit to a grade."""
    return prospect(Post(trial.scorer, [trial.frame([{}])], "0"), goal)


def outlook(trial: Trial) -> Outlook:
    return View(trial).outlook()


def test_what_stands_behind_a_retired_item_is_still_called_by_its_name() -> None:
    audit = trial({"I1": "yes", "I2": "no", "I3": "yes"}, RETIRED)
    (remedy,) = asked(audit, "A").remedies
    assert [one.thing.item for one in remedy.corrections] == ["I2"]
    assert (remedy.after.score, remedy.after.grade) == ("100", "A")


def test_an_open_item_behind_a_retired_one_is_the_one_that_is_open() -> None:
    audit = trial({"I1": "yes", "I2": "yes"}, RETIRED)
    told = outlook(audit)
    assert [thing.item for thing in told.open] == ["I3"]
    assert told.lowest is not None
    assert told.lowest.exact == Fraction(200, 3)
    assert (told.best, told.worst, told.may_go) == ("A", "C", False)


@pytest.mark.parametrize("unanswered", ["skip", "fail", "block"])
def test_a_blank_is_open_whatever_the_scheme_makes_of_it(unanswered: str) -> None:
    audit = trial({"I0": "yes", "I1": "yes", "I2": "yes"}, unanswered=unanswered)
    told = outlook(audit)
    assert [thing.item for thing in told.open] == ["I3"]
    assert (told.best, told.worst, told.proven) == ("A", "B", True)


def test_a_blank_that_counts_as_failed_is_put_right_by_answering_it() -> None:
    audit = trial({"I0": "yes", "I1": "yes", "I2": "no"}, unanswered="fail")
    told = asked(audit, "A")
    assert [[c.thing.item for c in one.corrections] for one in told.remedies] == [["I2", "I3"]]
    assert [(one.kind, one.causes) for one in told.obstacles] == [("open", ("I3",))]


def test_a_blank_that_stops_the_score_is_said_to_be_open() -> None:
    audit = trial({"I0": "yes", "I1": "yes", "I2": "yes"}, unanswered="block")
    told = asked(audit, "A")
    assert [(one.kind, one.causes) for one in told.obstacles] == [
        ("unscored", ()),
        ("open", ("I3",)),
    ]


MAJORS = [
    {"grade": "A", "when": [{"count": {"answer": "no"}, "at_most": "0"}]},
    {"grade": "B", "when": [{"count": {"answer": "no"}, "at_most": "1"}]},
    {"grade": "B", "when": [{"count": {"id": "I3", "answer": "no"}, "at_most": "0"}]},
    {"grade": "C"},
]


def test_a_grade_that_several_bands_give_is_reached_by_any_of_them() -> None:
    audit = trial({"I0": "yes", "I1": "no", "I2": "no", "I3": "no"}, grades=MAJORS)
    sets = [[c.thing.item for c in one.corrections] for one in asked(audit, "B").remedies]
    assert sets == [["I3"], ["I1", "I2"]]


def test_what_only_decides_between_two_bands_of_one_grade_decides_nothing() -> None:
    told = outlook(trial({"I1": "no", "I2": "yes", "I3": "yes"}, grades=MAJORS))
    assert (told.best, told.worst) == ("B", "B")
    assert not told.deciding


def test_an_item_without_points_that_the_score_pays_for_is_open_like_any_other() -> None:
    """One no takes 30 of 100; it is no veto, which would leave the score alone."""
    words = {
        "answers": {"B": {"yes": "1", "no": "0"}, "V": {"yes": "skip", "no": "skip"}},
        "adjust": [{"count": {"scoring": "V"}, "points": "-30"}],
    }
    plain = {"scoring": "B"}
    audit = trial(
        {"I0": "yes", "I1": "yes", "I2": "yes"}, plain, plain, plain, {"scoring": "V"}, **words
    )
    told = outlook(audit)
    assert told.lowest is not None
    assert (told.lowest.score, told.best, told.worst) == ("70", "A", "B")
    assert [thing.item for thing in told.deciding] == ["I3"]
    assert not told.vetoes


def test_an_open_item_of_cases_may_fail_in_any_number_of_them() -> None:
    """Grades and adjustments count every case that failed, and nobody knows yet how many will."""
    words: dict[str, object] = {
        "answers": {"R": "rate", "B": {"yes": "1", "no": "0"}},
        "grades": [{"grade": "A", "when": ONE_CASE}, {"grade": "C"}],
    }
    plain = {"scoring": "B"}
    said = {"I1": "yes", "I2": "yes", "I3": "yes"}
    told = outlook(trial(said, {"scoring": "R"}, plain, plain, plain, **words))
    assert (told.best, told.worst) == ("A", "C")
    adjusted = {**words, "adjust": [{"count": {"id": "I0"}, "points": "-1"}]}
    told = outlook(trial(said, {"scoring": "R"}, plain, plain, plain, **adjusted))
    assert told.endless == (True, False)


ONE_CASE = [{"count": {"id": "I0"}, "at_most": "1"}]


def test_a_number_between_its_ends_may_be_best_where_falling_short_is_paid_for() -> None:
    paid = {"answers": "number", "adjust": [{"count": {"severity": "minor"}, "points": "1"}]}
    said: dict[str, str] = {}
    minor = {"severity": "minor"}
    assert not outlook(trial(said, minor, minor, minor, minor, **paid)).proven
    charged = {**paid, "adjust": [{"count": {"severity": "minor"}, "points": "-1"}]}
    assert outlook(trial(said, minor, minor, minor, minor, **charged)).proven

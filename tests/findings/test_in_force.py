"""Items that begin and are retired: the day of an audit decides what is asked."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import score
from sopaudit.findings.marking import Marking
from sopaudit.findings.scoring import Scorer

SCHEME = Scheme.model_validate(
    {
        "id": "s",
        "edition": "1",
        "title": "S",
        "answers": {"yes": "1", "no": "0", "na": "skip"},
        "unanswered": "skip",
        "roll_up": "percent",
        "coverage": {"at_least": "1/2", "else": "limited scope"},
        "round": {"to": "0.1"},
        "grades": [
            {"grade": "A", "at_least": "90"},
            {"grade": "B", "at_least": "60"},
            {"grade": "C"},
        ],
        "limits": [{"id": "red", "any": "answer", "is": "no", "where": {"id": "I0"}, "grade": "C"}],
    }
)
COUNTING = Scheme.model_validate(
    {
        "id": "s",
        "edition": "1",
        "title": "S",
        "answers": {"yes": "1", "no": "0", "na": "skip"},
        "roll_up": "sum",
        "adjust": [{"count": {"answer": "no"}, "points": "-1"}],
        "grades": [
            {"grade": "A", "when": [{"count": {"answer": "no"}, "at_most": "0"}]},
            {"grade": "B", "when": [{"count": {"id": "I1"}, "at_most": "0"}]},
            {"grade": "C"},
        ],
        "limits": [
            {"any": "id", "below": "3", "grade": "C", "times": "2"},
            {"any": "answer", "is": "no", "times": "2", "grade": "C"},
        ],
    }
)
START = date(2026, 1, 1)


def checklist(*items: dict[str, str]) -> Checklist:
    listed = [{"id": f"I{n}", "question": "Q?", "points": "5", **i} for n, i in enumerate(items)]
    named = {"id": "CK", "edition": "1", "title": "CK", "scheme": "s"}
    return Checklist.model_validate({**named, "items": listed})


def frame(
    days: Sequence[date | None], items: list[str], said: list[tuple[int, int, str]]
) -> AnswerFrame:
    """Lay out answers, each an audit, an item and a word."""
    words = ("yes", "no", "na")
    return AnswerFrame(
        checklist="CK",
        audits=tuple(f"a{n}" for n in range(len(days))),
        dates=np.array([np.datetime64("NaT") if d is None else d for d in days], "datetime64[D]"),
        audit=np.array([audit for audit, _, _ in said], np.int32),
        items=tuple(items),
        item=np.array([item for _, item, _ in said], np.int32),
        kinds=tuple(Answer(word) for word in words),
        answer=np.array([words.index(word) for _, _, word in said], np.int32),
        row=np.arange(len(said), dtype=np.int32),
    )


def test_a_retired_item_counts_up_to_its_last_day_and_is_not_missed_after_it() -> None:
    known = checklist({}, {"effective_until": "2026-06-30"})
    days = [date(2026, 6, 30), date(2026, 7, 1)]
    answers = [(0, 0, "yes"), (0, 1, "no"), (1, 0, "yes")]
    table = Scorer(known, SCHEME).table([frame(days, ["I0", "I1"], answers)])
    assert table["score"].tolist() == ["50.0", "100.0"]
    assert table["state"].tolist() == ["scored", "scored"]
    told = score(Scorer(known, SCHEME), [frame(days, ["I0", "I1"], answers)], "a1")
    assert [item.item for item in told.items] == ["I0"]


def test_an_item_that_begins_is_not_missed_before_its_first_day() -> None:
    known = checklist({}, {"effective_from": "2026-07-01"})
    days = [date(2026, 6, 30), date(2026, 7, 1)]
    answers = [(0, 0, "yes"), (1, 0, "yes")]
    table = Scorer(known, SCHEME).table([frame(days, ["I0", "I1"], answers)])
    assert table["score"].tolist() == ["100.0", "100.0"]
    assert table["state"].tolist() == ["scored", "incomplete"]


def test_an_audit_without_a_day_is_asked_what_is_not_retired() -> None:
    known = checklist({"effective_until": "2026-06-30"}, {"effective_from": "2026-07-01"})
    assert [item.id for item in known.on(None).items] == ["I1"]
    table = Scorer(known, SCHEME).table([frame([None], ["I0", "I1"], [(0, 1, "yes")])])
    assert table["state"].tolist() == ["scored"]


def test_a_limit_does_not_bite_through_a_retired_item() -> None:
    known = checklist({"effective_until": "2026-06-30"}, {})
    days = [date(2026, 6, 30), date(2026, 7, 1)]
    answers = [(audit, item, "no" if item == 0 else "yes") for audit in (0, 1) for item in (0, 1)]
    table = Scorer(known, SCHEME).table([frame(days, ["I0", "I1"], answers)])
    assert table["limits"].tolist() == ["red", ""]
    assert table["grade"].tolist() == ["C", "A"]


def test_the_most_a_checklist_can_come_to_is_that_of_the_items_asked() -> None:
    known = checklist({}, {"effective_until": "2026-06-30"})
    scheme = COUNTING.model_copy(update={"adjust": (), "limits": ()})
    assert Marking(known, scheme, date(2026, 6, 30)).root.full == 10
    assert Marking(known, scheme, date(2026, 7, 1)).root.full == 5


spans = st.fixed_dictionaries(
    {},
    optional={
        name: st.integers(0, 6).map(lambda n: str(START + timedelta(n)))
        for name in ("effective_from", "effective_until")
    },
)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(spans, min_size=3, max_size=3),
    st.lists(st.one_of(st.none(), st.integers(-1, 8)), min_size=1, max_size=6),
    st.data(),
)
def test_an_audit_scores_as_if_its_checklist_held_only_what_is_asked_that_day(
    items: list[dict[str, str]], offsets: list[int | None], data: st.DataObject
) -> None:
    scheme = data.draw(st.sampled_from([SCHEME, COUNTING]))
    known = checklist({}, *items)
    ids = [item.id for item in known.items]
    days = [None if n is None else START + timedelta(n) for n in offsets]
    words = data.draw(
        st.lists(
            st.lists(st.sampled_from(["yes", "no", "na", ""]), min_size=4, max_size=4),
            min_size=len(days),
            max_size=len(days),
        )
    )
    said = [
        (audit, n, word) for audit, row in enumerate(words) for n, word in enumerate(row) if word
    ]
    scorer = Scorer(known, scheme)
    whole = scorer.table([frame(days, ids, said)])
    for audit, day in enumerate(days):
        asked = [n for n, item in enumerate(known.items) if item.in_force(day)]
        plain = [
            Item.model_validate({"id": ids[n], "question": "Q?", "points": "5"}) for n in asked
        ]
        alone = known.model_copy(update={"items": tuple(plain)})
        own = [(0, asked.index(n), word) for a, n, word in said if a == audit and n in asked]
        expected = Scorer(alone, scheme).table([frame([day], [ids[n] for n in asked], own)])
        columns = ["score", "possible", "percent", "grade", "state", "limits"]
        assert whole[columns].iloc[audit].tolist() == expected[columns].iloc[0].tolist()
        exact = score(scorer, [frame(days, ids, said)], f"a{audit}")
        assert (exact.score or "") == whole["score"].iloc[audit]
        assert exact.maximum is None or exact.maximum == Fraction(whole["possible"].iloc[audit])


def test_a_checklist_of_which_nothing_is_asked_that_day_has_no_score_and_is_no_error() -> None:
    known = checklist({"effective_until": "2026-06-30"}, {"effective_until": "2026-06-30"})
    day = date(2026, 7, 1)
    for scheme in (SCHEME, COUNTING):
        table = Scorer(known, scheme).table([frame([day], ["I0", "I1"], [(0, 0, "yes")])])
        assert table["state"].tolist() == ["not scored"]
        told = score(Scorer(known, scheme), [frame([day], ["I0", "I1"], [])], "a0")
        assert (told.score, told.items) == (None, ())

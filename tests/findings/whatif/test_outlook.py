"""How far a score may go while items are open: held against trying what may be answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.findings.test_laws import settle
from tests.findings.whatif.test_prospect import with_more
from tests.findings.worlds import Settle

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.judging import answer_set
from sopaudit.criteria.scheme import Each
from sopaudit.findings.whatif.outlook import View
from sopaudit.findings.whatif.trial import Said, Sayings, Trial, Variant

__all__ = ["settle"]

laws = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

MOST = 400
"""Ways that are tried at most."""


def answers(trial: Trial, n: int) -> Iterator[Answer]:
    """Give what an item may be answered, whatever comes to the same."""
    item = trial.items[n]
    table = answer_set(trial.scorer.scheme, item)
    if isinstance(table, Mapping):
        for word, share in table.items():
            if word != "unchecked" and share != "block":
                yield from (Answer(word), Answer(word, confirmed=True))
        return
    yield Answer("na")
    if table == "rate":
        yield from (Answer(failed=failed, checked=3) for failed in range(4))
    elif isinstance(table, Each):
        yield from (Answer(value=Fraction(times)) for times in (0, 1, 40))
    else:
        most = item.points
        ends = (0, 7, 10**6) if most is None else (0, most / 2, most)
        yield from (Answer(value=Fraction(end)) for end in ends)


def turns(trial: Trial, n: int) -> list[Sayings]:
    """Give what an item may be told to be, once nobody is missing."""
    given = trial.given[n]
    if not given:
        return [(Said(answer),) for answer in answers(trial, n)]
    left = [said for said in given if said.answer.result == "unchecked"]
    done = tuple(said for said in given if said.answer.result != "unchecked")
    return [
        done + tuple(replace(said, answer=answer) for said in left) for answer in answers(trial, n)
    ]


def every_variant(trial: Trial, view: View) -> list[Variant]:
    """Let open items turn out in every way; what only waits may also be confirmed."""
    places = [one.place for one in (*view.open, *view.vetoes)]
    options: list[Sequence[Sayings]] = []
    for one in (*view.open, *view.vetoes):
        if one.pending:
            given = trial.given[one.place]
            told = tuple(replace(s, answer=replace(s.answer, confirmed=True)) for s in given)
            options.append([given, told])
        else:
            options.append(turns(trial, one.place))
    size = 1
    for option in options:
        size *= len(option)
    assume(size <= MOST)
    return [dict(zip(places, told, strict=True)) for told in product(*options)]


@laws
@given(data=st.data())
def test_nothing_lies_beyond_the_ends(data: st.DataObject, settle: Settle) -> None:
    # Labels recorded with an answer that is still open may change with it; outlook keeps them.
    office = settle(data, labels="")
    scorer = with_more(data, office) if data.draw(st.booleans()) else office.scorer
    trial = Trial(scorer, [office.framed(office.rows)], "A0")
    view = View(trial)
    outlook = view.outlook()
    assert outlook.proven or not view.whole
    variants = every_variant(trial, view)
    grades = [band.grade for band in scorer.scheme.grades]
    told = trial.scores(variants)
    scored = [score for score in told if score.score is not None]
    assert outlook.may_go or len(scored) == len(told)
    if not scored:
        assert outlook.lowest is None
        return
    assert outlook.lowest is not None
    assert outlook.highest is not None
    found = [grades.index(score.grade) if score.grade else -1 for score in scored]
    ends = [grades.index(g) if g else -1 for g in (outlook.best, outlook.worst_of_all)]
    assert ends[0] <= min(found)
    assert max(found) <= ends[1]
    # A veto may also cap the score, which is told of the grade alone.
    capped = any(limit.score_at_most is not None for limit in scorer.scheme.limits)
    low, high = Fraction(outlook.lowest.score or 0), Fraction(outlook.highest.score or 0)
    values = [Fraction(score.score or 0) for score in scored]
    assert outlook.endless[1] or max(values) <= high
    assert outlook.endless[0] or capped or low <= min(values)

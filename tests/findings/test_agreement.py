"""Agreement of two judges, held to statsmodels and to the definition."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from sopaudit.findings.agreement import agreement

counts = st.integers(0, 40)


@given(counts, counts, counts, counts)
def test_kappa_is_that_of_statsmodels(a: int, b: int, c: int, d: int) -> None:
    assume(a + b and c + d and (a + c) * (b + d) > 0)
    told = agreement(a, b, c, d)
    assert told.kappa is not None
    assert float(told.kappa) == pytest.approx(cohens_kappa([[a, b], [c, d]]).kappa, abs=1e-12)


@given(counts, counts, counts, counts)
def test_it_does_not_matter_who_is_first_or_what_is_called_yes(
    a: int, b: int, c: int, d: int
) -> None:
    assume(a + b + c + d)
    assert agreement(a, b, c, d) == agreement(a, c, b, d) == agreement(d, b, c, a)


@given(counts, counts, counts, counts)
def test_ac1_is_as_its_author_defines_it(a: int, b: int, c: int, d: int) -> None:
    assume(a + b + c + d)
    cases = [("yes", "yes")] * a + [("yes", "no")] * b + [("no", "yes")] * c + [("no", "no")] * d
    answers = [answer for case in cases for answer in case]
    alike = Fraction(sum(one == other for one, other in cases), len(cases))
    shares = [Fraction(answers.count(word), len(answers)) for word in ("yes", "no")]
    chance = sum((share * (1 - share) for share in shares), Fraction(0))
    assert agreement(a, b, c, d).ac1 == (alike - chance) / (1 - chance)


def test_judges_who_always_say_the_same_word_have_no_kappa() -> None:
    told = agreement(12, 0, 0, 0)
    assert told.kappa is None
    assert told.percent == told.ac1 == 1


def test_no_cases_are_no_agreement() -> None:
    with pytest.raises(ValueError, match="needs cases"):
        agreement(0, 0, 0, 0)

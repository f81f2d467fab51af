"""Each kind that code decides has a case that conforms and one that does not, shown in the docs."""

import pytest
from tests.findings.kind_samples import cases, sample, samples

from sopaudit.criteria.kind import RULE_KINDS, RUNS
from sopaudit.findings.rules.case import CONFORMING, NONCONFORMING, TYPES
from sopaudit.findings.rules.engine import KINDS


def test_the_engine_decides_the_kinds_of_rules_said_to_run() -> None:
    assert set(KINDS) == RUNS & set(RULE_KINDS)


def test_every_kind_that_runs_has_a_sample() -> None:
    assert samples() == sorted(KINDS)


@pytest.mark.parametrize("kind", samples())
def test_the_sample_that_conforms_does(kind: str) -> None:
    said = sample(kind)
    found = cases(kind, said["with"], said["pass"]["records"]).verdict
    assert (found == CONFORMING).any()
    assert not (found == NONCONFORMING).any()


@pytest.mark.parametrize("kind", samples())
def test_the_sample_that_does_not_is_found_as_what_it_is(kind: str) -> None:
    said = sample(kind)
    found = cases(kind, said["with"], said["fail"]["records"])
    wrong = found.verdict == NONCONFORMING
    assert found.type is not None
    assert said["fail"]["type"] in {TYPES[n] for n in found.type[wrong].tolist()}
    # Something in the records proves it.
    assert max(line[wrong].max() for _, line in found.lines) >= 0

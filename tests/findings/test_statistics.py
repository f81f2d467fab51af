"""Worked numbers of statistics, one YAML file each (`tests/cases/statistics`).

A number is expected with as many decimals as are written: `0.6990` means to four of them.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest
from tests.findings.kind_samples import NOW, handbook, table

from sopaudit.criteria.field import number
from sopaudit.criteria.section import Round
from sopaudit.evidence.records import Records
from sopaudit.findings.agreement import agreement
from sopaudit.findings.custody.accuracy import Accuracy
from sopaudit.findings.intervals import Interval, clopper_pearson, upper_limit, wilson
from sopaudit.findings.rounding import rounded
from sopaudit.findings.rules.engine import hear
from sopaudit.findings.sampling import (
    chance_to_miss,
    lot_sample_size,
    sample_size,
    single_plan,
)
from sopaudit.reading.events import read

CASES: Final = Path(__file__).parents[1] / "cases" / "statistics"
FILES: Final = sorted(CASES.glob("*.yaml"))

Told = Mapping[str, object]


def share(text: str) -> Fraction:
    value = number(text)
    assert value is not None, text
    return value


def whole(given: Mapping[str, str], name: str) -> int | None:
    return int(given[name]) if name in given else None


def draw(given: Mapping[str, str]) -> Told:
    expected = share(given.get("expected", "0"))
    return {"draw": sample_size(share(given["tolerable"]), share(given["risk"]), expected)}


def draw_from_lot(given: Mapping[str, str]) -> Told:
    size = lot_sample_size(int(given["lot"]), share(given["tolerable"]), share(given["risk"]))
    return {"draw": size}


def plan(given: Mapping[str, Any]) -> Told:
    told = single_plan(int(given["lot"]), share(given["aql"]), given["level"])
    return {"draw": told.size, "accept": told.accept}


def most(given: Mapping[str, str]) -> Told:
    seen = int(given["failed"]), int(given["checked"])
    limit = upper_limit(*seen, share(given["confidence"]), whole(given, "population"))
    return {"at_most": limit}


def ends(interval: Interval) -> Told:
    return {"low": interval.low, "high": interval.high}


def by_wilson(given: Mapping[str, str]) -> Told:
    seen = int(given["hits"]), int(given["of"])
    return ends(wilson(*seen, share(given["confidence"]), whole(given, "population")))


def exact(given: Mapping[str, str]) -> Told:
    seen = int(given["hits"]), int(given["of"])
    return ends(clopper_pearson(*seen, share(given["confidence"])))


def agreed(given: Mapping[str, str]) -> Told:
    told = agreement(**{name: int(count) for name, count in given.items()})
    return {"agreement": told.percent, "kappa": told.kappa, "ac1": told.ac1}


def missed(given: Mapping[str, str]) -> Told:
    drawn, fails = int(given["drawn"]), share(given["fails"])
    return {"chance": chance_to_miss(drawn, fails, whole(given, "population"))}


def counted(given: Mapping[str, Mapping[str, str]]) -> Told:
    """Hear the rule on counts of our own handbook, parts of class A."""
    book = "\n".join(f"CD,L,{part},,A,good,{n}" for part, n in given["book"].items())
    seen = "\n".join(f"CD,L,{part},,{n}" for part, n in given["counted"].items())
    ledger = f"site,location,part_no,serial,abc_class,status,qty\n{book}"
    counts = f"site,location,part_no,serial,counted\n{seen}"
    found = Records({"ledger": table("ledger", ledger), "counts": table("counts", counts)}, "CD")
    told = hear(handbook(), found, NOW, rules={"PR-25"})["PR-25"].counts()
    of = Accuracy(told["conforming"], told["conforming"] + told["nonconforming"])
    return {"right": of.right, "of": of.counted, "accuracy": of.share}


def half_up(given: Mapping[str, str]) -> Told:
    return {"rounded": rounded(share(given["number"]), Round(to=share(given["to"])))}


ASKED: Final[Mapping[str, Callable[[Any], Told]]] = {
    "sample size": draw,
    "lot sample size": draw_from_lot,
    "single plan": plan,
    "upper limit": most,
    "wilson": by_wilson,
    "clopper pearson": exact,
    "agreement": agreed,
    "chance to miss": missed,
    "count accuracy": counted,
    "half up": half_up,
}


def told_files() -> list[Mapping[str, Any]]:
    documents = [read(path) for path in FILES]
    assert not [problem for document in documents for problem in document.problems]
    return [document.data for document in documents]


def worked() -> list[Any]:
    """List every case, named by its id in the notes on schemes and by what is given."""
    return [
        pytest.param(
            ASKED[told["asks"]],
            case["given"],
            case["expect"],
            id=f"{told['source']}-{', '.join(map(str, case['given'].values()))}",
        )
        for told in told_files()
        for case in told["cases"]
    ]


@pytest.mark.parametrize(("asked", "given", "expect"), worked())
def test_a_worked_number_of_schemes(
    asked: Callable[[Any], Told], given: Mapping[str, Any], expect: Mapping[str, str]
) -> None:
    told = asked(given)
    for name, text in expect.items():
        assert agrees(told[name], text), (name, told[name], text)


def agrees(value: object, text: str) -> bool:
    """Compare to the last decimal that is written."""
    assert isinstance(value, int | float | Fraction)
    digits, percent = text.removesuffix(" %"), text.endswith(" %")
    unit = Fraction(1, 10 ** len(digits.partition(".")[2])) / (100 if percent else 1)
    return rounded(Fraction(value), Round(to=unit)) == share(text)


def test_every_worked_number_of_statistics_is_here() -> None:
    sources = {told["source"] for told in told_files()}
    worked_ids = {f"ST-{n}" for n in (1, 2, 3, 5, 6, 7, 9, 10, 13, 17)} | {"SP-1"}
    assert worked_ids == {source for source in sources if not source.startswith("issue")}

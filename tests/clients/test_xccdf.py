"""Our XCCDF as oscap reads it: it holds our files to the schema, and scores them by itself.

`oscap xccdf remediate` reads the results recorded in a file, finds nothing to mend, and works the
scores out anew. It counts in floating point numbers of 24 bits, so a score of ours, which is exact,
may differ by what they lose. That much is worked out for each tree; and the steps of the standard
taken in such numbers must give every digit oscap prints, so that nothing else hides in it. The
scores we wrote are taken out before, so that nobody can copy them.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from tests.patience import PATIENCE
from tests.report.xccdf.trees import LEFT_OUT, XC_1, drawn, group, rule, wrapped

from sopaudit.report.xccdf.markup import SPACE, xccdf
from sopaudit.report.xccdf.model import Group, Parts, Rule, rules
from sopaudit.report.xccdf.scores import MODELS, SYSTEM
from sopaudit.report.xccdf.weight import settled

ROOT: Final = Path(__file__).parents[2]
SOPAUDIT: Final = (sys.executable, "-m", "sopaudit")
TREES: Final = 200

Told = Mapping[str, tuple[Fraction, Fraction]]
"""By model: the score and its maximum."""

PASSED: Final = ("pass", "fixed")

_UNIT: Final = Fraction(1, 2**24)
"""What a number of 24 bits may lose each time it is rounded, relative to its size."""

_PRINTED: Final = Fraction(1, 10**6)
"""Six decimals here and there, each half a unit off at most."""


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def told(file: Path) -> Told:
    """Read the scores of the last results in a file."""
    results = ET.parse(file).getroot().findall(f"{{{SPACE}}}TestResult")  # noqa: S314 -- ours
    return {
        score.attrib["system"].removeprefix(SYSTEM): (
            Fraction((score.text or "").strip()),
            Fraction(score.attrib["maximum"]),
        )
        for score in results[-1].findall(f"{{{SPACE}}}score")
    }


def by_oscap(file: Path) -> Told:
    """Have oscap score the results recorded in a file."""
    blank = file.with_suffix(".blank.xml")
    text = re.sub(r"(<score [^>]*>)[^<]*", r"\g<1>-1", file.read_text(encoding="utf-8"))
    blank.write_text(text, encoding="utf-8")
    done = run("oscap", "xccdf", "remediate", "--results", file.with_suffix(".out.xml"), blank)
    # 2 says that something failed, which is what was recorded.
    assert done.returncode in (0, 2), done.stdout + done.stderr
    assert done.stderr == ""
    return told(file.with_suffix(".out.xml"))


def valid(*files: Path) -> Iterator[str]:
    """Name the files oscap does not take for valid, and say why."""
    for file in files:
        done = run("oscap", "xccdf", "validate", "--schematron", file)
        if done.returncode or "Error" in done.stdout + done.stderr:
            yield f"{file.name}: {done.stdout}{done.stderr}"


def lost(parts: Parts) -> Fraction:
    """Say by how much of itself a score may be off: weights, sums, a product and a quotient."""
    inner = (lost(part.parts) if isinstance(part, Group) else Fraction(0) for part in parts)
    return max(inner, default=Fraction(0)) + (2 * len(parts) + 4) * _UNIT


def differences(share: Fraction, ours: Told, theirs: Told) -> Iterator[str]:
    """Name the models whose scores are not the same number, but for that share of it."""
    assert set(ours) == set(theirs) == set(MODELS)
    for model in MODELS:
        pairs = [*zip(ours[model], theirs[model], strict=True)]
        if model == "absolute":
            # What oscap gives as the most is the sum of weights, and not what could be reached.
            pairs = pairs[:1]
        # Without a division there is nothing to lose in counting.
        exact = model in ("flat-unweighted", "absolute")
        for one, other in pairs:
            if abs(one - other) > (0 if exact else _PRINTED + share * one):
                yield f"{model}: {float(one)} here, {float(other)} by oscap"


def default_in_floats(parts: Parts) -> np.float32 | None:
    """Take the steps of the default model in floats of 24 bits; None where nothing counts."""
    total = weights = np.float32(0)
    counts = False
    for part in parts:
        if isinstance(part, Group):
            score = default_in_floats(part.parts)
        else:
            score = np.float32(100 * (part.result in PASSED)) if counted(part) else None
        if score is not None:
            total += score * np.float32(float(part.weight))
            weights += np.float32(float(part.weight))
            counts = True
    return total / weights if counts else None


def flat_in_floats(parts: Parts) -> tuple[np.float32, np.float32]:
    """Take those of the flat model: what passed, and what counts."""
    passed = weights = np.float32(0)
    for part in parts:
        if isinstance(part, Group):
            inner = flat_in_floats(part.parts)
        else:
            weight = np.float32(float(part.weight) * counted(part))
            inner = weight * np.float32(part.result in PASSED), weight
        passed, weights = passed + inner[0], weights + inner[1]
    return passed, weights


def counted(rule: Rule) -> bool:
    return rule.scored and rule.result not in LEFT_OUT


def digits(parts: Parts) -> list[Fraction]:
    """Print the default score, and score and maximum of the flat one, as oscap prints floats."""
    numbers = (default_in_floats(parts) or np.float32(0), *flat_in_floats(parts))
    return [Fraction(f"{float(number):.6f}") for number in numbers]


def written(folder: Path, parts: Parts, name: str = "tree") -> Path:
    file = folder / f"{name}.xml"
    file.write_text(xccdf(wrapped(parts, name)), encoding="utf-8")
    return file


def test_oscap_scores_random_trees_as_we_do_by_all_four_models(tmp_path: Path) -> None:
    wrong, kinds = [], set[str]()
    for seed in range(TREES):
        parts = settled(drawn(seed)).parts
        file = written(tmp_path, parts, f"T{seed}")
        ours, theirs = told(file), by_oscap(file)
        wrong += [f"tree {seed}: {one}" for one in differences(lost(parts), ours, theirs)]
        kinds |= {rule.result for rule in rules(parts)}
        if digits(parts) != [theirs["default"][0], *theirs["flat"]]:
            wrong.append(f"tree {seed}: {theirs} is more than a loss of digits")
        kinds |= {f"absolute {theirs['absolute'][0]}"}
    assert wrong == []
    assert len(kinds) == 9 + 2, kinds


def test_every_random_tree_is_valid(tmp_path: Path) -> None:
    files = [
        written(tmp_path, settled(drawn(seed)).parts, f"T{seed}") for seed in range(0, 200, 20)
    ]
    assert [*valid(*files)] == []


def test_the_worked_case_comes_out_of_both(tmp_path: Path) -> None:
    file = written(tmp_path, settled(XC_1).parts)
    wanted = {"default": 75, "flat": 5, "flat-unweighted": 4, "absolute": 0}
    assert {model: score for model, (score, _) in told(file).items()} == wanted
    theirs = by_oscap(file)
    assert {model: score for model, (score, _) in theirs.items()} == wanted
    assert [theirs[model][1] for model in ("flat", "flat-unweighted")] == [7, 6]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Export the sample audits of the handbook, and one of each example."""
    folder = tmp_path_factory.mktemp("xccdf")
    tables = ROOT / "tests/tables"
    fhrs = ("--table", f"establishments={tables}/fhrs/establishments.csv")
    county = [f"{name}={tables}/king-county/{name}.csv" for name in ("inspections", "findings")]
    county_tables = [word for table in county for word in ("--table", table)]
    asked: Mapping[str, tuple[str | Path, ...]] = {
        "cd": ("2026-10-cd", "--handbook", ROOT),
        "cd-7": ("2026-07-cd", "--handbook", ROOT),
        "cd-en": ("2026-10-cd", "--handbook", ROOT, "--lang", "en", "--namespace", "com.example"),
        "fhrs": ("T002", "--handbook", ROOT / "examples/fhrs", *fhrs),
        "county": ("T002", "--handbook", ROOT / "examples/king-county", *county_tables),
    }
    for name, words in asked.items():
        done = run(*SOPAUDIT, "export", *words, "--to", "xccdf", "-o", folder / f"{name}.xml")
        assert done.returncode == 0, done.stderr
    return sorted(folder.glob("*.xml"))


def test_oscap_takes_exported_audits_for_valid_and_scores_them_as_we_do(sample: list[Path]) -> None:
    assert len(sample) == 5
    assert [*valid(*sample)] == []
    for file in sample:
        assert [*differences(100 * _UNIT, told(file), by_oscap(file))] == [], file


def test_oscap_makes_its_own_report_and_guide_of_an_export(sample: list[Path]) -> None:
    file = next(path for path in sample if path.stem == "cd-en")
    for page in ("report", "guide"):
        done = run("oscap", "xccdf", "generate", page, file)
        assert done.returncode == 0
        assert done.stderr == ""
        assert "Was the call picked up within three rings?" in done.stdout
        assert "来电" not in done.stdout


# --- where oscap does something of its own; docs/xccdf.md tells of each ---------------------------


def scored_raw(folder: Path, *parts: Group | Rule) -> dict[str, str]:
    """Score a tree as it stands, without taking out what weighs nothing."""
    theirs = by_oscap(written(folder, parts))
    return {model: f"{float(score):g}/{float(most):g}" for model, (score, most) in theirs.items()}


def test_where_oscap_goes_its_own_way(tmp_path: Path) -> None:
    everything = ("default", "flat", "flat-unweighted", "absolute")

    def models(*scores: str) -> dict[str, str]:
        return dict(zip(everything, scores, strict=True))

    # Nothing counts: sums stay at their start, so absolute holds of nothing.
    nothing = rule("1", "notapplicable"), rule("2", "notchecked")
    assert scored_raw(tmp_path, *nothing) == models("0/100", "0/0", "0/0", "1/0")
    # A group whose rules all weigh nothing counts as zero in the mean, where the standard would
    # divide by zero; and a rule without weight is one of the rules that are counted.
    weightless = group("G", 1, rule("1", "pass", 0)), rule("2", "pass")
    assert scored_raw(tmp_path, *weightless) == models("50/100", "1/1", "2/2", "1/1")
    # Ours are told without being scored.
    assert scored_raw(tmp_path, *settled(weightless).parts) == models(
        "100/100", "1/1", "1/1", "1/1"
    )
    # What failed without weight does not stand in the way of absolute.
    assert scored_raw(tmp_path, rule("1", "fail", 0), rule("2", "pass"))["absolute"] == "1/1"
    # 24 bits do not hold 39,960.001: a rule that failed is lost, and absolute holds.
    tiny = *(rule(str(n), "pass", 999) for n in range(40)), rule("x", "fail", "0.001")
    assert scored_raw(tmp_path, *tiny)["absolute"] == "1/39960"
    # The first result of a rule with several decides; the standard says nothing of the kind.
    twice = (rule("1", "pass"),)
    file = written(tmp_path, twice)
    text = file.read_text(encoding="utf-8")
    result = re.search(r"<rule-result .*?</rule-result>", text, re.DOTALL)
    assert result is not None
    second = result[0].replace("<result>pass", "<result>fail")
    file.write_text(text.replace(result[0], result[0] + second), encoding="utf-8")
    assert by_oscap(file)["default"][0] == 100


def test_what_the_standard_allows_and_we_leave_out_because_oscap_stumbles(tmp_path: Path) -> None:
    file = written(tmp_path, settled(XC_1).parts)
    text = file.read_text(encoding="utf-8")
    first = '<score system="urn:xccdf:scoring:default" maximum="100">75</score>'
    assert first in text
    wrong = first.replace(">75<", ">-1<")
    own = '<score system="urn:example:own" maximum="5">4</score>'
    file.write_text(text.replace(first, own + wrong), encoding="utf-8")
    out = tmp_path / "out.xml"
    done = run("oscap", "xccdf", "remediate", "--results", out, file)
    assert 'Scoring system "urn:example:own" is not supported' in done.stderr
    assert told(out)["default"][0] == -1
    remark = '<remark xml:lang="en">x</remark><organization>'
    file.write_text(text.replace("<organization>", remark, 1), encoding="utf-8")
    done = run("oscap", "xccdf", "remediate", "--results", out, file)
    assert "unknown element 'remark'" in done.stderr

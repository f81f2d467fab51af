"""Hold the results of all sides together: `python bench/agreement.py ANSWERS OURS PEER...`.

Where a peer's score differs from ours by the last digit, the audit is worked out again here, in
fractions and from the answers, without either side; ours must be right, and the exact score must
lie on a rounding point, where floats fall to either side. Anything else ends with an error.
"""

import json
import sys
from collections import defaultdict
from fractions import Fraction
from math import floor
from typing import Final

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from sheet import CAP, GRADES, ITEMS, SECTIONS, SHARES, TIMES

_SAMPLE: Final = 500
"""Audits that are worked out again whether or not anybody differs."""


def main(answers: str, ours: str, *peers: str) -> None:
    """Compare, and print how many rows of each peer differ."""
    own = _results(ours)
    others = {peer: _results(peer) for peer in peers}
    differing = {peer: _differing(own, other) for peer, other in others.items()}
    random = np.random.default_rng(1)
    sample = set(random.choice(own.index.to_numpy(), min(_SAMPLE, len(own)), replace=False))
    exact = _exact(answers, sample.union(*differing.values()))
    for audit, (score, grade) in exact.items():
        found = (int(own.tenths[audit]), own.grade[audit])
        if found != (floor(score * 10 + Fraction(1, 2)), grade):
            raise RuntimeError(f"sopaudit scores {audit} as {found}; it is {score}, {grade}")
    for peer, audits in differing.items():
        for audit in audits:
            if (exact[audit][0] * 10).denominator != 2 or (  # noqa: PLR2004 -- a half
                abs(others[peer].tenths[audit] - own.tenths[audit]) != 1
            ):
                raise RuntimeError(f"{peer} scores {audit} differently; it is {exact[audit]}")
    told = {
        "audits": len(own),
        "recomputed": len(exact),
        "differing": [len(audits) for audits in differing.values()],
        "graded differently": [
            sum(own.grade[audit] != others[peer].grade[audit] for audit in audits)
            for peer, audits in differing.items()
        ],
    }
    print(json.dumps(told))


def _results(file: str) -> pd.DataFrame:
    """Read `audit, score, grade`; scores become whole tenths."""
    table = pq.read_table(file).to_pandas().set_index("audit").sort_index()
    return pd.DataFrame(
        {"tenths": (table.score * 10).round().astype(int), "grade": table.grade.astype(str)}
    )


def _differing(own: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    if not own.index.equals(other.index):
        raise RuntimeError("the sides did not score the same audits")
    same = own.tenths == other.tenths
    if (own.grade[same] != other.grade[same]).any():
        raise RuntimeError("equal scores, but different grades")
    return [str(audit) for audit in own.index[~same]]


def _exact(answers: str, audits: set[str]) -> dict[str, tuple[Fraction, str]]:
    """Score some audits in fractions, from the answers, one by one."""
    given: dict[str, dict[str, str]] = defaultdict(dict)
    for row in pq.read_table(answers, filters=[("audit", "in", audits)]).to_pylist():
        given[row["audit"]][row["item"]] = row["result"]
    return {audit: _score(results) for audit, results in given.items()}


def _score(results: dict[str, str]) -> tuple[Fraction, str]:
    reached, weights = Fraction(0), 0
    for section, weight in SECTIONS.items():
        counted = [i for i in ITEMS if i.section == section and results[i.id] in SHARES]
        possible = sum(item.points * item.weight for item in counted)
        earned = sum(SHARES[results[item.id]] * item.points * item.weight for item in counted)
        if possible:
            reached, weights = reached + weight * Fraction(earned) / possible, weights + weight
    score = 100 * reached / weights
    best_first = sorted(GRADES, key=GRADES.__getitem__, reverse=True)
    shown = Fraction(floor(score * 10 + Fraction(1, 2)), 10)
    grade = next(grade for grade in best_first if shown >= GRADES[grade])
    if sum(item.major and results[item.id] == "no" for item in ITEMS) >= TIMES and shown > CAP:
        score = shown = Fraction(CAP)
        grade = next(grade for grade in best_first if shown >= GRADES[grade])
    vetoed = any(item.critical and results[item.id] == "no" for item in ITEMS)
    return score, best_first[-1] if vetoed else grade


if __name__ == "__main__":
    main(*sys.argv[1:])

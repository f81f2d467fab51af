"""Findings about parts summed up: by sort, by who answers, and the worst of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sopaudit.evidence.lines import NEVER
from sopaudit.findings.loss import Loss

_SEVERITIES: Final = ("critical", "major", "minor")


@dataclass(frozen=True)
class Total:
    """What some losses come to."""

    name: str
    """The sort."""

    count: int
    qty: int
    value: int
    """In the units of `Loss.qty` and `Loss.value`; what is missing and what is too much add up, and
    never make up for each other."""

    oldest: np.datetime64
    """Since when the oldest of them; NaT where nobody says."""


def worst(losses: Iterable[Loss], n: int) -> list[Loss]:
    """Give the n worst: the severest, of one severity the dearest, of one value the oldest.

    Findings proved by the same chain of moves are told once, by the worst of them.
    """
    alike: dict[object, Loss] = {}
    for loss in sorted(losses, key=_badness):
        alike.setdefault(loss.chain or loss.rows, loss)
    return [*alike.values()][:n]


def _badness(loss: Loss) -> tuple[int, int, int, str]:
    rank = _SEVERITIES.index(loss.severity) if loss.severity in _SEVERITIES else len(_SEVERITIES)
    return rank, -abs(loss.value), _age(loss.since), loss.id


def _age(since: np.datetime64) -> int:
    """Give a number that is small where it is long ago; what nobody dates comes last."""
    return int(np.iinfo(np.int64).max if np.isnat(since) else since.astype(np.int64))


def by_sort(losses: Sequence[Loss]) -> list[Total]:
    """Sum losses up by sort, in the order the sorts come in."""
    groups: dict[str, list[Loss]] = {}
    for loss in losses:
        groups.setdefault(loss.sort, []).append(loss)
    return [
        Total(
            sort,
            len(mine),
            sum(abs(loss.qty) for loss in mine),
            sum(abs(loss.value) for loss in mine),
            min((loss.since for loss in mine), key=_age, default=NEVER),
        )
        for sort, mine in groups.items()
    ]

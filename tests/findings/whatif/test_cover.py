"""The smallest sets that meet every need: held against trying every set."""

from collections.abc import Callable, Sequence
from itertools import combinations
from random import Random

import pytest

from sopaudit.findings.whatif.cover import EVERY, Need, Search, Set, smallest


def meets(ways: Sequence[Sequence[Need]], one: Set) -> bool:
    return any(all(sum(n.brings[i] for i in one) >= n.least for n in way) for way in ways)


def drawn(random: Random, size: int, *, hidden: bool) -> Search:
    """Draw a search; with `hidden`, of some needs only the trial knows."""
    gains = sorted((random.choice([random.randint(0, 6), 40]) for _ in range(size)), reverse=True)
    ways = []
    for _ in range(random.randint(1, 3)):
        needs = [Need(tuple(gains), int(sum(gains) * random.random()))]
        for group in range(4):
            brings = tuple(g if n % 4 == group else 0 for n, g in enumerate(gains))
            needs.append(Need(brings, int(sum(brings) * random.random())))
        brings = tuple(random.randint(0, 1) for _ in gains)
        needs.append(Need(brings, random.randint(0, sum(brings))))
        ways.append(needs)
    shown = [[n for n in way if not hidden or random.random() < 0.7] for way in ways]

    def holds(sets: Sequence[Set]) -> list[bool]:
        return [meets(ways, one) for one in sets]

    return Search(tuple(gains), tuple(map(tuple, shown)), monotone=True, holds=holds)


def tried(search: Search, number: int) -> list[tuple[int, ...]]:
    size = len(search.gains)
    every = [one for k in range(size + 1) for one in combinations(range(size), k)]
    held = search.holds([frozenset(one) for one in every])
    reached = [one for one, holds in zip(every, held, strict=True) if holds]
    reached.sort(key=lambda one: (len(one), -sum(search.gains[n] for n in one), one))
    taken: list[tuple[int, ...]] = []
    for one in reached:
        if not any(set(other) <= set(one) for other in taken):
            taken.append(one)
    return taken[:number]


@pytest.mark.parametrize("hidden", [False, True])
def test_the_sets_are_those_found_by_trying_all(*, hidden: bool) -> None:
    random = Random(5)  # noqa: S311 -- a sample
    for _ in range(40):
        search = drawn(random, random.randint(0, 8), hidden=hidden)
        found = smallest(search, 3)
        assert found.proven
        assert list(found.sets) == tried(search, 3)


def test_a_search_that_gives_up_says_so_and_leaves_nothing_out_of_its_set() -> None:
    """Twenty things of which nobody knows that any twelve will do."""

    def holds(sets: Sequence[Set]) -> list[bool]:
        return [len(one) >= 12 for one in sets]

    found = smallest(Search((1,) * 20, ((),), monotone=True, holds=holds, nodes=500), 3)
    assert not found.proven
    assert found.sets == (tuple(range(12)),)


def test_what_more_may_undo_is_found_by_trying_all() -> None:
    """Just one of three; with a second it is lost again."""

    def holds(sets: Sequence[Set]) -> list[bool]:
        return [len(one) == 1 for one in sets]

    assert EVERY > 3
    found = smallest(Search((3, 2, 2), ((),), monotone=False, holds=holds), 3)
    assert found == type(found)(((0,), (1,), (2,)), proven=True)


def counting(number: int) -> tuple[Callable[[Sequence[Set]], list[bool]], list[int]]:
    """Say that any `number` things will do, and count what is asked."""
    asked: list[int] = []

    def holds(sets: Sequence[Set]) -> list[bool]:
        asked.extend(map(len, sets))
        return [len(one) >= number for one in sets]

    return holds, asked


def test_forty_equal_things_take_few_trials() -> None:
    """137,846,528,820 sets of twenty would do; needs say so before they are tried."""
    holds, asked = counting(20)
    need = Need((1,) * 40, 20)
    found = smallest(Search((1,) * 40, ((need,),), monotone=True, holds=holds), 3)
    assert found.proven
    assert found.sets[0] == tuple(range(20))
    assert len(asked) < 10

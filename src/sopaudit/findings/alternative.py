"""Other answers an item might have been given: one step worse or better, and the best there is.

A step is one more case that fails, one more occurrence, the next word of the answer set by what it
earns, the next of the numbers an item takes, else one point.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Item
from sopaudit.criteria.judging import answer_set, set_shares
from sopaudit.criteria.scheme import Each, Scheme
from sopaudit.findings.grouping import ZERO

WORSE: Final = -1
BETTER: Final = 1


def stepped(scheme: Scheme, item: Item, answer: Answer, way: int) -> Answer | None:
    """Move an answer one step, `WORSE` or `BETTER`; None where there is none that way."""
    table = answer_set(scheme, item)
    if isinstance(table, Mapping):
        return _next_word(set_shares(table), answer, way)
    if answer.result in ("na", "unchecked"):
        return None
    return _STEPS["each" if isinstance(table, Each) else str(table)](item, answer, way)


def best(scheme: Scheme, item: Item, answer: Answer) -> Answer | None:
    """Give the best an answer could have been; None where it does not count or there is no best."""
    table = answer_set(scheme, item)
    if isinstance(table, Mapping):
        return _best_word(set_shares(table), answer)
    if answer.result in ("na", "unchecked"):
        return None
    if isinstance(table, Each):
        return replace(answer, result=None, value=ZERO) if answer.occurrences else answer
    if table == "rate":
        if answer.checked is None:
            return replace(answer, result="yes")
        return replace(answer, result=None, failed=0) if answer.failed else answer
    return None if answer.value is None else replace(answer, value=item.points or ZERO)


def _next_word(earned: Mapping[str, Fraction], answer: Answer, way: int) -> Answer | None:
    here = earned.get(answer.result or "")
    if here is None:
        return None
    # Where every word earns the same, points count against the office.
    up = way if len(set(earned.values())) > 1 else -way
    beyond = {
        word: (share - here) * up for word, share in earned.items() if (share - here) * up > 0
    }
    word = min(beyond, key=lambda found: beyond[found], default=None)
    return None if word is None else replace(answer, result=word)


def _best_word(earned: Mapping[str, Fraction], answer: Answer) -> Answer | None:
    said = answer.result or ""
    if said not in earned or len(set(earned.values())) == 1:
        return None
    word = max(earned, key=lambda found: earned[found])
    return answer if earned[word] == earned[said] else replace(answer, result=word)


def _next_occurrence(_: Item, answer: Answer, way: int) -> Answer | None:
    times = answer.occurrences - way
    return replace(answer, result=None, value=times) if times >= 0 else None


def _next_case(_: Item, answer: Answer, way: int) -> Answer | None:
    if answer.checked is None:
        other = "no" if way == WORSE else "yes"
        return None if answer.result == other else replace(answer, result=other)
    failed = (answer.failed or 0) - way
    inside = 0 <= failed <= answer.checked
    return replace(answer, result=None, failed=failed) if inside else None


def _next_number(item: Item, answer: Answer, way: int) -> Answer | None:
    value = answer.value
    if value is None:
        return None
    # Without points of its own an item's numbers count against the office.
    up = -way if item.points is None else way
    if item.values:
        beyond = [number for number in item.values if (number - value) * up > 0]
        near = min(beyond, key=lambda number: abs(number - value), default=None)
        return None if near is None else replace(answer, value=near)
    further = value + up
    outside = further < 0 or (item.points is not None and further > item.points)
    return None if outside else replace(answer, value=further)


_STEPS: Final[Mapping[str, Callable[[Item, Answer, int], Answer | None]]] = {
    "each": _next_occurrence,
    "rate": _next_case,
    "number": _next_number,
}

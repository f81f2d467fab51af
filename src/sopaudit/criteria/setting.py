"""What a kind is given: whether a value is of the sort that its setting takes."""

import re
from collections.abc import Mapping
from typing import Final

from sopaudit.criteria.calendar import hours
from sopaudit.criteria.duration import duration
from sopaudit.criteria.field import number
from sopaudit.criteria.parameter import Parameter, Sort
from sopaudit.criteria.rule import Given, listed

EXAMPLES: Final[Mapping[Sort, str]] = {
    "length": "30 min, 2 working hours, 2 working days",
    "number": "3",
    "share": "95 %",
    "time": '"09:30"',
    "hours": '"09:00-12:00"',
    "flag": "yes, no",
}
"""How values of each sort are written; sorts not listed take words and names."""

_TIME: Final = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


def fits(parameter: Parameter, given: Given) -> bool:
    """Say whether a value is of the sort a setting takes, and single where only one is taken."""
    if parameter.sort == "flag":
        return isinstance(given, bool)
    if isinstance(given, tuple) and not parameter.many:
        return False
    return all(_fits(parameter.sort, word) for word in listed(given))


def _fits(sort: Sort, word: str) -> bool:
    if sort == "length":
        return duration(word) is not None
    if sort == "time":
        return _TIME.fullmatch(word.strip()) is not None
    if sort == "hours":
        return hours(word) is not None
    if sort in ("number", "share"):
        found = number(word)
        return found is not None and (sort == "number" or 0 <= found <= 1)
    return True


def example(parameter: Parameter, given: Given) -> str:
    """Show what could stand in the place of `given`."""
    if parameter.sort in EXAMPLES:
        return EXAMPLES[parameter.sort]
    return listed(given)[0]

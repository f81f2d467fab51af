"""Kinds of rules about warranty, and repairs that come back."""

from typing import Final

from sopaudit.criteria.parameter import (
    may,
    mays,
    named,
    need,
    needs,
)

WARRANTY: Final = (
    named(
        "warranty",
        "ticket",
        may("decided", "field"),
        need("bought", "field"),
        need("product", "field"),
        need("table", "table"),
        need("months", "column"),
        need("on", "moment"),
        needs("covered", "words"),
        needs("uncovered", "words"),
        may("machine", "field"),
        mays("repair_from", "moment"),
        mays("repair_to", "moment"),
        may("part_class", "field"),
        may("repair_days_out", "flag"),
        may("holiday_extends", "flag"),
        may("at_least", "length"),
        may("override", "field"),
    ),
    named(
        "repeat",
        "ticket",
        needs("same", "field"),
        need("from", "moment"),
        needs("done", "moment"),
        need("within", "length"),
        may("told_within", "length"),
        may("free", "field"),
    ),
)

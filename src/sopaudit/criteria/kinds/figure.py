"""The kinds of key figures."""

from typing import Final

from sopaudit.criteria.parameter import (
    LIMITS,
    may,
    mays,
    named,
    need,
    needs,
)

FIGURES: Final = (
    named(
        "rate",
        "ticket",
        may("counts", "choice", "conforming", "nonconforming", "done"),
        may("in_force", "choice", "first", "last"),
        counts_rules=True,
    ),
    named(
        "ratio",
        "ticket",
        needs("of", "moment"),
        needs("over", "moment"),
        mays("of_only", "condition"),
    ),
    named(
        "percentile",
        "ticket",
        need("from", "moment"),
        need("to", "moment"),
        needs("at", "share"),
        may("in", "choice", "working h", "working d", "h", "d"),
    ),
    named(
        "share_within",
        "ticket",
        need("from", "moment"),
        need("to", "moment"),
        need("at_most", "length"),
    ),
    named(
        "share_in_range",
        "line",
        need("field", "field"),
        may("at_least", "number"),
        may("at_most", "number"),
        either=(LIMITS,),
    ),
    named("mean", "line", need("field", "field")),
    named(
        "agreement",
        "ticket",
        need("left", "field"),
        need("right", "field"),
        may("tolerance", "number"),
    ),
    named("filled_share", "form", needs("forms", "form")),
    named(
        "open_cases",
        "ticket",
        need("due", "field"),
        needs("done", "moment"),
        may("older_than", "length"),
    ),
    named(
        "on_time",
        "line",
        need("due", "field"),
        need("done", "field"),
    ),
    named(
        "fill_rate",
        "line",
        need("asked", "moment"),
        need("order", "field"),
        needs("filled_by", "move"),
        need("by", "choice", "order", "line", "piece"),
        may("within", "length"),
    ),
    named("turns", "office", needs("issued", "move"), needs("places", "words")),
)

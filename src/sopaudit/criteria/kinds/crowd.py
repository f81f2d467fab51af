"""Kinds of rules about what stands out in many tickets together."""

from typing import Final

from sopaudit.criteria.parameter import (
    CALENDAR,
    may,
    mays,
    named,
    need,
)

CROWDS: Final = (
    named(
        "load_spread",
        "person",
        need("event", "event"),
        need("within", "share"),
        may("days_at_least", "number"),
    ),
    named(
        "second_call",
        "ticket",
        need("calls", "record"),
        need("at", "field"),
        need("incoming", "condition"),
        need("outgoing", "condition"),
        need("times", "number"),
        need("within", "length"),
        mays("contacts", "event"),
        mays("until", "moment"),
        CALENDAR,
    ),
    named("burst", "day", need("event", "event"), need("at_most", "number")),
    named("repeated_text", "line", need("field", "field"), need("at_most", "number")),
    named(
        "phrases",
        "call",
        need("text", "field"),
        need("call", "field"),
        need("of", "field"),
        mays("only", "condition"),
        mays("required", "words"),
        mays("forbidden", "phrase"),
        either=(("required", "forbidden"),),
    ),
)

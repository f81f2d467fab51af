"""The kinds of rules and key figures: a closed list, each with the settings it takes.

A rule chooses a kind and gives it numbers and names (`with:` in YAML); what the kind does with them
is code. All rules share two settings, `when` and `unless`, which say to which cases a rule applies.
The words people read on kinds stand in `kinds.toml`, which is opened only where they are shown.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

Sort = Literal[
    "length",
    "number",
    "share",
    "time",
    "hours",
    "flag",
    "choice",
    "words",
    "moment",
    "event",
    "field",
    "record",
    "form",
    "table",
    "column",
    "codes",
    "move",
    "place",
    "condition",
    "phrase",
    "post",
    "purse",
]
"""What a setting may be: a value (`length` to `words`), or a name of something in the handbook."""

Subject = Literal[
    "ticket",
    "occurrence",
    "form",
    "call",
    "line",
    "part",
    "stock",
    "person",
    "office",
    "day",
]
"""What one case is: see `kinds.toml`."""


class Parameter(NamedTuple):
    """One setting of a kind."""

    name: str
    sort: Sort
    required: bool = False
    many: bool = False
    """A list is taken; a single value is a list of one."""

    choices: tuple[str, ...] = ()
    """For a `choice`, all it may be."""


class Kind(NamedTuple):
    """One way to decide a rule, or to count a key figure."""

    name: str
    subject: Subject
    parameters: tuple[Parameter, ...]
    either: tuple[tuple[str, ...], ...] = ()
    """Of each of these groups at least one setting is given."""

    alike: tuple[tuple[str, str], ...] = ()
    """Lists that go together entry by entry, such as classes and the tolerance of each."""

    counts_rules: bool = False
    """It counts the results of rules, so some must be named under `rules`."""

    def parameter(self, name: str) -> Parameter | None:
        """Find a setting by its name; None for one it does not take."""
        return next((p for p in self.parameters if p.name == name), None)


def _need(name: str, sort: Sort, *choices: str) -> Parameter:
    return Parameter(name, sort, required=True, choices=choices)


def _needs(name: str, sort: Sort) -> Parameter:
    return Parameter(name, sort, required=True, many=True)


def _may(name: str, sort: Sort, *choices: str) -> Parameter:
    return Parameter(name, sort, choices=choices)


def _mays(name: str, sort: Sort) -> Parameter:
    return Parameter(name, sort, many=True)


_CASES: Final = (_mays("when", "condition"), _mays("unless", "condition"))
"""What every kind takes."""


def _named(
    name: str,
    subject: Subject,
    *parameters: Parameter,
    either: tuple[tuple[str, ...], ...] = (),
    alike: tuple[tuple[str, str], ...] = (),
    counts_rules: bool = False,
) -> tuple[str, Kind]:
    return name, Kind(name, subject, (*parameters, *_CASES), either, alike, counts_rules)


_LIMITS: Final = ("at_most", "at_least")
_NEVER: Final = _may("never", "choice", "skip")
_CALENDAR: Final = _may("calendar", "post")
_PAUSES: Final = (
    _mays("paused_by", "event"),
    _mays("paused_when", "words"),
    _mays("resumed_by", "event"),
)
_WHICH: Final = _may("which", "choice", "first", "last", "each")

RULE_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    dict(
        (
            # Times of one ticket, call or line.
            _named(
                "elapsed",
                "occurrence",
                _need("from", "moment"),
                _needs("to", "moment"),
                _may("at_most", "length"),
                _may("at_least", "length"),
                _WHICH,
                _NEVER,
                _mays("from_only", "condition"),
                _mays("until", "moment"),
                _CALENDAR,
                *_PAUSES,
                either=(_LIMITS,),
            ),
            _named(
                "deadline",
                "occurrence",
                _need("from", "moment"),
                _need("to", "moment"),
                _need("within", "length"),
                _may("by", "time"),
                _may("late_from", "time"),
                _may("late_within", "length"),
                _may("late_by", "time"),
                _NEVER,
                _mays("on", "words"),
                _mays("until", "moment"),
                _CALENDAR,
                *_PAUSES,
            ),
            _named("sequence", "ticket", _needs("events", "moment"), _mays("needed", "moment")),
            _named(
                "timeline",
                "ticket",
                _may("not_before", "moment"),
                _mays("may_precede", "event"),
                _may("along_workflow", "flag"),
                _may("no_future", "flag"),
                either=(("not_before", "along_workflow", "no_future"),),
            ),
            _named(
                "occurrences",
                "ticket",
                _needs("events", "event"),
                _may("at_least", "number"),
                _may("at_most", "number"),
                _may("before", "moment"),
                _may("after", "moment"),
                _mays("excused_by", "event"),
                _mays("excused_when", "words"),
                either=(_LIMITS,),
            ),
            _named(
                "attempts",
                "ticket",
                _need("event", "event"),
                _need("at_least", "number"),
                _may("on_days", "number"),
                _mays("day_parts", "hours"),
                _may("before", "moment"),
            ),
            _named(
                "reminders",
                "occurrence",
                _need("event", "event"),
                _need("from", "moment"),
                _needs("at", "length"),
                _mays("until", "moment"),
                _CALENDAR,
            ),
            _named(
                "hours",
                "occurrence",
                _need("event", "event"),
                _needs("within", "hours"),
                _CALENDAR,
            ),
            _named(
                "promise_kept",
                "occurrence",
                _need("done", "moment"),
                _needs("promised", "moment"),
                _need("limit", "field"),
                _may("in_force", "choice", "first", "last"),
            ),
            _named(
                "notice_before",
                "occurrence",
                _need("done", "moment"),
                _need("promise", "field"),
                _need("begins", "field"),
                _need("notice", "event"),
                _mays("promised", "event"),
                _need("at_least", "length"),
            ),
            _named(
                "overdue",
                "line",
                _may("due", "field"),
                _may("since", "moment"),
                _may("at_most", "length"),
                _mays("done", "moment"),
                _may("renewed", "length"),
                _may("reason", "field"),
                _mays("promised", "event"),
                _CALENDAR,
                either=(("due", "since"),),
            ),
            _named(
                "queue_order",
                "ticket",
                _need("queued", "event"),
                _need("served", "event"),
                _may("ahead", "condition"),
            ),
            # What records hold.
            _named(
                "filled",
                "form",
                _mays("forms", "form"),
                _mays("records", "record"),
                _mays("fields", "field"),
                _mays("blank", "words"),
                _mays("times", "field"),
                _may("per", "choice", "line", "ticket"),
                _may("each_ticket", "flag"),
                _may("where_kept", "flag"),
                _may("since", "field"),
                _may("within", "length"),
                either=(("forms", "records", "fields"),),
            ),
            _named(
                "in_range",
                "line",
                _need("field", "field"),
                _may("at_least", "number"),
                _may("at_most", "number"),
                either=(_LIMITS,),
            ),
            _named(
                "value_in",
                "line",
                _need("field", "field"),
                _mays("is", "words"),
                _may("codes", "codes"),
                _may("table", "table"),
                _may("column", "column"),
                either=(("is", "codes", "table"),),
            ),
            _named(
                "unique",
                "line",
                _needs("fields", "field"),
                _may("approved", "field"),
                _mays("roles", "words"),
                _may("at", "field"),
                _mays("until", "moment"),
            ),
            _named(
                "numbering",
                "line",
                _need("field", "field"),
                _may("gaps", "flag"),
                _may("invoice_mode", "choice", "paper", "e"),
                _may("range_from", "field"),
                _may("range_to", "field"),
                _may("others", "field"),
                _mays("voided", "condition"),
                _may("kept", "field"),
                _mays("undoing", "condition"),
                _may("undone", "field"),
            ),
            _named(
                "matched",
                "line",
                _need("each", "moment"),
                _need("in", "record"),
                _needs("on", "words"),
                _mays("like", "words"),
                _may("time", "field"),
                _mays("only", "condition"),
                _may("within", "length"),
                alike=(("on", "like"),),
            ),
            _named(
                "signature",
                "ticket",
                _need("signed", "field"),
                _need("role_in", "field"),
                _needs("role", "words"),
                _needs("after", "moment"),
                _mays("before", "moment"),
                _may("not_staff", "field"),
                _may("image_once", "field"),
            ),
            _named(
                "not_same_person",
                "occurrence",
                _need("person", "moment"),
                _may("who", "field"),
                _needs("not_among", "field"),
            ),
            # Numbers that must fit each other.
            _named(
                "amounts_agree",
                "line",
                _need("left", "field"),
                _need("right", "field"),
                _need("per", "choice", "line", "ticket", "day", "month"),
                _may("how", "choice", "sum", "count"),
                _may("tolerance", "number"),
                _may("excused_by", "field"),
                _mays("left_only", "condition"),
                _mays("right_only", "condition"),
                _may("explained", "field"),
                _may("explained_within", "length"),
                _may("since", "field"),
                _may("times", "field"),
                _mays("apart", "words"),
            ),
            _named(
                "kept_at_most",
                "line",
                _need("money", "field"),
                _need("place", "purse"),
                _need("at_most", "number"),
            ),
            _named(
                "passed_on",
                "line",
                _need("money", "field"),
                _need("place", "purse"),
                _need("within", "length"),
                _may("by", "time"),
            ),
            _named(
                "priced",
                "line",
                _need("code", "field"),
                _need("price", "field"),
                _need("table", "table"),
                _need("key", "column"),
                _need("column", "column"),
                _need("on", "moment"),
                _may("compare", "choice", "equal", "at_least"),
                _may("excused_by", "field"),
                _may("edition", "field"),
                _may("edition_column", "column"),
            ),
            _named(
                "share_reached",
                "office",
                _need("done", "moment"),
                _need("of", "moment"),
                _need("at_least", "share"),
                _may("within", "length"),
                _CALENDAR,
            ),
            _named(
                "value_limit",
                "office",
                _need("value", "field"),
                _need("of", "number"),
                _need("at_most", "share"),
                _may("from", "field"),
                _may("until", "field"),
            ),
            _named(
                "approved",
                "line",
                _need("by", "field"),
                _needs("roles", "words"),
                _mays("amount", "field"),
                _mays("up_to", "number"),
                _may("reason", "field"),
                _mays("highest_when", "condition"),
                _mays("differs", "field"),
                _mays("moves", "move"),
                _mays("on", "words"),
                _mays("amount_on", "words"),
                _mays("only", "condition"),
            ),
            # Warranty.
            _named(
                "warranty",
                "ticket",
                _may("decided", "field"),
                _need("bought", "field"),
                _need("product", "field"),
                _need("table", "table"),
                _need("months", "column"),
                _need("on", "moment"),
                _needs("covered", "words"),
                _needs("uncovered", "words"),
                _may("machine", "field"),
                _mays("repair_from", "moment"),
                _mays("repair_to", "moment"),
                _may("part_class", "field"),
                _may("repair_days_out", "flag"),
                _may("holiday_extends", "flag"),
                _may("at_least", "length"),
                _may("override", "field"),
            ),
            _named(
                "repeat",
                "ticket",
                _needs("same", "field"),
                _need("from", "moment"),
                _needs("done", "moment"),
                _need("within", "length"),
                _may("told_within", "length"),
                _may("free", "field"),
            ),
            # Spare parts.
            _named(
                "preceded",
                "part",
                _need("move", "move"),
                _needs("by", "move"),
                _need("at_most", "length"),
                _may("since", "field"),
            ),
            _named(
                "papers",
                "part",
                _needs("move", "move"),
                _need("in", "record"),
                _needs("on", "words"),
                _mays("first_on", "words"),
            ),
            _named(
                "tied",
                "part",
                _needs("moves", "move"),
                _may("since", "moment"),
                _mays("until", "moment"),
                _mays("reopened", "moment"),
                _may("reserved_by", "move"),
            ),
            _named(
                "followed",
                "part",
                _need("move", "move"),
                _needs("by", "move"),
                _mays("not_after", "move"),
                _mays("by_unless", "condition"),
                _mays("from", "moment"),
                _may("at_most", "length"),
                _may("worse_after", "length"),
                _may("before", "moment"),
                _may("explained", "field"),
                _may("never", "choice", "skip"),
                either=(("at_most", "before"),),
            ),
            _named(
                "late_explained",
                "part",
                _need("move", "move"),
                _need("by", "move"),
                _may("from", "moment"),
                _need("at_most", "length"),
                _need("note", "field"),
                _may("noted", "field"),
            ),
            _named("never_below", "stock", _mays("places", "place")),
            _named("one_place", "part"),
            _named(
                "stays",
                "part",
                _need("place", "place"),
                _need("at_most", "length"),
                _may("from", "moment"),
                _mays("moves", "move"),
                _may("explained", "field"),
            ),
            _named("never_before", "part", _need("move", "move"), _needs("earlier", "move")),
            _named(
                "serials_agree",
                "part",
                _needs("fitted", "move"),
                _needs("issued", "move"),
                _mays("removed", "move"),
                _may("machine", "field"),
            ),
            _named(
                "stock_equation",
                "stock",
                _need("record", "record"),
                _need("moves", "record"),
                _may("never_negative", "flag"),
            ),
            _named(
                "stock_level",
                "stock",
                _need("on_hand", "field"),
                _need("on_order", "field"),
                _need("at_least", "field"),
                _needs("on", "words"),
                _mays("hand_only", "condition"),
                _mays("order_only", "condition"),
            ),
            _named(
                "fifo",
                "part",
                _need("move", "move"),
                _needs("within", "field"),
                _need("received", "field"),
                _mays("received_by", "move"),
                _mays("only", "condition"),
            ),
            _named(
                "blocked",
                "person",
                _need("move", "move"),
                _needs("owed_by", "move"),
                _needs("overdue", "move"),
                _need("returned_within", "length"),
                _mays("from", "moment"),
                _mays("person", "field"),
                _mays("only", "condition"),
                _may("at_most", "number"),
                _may("oldest", "length"),
                _may("released", "field"),
                either=(("at_most", "oldest"),),
            ),
            _named(
                "count_tolerance",
                "stock",
                _need("counted", "field"),
                _need("book", "field"),
                _need("class", "field"),
                _needs("classes", "words"),
                _needs("tolerances", "share"),
                _mays("tolerances_down", "share"),
                _may("otherwise", "share"),
                _may("otherwise_down", "share"),
                _may("own", "field"),
                _may("own_down", "field"),
                _may("price", "field"),
                _mays("value_up", "number"),
                _mays("value_down", "number"),
                _may("serialised", "number"),
                _needs("on", "words"),
                _mays("only", "condition"),
                alike=(
                    ("classes", "tolerances"),
                    ("classes", "tolerances_down"),
                    ("classes", "value_up"),
                    ("classes", "value_down"),
                ),
            ),
            # What stands out in many tickets together.
            _named(
                "load_spread",
                "person",
                _need("event", "event"),
                _need("within", "share"),
                _may("days_at_least", "number"),
            ),
            _named(
                "second_call",
                "ticket",
                _need("calls", "record"),
                _need("at", "field"),
                _need("incoming", "condition"),
                _need("outgoing", "condition"),
                _need("times", "number"),
                _need("within", "length"),
                _mays("contacts", "event"),
                _mays("until", "moment"),
                _CALENDAR,
            ),
            _named("burst", "day", _need("event", "event"), _need("at_most", "number")),
            _named("repeated_text", "line", _need("field", "field"), _need("at_most", "number")),
            _named(
                "phrases",
                "call",
                _need("text", "field"),
                _need("call", "field"),
                _need("of", "field"),
                _mays("only", "condition"),
                _mays("required", "words"),
                _mays("forbidden", "phrase"),
                either=(("required", "forbidden"),),
            ),
        )
    )
)
"""What a rule may be, by name."""

KPI_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    dict(
        (
            _named(
                "rate",
                "ticket",
                _may("counts", "choice", "conforming", "nonconforming", "done"),
                _may("in_force", "choice", "first", "last"),
                counts_rules=True,
            ),
            _named(
                "ratio",
                "ticket",
                _needs("of", "moment"),
                _needs("over", "moment"),
                _mays("of_only", "condition"),
            ),
            _named(
                "percentile",
                "ticket",
                _need("from", "moment"),
                _need("to", "moment"),
                _needs("at", "share"),
                _may("in", "choice", "working h", "working d", "h", "d"),
            ),
            _named(
                "share_within",
                "ticket",
                _need("from", "moment"),
                _need("to", "moment"),
                _need("at_most", "length"),
            ),
            _named(
                "share_in_range",
                "line",
                _need("field", "field"),
                _may("at_least", "number"),
                _may("at_most", "number"),
                either=(_LIMITS,),
            ),
            _named("mean", "line", _need("field", "field")),
            _named(
                "agreement",
                "ticket",
                _need("left", "field"),
                _need("right", "field"),
                _may("tolerance", "number"),
            ),
            _named("filled_share", "form", _needs("forms", "form")),
            _named(
                "open_cases",
                "ticket",
                _need("due", "field"),
                _needs("done", "moment"),
                _may("older_than", "length"),
            ),
            _named(
                "on_time",
                "line",
                _need("due", "field"),
                _need("done", "field"),
            ),
            _named(
                "fill_rate",
                "line",
                _need("asked", "moment"),
                _need("order", "field"),
                _needs("filled_by", "move"),
                _need("by", "choice", "order", "line", "piece"),
                _may("within", "length"),
            ),
            _named("turns", "office", _needs("issued", "move"), _needs("places", "words")),
        )
    )
)
"""What a key figure may be, by name."""

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({**RULE_KINDS, **KPI_KINDS})
"""All of them: no rule and key figure share a name."""

RUNS: Final[frozenset[str]] = frozenset(
    (
        # Times and events.
        "attempts",
        "burst",
        "deadline",
        "elapsed",
        "hours",
        "load_spread",
        "notice_before",
        "occurrences",
        "overdue",
        "promise_kept",
        "queue_order",
        "reminders",
        "second_call",
        "sequence",
        "share_reached",
        "timeline",
        "value_limit",
        # Lines of records.
        "amounts_agree",
        "approved",
        "blocked",
        "count_tolerance",
        "fifo",
        "filled",
        "followed",
        "in_range",
        "kept_at_most",
        "late_explained",
        "matched",
        "never_before",
        "never_below",
        "not_same_person",
        "numbering",
        "one_place",
        "papers",
        "passed_on",
        "phrases",
        "preceded",
        "priced",
        "repeat",
        "repeated_text",
        "serials_agree",
        "signature",
        "stays",
        "stock_equation",
        "stock_level",
        "tied",
        "unique",
        "value_in",
        "warranty",
        # All key figures.
        *KPI_KINDS,
    )
)
"""The kinds that code decides today; items answered by others stay unchecked."""

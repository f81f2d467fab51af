"""What a kind of rule or key figure is made of: its settings, and what one case of it is.

The words people read on them stand in `kinds.toml`, which is opened only where they are shown.
"""

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


def need(name: str, sort: Sort, *choices: str) -> Parameter:
    """Take one value, which must be given."""
    return Parameter(name, sort, required=True, choices=choices)


def needs(name: str, sort: Sort) -> Parameter:
    """Take one or several, of which one must be given."""
    return Parameter(name, sort, required=True, many=True)


def may(name: str, sort: Sort, *choices: str) -> Parameter:
    """Take one value, which may be left out."""
    return Parameter(name, sort, choices=choices)


def mays(name: str, sort: Sort) -> Parameter:
    """Take any number."""
    return Parameter(name, sort, many=True)


_CASES: Final = (mays("when", "condition"), mays("unless", "condition"))
"""What every kind takes."""


def named(
    name: str,
    subject: Subject,
    *parameters: Parameter,
    either: tuple[tuple[str, ...], ...] = (),
    alike: tuple[tuple[str, str], ...] = (),
    counts_rules: bool = False,
) -> Kind:
    """Make a kind of its own settings and those that all kinds take."""
    return Kind(name, subject, (*parameters, *_CASES), either, alike, counts_rules)


LIMITS: Final = ("at_most", "at_least")
NEVER: Final = may("never", "choice", "skip")
CALENDAR: Final = may("calendar", "post")
PAUSES: Final = (
    mays("paused_by", "event"),
    mays("paused_when", "words"),
    mays("resumed_by", "event"),
)
WHICH: Final = may("which", "choice", "first", "last", "each")

"""The kinds of rules and key figures: a closed list, each with the settings it takes.

A rule chooses a kind and gives it numbers and names (`with:` in YAML); what the kind does with them
is code. All rules share two settings, `when` and `unless`, which say to which cases a rule applies.
The kinds themselves stand in `kinds/`, by what they are about; the words people read on them stand
in `kinds.toml`, which is opened only where they are shown.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sopaudit.criteria.kinds.amount import AMOUNTS
from sopaudit.criteria.kinds.crowd import CROWDS
from sopaudit.criteria.kinds.figure import FIGURES
from sopaudit.criteria.kinds.part import PARTS
from sopaudit.criteria.kinds.record import RECORDS
from sopaudit.criteria.kinds.time import TIMES
from sopaudit.criteria.kinds.warranty import WARRANTY
from sopaudit.criteria.parameter import Kind


def _by_name(*kinds: Kind) -> Mapping[str, Kind]:
    return MappingProxyType({kind.name: kind for kind in kinds})


RULE_KINDS: Final = _by_name(*TIMES, *RECORDS, *AMOUNTS, *WARRANTY, *PARTS, *CROWDS)
"""What a rule may be, by name."""

KPI_KINDS: Final = _by_name(*FIGURES)
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

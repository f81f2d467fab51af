"""Rules of which the engine does not yet find what was planted, by sort of case or by office.

Whoever makes it find them empties this list: what stands here and is found turns a test red.
"""

from typing import Final

from tests.month.truth import OFFICES

_LEDGER = "asks the ledger alone; the custody that knows opening balances is not asked yet"
_ADJUSTED = "a count is held against the book after it was adjusted, not as it was counted"
_PACKED = "is seen on the spot so far; the records name all of its elements"
_BENCH = "at the bench there is no visit whose end starts the clock"
_CAUSE = "a ticket that cost nothing asks for its cause of fault all the same"

WAITING: Final[dict[tuple[str, str], str]] = {
    ("AC-21", "follows"): _LEDGER,
    ("AC-36", "follows"): _ADJUSTED,
    **{("PR-08", name): "adds up loans that came back, too" for name in ("inside", "CD")},
    **{("PR-12", name): _LEDGER for name in ("over", "missing", "follows", "CQ")},
    ("PR-14", "CQ"): "a piece that has left the ledger has its receipt in the opening or its RECV",
    **{("PR-17", name): _BENCH for name in OFFICES},
    **{("PR-20", name): _PACKED for name in ("over", "inside", "missing")},
    ("PR-21", "over"): "the records do not say when a note was written",
    ("PR-21", "missing"): "whether it is late is not known, so nor whether a note was due",
    **{("PR-27", name): "every count of an adjusted part is asked for" for name in OFFICES},
    **{("PR-28", name): _PACKED for name in ("over", "inside")},
    ("PR-29", "missing"): "a blank is taken for nothing to ask",
    **{("PR-31", name): _CAUSE for name in OFFICES},
    ("PR-33", "over"): "what was booked in and never out is not asked",
}
"""By sort where planted cases get another verdict, by office where more is found."""

LOSSES: Final[dict[str, str]] = {
    "below_zero": "takes every case of AC-21 for one, also where closing only differs",
    "two_places": "PR-13 finds lines of the ledger that are alike, a negative one among them",
    "count_differs": "says one piece, whatever the count is short by",
    "unapproved": "see PR-27",
    "reserved_elsewhere": "takes in requests answered late and issues without an open ticket",
    "in_transit": "see PR-33",
    "loan_overdue": "takes in loans whose papers are incomplete, and does not name the borrower",
    "scrap_papers": "see PR-28",
}
"""Sorts of losses that are not found as they were planted."""

SHORT: Final = "findings.money does not say yet who is short"

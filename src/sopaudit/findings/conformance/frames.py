"""A frame of events held against a handbook: the library call for people who have pandas."""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.eventlog import EventLog
from sopaudit.evidence.records import ACTOR, AT, EVENT, POST, TICKET
from sopaudit.findings.conformance.conform import conform

ROW: Final = "row"
"""The column that says where an event stood in its source."""

_HEADER: Final = 2
"""The row of the first event, where no column says: the header is row 1."""


def check(
    frame: pd.DataFrame,
    handbook: Handbook,
    workflow: str | None = None,
    as_of: date | None = None,
) -> pd.DataFrame:
    """Hold events against the workflows of a handbook, and give the table of deviations.

    The frame has the columns `ticket_no`, `event` and `at`; `actor` and `post` may be there, and
    `row`, the row in the source, which decides between events of one ticket and time; without it
    the order of the frame does. Times may be texts or moments; a zone is dropped, not converted.
    Rows without a ticket or an event are left out. `workflow` and `as_of` are those of `conform`.

    Raises KeyError where a column is missing, and ValueError for a time that is none.
    """
    for name in (TICKET, EVENT, AT):
        if name not in frame.columns:
            raise KeyError(name)
    return conform(log_of_frame(frame), handbook, workflow, as_of).deviations


def log_of_frame(frame: pd.DataFrame) -> EventLog:
    """Read a frame of events as a log."""
    row = np.arange(_HEADER, len(frame) + _HEADER, dtype=np.int64)
    if ROW in frame.columns:
        row = frame[ROW].to_numpy(np.int64)
    at = pd.to_datetime(frame[AT])
    if at.dt.tz is not None:
        at = at.dt.tz_localize(None)
    ticket, tickets = _named(frame[TICKET])
    activity, activities = _named(frame[EVENT])
    keep = np.flatnonzero((ticket >= 0) & (activity >= 0))
    whole = EventLog(
        tickets,
        ticket,
        activities,
        activity,
        at.to_numpy("datetime64[us]"),
        row,
        *_optional(frame, ACTOR),
        *_optional(frame, POST),
    )
    return whole if len(keep) == len(whole) else whole.take(keep)


def _optional(frame: pd.DataFrame, name: str) -> tuple[tuple[str, ...], Ints | None]:
    if name not in frame.columns:
        return (), None
    codes, names = _named(frame[name])
    return names, codes


def _named(column: "pd.Series[str]") -> tuple[Ints, tuple[str, ...]]:
    """Give each text of a column its number in their own order; -1 for a blank."""
    codes, distinct = pd.factorize(column)
    texts = [str(text).strip() for text in distinct.tolist()]
    names = tuple(sorted(set(texts) - {""}))
    place = {name: n for n, name in enumerate(names)}
    table = np.array([*(place.get(text, -1) for text in texts), -1], np.int32)
    return table[codes], names

"""Moments as people and their programs write them, where they are not plain ISO."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from sopaudit.evidence.habits import EPOCH_1900, LOST, habits

_NEVER: Final = np.datetime64("NaT", "us")


def read_moment(text: str, zone: str = "") -> np.datetime64:
    """Read a moment that names its offset, or a day in any of the known forms; NaT for none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        day = habits().day(text, EPOCH_1900).text
        return np.datetime64(day, "us") if day not in {"", LOST, text} else _NEVER
    if found.tzinfo is not None and zone:
        found = found.astimezone(ZoneInfo(zone))
    return np.datetime64(found.replace(tzinfo=None), "us")

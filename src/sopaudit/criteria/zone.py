"""The clock of an organisation: an offset from universal time, or the name of a zone."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Annotated, Final

from pydantic_core import PydanticCustomError

from sopaudit.criteria.field import seen

_OFFSET: Final = r"[+-](?:0[0-9]|1[0-4]):[0-5][0-9]"
_NAME: Final = r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*"


def known_zone(name: str) -> bool:
    """Say whether this machine knows a zone of that name."""
    return _named(name) is not None


def zone_of(text: str) -> tzinfo | None:
    """Read `+08:00` or `Asia/Shanghai`; None where it is neither, or no zone this machine knows.

    Names need the tables of zones, which Windows does not bring; an offset needs nothing.
    """
    if not re.fullmatch(_OFFSET, text):
        return _named(text) if re.fullmatch(_NAME, text) else None
    hours, minutes = text[1:].split(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if text[0] == "-" else offset) if offset else UTC


def _named(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a zone that is not found is a KeyError
        return None


def _zone(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if zone_of(text) is None:
        raise PydanticCustomError("S030", "a zone expected")
    return text


Zone = Annotated[
    str,
    seen("zone", "string", pattern=rf"^\s*({_OFFSET}|{_NAME})\s*$".replace("?:", ""), read=_zone),
]
"""A clock, written `+08:00` or `Asia/Shanghai`; `zone_of` reads it."""

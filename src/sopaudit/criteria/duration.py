"""Lengths of time as handbooks write them: `30 min`, `2 working days`, `2个工作日`."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Final

from pydantic_core import PydanticCustomError

from sopaudit.criteria.field import number, plain, seen

UNITS: Final[dict[str, tuple[str, ...]]] = {
    "s": ("s", "second", "seconds", "秒"),
    "min": ("min", "minute", "minutes", "分钟", "分"),
    "h": ("h", "hour", "hours", "小时", "个小时"),
    "d": ("d", "day", "days", "天", "日"),
    "month": ("month", "months", "个月"),
    "working min": ("working min", "working minute", "working minutes", "个工作分钟", "工作分钟"),
    "working h": ("working h", "working hour", "working hours", "个工作小时", "工作小时"),
    "working d": ("working d", "working day", "working days", "个工作日", "工作日"),
}
"""Each unit and how it may be written; those of working time stand still outside working hours."""

_NAMES: Final = {name: unit for unit, names in UNITS.items() for name in names}

SAID: Final[dict[str, tuple[str, str, str]]] = {
    "s": ("{}秒", "{} second", "{} seconds"),
    "min": ("{}分钟", "{} minute", "{} minutes"),
    "h": ("{}小时", "{} hour", "{} hours"),
    "d": ("{}天", "{} day", "{} days"),
    "month": ("{}个月", "{} month", "{} months"),
    "working min": ("{}个工作分钟", "{} working minute", "{} working minutes"),
    "working h": ("{}个工作小时", "{} working hour", "{} working hours"),
    "working d": ("{}个工作日", "{} working day", "{} working days"),
}
"""How each unit is said: in Chinese, in English for one, in English for several."""


@dataclass(frozen=True)
class Duration:
    """A length of time; whether its unit runs on working time is part of the unit."""

    amount: Fraction
    unit: str
    """One of `UNITS`."""

    @property
    def working(self) -> bool:
        """Say whether it stands still outside working hours."""
        return self.unit.startswith("working")

    def to(self, lang: str) -> str:
        """Say it in Chinese (`zh`) or else in English."""
        chinese, one, several = SAID[self.unit]
        words = chinese if lang == "zh" else one if self.amount == 1 else several
        return words.format(plain(self.amount))

    def __str__(self) -> str:
        """Give it as it may be written in YAML."""
        return f"{plain(self.amount)} {self.unit}"


def duration(text: object) -> Duration | None:
    """Read a length of time; None where the text is none."""
    if isinstance(text, Duration):
        return text
    found = re.fullmatch(r"\s*([0-9./]+)\s*(\S.*?)\s*", text) if isinstance(text, str) else None
    if found is None:
        return None
    amount, unit = number(found[1]), _NAMES.get(" ".join(found[2].lower().split()))
    return None if amount is None or unit is None else Duration(amount, unit)


def _duration(value: object) -> Duration:
    found = duration(value)
    if found is None:
        raise PydanticCustomError("S027", "a length of time expected")
    return found


Length = Annotated[
    Duration,
    seen("duration", "string", pattern=r"^\s*[0-9./]+\s*\S", read=_duration),
]
"""A length of time, written `2 working days` or `2个工作日`."""

"""The kinds of values YAML may hold: each reads its own text and says what it expected.

Errors raised here carry one of our problem codes as their type, so that `reading` can turn them
into Problems without reading anybody's English. Each kind also says what an editor may find in its
place (`seen`): we read text, but an editor's YAML parser makes `10` a number and `true` a truth.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Final

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


class Entry(BaseModel):
    """A mapping in a YAML file: frozen, and a key it does not know is a mistake."""

    # Built when a file is read into it, so that what stands inside another is built there alone.
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_by_name=False,
        validate_by_alias=True,
        defer_build=True,
    )


class Seen:
    """How a kind of value is read, and how editors see it.

    Pydantic takes it as it is; told the same in its own words, it would work it out per field.
    """

    def __init__(self, reading: CoreSchema | None, described: JsonSchemaValue) -> None:
        self._reading = reading
        self._described = described

    def __get_pydantic_core_schema__(
        self,
        source: Any,  # noqa: ANN401 -- pydantic's own signature
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        return {**self._reading} if self._reading else handler(source)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**self._described}


def seen(
    kind: str,
    *types: str,
    pattern: str,
    read: Callable[[Any], object] | CoreSchema | None = None,
    **more: object,
) -> Seen:
    """Say how a kind of value is read, and describe it to editors in terms of JSON Schema.

    Where `read` is left out, what else stands in the annotation reads. `criteria.schema` names it.
    """
    reading = core_schema.no_info_plain_validator_function(read) if callable(read) else read
    return Seen(reading, {"kind": kind, "type": [*types], "pattern": pattern, **more})


Word = Annotated[
    str,
    seen(
        "word",
        "string",
        "number",
        pattern=r"\S",
        read=core_schema.str_schema(min_length=1, strip_whitespace=True),
    ),
]
"""Text that must not be empty, the same in every language: an edition, a source, a form number."""

ID_PATTERN: Final = "[A-Za-z0-9][A-Za-z0-9._-]*"

Id = Annotated[
    str,
    seen(
        "id",
        "string",
        "number",
        pattern=f"^{ID_PATTERN}$",
        read=core_schema.str_schema(pattern=f"^{ID_PATTERN}$"),
    ),
]
"""A name other places point at: ASCII letters, digits, dot, hyphen, underscore."""


_FOLD: Final = re.compile(
    r"(?<=[，。；：、！？）》”]) (?=\S)|(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff，。；：、！？（《“])"
)


def unfolded(text: str) -> str:
    """Take out the blank that folding a Chinese text over two lines of YAML leaves behind."""
    return text if text.isascii() or " " not in text else _FOLD.sub("", text)


@dataclass(frozen=True)
class Text:
    """Wording for people, in one or several languages."""

    wordings: tuple[tuple[str, str], ...]
    """Pairs of language and words, as declared; the language is empty for a plain string."""

    def to(self, lang: str) -> str:
        """Give the words in `lang`, or else in the first language that stands there."""
        said = dict(self.wordings)
        return said.get(lang) or self.wordings[0][1]

    @property
    def plain(self) -> str:
        """The words where one string stands for all languages, as codes and numbers do."""
        return self.to("")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is written in; none for a plain string."""
        return tuple(lang for lang, _ in self.wordings if lang)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 -- pydantic's own signature
        return core_schema.no_info_plain_validator_function(cls._read)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        words = {"type": ["string", "number"], "pattern": r"\S"}
        return {
            "kind": "text",
            "type": ["string", "number", "object"],
            "pattern": r"\S",
            "minProperties": 1,
            "properties": {"zh": words, "en": words},
            "additionalProperties": words,
        }

    @classmethod
    def _read(cls, value: object) -> "Text":
        if isinstance(value, Text):
            return value
        if isinstance(value, str):
            if not value.strip():
                raise PydanticCustomError("S004", "empty text")
            return cls((("", unfolded(value.strip())),))
        if not isinstance(value, dict):
            raise PydanticCustomError("S003", "text expected")
        if not value:
            raise PydanticCustomError("S004", "empty text")
        wordings = []
        for lang, words in value.items():
            if not isinstance(words, str):
                raise PydanticCustomError("S003", "text expected in {lang}", {"lang": lang})
            said = words.strip()
            if not said:
                raise PydanticCustomError("S015", "empty in {lang}", {"lang": lang})
            wordings.append((lang, unfolded(said)))
        return cls(tuple(wordings))


_PERCENT: Final = re.compile(r"^(.*\S)\s*%$")
_DECIMAL: Final = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)$")
_RATIO: Final = re.compile(r"^([+-]?\d+)\s*/\s*(\d+)$")
_DIGITS_LIMIT: Final = 40


def number(text: object) -> Fraction | None:
    """Read `2/3`, `0.8`, `85 %` or `15` exactly; None where the text is no number."""
    if isinstance(text, Fraction | int):
        return Fraction(text)
    if not isinstance(text, str) or len(text) > _DIGITS_LIMIT:
        return None
    text = text.strip()
    if not text.isascii():
        return None
    if percent := _PERCENT.match(text):
        inner = number(percent[1])
        return None if inner is None or "%" in percent[1] else inner / 100
    if ratio := _RATIO.match(text):
        return Fraction(int(ratio[1]), int(ratio[2])) if int(ratio[2]) else None
    return Fraction(text) if _DECIMAL.match(text) else None


def _number(value: object) -> Fraction:
    found = number(value)
    if found is None:
        raise PydanticCustomError("S005", "a number expected")
    return found


def _not_negative(value: object) -> Fraction:
    found = _number(value)
    if found < 0:
        raise PydanticCustomError("S013", "zero or more expected")
    return found


_DAY: Final = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


def day(text: str) -> date | None:
    """Read `2026-11-23`; None where the text is no day."""
    try:
        return date.fromisoformat(text.strip()) if _DAY.match(text.strip()) else None
    except ValueError:
        return None


def _day(value: object) -> date:
    found = value if isinstance(value, date) else day(str(value))
    if found is None:
        raise PydanticCustomError("S007", "a date expected")
    return found


def _whole(value: object) -> int:
    if isinstance(value, int):
        return value
    if not (isinstance(value, str) and value.strip().isascii() and value.strip().isdigit()):
        raise PydanticCustomError("S006", "a whole number expected")
    return int(value)


FLAGS: Final = {"true": True, "yes": True, "false": False, "no": False}
"""How yes and no may be written, in lower case."""


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    found = FLAGS.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("S012", "yes or no expected")
    return found


_DIGITS: Final = r"([0-9]+\.?[0-9]*|\.[0-9]+|[0-9]+\s*/\s*[0-9]+)(\s*%)?"

NUMBER_PATTERN: Final = "[+-]?" + _DIGITS
"""How a number may be written; editors are told, `number` decides."""

Number = Annotated[
    Fraction,
    seen("number", "number", "string", pattern=rf"^\s*{NUMBER_PATTERN}\s*$", read=_number),
]
"""An exact number; `2/3`, `0.8` and `85 %` are ways to write one."""

Points = Annotated[
    Fraction,
    seen(
        "points",
        "number",
        "string",
        pattern=rf"^\s*\+?{_DIGITS}\s*$",
        minimum=0,
        read=_not_negative,
    ),
]
"""An exact number, zero or more."""

Day = Annotated[
    date,
    seen("day", "string", pattern=r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$", read=_day),
]
"""A calendar day, written 2026-11-23."""

Whole = Annotated[
    int,
    seen("whole", "integer", "string", pattern=r"^\s*[0-9]+\s*$", minimum=0, read=_whole),
]
"""A whole number, zero or more."""

Flag = Annotated[
    bool,
    seen(
        "flag",
        "boolean",
        "string",
        pattern=r"^\s*([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\s*$",
        read=_flag,
    ),
]
"""yes or no, true or false."""


def plain(value: Fraction) -> str:
    """Write a number as people do: `2.5`, or `1/3` where no short decimal is exact."""
    places = next((n for n in range(7) if 10**n % value.denominator == 0), None)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(int(value * 10**places))).zfill(places + 1)
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    return "-" * (value < 0) + whole + ("." + part if part else "")

"""How people and their programs write in tables: `√` for yes, `/` for nothing, 46315 for a day.

The habits themselves are data (`habits.toml`). Nothing here guesses: a text that could be meant in
two ways is not read, and whatever is not taken literally is told together with the reason.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

from sopaudit.criteria.answer import RESULTS

EPOCH_1900: Final = date(1899, 12, 30)
"""Day 0 of Excel's date numbers. There was no 29 February 1900, but Excel counts it; so before
March 1900 this is a day off, and no audit is so old."""

EPOCH_1904: Final = date(1904, 1, 1)
"""Day 0 in workbooks that began on a Macintosh, as the file says."""

LOST: Final = "\0"
"""Stands for a cell that has been named as unreadable, so that nobody names it again."""


@dataclass(frozen=True)
class Taken:
    """What a text was taken for."""

    text: str
    """Goes on in its place; `LOST` where it cannot be used."""

    habit: str = ""
    """Why, as `habits.toml` calls it; empty where the text was taken literally."""

    code: str = ""
    """The problem of a text that cannot be used."""


_FULL_WIDTH: Final = {0xFF01 + n: 0x21 + n for n in range(94)}
_BLANKS: Final = dict.fromkeys([0x3000, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F], " ")
_INVISIBLE: Final = dict.fromkeys(
    [
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        0xFEFF,
        0xFE0E,
        0xFE0F,
    ]
)
_NARROW: Final[dict[int, Any]] = {**_FULL_WIDTH, **_BLANKS, **_INVISIBLE}
_WIDE: Final = re.compile(f"[{''.join(map(re.escape, map(chr, _NARROW)))}]")
_DASHES: Final = re.compile("[‐‑‒–—―−]")

_ERROR: Final = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)", re.IGNORECASE
)
"""What Excel shows where a formula has no value."""

_FORMULA: Final = re.compile(r"(?!=\"[^\"]*\"$)=\s*[-+]?[A-Za-z(\d\"'$@].*", re.DOTALL)
"""What a program wrote that never worked it out."""

_GUARDED: Final = re.compile(r'="([^"]*)"')
_QUOTED: Final = re.compile(r"'([^']+)")
"""Signs that keep Excel from making a number or a day of a text."""

_SHORTENED: Final = re.compile(r"\d(?:\.\d+)?E\+\d\d")
"""As Excel shows a long number in a narrow column; the digits are gone."""

_UNUSABLE: Final = ((_ERROR, "T023"), (_SHORTENED, "T025"), (_FORMULA, "T031"))
"""What cannot be read, and what it is called."""

_POINT_ZERO: Final = re.compile(r"(\d{5,})\.0")
"""A number no shorter than a serial number, with the tail programs give to floats."""

_SEVENTEEN: Final = re.compile(r"-?\d*\.\d{15,}")
"""More decimals than anybody types: a binary float written out."""

_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?")
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 1, 1)
"""A number outside of these days is no date of an audit."""

_TWO_WAYS: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)")
_MONTHS: Final = 12
_DIGITS: Final = 15
"""A spreadsheet keeps so many."""


def narrow(text: str) -> str:
    """Write full-width letters, digits and blanks as usual ones; drop what cannot be seen."""
    return text.translate(_NARROW).strip() if _WIDE.search(text) else text


def keys(texts: Sequence[str]) -> list[str]:
    """Give the `key` of each text; a million plain ones are folded as one string."""
    joined = "\0".join(texts)
    if joined.isascii() and joined.count("\0") == len(texts) - 1:
        return re.sub(r"\s+", "", joined).casefold().split("\0")
    return [key(text) for text in texts]


def key(text: str) -> str:
    """Make ids and names equal that differ in width, case, blanks and the kind of hyphen."""
    if text.isascii():
        return "".join(text.split()).casefold()
    return _DASHES.sub("-", "".join(narrow(text).split())).casefold()


class Known:
    """Ids that exist; finds the one that is certainly meant by another writing."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = dict.fromkeys(ids)
        self._keys: dict[str, set[str]] = {}
        self._numbers: dict[str, set[str]] = {}
        for name in self.ids:
            folded = key(name)
            self._keys.setdefault(folded, set()).add(name)
            if folded.isdecimal():
                self._numbers.setdefault(folded.lstrip("0"), set()).add(name)

    def meant(self, text: str) -> Taken:
        """Find the id `text` is another writing of; the text itself where none is certain."""
        if text in self.ids:
            return Taken(text)
        folded = key(text)
        name = _only(self._keys.get(folded))
        if name is not None:
            return Taken(name, "signs" if narrow(text) == name else "same")
        digits = folded.removesuffix(".0")
        name = _only(self._numbers.get(digits.lstrip("0"))) if digits.isdecimal() else None
        if name is None:
            return Taken(text)
        return Taken(name, "float" if digits == name else "zeros")


def _only(names: set[str] | None) -> str | None:
    """Give the name of a set that holds one."""
    return next(iter(names)) if names and len(names) == 1 else None


class Habits:
    """What `habits.toml` says, ready to be asked."""

    def __init__(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        tongues = [part for name, part in data.items() if name not in {"digits", "why"}]
        self.words = {
            key(word): result
            for part in tongues
            for result in RESULTS
            for word in part.get(result, ())
        }
        """Answer words by `key`."""

        digits = data["digits"]
        self.digits = {digit: result for result in digits for digit in digits[result]}
        self.blanks = frozenset(key(w) for part in tongues for w in part.get("blank", ()))
        self._longest = 2 * max(map(len, self.blanks), default=0)
        self.totals = frozenset(key(w) for part in tongues for w in part.get("total", ()))
        self.units = tuple(w for part in tongues for w in part.get("unit", ()))
        """Words for what is counted, which may follow a number."""

        self.dittos = frozenset(w for part in tongues for w in part.get("ditto", ()))
        self.spelled_totals = tuple(w for part in tongues for w in part.get("total", ()))
        self.why: Mapping[str, Mapping[str, str]] = data["why"]
        self._dates = _dates(tongues)

    def reason(self, habit: str, lang: str) -> str:
        """Say why something was not taken literally."""
        words = self.why[habit]
        return words.get(lang, words["en"])

    def blank(self, text: str) -> bool:
        """Say whether a text says nothing, by habit."""
        # Blanks may stand within; no word that says nothing is long, but most ids are.
        return (len(text) <= self._longest or " " in text) and key(text) in self.blanks

    def odd(self, texts: Collection[str], *, floats: bool) -> list[str]:
        """Pick the texts `name` does not take literally.

        All of them are looked at as one string: a million plain texts must cost next to nothing.
        """
        joined = "\0" + "\0".join(texts) + "\0"
        if joined.isascii():
            marks = [f"\0{sign}" for sign in "/\\-(#='"]
            marks += ["E+", ".0\0", *([".0", ".9"] if floats else [])]
            if not any(mark in joined for mark in marks):
                return []
        return [text for text in texts if self.name(text, floats=floats).text is not text]

    def prose(self, text: str, *, floats: bool = False) -> Taken:
        """Take a text that may be anything: blank by habit, an error, a damaged number, itself."""
        unusable = next((code for sign, code in _UNUSABLE if sign.fullmatch(text)), "")
        if unusable:
            return Taken(LOST, code=unusable)
        if guarded := _GUARDED.fullmatch(text):
            taken = self.prose(guarded[1].strip(), floats=floats)
            return Taken(taken.text, "" if taken.code else taken.habit or "guard", taken.code)
        if text and self.blank(text):
            return Taken("", "blank")
        if found := _POINT_ZERO.fullmatch(text):
            return Taken(found[1], "float")
        mended = f"{float(text):.{_DIGITS}g}" if floats and _SEVENTEEN.fullmatch(text) else text
        return Taken(text) if mended == text else Taken(mended, "float")

    def name(self, text: str, *, floats: bool = False) -> Taken:
        """Take an id or a number: like `prose`, and with usual letters and digits."""
        if text in self.dittos:
            return Taken(LOST, code="T032")
        quoted = _QUOTED.fullmatch(text)
        taken = Taken(quoted[1], "guard") if quoted else self.prose(text, floats=floats)
        plain = narrow(taken.text) if taken.text != LOST else LOST
        return taken if plain == taken.text else Taken(plain, taken.habit or "signs")

    def ids(
        self, texts: Mapping[int, str], known: Known | None, *, floats: bool
    ) -> dict[int, Taken]:
        """Take the ids of a column, by code; most that are taken literally are left out.

        Where it is known which ids exist, the one that is certainly meant is found.
        """
        odd = set(self.odd(texts.values(), floats=floats))
        taken = {code: self.name(t, floats=floats) for code, t in texts.items() if t in odd}
        for code, text in texts.items() if known else ():
            here = taken.get(code, Taken(text))
            if known and text not in known.ids and here.text not in {"", LOST}:
                meant = known.meant(here.text)
                taken[code] = Taken(meant.text, meant.habit or here.habit)
        return dict(sorted(taken.items()))

    def day(self, text: str, epoch: date) -> Taken:
        """Take a day written in any of the known forms; the text itself where it is in none."""
        taken = self.prose(text)
        if taken.text != text:
            return taken
        plain = narrow(text)
        serial = _SERIAL.fullmatch(plain)
        if serial and _EARLIEST <= (found := epoch + timedelta(days=int(serial[1]))) < _LATEST:
            return Taken(found.isoformat(), _SERIALS[epoch])
        if (made := self._made(plain)) is not None:
            return Taken(made.isoformat(), "date")
        either = _TWO_WAYS.match(plain)
        if either and _either(either[1], either[3], either[4]):
            return Taken(LOST, code="T024")
        return Taken(text)

    def _made(self, text: str) -> date | None:
        found = next((f for form in self._dates if (f := form.fullmatch(text))), None)
        try:
            return date(int(found["Y"]), int(found["M"]), int(found["D"])) if found else None
        except ValueError:
            return None


_SERIALS: Final = {EPOCH_1900: "serial-1900", EPOCH_1904: "serial-1904"}
_SHORT_YEAR: Final = 2


def _either(first: str, second: str, year: str) -> bool:
    """Say whether day and month, or day and year, may have changed places."""
    return len(year) == _SHORT_YEAR or max(int(first), int(second)) <= _MONTHS


def _dates(tongues: Iterable[Mapping[str, Any]]) -> list[re.Pattern[str]]:
    """Make patterns of the forms of dates; a time of day or weekday may follow."""
    parts = list(tongues)
    times = "|".join(re.escape(word) for part in parts for word in part.get("times", ()))
    week = "|".join(re.escape(word) for part in parts for word in part.get("weekdays", ()))
    clock = rf"(?:[T\s]*(?:{times})?\s*\d{{1,2}}(?:(?::|{times})\d{{1,2}}){{0,2}}(?:\.\d+)?"
    clock += rf"\s*(?:{times})?(?:Z|[+-]\d\d:?\d\d)?)?"
    rest = rf"(?:\s*\(?(?:{week})\)?)?(?:(?<!\d)|(?=[T\s]|$)){clock}"
    fields = {"Y": r"(?P<Y>\d{4})", "MM": r"(?P<M>\d\d)", "DD": r"(?P<D>\d\d)"}
    fields |= {"M": r"(?P<M>\d{1,2})", "D": r"(?P<D>\d{1,2})"}
    forms = (form for part in parts for form in part.get("dates", ()))
    return [
        re.compile(
            "".join(
                fields.get(p, rf"\s*{re.escape(p)}\s*") for p in re.findall(r"Y|MM?|DD?|.", form)
            )
            + rest,
            re.IGNORECASE,
        )
        for form in forms
    ]


@cache
def habits() -> Habits:
    """Read the habits that come with the program."""
    text = files("sopaudit.evidence").joinpath("habits.toml").read_text(encoding="utf-8")
    return Habits(tomllib.loads(text))

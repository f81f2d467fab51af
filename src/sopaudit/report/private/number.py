"""Private numbers in a text: telephones, identity cards, bank cards, found by their form alone.

Digits are taken in groups, as people write them. What groups a number has, and how it begins, tells
a telephone (`138 1234 5678`) from a ticket (`CD-261003-012`), a date or a digest.
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import Final

from sopaudit.report.private.span import UNSEEN, Span, matched

_RUN: Final = re.compile(rf"[+]?[(]?[0-9](?:[-‐‑–—(). _\t{UNSEEN}]{{0,3}}[0-9])*")
_GROUP: Final = re.compile(r"[0-9]+")
_MOST: Final = 11
"""Groups of a number whose every digit stands alone."""

_LETTERS: Final = re.compile(r"[A-Za-z]+$")
_FURTHEST: Final = 40
"""Signs before a number in which the letters of a ticket may stand."""

_TELEPHONE: Final = re.compile(
    r"tel|phone|telephone|mobile|mob|ph|fax|cell|call|hotline", re.IGNORECASE
)
_DIGEST: Final = re.compile(r"[0-9A-Za-z]{24,}")
_EXTENSION: Final = re.compile(r"(?:[ ]?(?:转|ext\.?|x)[ ]?|-)[0-9]{1,5}(?![0-9-])", re.IGNORECASE)

_MOBILE: Final = frozenset(
    [(11,), (3, 4, 4), (3, 8), (7, 4), (4, 7), (4, 4, 3), (3, 3, 5), (3, 4, 2, 2), (1,) * 11]
)
_SERVICE: Final = frozenset([(10,), (3, 3, 4), (3, 4, 3), (3, 7), (4, 3, 3), (1,) * 10])
_AREA: Final = re.compile("0[12][0-9]|0[3-9][0-9]{2}")
_LOCAL_LONG: Final = frozenset([(8,), (4, 4)])
_LOCAL: Final = _LOCAL_LONG | {(7,), (3, 4)}
_COUNTRY: Final = ("0086", "86")
_INTERNATIONAL: Final = range(8, 16)

_PROVINCE: Final = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])"
_MONTH_DAY: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_CARD: Final = re.compile(
    rf"(?<![0-9]){_PROVINCE}[0-9]{{4}}"
    rf"(?:[ -]?(?:18|19|20)[0-9]{{2}}{_MONTH_DAY}[ -]?[0-9]{{3}}[0-9Xx]"
    rf"|[0-9]{{2}}{_MONTH_DAY}[0-9]{{3}})(?![0-9])"
)
_BANK: Final = re.compile(r"(?<![0-9])62[0-9]{2}(?:[ -]?[0-9]{4}){3}(?:[ -]?[0-9]{1,3})?(?![0-9])")
_SPELT: Final = re.compile(r"[幺一]\s?[三四五六七八九](?:\s?[〇零幺一二三四五六七八九]){9}")

_LABELLED: Final = re.compile(
    r"(?:(?:电话|手机|座机|来电)(?:号码|号)?|联系方式|致电|拨打|回拨|回电"
    r"|\b(?:tel|phone|mobile)(?:[ ]no\.?|[ ]number)?)"
    r"(?:是|为|[:.]|[ ]){0,3}(?!20[0-9]{2}[ -]?[01][0-9][0-3][0-9](?![0-9]))"
    r"(?P<x>[2-8][0-9]{2,3}[ -]?[0-9]{4})(?![0-9-])",
    re.IGNORECASE,
)
"""A number without its area code, which only a label tells from others; a date is none."""

_TAIL: Final = re.compile(
    r"(?:尾号|(?:手机|电话|身份证|银行卡|卡)(?:号码|号)?的?[后末][四4六6]位(?:数字|数)?)"
    r"(?:是|为|:|[ ]){0,3}(?P<x>[0-9]{3,6})(?![0-9])"
)
_STARRED: Final = re.compile(r"(?<![0-9])1[3-9][0-9][*xX]{4}[0-9]{4}(?![0-9])")
"""A mobile number with its middle left out still tells a customer from others."""

_LABELLED_BANK: Final = re.compile(
    r"(?:银行卡|工资卡|储蓄卡|卡|账户|[账帐]号)(?:号码|号)?(?:是|为|:|[ ]){0,3}"
    r"(?P<x>[0-9]{4}(?:[ -]?[0-9]{4}){3}(?:[ -]?[0-9]{1,3})?)(?![0-9])"
)
_PASSPORT: Final = re.compile(
    r"(?:护照|通行证|passport)(?:号码|号|[ ]no\.?)?(?:是|为|:|[ ]){0,3}"
    r"(?P<x>[A-Z]{1,2}[0-9]{7,8})(?![0-9])",
    re.IGNORECASE,
)


def numbers(text: str) -> Iterator[Span]:
    """Find them in a folded text."""
    for found in _CARD.finditer(text):
        if not _in_digest(text, *found.span()):
            yield Span(*found.span(), "card")
    for found in _BANK.finditer(text):
        if not _in_digest(text, *found.span()):
            yield Span(*found.span(), "account")
    yield from matched(text, (_LABELLED_BANK,), "account")
    yield from matched(text, (_PASSPORT,), "card")
    yield from matched(text, (_SPELT, _LABELLED, _STARRED), "phone")
    yield from matched(text, (_TAIL,), "digits")
    for found in _RUN.finditer(text):
        yield from _telephones(text, found)


def _telephones(text: str, run: re.Match[str]) -> Iterator[Span]:
    """Find the telephones in one run of digits; the longest at each place wins."""
    groups = [(run.start() + g.start(), run.start() + g.end()) for g in _GROUP.finditer(run[0])]
    at = 0
    while at < len(groups):
        plus = at == 0 and run[0].startswith("+")
        near = text[max(0, groups[at][0] - _FURTHEST) : groups[at][0]]
        word = _LETTERS.search(near.rstrip("0123456789-_"))
        lettered = word is not None and not _TELEPHONE.fullmatch(word[0])
        taken = _taken(text, groups[at : at + _MOST + 1], plus=plus, lettered=lettered)
        if taken:
            start, end = groups[at][0], _end(text, groups[at + taken - 1][1])
            # A plus before the digits is part of the number, and so is a bracket that closes there.
            signs = "+(" if ")" in text[start:end] else "+" if plus else ""
            while start and text[start - 1] in signs:
                start -= 1
            yield Span(start, end, "phone")
        at += taken or 1


def _taken(text: str, groups: list[tuple[int, int]], *, plus: bool, lettered: bool) -> int:
    """Say how many of these groups, from the first on, are one telephone number; 0 for none."""
    tests = (telephone, _abroad) if plus else (telephone,)
    for test, number in product(tests, range(len(groups), 0, -1)):
        first, last = groups[0][0], groups[number - 1][1]
        digits = "".join(text[start:end] for start, end in groups[:number])
        sizes = tuple(end - start for start, end in groups[:number])
        # After letters stands the number of a ticket, if it is no mobile number in one piece.
        ticket = lettered and not (number == 1 and _mobile(digits, sizes))
        if not ticket and test(digits, sizes) and not _in_digest(text, first, last):
            return number
    return 0


def telephone(digits: str, sizes: tuple[int, ...]) -> bool:
    """Say whether digits, grouped in `sizes`, are a telephone number of mainland China."""
    for code in _COUNTRY:
        if digits.startswith(code) and sizes[0] >= len(code):
            rest = sizes[0] - len(code)
            inner = (rest, *sizes[1:]) if rest else sizes[1:]
            if inner and _national(digits[len(code) :], inner):
                return True
    return _national(digits, sizes)


def _national(digits: str, sizes: tuple[int, ...]) -> bool:
    return _mobile(digits, sizes) or _landline(digits, sizes) or _service(digits, sizes)


def _mobile(digits: str, sizes: tuple[int, ...]) -> bool:
    return sizes in _MOBILE and digits[0] == "1" and digits[1] in "3456789"


def _landline(digits: str, sizes: tuple[int, ...]) -> bool:
    """Look for an area code (010, 02x, 03xx to 09xx) before seven or eight digits."""
    code = _AREA.match(digits)
    if code is None:
        return False
    area = code.end()
    local = sizes[1:] if sizes[0] == area else (sizes[0] - area, *sizes[1:])
    return local in (_LOCAL_LONG if digits[1] in "12" else _LOCAL)


def _service(digits: str, sizes: tuple[int, ...]) -> bool:
    return sizes in _SERVICE and digits[:3] in ("400", "800")


def _abroad(digits: str, sizes: tuple[int, ...]) -> bool:
    return len(digits) in _INTERNATIONAL and bool(sizes)


def _end(text: str, end: int) -> int:
    """Take the extension along."""
    extension = _EXTENSION.match(text, end)
    return extension.end() if extension else end


def _in_digest(text: str, start: int, end: int) -> bool:
    """Say whether this is but the middle of a digest or a serial number."""
    first, last = start, end
    while first > 0 and text[first - 1].isascii() and text[first - 1].isalnum():
        first -= 1
    while last < len(text) and text[last].isascii() and text[last].isalnum():
        last += 1
    return _DIGEST.fullmatch(text, first, last) is not None

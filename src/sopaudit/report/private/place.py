"""Addresses in a text: street and number, estate and house, in Chinese and in English."""

import re
from collections.abc import Iterator
from typing import Final

from sopaudit.report.private.span import HAN, Span, matched

_BEFORE: Final = "住在到至去往于为是址送寄从由赴给"
"""Characters that stand before an address and are no part of it."""

_PLACE: Final = f"(?:(?![{_BEFORE}])[{HAN}])"
_NUMERAL: Final = "(?:[0-9A-Za-z]{1,6}|[一二三四五六七八九十百零]{1,5})"
_HOUSE: Final = f"(?:[ ]?{_NUMERAL}[ ]?(?:号楼|号院|栋|幢|座|单元|楼|层|室|号|户|门))"
_ROOM: Final = "(?:[ -]?[0-9]{2,4}(?![0-9年月日次个件分元]))?"
"""The number of a room, which often stands without its word."""

_DOOR: Final = "[A-Za-z]?[0-9]{1,3}(?:-[0-9]{1,3})?-[0-9]{3,4}(?![0-9])"
"""House and room in numbers alone: `T4-1203`, `12-3-401`."""

_STREET: Final = (
    "(?:大道|大街|胡同|(?<![线回管气思])路|(?<![渠通频报知赛轨一])道|[街巷弄])(?:[东南西北中一二三四五六七八九十]{1,2}段)?"
    f"[ ]?{_NUMERAL}[ ]?号(?!线)(?:[ ]?附[ ]?{_NUMERAL}[ ]?号)?"
)
_ESTATE: Final = "小区|花园|公寓|家园|大厦|广场|新村|社区|苑|名邸|公馆|山庄|庭院"
_ANY_ESTATE: Final = (
    f"(?!{_PLACE}{{0,5}}(?:客户|用户|顾客|反映|[该本各某哪这那]|所在|附近|老旧|同一|多个|部分|整个|高档|封闭"
    "|居民|住宅|服务|辖区|工程师|物业))"
)
"""Not before words that speak of estates in general."""

_CAPITALS: Final = r"(?:[A-Z][\w'’.-]*[ ]+){1,4}"
_ROAD: Final = r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Boulevard|Blvd|Court|Alley)\b\.?"
_FLAT: Final = (
    r"(?:(?:Room|Rm|Unit|Apt|Apartment|Flat|Suite|Building|Bldg|Block|Floor)\.?"
    r"[ ]*#?[ ]*[0-9]\w{0,5})"
)
_BEFORE_ROAD: Final = rf"(?:{_FLAT},?[ ]*){{0,4}}"
_AFTER_ROAD: Final = rf"(?:,?[ ]*{_FLAT}){{0,4}}"

_ADDRESSES: Final = (
    # Whatever follows the label, if there is a number in it; without one it is no address.
    re.compile(
        r"(?<![A-Za-z])(?:地址|住址|住所)(?:是|为|[ ]*:)[ ]*"
        r"(?!未(?!央)|无(?!锡)|[缺没漏]|第[0-9一二三四五六七八九十]{1,2}[项条])"
        r"(?P<x>(?=[^\n,。;]*[0-9一二三四五六七八九十])[^\n,。;]+)"
    ),
    re.compile(
        f"{_PLACE}{{1,16}}?{_STREET}"
        f"(?:(?:{_PLACE}{{0,8}}{_HOUSE}){{1,8}}{_ROOM}|{_PLACE}{{0,8}}[ ]?{_DOOR})?"
    ),
    re.compile(f"{_PLACE}{{2,12}}?(?:{_ESTATE})(?:{_HOUSE}{{1,8}}{_ROOM}|[ ]?{_DOOR})"),
    re.compile(f"(?<![{HAN}]){_ANY_ESTATE}{_PLACE}{{2,6}}小区"),
    re.compile(f"(?<=[{_BEFORE}]){_ANY_ESTATE}{_PLACE}{{2,6}}?小区"),
    re.compile(f"[0-9]{{1,3}}[ ]?(?:号楼|栋|幢|座|单元){_HOUSE}{{1,8}}{_ROOM}"),
    re.compile(f"[一二三四五六七八九十]{{1,3}}(?:号楼|栋|幢|单元){_HOUSE}{{1,8}}{_ROOM}"),
    re.compile(
        "(?:[0-9]{1,3}(?:号楼|栋|幢|座|单元)|(?<![A-Za-z])[A-Za-z]座)-?"
        "[0-9]{3,4}(?![0-9年月日次个件分元台户人多余])"
    ),
    re.compile(r"(?<![0-9A-Za-z])[0-9]{3,4}[ ]?室"),
    re.compile(
        f"{_PLACE}{{2,6}}[村镇乡][0-9一二三四五六七八九十]{{1,3}}(?:[组社队](?:[0-9]{{1,4}}号)?|号)"
    ),
    re.compile(
        rf"{_BEFORE_ROAD}(?:\b[Nn]o\.?[ ]?)?\b[0-9]{{1,5}}[A-Za-z]?,?[ ]+"
        rf"{_CAPITALS}{_ROAD}{_AFTER_ROAD}",
        re.ASCII,
    ),
    re.compile(
        rf"{_BEFORE_ROAD}\b{_CAPITALS}{_ROAD},?[ ]*(?:[Nn]o\.?[ ]?)?[0-9]{{1,5}}\b{_AFTER_ROAD}",
        re.ASCII,
    ),
    re.compile(rf"\b{_FLAT}(?:,?[ ]*{_FLAT}){{1,4}}", re.ASCII),
)


def addresses(text: str) -> Iterator[Span]:
    """Find them in a folded text."""
    return matched(text, _ADDRESSES, "address")

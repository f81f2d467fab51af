"""What the name of a photo says: the item and case it shows, and when a program named it.

People rename a photo to the id of its item and add whatever they like: `CK-HTL-B2_1.jpg`, `ck htl
b2 工牌.JPG`. Names are cut into words, of letters and digits or of other signs, and an id counts
where its words follow one another whole; so `CK-HTL-B2` is not found in `CK-HTL-B21`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import PurePosixPath
from typing import Final

from sopaudit.evidence.habits import narrow
from sopaudit.sheets.blank import Blank

Words = tuple[str, ...]

_WORD: Final = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")


def words_of(text: str) -> Words:
    """Cut a name into words, whatever its width, its case and the signs between them."""
    return tuple(_WORD.findall(narrow(text).casefold()))


@dataclass(frozen=True)
class Tie:
    """What a photo shows, as far as its name and its folders say so."""

    checklist: str = ""
    item: str = ""
    case: str = ""
    choices: tuple[str, ...] = ()
    """Items that may be meant, where it is more than one."""


@dataclass(frozen=True)
class Known:
    """The items and cases of an audit, ready to be looked for in names."""

    items: dict[str, str]
    """The checklist of each item."""

    ids: dict[Words, tuple[str, ...]] = field(default_factory=dict)
    """The items each row of words may mean; the whole id means one."""

    cases: dict[Words, str] = field(default_factory=dict)
    prefixes: tuple[Words, ...] = ()
    """The words of the checklists' ids."""

    def meant(self, text: str) -> str:
        """Give the item somebody wrote down; empty where it is none, or not certain."""
        found = self.ids.get(words_of(text), ())
        return found[0] if len(found) == 1 else ""

    def case(self, text: str) -> str:
        """Give the case of the audit that is meant by another writing; empty for one unknown."""
        return self.cases.get(words_of(text), "")

    def tie(self, name: str) -> Tie:
        """Say what a photo shows; its own name goes before the folder nearest to it."""
        path = PurePosixPath(name.replace("\\", "/"))
        own = [_stem(path.name), *reversed(path.parts[:-1])]
        case = next(filter(None, map(self._case, own)), "")
        for part in own:
            found = self._items(part)
            if len(found) > 1:
                return Tie(case=case, choices=tuple(found))
            if found:
                return Tie(self.items[found[0]], found[0], case)
        return Tie(case=case)

    def _case(self, text: str) -> str:
        found = _longest(words_of(text), self.cases)
        return self.cases[found[0]] if len(found) == 1 else ""

    def _items(self, text: str) -> list[str]:
        said = words_of(text)
        found = [
            ids for ids in _longest(said, self.ids) if not self._number(ids) or self._led(said, ids)
        ]
        return list(dict.fromkeys(item for ids in found for item in self.ids[ids]))

    def _number(self, ids: Words) -> bool:
        """Say whether an id is a bare number, which stands in names for many other reasons."""
        return all(word.isdecimal() for word in ids)

    def _led(self, said: Words, ids: Words) -> bool:
        """Say whether a bare number begins the name, or follows the id of its checklist."""
        heads = ((), *self.prefixes)
        return any(said[: len(head) + len(ids)] == head + ids for head in heads)


def known_of(blank: Blank) -> Known:
    """List what may be found in names: ids of items, as they are and without their beginning."""
    items = {ask.item.id: leaf.id for leaf, ask in blank.asks}
    ids: dict[Words, list[str]] = {}
    for item in items:
        words = words_of(item)
        # Without its first words: HTL-B2 for CK-HTL-B2; never one word alone, as B2.
        for start in range(max(1, len(words) - 1)):
            ids.setdefault(words[start:], []).append(item)
        if len(words) > 1:
            ids.setdefault(("".join(words),), []).append(item)
    whole = {words_of(item): (item,) for item in items}
    cases = {words_of(case): case for case in (*blank.tickets, *_recorded(blank)) if words_of(case)}
    prefixes = tuple(words_of(leaf.id) for leaf in blank.leaves)
    return Known(
        items, {words: tuple(found) for words, found in ids.items()} | whole, cases, prefixes
    )


def _recorded(blank: Blank) -> Iterable[str]:
    """List the cases that are in the records of the audit already."""
    records = blank.folder.records.values() if blank.folder else ()
    return (
        case.id
        for record in records
        for answer in record.answers
        for case in (answer.sample.cases if answer.sample else ())
    )


def _longest(said: Words, known: Iterable[Words]) -> list[Words]:
    """Give the rows of words found in a name, without those that are part of a longer one."""
    spots = [
        (at, at + len(words), words)
        for words in known
        for at in range(len(said) - len(words) + 1)
        if said[at : at + len(words)] == words
    ]
    outer = (
        words
        for start, end, words in spots
        if not any(s <= start and end <= e and (s, e) != (start, end) for s, e, _ in spots)
    )
    return list(dict.fromkeys(outer))


def _stem(name: str) -> str:
    head, dot, _ = name.rpartition(".")
    return head if dot else name


# --- when ----------------------------------------------------------------------------------------

_CLOCK: Final = re.compile(
    r"(?<!\d)(?P<Y>20\d\d)(?P<sep>[-_.]?)(?P<M>\d\d)(?P=sep)(?P<D>\d\d)"
    r"(?:(?:[\sT_.-]|at|(?P<am>上午)|(?P<pm>下午))*"
    r"(?P<h>\d\d|\d(?=(?P<dot>[.: ])\d\d(?P=dot)\d\d))[-_.: ]?(?P<m>\d\d)[-_.: ]?(?P<s>\d\d))?"
    r"(?:\d{3})?(?!\d)(?:\s?(?P<half>[AP])M\b)?"
)
"""A day in a name, and mostly an hour: 20261106093012, 2026-11-06 at 9.30.12 PM, 20261106."""

_SINCE: Final = re.compile(r"(?<!\d)1[4-9]\d{11}(?!\d)")
"""Milliseconds since 1970, from 2014 on: mmexport1762392612345."""

_WORK: Final = re.compile(r"(?:企业微信截图|WXWork[A-Za-z]+)_(1[4-9]\d{12})(?!\d)")
"""Tenths of a millisecond since 1970, as WeCom writes them: 企业微信截图_17623926123456."""

_HASH: Final = re.compile(r"[\da-f]{32,}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{11}", re.IGNORECASE)
"""Signs made up by a program, as WeChat, WeCom and Feishu put them into names."""

_UNIVERSAL: Final = ("PXL_",)
"""Beginnings of names whose clock is UTC."""

_NOON: Final = 12
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment_in(name: str, zone: tzinfo) -> datetime | None:
    """Read when a photo was taken, or sent, from the name a camera or chat program gave it.

    A name with a day alone gives the beginning of that day.
    """
    stem = _HASH.sub("#", _stem(PurePosixPath(name.replace("\\", "/")).name))
    if work := _WORK.search(stem):
        return (_START + timedelta(milliseconds=int(work[1]) // 10)).astimezone(zone)
    if since := _SINCE.search(stem):
        return (_START + timedelta(milliseconds=int(since[0]))).astimezone(zone)
    clock = UTC if stem.startswith(_UNIVERSAL) else zone
    read = (_moment(found, clock) for found in _CLOCK.finditer(stem))
    return next((at.astimezone(zone) for at in read if at), None)


def _moment(found: re.Match[str], clock: tzinfo) -> datetime | None:
    year, month, day, hour, minute, second = (int(found[key] or 0) for key in "YMDhms")
    if found["h"] and (found["am"] or found["pm"] or found["half"]):
        hour = hour % _NOON + (_NOON if found["pm"] or found["half"] == "P" else 0)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=clock)
    except ValueError:
        return None

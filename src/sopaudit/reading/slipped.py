"""Habits that slip through: YAML takes what was typed without a word and means something else.

A habit is a function that sees a text and its scalars and yields slips, each where it stands and
with what mends it; `SLIPPED` is the catalogue. `stopping` has those the parser stops at.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from sopaudit.problems import Edit
from sopaudit.reading.shape import SHORT
from sopaudit.reading.suspicion import BLANKS, DASHES, NAME
from sopaudit.reading.typed import Scalar, Slip, line_at, lines

_Slipped = Callable[[str, list[Scalar]], Iterator[Slip]]


def _leads(text: str, scalar: Scalar) -> bool:
    """Say whether a scalar is the first in its line, behind nothing but blanks and dashes."""
    line = line_at(text, scalar.start)
    return not line.text[: scalar.start - line.start].strip(" \t-")


_COLON: Final = re.compile(rf"({NAME})[ ]*(：[ {BLANKS}]*|:(?=[^\s/:]))")


def colons_after_keys(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`title：热线` and `title:热线`: the key became part of a text."""
    for n, scalar in enumerate(scalars):
        if not scalar.plain or scalar.role == "value":
            continue
        if scalar.role == "key" and scalar.flow and scalars[n + 1].end > scalars[n + 1].start:
            continue
        if scalar.role == "entry" and scalar.flow:
            continue
        for line in lines(text[scalar.start : scalar.end]):
            blanks = len(line.text) - len(line.text.lstrip())
            if found := _COLON.match(line.text, blanks):
                yield colon(found, scalar.start + line.start)


def colon(found: re.Match[str], start: int) -> Slip:
    """Put a colon of YAML, and a blank behind it, where `found` has another."""
    at, end = start + found.start(2), start + found.end(2)
    if found[2] == ":":
        return Slip("Y041", at, (Edit(end, end, " "),), {"key": found[1]})
    instead = ": " if found.end(2) < len(found.string) else ":"
    return Slip("Y024", at, (Edit(at, end, instead),), {"key": found[1]})


def swallowed_lines(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """See a line that looks like `section：B` and went into the value above it."""
    for scalar in scalars:
        if not scalar.plain or scalar.role != "value":
            continue
        for line in lines(text[scalar.start : scalar.end])[1:]:
            blanks = len(line.text) - len(line.text.lstrip())
            if found := _COLON.match(line.text, blanks):
                at = scalar.start + line.start + blanks
                yield Slip("Y044", at, values={"key": found[1]})


def commas_between_entries(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`[电话，工单]` is one entry; `{id: A，title: x}` one value."""
    for scalar in scalars:
        if not (scalar.plain and scalar.flow):
            continue
        typed = text[scalar.start : scalar.end]
        between = r"(?<=\S)[，、](?=.)" if scalar.role == "entry" else rf"[，、](?=\s*{NAME}[:：])"
        if scalar.role == "key" and not _COLON.match(typed):
            continue
        for found in re.finditer(rf"{between}[ {BLANKS}]*", typed):
            at, end = scalar.start + found.start(), scalar.start + found.end()
            yield Slip("Y025", at, (Edit(at, end, ", "),), {"sign": found[0][0]})


PLAIN_BRACKETS: Final = {"［": "[", "］": "]", "｛": "{", "｝": "}", "，": ", ", "：": ": "}
_CLOSING: Final = {"［": "］]", "｛": "｝}"}


def wide_brackets(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`［电话，工单］` is a text and no list."""
    for scalar in scalars:
        if scalar.plain and scalar.value[:1] in _CLOSING:
            line = line_at(text, scalar.start)
            rest = text[scalar.start : line.end]
            close = next((n for n, c in enumerate(rest) if c in _CLOSING[rest[0]]), None)
            if close is not None and re.match(r"\s*(?:[,，\]}#]|$)", rest[close + 1 :]):
                yield bracketed(rest[: close + 1], scalar.start)


def bracketed(typed: str, start: int) -> Slip:
    """Put plain brackets, commas and colons for the full-width ones of `typed`."""
    edits = (
        Edit(start + n, start + n + 1, PLAIN_BRACKETS[sign])
        for n, sign in enumerate(typed)
        if sign in PLAIN_BRACKETS
    )
    return Slip("Y028", start, tuple(edits), {"found": typed[:SHORT]})


def quoted_keys(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`“title”: x` has a key with Chinese quotes in its name."""
    for scalar in scalars:
        typed = text[scalar.start : scalar.end]
        if scalar.role == "key" and re.fullmatch(rf"[“”]{NAME}[“”]|[‘’]{NAME}[‘’]", typed):
            edits = (
                Edit(scalar.start, scalar.start + 1, ""),
                Edit(scalar.end - 1, scalar.end, ""),
            )
            yield Slip("Y026", scalar.start, edits, {"found": typed})


def wide_blanks(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """See a line indented with full-width blanks, which YAML takes for letters."""
    for scalar in scalars:
        if scalar.plain and scalar.value[:1] in tuple(BLANKS) and _leads(text, scalar):
            blanks = len(scalar.value) - len(scalar.value.lstrip(BLANKS + " "))
            yield spaces(text, scalar.start, scalar.start + blanks)


def spaces(text: str, start: int, end: int) -> Slip:
    """Put as many blanks as the strange ones take columns."""
    columns = "".join("  " if sign == "\u3000" else " " for sign in text[start:end])
    return Slip("Y029", start, (Edit(start, end, columns),))


def wide_dashes(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`－ 电话`: a list whose dashes are none."""
    for scalar in scalars:
        if scalar.plain and scalar.value[:1] in tuple(DASHES) and _leads(text, scalar):
            for line in lines(text[scalar.start : scalar.end]):
                if found := DASH.match(line.text):
                    yield dash(found, scalar.start + line.start)


DASH: Final = re.compile(rf"[ ]*(－[ {BLANKS}]*|[{DASHES}][ {BLANKS}]+)")


def dash(found: re.Match[str], start: int) -> Slip:
    """Put the dash of a list where `found` has another."""
    at, end = start + found.start(1), start + found.end(1)
    return Slip("Y030", at, (Edit(at, end, "- "),), {"sign": found[1][0]})


def wide_hashes(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`＃ 待定`: a comment that is read as text."""
    for scalar in scalars:
        if scalar.plain and "＃" in scalar.value:
            for n, line in enumerate(lines(text[scalar.start : scalar.end])):
                blanks = len(line.text) - len(line.text.lstrip())
                if line.text[blanks:].startswith("＃") and (n or _leads(text, scalar)):
                    at = scalar.start + line.start + blanks
                    # Inside a value or an entry it may be text, which a comment would lose.
                    sure = scalar.role in {"key", "top"}
                    yield Slip("Y031", at, (Edit(at, at + 1, "#"),) if sure else ())


_LOST: Final = re.compile(r"[ \t]+#")
_COMMENT: Final = re.compile(r"(?:[ ]{2,}|[ ]*\t[ \t]*)#(?:[\s#!]|$)")


def lost_text(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`热线 #1 工位`: YAML drops what follows the `#`.

    A comment stands behind two blanks and has one behind its sign; anything else may be text.
    """
    for n, scalar in enumerate(scalars):
        if not scalar.plain or (scalar.role == "key" and scalar.start < scalar.end):
            continue
        start = scalar.end
        if scalar.start == scalar.end and n:
            start = scalars[n - 1].end
            start += len(text[start:]) - len(text[start:].lstrip(" :"))
            start -= 1
        rest = line_at(text, start).end
        found = _LOST.match(text, start, rest)
        if found and not _COMMENT.match(text, start, rest):
            yield Slip(
                "Y042", found.end() - 1, values={"lost": text[found.end() - 1 : rest][:SHORT]}
            )


def directives(text: str, _: list[Scalar]) -> Iterator[Slip]:
    """`%YAML 1.2`: an instruction to the parser, which handbooks do without."""
    for line in lines(text):
        if line.text.startswith("%"):
            yield Slip("Y046", line.start, (Edit(line.start, line.end, ""),), {"line": line.text})
        elif line.text.strip() and not line.text.startswith("#"):
            return


def merge_keys(_: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`<<: …` merges maps elsewhere; here nothing is merged."""
    for scalar in scalars:
        if scalar.role == "key" and scalar.plain and scalar.value == "<<":
            yield Slip("Y047", scalar.start)


SLIPPED: Final[tuple[_Slipped, ...]] = (
    wide_blanks,
    wide_dashes,
    wide_hashes,
    wide_brackets,
    colons_after_keys,
    swallowed_lines,
    commas_between_entries,
    quoted_keys,
    lost_text,
    directives,
    merge_keys,
)
"""In the order they are looked for; of two at one spot, the first is told."""

"""Values that begin with a sign of YAML, or hold one, and so need quotes."""

import re
from collections.abc import Iterator
from typing import Final

from sopaudit.problems import Edit
from sopaudit.reading.shape import SHORT
from sopaudit.reading.suspicion import NAME
from sopaudit.reading.typed import Line, Slip

_BEGINS: Final = (
    ("Y032", re.compile(rf"\{{\{{(?!\s*{NAME}\s*:)")),
    ("Y033", re.compile(r"\[[^\]]*\]\s*[^\s,}\]#:]|\{[^{}]*\}\s*[^\s,}\]#:]")),
    ("Y034", re.compile(r"\"(?:[^\"\\]|\\.)*\"\s*[^\s,}\]#:]|'[^']*'(?!')\s*[^\s,}\]#:]")),
    ("Y026", re.compile(r"[“‘].*[”’“‘]$")),
    ("Y048", re.compile(r"!!\w")),
    ("Y009", re.compile(r"!")),
    ("Y008", re.compile(r"\*")),
    ("Y035", re.compile(r"&")),
    ("Y036", re.compile(r"[@`,\]}]")),
    ("Y037", re.compile(r"%")),
    ("Y038", re.compile(r"[>|](?![+-]?\d?[+-]?\s*$)")),
    ("Y039", re.compile(r"[-?](?:\s|$)")),
    ("Y040", re.compile(r".*?[^\s:](:)(?:\s|$)")),
    ("Y042", re.compile(r".*?\s(#)")),
)
"""How a value begins, or what it holds, that YAML takes for a sign of its own."""

_NAME: Final = re.compile(r"[!&][\w!-]*", re.ASCII)
"""What may stand before a group, which then begins on the next line."""

_LEAD: Final = re.compile(r"[ \t]*(?:-[ \t]+)*")
_KEY: Final = re.compile(
    r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'{}\[\],#&*!|>%@`:：-][^:：\n{}\[\]]*?|<<)[ ]*:[ \t]+"
)
_FLOW_VALUE: Final = re.compile(
    r"(?<=[{,])\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+)\s*:[ ]+"
    r"(?P<value>(?:\{\{.*?\}\}|[^\n])*?)"
    r"(?=\s*[}\]]*\s*(?:[,，、]\s*(?:[\w-]+|\"[^\"]*\"|'[^']*')\s*[:：]|,\s*\{|,?\s*$|\s\s#\s))"
)
_FLOW_ENTRY: Final = re.compile(r"(?<=[\[,])\s*(?P<value>(?:\{\{.*?\}\}|[^,\[\]{}\n])+)")


def values_to_quote(text: str, line: Line) -> Iterator[list[Slip]]:
    """See values that begin with a sign of YAML, or hold one: they need quotes."""
    for start, end in values(line):
        typed = text[start:end]
        # A group is never text because of what stands inside it.
        for code, pattern in _BEGINS[:2] if typed[0] in "[{" else _BEGINS:
            if code == "Y040" and _no_value(typed, text[line.start : start].rstrip()):
                break
            if found := pattern.match(typed):
                at = start + (found.start(1) if found.lastindex else 0)
                if edits := _mend(code, text, start, end):
                    yield [Slip(code, at, edits, _said(code, typed))]
                break


def _no_value(typed: str, before: str) -> bool:
    """Say whether a colon stands in what is no value: a key out of place, or half of a group."""
    pair = before[-1:] in {"{", ","} and re.match(rf"{NAME}:\s", typed)
    halved = typed.count("{") < typed.count("}") or typed.count("[") < typed.count("]")
    return not before or bool(pair) or halved


def _said(code: str, typed: str) -> dict[str, str]:
    word = typed.split(maxsplit=1)[0][:SHORT]
    names = {"Y008": "name", "Y009": "tag", "Y035": "name", "Y048": "tag"}
    if code == "Y042":
        return {"lost": typed[typed.index("#") :][:SHORT]}
    return {names[code]: word} if code in names else {"found": typed[:SHORT]}


def _mend(code: str, text: str, start: int, end: int) -> tuple[Edit, ...]:
    typed = text[start:end]
    word, *rest = typed.split(maxsplit=1)
    if code == "Y048":
        length = len(typed) - len(rest[0]) if rest else len(word)
        return (Edit(start, start + length, ""),)
    # Such as "&base" before a group, or "*base" where there is one: that was meant as YAML has it.
    if code in {"Y009", "Y035"} and (rest[0][0] in "[{" if rest else _NAME.fullmatch(word)):
        return ()
    other = {"Y008": "&", "Y035": "*"}.get(code)
    if other and word[1:] and re.search(re.escape(other + word[1:]) + r"(?![\w-])", text):
        return ()
    if code == "Y026" and '"' not in typed and "\\" not in typed:
        return (Edit(start, start + 1, '"'), Edit(end - 1, end, '"'))
    return quotes(text, start, end)


def values(line: Line) -> Iterator[tuple[int, int]]:
    """Say where the values of a line may stand: the whole of it, then those between brackets."""
    lead = _LEAD.match(line.text)
    start = lead.end() if lead else 0
    key = _KEY.match(line.text, start)
    if key and key[0].startswith("<<"):
        return
    begin = key.end() if key else start
    rest = line.text[begin:]
    body = re.split(r"\s\s+#(?:\s|$)", rest, maxsplit=1)[0].rstrip() if rest else ""
    if body:
        yield line.start + begin, line.start + begin + len(body)
    if "{" in line.text or "[" in line.text or not key:
        for pattern in (_FLOW_VALUE, _FLOW_ENTRY):
            for found in pattern.finditer(line.text):
                value = found["value"]
                if value.strip():
                    at = line.start + found.start("value")
                    yield at, at + len(value.rstrip())


_AND: Final = r"[\s、，,/和与及或]"
_PIECES: Final = re.compile(rf"(['\"])(?:(?!\1).)*\1(?={_AND}).*(?<={_AND})\1(?:(?!\1).)*\1")
"""Two words, each in its quotes: those at the ends are no pair."""


def quotes(text: str, start: int, end: int) -> tuple[Edit, ...]:
    """Put a value into quotes, whatever quotes it has inside."""
    typed = text[start:end]
    first, last = typed[0], "" if _PIECES.fullmatch(typed) else typed[-1]
    if first == last == "'" and len(typed) > 1:
        inner = [n for n in range(1, len(typed) - 1) if typed[n] == "'"]
        return tuple(Edit(start + n, start + n, "'") for n in inner)
    if first == last == '"' and len(typed) > 1 and "\\" not in typed:
        inner = [n for n in range(1, len(typed) - 1) if typed[n] == '"']
        return tuple(Edit(start + n, start + n, "\\") for n in inner)
    if '"' not in typed and "\\" not in typed:
        return Edit(start, start, '"'), Edit(end, end, '"')
    twice = (Edit(start + n, start + n, "'") for n, sign in enumerate(typed) if sign == "'" and n)
    opening = "''" if first == "'" else "'"
    return Edit(start, start, opening), *twice, Edit(end, end, "'")

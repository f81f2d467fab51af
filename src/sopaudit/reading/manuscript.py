"""Data written as YAML in the style of a handbook: block style, short lists in a line, few quotes.

What is written reads back as it was, which a test holds for any text.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sopaudit.reading.document import Loc

_PLAIN: Final = re.compile(r"[0-9A-Za-z\u4e00-\u9fff（《“][^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]*")
"""How a text may begin that needs no quotes."""

_UNCERTAIN: Final = re.compile(
    r":(\s|$)|\s#|\s$|[\ud800-\udfff]|^(?:true|false|null|yes|no|on|off|y|n)$"
    r"|^(?![0-9]{4}-[0-9]{2}-[0-9]{2}$)[-+0-9.][-+0-9._:eExXoa-fA-F]*$",
    re.IGNORECASE,
)
"""What an editor, or a reader less careful than ours, may take for something else."""

_BARE: Final = re.compile(r"[\w.*/+-]+( [\w.*/+-]+)*")
"""What may stand bare as a key, or in a list within a line; a full-width comma may not."""

_WIDTH: Final = 100


def manuscript(data: Mapping[str, Any], remarks: Mapping[Loc, str], *, apart: Sequence[str]) -> str:
    """Write a mapping; `remarks` stand behind values.

    An empty line stands before each key of `apart`, and between the parts of the last of them.
    """
    lines: list[str] = []
    for key, value in data.items():
        if key in apart:
            lines.append("")
        lines += _entry(key, value, 0, (key,), remarks, wide=key in apart[-1:])
    return "\n".join(lines) + "\n"


def _entry(  # noqa: PLR0913 -- the place of one value
    key: str,
    value: object,
    depth: int,
    loc: Loc,
    remarks: Mapping[Loc, str],
    *,
    wide: bool = False,
) -> Iterator[str]:
    start = "  " * depth + f"{scalar(key, inside=True)}:"
    remark = f"  # {remarks[loc]}" if loc in remarks else ""
    if isinstance(value, Mapping) and value:
        yield start + remark
        for inner, part in value.items():
            yield from _entry(inner, part, depth + 1, (*loc, inner), remarks)
    elif isinstance(value, list) and not _short(value):
        yield start + remark
        for n, part in enumerate(value):
            if n and wide:
                yield ""
            yield from _item(part, depth + 1, (*loc, n), remarks)
    elif isinstance(value, list):
        yield f"{start} [{', '.join(scalar(part, inside=True) for part in value)}]{remark}"
    elif isinstance(value, Mapping):
        yield f"{start} {{}}{remark}"
    else:
        yield f"{start} {scalar(value)}{remark}"


def _item(value: object, depth: int, loc: Loc, remarks: Mapping[Loc, str]) -> Iterator[str]:
    dash = "  " * depth + "- "
    if not isinstance(value, Mapping) or not value:
        yield dash + (_alone(value) if isinstance(value, str) else json.dumps(value))
        return
    for n, (key, part) in enumerate(value.items()):
        for k, line in enumerate(_entry(key, part, depth + 1, (*loc, key), remarks)):
            yield dash + line[len(dash) :] if n == k == 0 else line


def _alone(text: str) -> str:
    """Write a text that is an entry of a list, where `a:0` would look like a key and its value."""
    return scalar(text, inside=":" in text or "：" in text)


def _short(value: object) -> bool:
    """Say whether a list is one of words, and fits a line."""
    return (
        isinstance(value, list)
        and all(isinstance(part, str) for part in value)
        and sum(len(part) + 2 for part in value) < _WIDTH
    )


def scalar(text: object, *, inside: bool = False) -> str:
    """Write a text, in quotes where it needs them; numbers and flags stand without."""
    said = str(text)
    if isinstance(text, bool):
        return "yes" if text else "no"
    if isinstance(text, int):
        return said
    plain = _PLAIN.fullmatch(said) and not _UNCERTAIN.search(said)
    if plain and (not inside or _BARE.fullmatch(said)):
        return said
    # YAML reads JSON's escapes, but not all its bare characters.
    quoted = json.dumps(said, ensure_ascii=False)
    return re.sub(r"[\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]", _escaped, quoted)


def _escaped(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign[0]):04x}"

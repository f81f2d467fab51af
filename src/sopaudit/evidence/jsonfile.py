"""JSON read like our YAML: every value knows its line and column, and all equal keys are found.

The standard reader keeps neither places nor the first of two equal keys, and a file nested deep
enough exhausts it; so here tokens are matched one by one, with a stack of our own. A number stays
the text it was written as, because 0.1 has no exact value once it is a float.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Collection
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from sopaudit.problems import Place, Problem
from sopaudit.reading.document import DEPTH_LIMIT, Document, Loc, Map, Seq, document, follow
from sopaudit.reading.encoding import decode, load

_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<mark>[{}\[\]:,])
      | (?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")
      | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z.]))
      | (?P<word>true|false|null)(?![0-9A-Za-z])
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_WORDS: Final = {"true": True, "false": False, "null": None}
_QUOTED: Final = 20


def read_json(path: Path, shown: str | None = None) -> Document:
    """Read a JSON file; whatever is wrong with it stands in the document's `problems`.

    Its data are nested `Map`, `Seq`, text, True and False; numbers are text. A key with null is
    left out, because programs write null where people write nothing.
    """
    shown = path.as_posix() if shown is None else shown
    raw = load(path, shown)
    return raw if isinstance(raw, Document) else read_json_bytes(raw, shown)


def read_json_bytes(raw: bytes, shown: str) -> Document:
    """Read JSON from memory; see `read_json`."""
    found, legible = decode(raw, shown)
    if not legible:
        return found
    builder = _Builder(found.text, shown)
    try:
        builder.build()
    except _UnreadableError as stop:
        return document(found, None, [*builder.problems, stop.problem])
    return document(found, builder.top, builder.problems)


def without(read: Document, entries: Collection[Loc]) -> Document:
    """Take entries out of the lists of a file; what is left keeps its places."""
    data = deepcopy(read.data)
    for loc in sorted(entries, reverse=True):
        holder, part = follow(data, loc)[-1]
        del holder[part], holder.values_at[part]
    return replace(read, data=data)


class _UnreadableError(Exception):
    """Reading stops here, because what follows cannot be trusted."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


_TOP: Final = frozenset({"{", "["})
_VALUE: Final = _TOP | {"string", "number", "word"}
_FIRST_VALUE: Final = _VALUE | {"]"}
_KEY: Final = frozenset({"string"})
_FIRST_KEY: Final = _KEY | {"}"}
_COLON: Final = frozenset({":"})
_AFTER_VALUE: Final = frozenset({",", "]"})
_AFTER_PAIR: Final = frozenset({",", "}"})
_END: Final = frozenset({"end"})
"""What may stand next."""


class _Builder:
    """Turn tokens into `Map`, `Seq` and scalars."""

    def __init__(self, text: str, shown: str) -> None:
        self.text = text
        self.shown = shown
        self.problems: list[Problem] = []
        self.top: Any = None
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._open: list[Map | Seq] = []
        self._keys: list[tuple[str, tuple[int, int]]] = []
        """The key that waits for its value, of each open object."""

    def build(self) -> None:
        """Read one object or list and nothing after it."""
        if not self.text.strip():
            raise _UnreadableError(Problem(Place(self.shown), "Y007"))
        expected, offset = _TOP, 0
        while True:
            match = _TOKEN.match(self.text, offset)
            kind = "" if match is None else str(match["mark"] or match.lastgroup)
            if match is None or kind not in expected:
                raise _UnreadableError(self._surprise(offset))
            if kind == "end":
                return
            start = match.start(str(match.lastgroup))
            expected, offset = self._take(expected, kind, match[0].strip(), start), match.end()

    def _take(self, expected: frozenset[str], kind: str, token: str, offset: int) -> frozenset[str]:
        """Take a token that was expected; give what may come next."""
        if kind in "}]":
            self._open.pop()
        elif kind == ":":
            return _VALUE
        elif kind == ",":
            return _KEY if isinstance(self._open[-1], Map) else _VALUE
        elif expected in (_KEY, _FIRST_KEY):
            self._keys.append((self._string(token, offset), self._at(offset)))
            return _COLON
        elif kind in "{[":
            node: Map | Seq = Map(self._at(offset)) if kind == "{" else Seq(self._at(offset))
            self._put(node, node.at)
            self._open.append(node)
            if len(self._open) > DEPTH_LIMIT:
                raise _UnreadableError(self._problem("Y011", offset, limit=str(DEPTH_LIMIT)))
            return _FIRST_KEY if kind == "{" else _FIRST_VALUE
        else:
            plain = _WORDS[token] if kind == "word" else token
            self._put(self._string(token, offset) if kind == "string" else plain, self._at(offset))
        if not self._open:
            return _END
        return _AFTER_PAIR if isinstance(self._open[-1], Map) else _AFTER_VALUE

    def _put(self, value: Any, at: tuple[int, int]) -> None:  # noqa: ANN401 -- any JSON value
        if not self._open:
            self.top = value
            return
        parent = self._open[-1]
        if isinstance(parent, Seq):
            parent.append(value)
            parent.values_at.append(at)
            return
        name, key_at = self._keys.pop()
        if name in parent.keys_at:
            values = {"name": name, "first": str(parent.keys_at[name][0])}
            self.problems.append(Problem(Place(self.shown, *key_at), "Y013", values))
            return
        parent.keys_at[name] = key_at
        if value is None:
            return
        parent[name] = value
        parent.values_at[name] = at

    def _string(self, token: str, offset: int) -> str:
        text = str(json.loads(token))
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise _UnreadableError(self._surprise(offset))
        return text

    def _surprise(self, offset: int) -> Problem:
        offset += len(self.text[offset:]) - len(self.text[offset:].lstrip(" \t\r\n"))
        found = self.text[offset : offset + _QUOTED].split("\n")[0].strip()
        code = "A001" if found else "A002"
        return self._problem(code, offset, found=found)

    def _problem(self, code: str, offset: int, **values: str) -> Problem:
        return Problem(Place(self.shown, *self._at(offset)), code, values)

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

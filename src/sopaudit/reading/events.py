"""YAML without guessing: text stays text, and every value knows its line and column.

The C parser's events are built into plain dicts and lists by a loop with a stack of its own, so a
file nested 50,000 deep cannot exhaust the interpreter, an alias cannot multiply, and one pass gives
data, places and mistakes. Scalars stay as they were typed: `no`, `17:30`, `010` and `1.10` mean
what the field that receives them says they mean.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from sopaudit.problems import Edit, Place, Problem
from sopaudit.reading.document import DEPTH_LIMIT, Document, Map, Mark, Seq, document
from sopaudit.reading.encoding import decode, load
from sopaudit.reading.shape import SHORT

# A PyYAML built without libyaml reads the same, about eight times more slowly.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path, shown: str | None = None) -> Document:
    """Read a YAML file; whatever is wrong with it stands in the document's `problems`."""
    shown = path.as_posix() if shown is None else shown
    raw = load(path, shown)
    return raw if isinstance(raw, Document) else read_bytes(raw, shown)


def read_bytes(raw: bytes, shown: str) -> Document:
    """Read YAML from memory; see `read`."""
    found = decode(raw, shown)
    if isinstance(found, Document):
        return found
    text = found.text
    builder = _Builder(shown)
    try:
        builder.build(text)
    except _UnreadableError as stop:
        problems = [*builder.problems, stop.problem]
        return document(shown, None, text, problems, found.encoding)
    except yaml.YAMLError as error:
        problems = [*builder.problems, *_refused(text, builder, error)]
        return document(shown, None, text, problems, found.encoding)
    return document(shown, builder.top, text, builder.problems, found.encoding)


def _refused(text: str, builder: "_Builder", error: yaml.YAMLError) -> list[Problem]:
    """Explain why the parser stopped: a tab in an indentation if there is one, else the spot."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        stranger = _CONTROL.search(text)
        before = text[: stranger.start()] if stranger else ""
        at = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        return [Problem(Place(builder.shown, *at), "Y004")]
    if tabs := list(_tabs(text, builder.shown)):
        return tabs
    return [_stopped(text, builder, mark, getattr(error, "context_mark", None) or mark)]


def _tabs(text: str, shown: str) -> Iterator[Problem]:
    """Find the tabs in indentations; two blanks stand for each."""
    start = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        blanks = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in blanks and line.strip():
            edit = Edit(start, start + len(blanks), blanks.replace("\t", "  "))
            place = Place(shown, number, line.index("\t") + 1)
            yield Problem(place, "Y003", edits=(edit,))
        start += len(line)


def _stopped(text: str, builder: "_Builder", mark: yaml.Mark, opened: yaml.Mark) -> Problem:
    """Say what may be wrong between `opened`, where something began, and `mark`, where it broke."""
    word = [*text[opened.index :].split(maxsplit=1), ""][0][:SHORT]
    begun = (opened.line + 1, opened.column + 1)
    # Such as "*重要": neither a name nor a tag, so the parser never came to say which.
    if word.startswith(("&", "*")):
        edits = _quotes(text, opened.index)
        return Problem(Place(builder.shown, *begun), "Y008", {"name": word}, edits=edits)
    if word.startswith("!"):
        edits = _quotes(text, opened.index)
        return Problem(Place(builder.shown, *begun), "Y009", {"tag": word}, edits=edits)
    lines = [*text.splitlines(), ""]
    if not text[mark.index :].strip():
        flows = [at for at in (h.at for h in builder.open) if lines[at[0] - 1][at[1] - 1] in "[{"]
        quoted = [begun] if word.startswith(("'", '"')) else []
        if unclosed := [*flows, *quoted]:
            return Problem(Place(builder.shown, *unclosed[-1]), "Y006")
    inside = begun in [holder.at for holder in builder.open]
    here = mark if inside or opened.line == mark.line else opened
    number = min(here.line + 1, max(len(lines) - 1, 1))
    column = here.column + 1 if number == here.line + 1 else 1
    values = {"line": lines[number - 1].strip()[:60]}
    return Problem(Place(builder.shown, number, column), "Y005", values)


def _quotes(text: str, start: int) -> tuple[Edit, ...]:
    """Put a value that runs to the end of its line into quotes, if that is certain."""
    value = [*text[start:].splitlines(), ""][0].rstrip()
    if text[:start].rstrip(" ")[-1:] not in {":", "-"} or _UNSURE.search(value):
        return ()
    return Edit(start, start, '"'), Edit(start + len(value), start + len(value), '"')


# Where a value ends, or what it would need besides quotes around it.
_UNSURE: Final = re.compile(r"""["\\{}\[\],#]|:(\s|$)""")

# All that YAML allows in a file, the other way round.
_CONTROL: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _UnreadableError(Exception):
    """Reading stops here, because what follows cannot be trusted."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class _Builder:
    """Turn parser events into `Map`, `Seq` and `str`."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.problems: list[Problem] = []
        self.top: Any = None
        self.open: list[Map | Seq] = []
        """What has begun and not ended, outermost first."""

        self._keys: list[tuple[str, Mark] | None] = []

    def build(self, text: str) -> None:
        documents = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _UnreadableError(self._problem("Y010", event))
            elif isinstance(event, yaml.AliasEvent):
                raise _UnreadableError(self._problem("Y008", event, name=f"*{event.anchor}"))
            elif isinstance(event, yaml.CollectionEndEvent):
                self.open.pop()
                self._keys.pop()
            elif isinstance(event, yaml.NodeEvent):
                self._node(event)
        if self.top is None or self.top == "":
            raise _UnreadableError(Problem(Place(self.shown), "Y007"))

    def _node(self, event: Any) -> None:  # noqa: ANN401 -- PyYAML's C events are untyped
        if event.anchor:
            raise _UnreadableError(self._problem("Y008", event, name=f"&{event.anchor}"))
        if event.tag is not None:
            raise _UnreadableError(self._problem("Y009", event, tag=event.tag))
        at = (event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.ScalarEvent):
            self._place(event.value, at, event)
            return
        node = Map(at) if isinstance(event, yaml.MappingStartEvent) else Seq(at)
        self._place(node, at, event)
        self.open.append(node)
        self._keys.append(None)
        if len(self.open) > DEPTH_LIMIT:
            raise _UnreadableError(self._problem("Y011", event, limit=str(DEPTH_LIMIT)))

    def _place(self, value: Any, at: Mark, event: Any) -> None:  # noqa: ANN401
        if not self.open:
            self.top = value
            return
        parent = self.open[-1]
        if isinstance(parent, Seq):
            parent.append(value)
            parent.values_at.append(at)
            return
        key = self._keys[-1]
        if key is None:
            if not isinstance(value, str):
                raise _UnreadableError(self._problem("Y012", event))
            self._keys[-1] = (value, at)
            return
        name, key_at = key
        self._keys[-1] = None
        if name in parent:
            first = parent.keys_at[name][0]
            place = Place(self.shown, *key_at)
            self.problems.append(Problem(place, "Y013", {"name": name, "first": str(first)}))
            return
        parent[name] = value
        parent.keys_at[name] = key_at
        parent.values_at[name] = at

    def _problem(self, code: str, event: Any, **values: str) -> Problem:  # noqa: ANN401
        mark = event.start_mark
        return Problem(Place(self.shown, mark.line + 1, mark.column + 1), code, values)

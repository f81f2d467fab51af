"""YAML without guessing: text stays text, and every value knows its line and column.

The C parser's events are built into plain dicts and lists by a loop with a stack of its own, so a
file nested 50,000 deep cannot exhaust the interpreter, an alias cannot multiply, and one pass gives
data, places and mistakes. Scalars stay as they were typed: `no`, `17:30`, `010` and `1.10` mean
what the field that receives them says they mean.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sopaudit.problems import Place, Problem, catalogue, choices

Loc = tuple[str | int, ...]
"""Keys and indexes from the top of a file to one of its values."""

DEPTH_LIMIT: Final = 60
"""No handbook nests deeper than 10; beyond this a file is hostile or broken."""

# A PyYAML built without libyaml reads the same, about eight times more slowly.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_Mark = tuple[int, int]


class Map(dict[str, Any]):
    """A YAML mapping, with the places of its keys and values."""

    def __init__(self, at: _Mark) -> None:
        super().__init__()
        self.at = at
        self.keys_at: dict[str, _Mark] = {}
        self.values_at: dict[str, _Mark] = {}


class Seq(list[Any]):
    """A YAML sequence, with the places of its values."""

    def __init__(self, at: _Mark) -> None:
        super().__init__()
        self.at = at
        self.values_at: list[_Mark] = []


@dataclass(frozen=True)
class Document:
    """One file, read; `data` is None where nothing could be made of it."""

    path: str
    """As problems show it."""

    data: Any
    """Nested `Map`, `Seq` and `str`."""

    problems: tuple[Problem, ...] = ()

    text: str = ""
    """Where `data` is None: what stood in the file, as far as it can be made out."""

    def place(self, loc: Loc = (), *, key: bool = False) -> Place:
        """Find the value at `loc`, or as deep as the file goes; with `key`, the key before it."""
        at: _Mark = getattr(self.data, "at", (1, 1))
        for holder, part in follow(self.data, loc):
            if isinstance(holder, Seq):
                at = holder.values_at[int(part)]
            else:
                at = (holder.keys_at if key else holder.values_at)[str(part)]
        return Place(self.path, *at)

    def problem(self, code: str, loc: Loc, *, key: bool = False, **values: object) -> Problem:
        """Make a `Problem` of this file at `loc`."""
        return Problem(self.place(loc, key=key), code, {k: str(v) for k, v in values.items()})

    @property
    def digest(self) -> str:
        """Hash the content alone: comments, places, line ends and a BOM do not count."""
        return digest(self.data)


def follow(data: Any, loc: Loc) -> list[tuple[Any, str | int]]:  # noqa: ANN401
    """Follow `loc` into what a file holds: each `Map` or `Seq` on the way, and the part taken.

    Parts the file does not hold are passed over, because pydantic names the branch of a union it
    tried, and a key that is missing has no place but its mapping's.
    """
    trail: list[tuple[Any, str | int]] = []
    for part in loc:
        known = isinstance(data, dict) and part in data
        if known or (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            trail.append((data, part))
            data = data[part]
    return trail


def digest(data: object) -> str:
    """Give `sha256:` and the hash of the canonical JSON of `data` (sorted keys, UTF-8)."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def load(path: Path, shown: str) -> bytes | Document:
    """Read the bytes of a file; where that fails, give the document that says so."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return Document(shown, None, (Problem(Place(shown), "Y001"),))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Document(shown, None, (Problem(Place(shown), "Y014", {"reason": reason}),))


def decode(raw: bytes, shown: str) -> str | Document:
    """Read bytes as UTF-8; where that fails, give the document that says so."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The error holds the bytes without a BOM, and those before its start can be decoded.
        before = error.object[: error.start].decode()
        place = Place(shown, before.count("\n") + 1, len(before) - before.rfind("\n"))
        byte = f"0x{error.object[error.start]:02X}"
        # In China, what is not UTF-8 is GBK; what decodes wrongly serves for nothing but ids.
        text = raw.decode("gb18030", errors="replace")
        return Document(shown, None, (Problem(place, "Y002", {"byte": byte}),), text)


def read(path: Path, shown: str | None = None) -> Document:
    """Read a YAML file; whatever is wrong with it stands in the document's `problems`."""
    shown = path.as_posix() if shown is None else shown
    raw = load(path, shown)
    return raw if isinstance(raw, Document) else read_bytes(raw, shown)


def read_bytes(raw: bytes, shown: str) -> Document:
    """Read YAML from memory; see `read`."""
    text = decode(raw, shown)
    if isinstance(text, Document):
        return text
    builder = _Builder(shown)
    try:
        builder.build(text)
    except _UnreadableError as stop:
        return Document(shown, None, (*builder.problems, stop.problem), text)
    except yaml.YAMLError as error:
        return Document(shown, None, (*builder.problems, *_refused(text, builder, error)), text)
    return Document(shown, builder.top, tuple(builder.problems))


def _refused(text: str, builder: "_Builder", error: yaml.YAMLError) -> list[Problem]:
    """Explain why the parser stopped: a tab in an indentation if there is one, else the spot."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        stranger = _CONTROL.search(text)
        before = text[: stranger.start()] if stranger else ""
        at = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        return [Problem(Place(builder.shown, *at), "Y004")]
    tabs = [
        (number, line.index("\t") + 1)
        for number, line in enumerate(text.splitlines(), 1)
        if "\t" in line[: len(line) - len(line.lstrip())] and line.strip()
    ]
    if tabs:
        return [Problem(Place(builder.shown, *tab), "Y003") for tab in tabs]
    return [_stopped(text, builder, mark, getattr(error, "context_mark", None) or mark)]


def _stopped(text: str, builder: "_Builder", mark: yaml.Mark, opened: yaml.Mark) -> Problem:
    """Say what may be wrong between `opened`, where something began, and `mark`, where it broke."""
    word = [*text[opened.index :].split(maxsplit=1), ""][0][:_SHORT]
    begun = (opened.line + 1, opened.column + 1)
    # Such as "*重要": neither a name nor a tag, so the parser never came to say which.
    if word.startswith(("&", "*")):
        return Problem(Place(builder.shown, *begun), "Y008", {"name": word})
    if word.startswith("!"):
        return Problem(Place(builder.shown, *begun), "Y009", {"tag": word})
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


# All that YAML allows in a file, the other way round.
_CONTROL: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_SHORT: Final = 40
"""Of what people wrote, so many characters fit into a sentence."""


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

        self._keys: list[tuple[str, _Mark] | None] = []

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

    def _place(self, value: Any, at: _Mark, event: Any) -> None:  # noqa: ANN401
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


Model = TypeVar("Model", bound=BaseModel)


def validated(document: Document, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """Fit a document into `model`; the second value lists every mistake, each at its place."""
    problems = list(document.problems)
    if document.data is None:
        return None, problems
    try:
        return model.model_validate(document.data), problems
    except ValidationError as error:
        return None, problems + [_shape(document, model, detail) for detail in mistakes(error)]


def mistakes(error: ValidationError) -> list[ErrorDetails]:
    """List what pydantic found, but for lists too short because their entries are wrong."""
    return [
        detail
        for detail in error.errors(include_url=False)
        if detail["type"] != "too_short" or not detail["input"]
    ]


# What pydantic calls a mistake, and what we call it. A type not listed here is told as S099,
# and a test keeps that from happening for the models of this package.
_SHAPES: Final = {
    "string_type": "S003",
    "string_too_short": "S004",
    "tuple_type": "S009",
    "list_type": "S009",
    "dict_type": "S010",
    "model_type": "S010",
    "model_attributes_type": "S010",
    "string_pattern_mismatch": "S011",
    "too_short": "S014",
    "literal_error": "S008",
}


def _shape(document: Document, model: type[BaseModel], detail: ErrorDetails) -> Problem:
    loc, kind = detail["loc"], detail["type"]
    context: dict[str, Any] = {k: str(v) for k, v in detail.get("ctx", {}).items()}
    trail = follow(document.data, loc)
    name = str(next((part for _, part in reversed(trail) if isinstance(part, str)), ""))
    if "lang" in context:
        loc = (*loc, context["lang"])
        trail = follow(document.data, loc)
    found = trail[-1][0][trail[-1][1]] if trail else document.data
    if kind == "extra_forbidden":
        known = _keys_at(model, loc[:-1])
        return document.problem("S001", loc, key=True, name=name, choices=choices(name, known))
    if kind == "missing":
        return document.problem("S002", loc[:-1], name=loc[-1])
    if isinstance(found, str) and not found.strip():
        return document.problem("S015" if "lang" in context else "S004", loc, name=name, **context)
    if kind == "literal_error":
        known = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        context["choices"] = choices(str(found), known)
    code = kind if kind in catalogue() else _SHAPES.get(kind, "S099")
    context = {"name": name, "found": _quoted(found), "message": detail["msg"], **context}
    return document.problem(code, loc, **context)


def _quoted(found: object) -> str:
    """Show what stood there, short enough for one line."""
    if isinstance(found, dict | list):
        return "{…}" if isinstance(found, dict) else "[…]"
    text = str(found)
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def _keys_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """List the keys the mapping at `loc` may have, as they are written in YAML."""
    here: list[type[BaseModel]] = [model]
    for part in loc:
        inner = [m for h in here if (m := _field(h, part)) is not None]
        if inner:
            here = [leaf for field in inner for leaf in _models(field)] or here
    return [field.alias or name for m in here for name, field in m.model_fields.items()]


def _field(model: type[BaseModel], part: str | int) -> object | None:
    for name, field in model.model_fields.items():
        if part in (field.alias, name):
            return field.annotation
    return None


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """Find the models inside an annotation such as `tuple[Item, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)

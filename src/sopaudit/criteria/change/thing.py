"""The files of a handbook taken apart into things, and which of them are the same under another id.

Files are compared as they were typed, and not as models: an old edition may hold keys that are read
no longer, and whatever differs must be told, also what no model knows. Each entry that has an id
becomes a thing that can move and be renamed; one without stays a value of what it stands in.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, Final

from sopaudit.criteria.change.model import Path
from sopaudit.criteria.history import text_key
from sopaudit.reading.document import PROOF, Document

Key = tuple[str, ...]
"""A thing's kind and id and, where ids are good inside one thing only, the key of that thing."""

ORDER: Final = (
    ("sopaudit.yaml", "handbook"),
    ("sops/posts/", "post"),
    ("sops/workflows/", "workflow"),
    ("sops/rules.yaml", "rules"),
    ("sops/parts.yaml", "parts"),
    ("sops/money.yaml", "money"),
    ("sops/kpis.yaml", "kpis"),
    ("sops/forms.yaml", "forms"),
    ("sops/records.yaml", "records"),
    ("sops/events.yaml", "events"),
    ("sops/codes.yaml", "codes"),
    ("sops/calendar.yaml", "calendar"),
    ("sops/glossary.yaml", "glossary"),
    ("sops/suppressions.yaml", "suppressions"),
    ("sops/tables/", "table"),
    ("checklists/schemes/", "scheme"),
    ("checklists/", "checklist"),
)
"""The files of a handbook in the order they are told, and what each is."""

_KINDS: Final = {
    "regions": "region",
    "offices": "office",
    "roster": "person",
    "steps": "step",
    "standards": "standard",
    "forbidden": "phrase",
    "lanes": "lane",
    "entries": "entry",
    "nodes": "node",
    "rules": "rule",
    "conditions": "condition",
    "stages": "stage",
    "moves": "move",
    "equations": "equation",
    "places": "place",
    "losses": "loss",
    "kpis": "kpi",
    "forms": "form",
    "records": "record",
    "fields": "field",
    "groups": "group",
    "events": "event",
    "lists": "code_list",
    "codes": "code",
    "terms": "term",
    "columns": "column",
    "sections": "section",
    "items": "item",
    "parts": "part",
    "limits": "limit",
    "rows": "row",
}
"""What the entries of a list are, by its key."""

_GLOBAL: Final = frozenset(
    {
        "region", "office", "step", "standard", "phrase", "node", "rule", "stage", "move",
        "kpi", "form", "record", "event", "code_list", "term", "item", "condition",
        "post", "workflow", "table", "scheme", "checklist", "branch",
    }
)  # fmt: skip
"""Kinds whose ids are distinct in the whole handbook: such a thing may move to another."""

HEADINGS: Final = ("title", "label", "question", "standard", "phrase", "step", "term", "answer")
"""Where an entry says what it is about."""


@dataclass(frozen=True)
class Thing:
    """An entry with an id, or a whole file, without the things inside it."""

    kind: str
    id: str
    key: Key
    parent: Key | None
    file: str
    data: Mapping[str, Any]
    leaves: Mapping[Path, Any]

    @property
    def within(self) -> str:
        """The id of what it stands in, where its own is good in there only."""
        return self.parent[1] if self.parent and self.kind not in _GLOBAL else ""

    @property
    def title(self) -> Any:  # noqa: ANN401 -- a text as it was typed
        """What it is called."""
        return next((self.data[name] for name in HEADINGS if name in self.data), None)


@dataclass(frozen=True)
class Things:
    """The files of one edition of a handbook, taken apart."""

    documents: Mapping[str, Document]
    all: dict[Key, Thing] = field(default_factory=dict)
    """In the order of the files and in each as it is written."""

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages its texts may be in."""
        settings = self.documents.get("sopaudit.yaml")
        declared = settings.data.get("languages") if settings and settings.data else None
        found = declared if isinstance(declared, list) else ()
        return tuple(dict.fromkeys([*(lang for lang in found if isinstance(lang, str)), *_OURS]))

    def take(
        self, kind: str, data: Mapping[str, Any], file: str, parent: Key | None = None
    ) -> None:
        """Add an entry and, as things of their own, the entries with ids that stand in it."""
        said = data.get("id")
        id_ = said if isinstance(said, str) and said else PurePosixPath(file).stem
        key: Key = (kind, id_)
        if (kind not in _GLOBAL and parent is not None) or key in self.all:
            key = (kind, id_, *(parent or (file,)))
        if key in self.all:
            # The same id twice is a mistake `check` tells; nothing of it may be lost here.
            key = (*key, str(len(self.all)))
        found: dict[Path, Any] = {}
        inner: list[tuple[str, Mapping[str, Any]]] = []
        for name, value in data.items():
            if named(value):
                inner += [(_KINDS.get(name, name), entry) for entry in value]
            else:
                found |= dict(leaves(value, (name,)))
        found.pop(("id",), None)
        self.all[key] = Thing(kind, id_, key, parent, file, data, found)
        for sort, entry in inner:
            self.take(sort, entry, file, key)


_OURS: Final = ("zh", "en")


def rank(name: str) -> tuple[int, str]:
    """Give the place of a file among all files of a handbook."""
    return next((n for n, (start, _) in enumerate(ORDER) if name.startswith(start)), 99), name


def taken_apart(documents: Mapping[str, Document]) -> Things:
    """Take the files of an edition apart."""
    things = Things(documents)
    for name in sorted(documents, key=rank):
        data = documents[name].data
        if isinstance(data, Mapping) and PROOF in data:
            data = {key: value for key, value in data.items() if key != PROOF}
        kind = next((kind for start, kind in ORDER if name.startswith(start)), "file")
        if not isinstance(data, Mapping):
            data = {"": data}
        things.take("branch" if kind == "checklist" and "of" in data else kind, data, name)
    return things


def named(value: object) -> bool:
    """Say whether a value is a list of entries that each have an id of their own."""
    if not isinstance(value, list) or not value:
        return False
    ids = [entry.get("id") if isinstance(entry, Mapping) else None for entry in value]
    return all(isinstance(id_, str) and id_ for id_ in ids) and len(set(ids)) == len(ids)


def leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 -- as it stands
    """List the values below `path`, down to texts and lists."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    else:
        yield path, value


def renamed(before: Things, now: Things) -> dict[Key, Key]:
    """Pair things whose id changed and whose text did not, as `history` does; parents first."""
    found: dict[Key, Key] = {}
    while True:
        was = {key: renewed(key, found) for key in before.all}
        known = set(was.values())
        gone = _by_text((t for k, t in before.all.items() if was[k] not in now.all), was)
        come = _by_text((t for k, t in now.all.items() if k not in known), {})
        more = {gone[text].key: come[text].key for text in gone if text in come}
        if not more:
            return found
        found |= more


def _home(thing: Thing, was: Mapping[Key, Key]) -> Key | None:
    """Give the thing in which another must stand to be the same under another id."""
    if thing.kind in _GLOBAL or thing.parent is None:
        return None
    return was.get(thing.parent, thing.parent)


_Text = tuple[Key | None, str, tuple[str, str]]
"""The home of a thing, its kind, and its text."""


def _by_text(things: Iterable[Thing], was: Mapping[Key, Key]) -> dict[_Text, Thing]:
    """Find things by text; one that stands twice in a place says nothing and is left out."""
    found: dict[_Text, Thing] = {}
    twice = set()
    for thing in things:
        text = text_key(thing.data)
        if text is None:
            continue
        key = (_home(thing, was), thing.kind, text)
        if key in found:
            twice.add(key)
        found[key] = thing
    return {key: thing for key, thing in found.items() if key not in twice}


def renewed(key: Key, renamed: Mapping[Key, Key]) -> Key:
    """Give the key a thing has now, if it or what it stands in was renamed."""
    if key in renamed:
        return renamed[key]
    return (*key[:2], *renewed(key[2:], renamed)) if key[2:] else key


def root(thing: Thing, things: Things) -> Thing:
    """Give the file a thing stands in."""
    while thing.parent is not None:
        thing = things.all[thing.parent]
    return thing

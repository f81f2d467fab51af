"""What a change touches: items to be reviewed, and whoever names what changed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sopaudit.criteria.change.model import (
    OF_EDITIONS,
    Change,
    FileChange,
    Suspect,
    Touch,
    Unchecked,
)
from sopaudit.criteria.change.thing import Key, Thing, Things, named, root

REFERENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "standards": ("standard", "step"),
    "checks": ("rule",),
    "answer_from": ("rule",),
    "rules": ("rule",),
    "uses": ("table",),
    "data": ("record", "table"),
    "ledger": ("record",),
    "forms": ("form",),
    "papers": ("form",),
    "events": ("event",),
    "ignored": ("event",),
    "posts": ("post",),
    "post": ("post",),
    "step": ("step",),
    "scheme": ("scheme",),
    "checklist": ("checklist",),
    "flow": ("workflow",),
    "codes": ("code_list",),
    "condition": ("condition",),
    "with": ("event", "form", "record", "table", "code_list", "condition"),
}
"""The keys that name something of the handbook, and what they name."""

_REQUIREMENT: Final[Mapping[str, frozenset[str]]] = {
    "standard": frozenset({"standard", "limit", "evidence"}),
    "rule": frozenset({"passes", "limit", "kind", "with", "all_of", "uses", "data", "tolerance"}),
}
"""The values of a standard or a rule that an item was written to verify."""


def suspects(
    pairs: Mapping[Key, Thing],
    now: Things,
    changes: Mapping[Key, Change],
    files: Iterable[FileChange],
) -> Iterator[Suspect]:
    """Find items of a requirement that changed, unless their checklist says it was reviewed.

    `reviewed` of a checklist names the editions its items were held against; a sheet that changed
    under its old edition cannot be told from what it was, so nothing counts as reviewed there.
    """
    unmarked = {file.file for file in files if file.remark == "same_edition"}
    changed = {
        change.id: now.all[key]
        for key, change in changes.items()
        if key in now.all and key in pairs and _weighs(change)
    }
    for key, item in now.all.items():
        if item.kind != "item" or key not in pairs:
            continue
        checklist = now.all[item.parent] if item.parent else item
        reviewed = checklist.data.get("reviewed")
        reviewed = reviewed if isinstance(reviewed, Mapping) else {}
        because: list[str] = []
        review: dict[str, str] = {}
        early: dict[str, None] = {}
        verified = (*_list(item.data, "standards"), *_list(item.data, "answer_from"))
        for name in dict.fromkeys(verified):
            if name not in changed:
                continue
            sheet = root(changed[name], now)
            edition = str(sheet.data.get("edition", ""))
            if sheet.file in unmarked or reviewed.get(sheet.id) != edition:
                because.append(name)
                if sheet.file in unmarked:
                    early[sheet.file] = None
                else:
                    review[sheet.id] = edition
        if because:
            needed = tuple(review.items())
            yield Suspect(item.id, checklist.id, item.title, tuple(because), needed, tuple(early))


def _weighs(change: Change) -> bool:
    """Say whether a requirement changed, and not only how it is filed."""
    said = _REQUIREMENT.get(change.kind, frozenset())
    return any(value.path[0] in said for value in change.values)


def _list(data: Mapping[str, Any], name: str) -> list[str]:
    found = data.get(name)
    if isinstance(found, str):
        return [found]
    return [word for word in found if isinstance(word, str)] if isinstance(found, list) else []


def unchecked(before: Things, now: Things) -> Iterator[Unchecked]:
    """Find standards whose last item went, or looks at something else now."""
    once, still = _verified(before), _verified(now)
    for thing in now.all.values():
        if thing.kind == "standard" and thing.id in once and thing.id not in still:
            yield Unchecked(thing.id, thing.title, tuple(once[thing.id]))


def _verified(things: Things) -> dict[str, list[str]]:
    """List the items of each standard."""
    found: dict[str, list[str]] = {}
    for item in things.all.values():
        for standard in _list(item.data, "standards") if item.kind == "item" else ():
            found.setdefault(standard, []).append(item.id)
    return found


def touched(
    now: Things, pairs: Mapping[Key, Thing], changes: Mapping[Key, Change]
) -> Iterator[Touch]:
    """Find who names what changed; a step is also meant where one of its standards changed."""
    users: dict[tuple[str, str], dict[Key, None]] = {}
    for key, thing in now.all.items():
        for name, word in _references(thing.data):
            for kind in REFERENCES[name]:
                users.setdefault((kind, word), {})[key] = None
    for key, change in changes.items():
        thing = now.all.get(key) or pairs[key]
        filed = all(value.path[0] in (*OF_EDITIONS, "reviewed") for value in change.values)
        if thing.parent is None and change.sort == "changed" and filed:
            continue
        meant = [(change.kind, change.id), *([(change.kind, change.was)] if change.was else [])]
        if change.kind == "standard" and thing.parent:
            meant.append(("step", thing.parent[1]))
        by = dict.fromkeys(user for name in meant for user in users.get(name, ()) if user != key)
        users_of = [now.all[user] for user in by]
        if users_of:
            told = tuple((user.kind, user.id, root(user, now).id) for user in users_of)
            yield Touch(change.kind, change.id, change.title, told)


def _references(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """List what a thing names itself; what the things inside it name is theirs."""
    for name, value in data.items():
        if name == "with" and isinstance(value, Mapping):
            yield from ((name, word) for inner in value for word in _list(value, inner))
        elif name in REFERENCES:
            yield from ((name, word) for word in _list(data, name))
        elif isinstance(value, list) and not named(value):
            for entry in value:
                if isinstance(entry, Mapping):
                    yield from _references(entry)

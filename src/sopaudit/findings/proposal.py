"""What a proposed edition changes in how a checklist is scored, one change after the other.

Each change is a function from handbook to handbook, so that an audit can be replayed with a single
one of them, or with all up to it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from sopaudit.criteria.checklist import Branch, Checklist, Item
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.scheme import Scheme

Kind = Literal["item_new", "item_gone", "item", "scheme", "checklist", "branch", "whole", "rest"]
"""What changes: an item that is new, gone or different; a word of a scheme; a checklist or roll-up
as a whole; checklist and scheme where they cannot be told apart; anything else, such as the roster.
"""

_SCORED: Final = (
    "points",
    "points_since",
    "weight",
    "scoring",
    "severity",
    "section",
    "na_allowed",
    "values",
    "effective_from",
    "effective_until",
)
"""Keys of an item that a score may depend on, besides its labels."""

_TOLD: Final = frozenset(
    ("id", "edition", "title", "explanation", "source", "effective_from", "effective_until")
)
"""Keys of a scheme no score depends on."""

Values = tuple[Any, Any]
"""Before and after."""


@dataclass(frozen=True)
class Change:
    """One change a score may depend on."""

    kind: Kind
    id: str
    """Of the item, scheme, checklist or roll-up."""

    parts: Mapping[str, Values]
    """The keys that differ, with what stood there and what stands there now."""

    apply: Callable[[Handbook], Handbook]
    """Make this change alone."""


def changes_of(old: Handbook, new: Handbook, name: str) -> list[Change]:
    """List what changes in how checklist `name`, which both have, is scored: items, then scheme."""
    before, after = old.checklists[name], new.checklists[name]
    schemes = old.schemes[before.scheme], new.schemes[after.scheme]
    if schemes[0].named != schemes[1].named:
        return [_whole(name, after, schemes[1])]
    return [*_items(before, after), *_scheme(*schemes, _passage(*schemes))]


def changes_of_branch(old: Handbook, new: Handbook, name: str) -> list[Change]:
    """List what changes in how a roll-up is scored: its checklists, schemes, and its own parts."""
    before, after = old.branches[name], new.branches[name]
    found: list[Change] = []
    schemes: dict[str, Change] = {}
    for part in dict.fromkeys(part.checklist for part in (*before.of, *after.of)):
        if part not in old.checklists or part not in new.checklists:
            continue
        inner = changes_of(old, new, part)
        items = [change for change in inner if change.kind != "scheme"]
        if items:
            told = {change.id: ("", "") for change in items}
            found.append(Change("checklist", part, told, _all(items)))
        words = [change for change in inner if change.kind == "scheme"]
        if words and words[0].id not in schemes:
            told = {key: pair for change in words for key, pair in change.parts.items()}
            schemes[words[0].id] = Change("scheme", words[0].id, told, _all(words))
    found += schemes.values()
    if [*before.of] != [*after.of]:
        found.append(Change("branch", name, {"of": (before.of, after.of)}, _parts(name, after)))
    own = old.schemes[before.scheme], new.schemes[after.scheme]
    return [*found, *_scheme(*own, _passage(*own))]


def common_ground(old: Handbook, new: Handbook) -> Handbook:
    """Give the old handbook, made ready so that each change can be made alone.

    Its schemes have the answer sets of both editions; and what is to be scored by another scheme
    has a copy of its old one to itself, so that changing it moves nothing else.
    """
    schemes = dict(old.schemes)
    checklists, branches = dict(old.checklists), dict(old.branches)
    for name, before in old.checklists.items():
        if name not in new.checklists:
            continue
        other = new.schemes[new.checklists[name].scheme]
        own = _passage(old.schemes[before.scheme], other)
        scheme = schemes.get(own, old.schemes[before.scheme])
        sets: Mapping[str, object] = {}
        if scheme.named and other.named:
            sets = {"answers": {**other.sets, **scheme.sets}}
        schemes[own] = _with(scheme, {"id": own, **sets})
        checklists[name] = before.model_copy(update={"scheme": own})
    for name, branch in old.branches.items():
        if name in new.branches:
            scheme = old.schemes[branch.scheme]
            own = _passage(scheme, new.schemes[new.branches[name].scheme])
            schemes.setdefault(own, _with(scheme, {"id": own}))
            branches[name] = branch.model_copy(update={"scheme": own})
    return replace(old, schemes=schemes, checklists=checklists, branches=branches)


def _passage(before: Scheme, after: Scheme) -> str:
    """Name the way from a scheme to the one in its place: its id, unless that is another."""
    return before.id if before.id == after.id else f"{before.id} → {after.id}"


def as_proposed(new: Handbook) -> Callable[[Handbook], Handbook]:
    """Take the new edition as it is."""
    return lambda _: new


def renamed(before: Checklist, after: Checklist) -> dict[str, str]:
    """Give the old id, by the new, of each item that has another id and is the same otherwise."""
    new = [item for id_, item in after.by_id.items() if id_ not in before.by_id]
    gone = [item for id_, item in before.by_id.items() if id_ not in after.by_id]
    found: dict[str, str] = {}
    for item in new:
        same = [one for one in gone if one.model_copy(update={"id": item.id}) == item]
        if same:
            found[item.id] = same[0].id
            gone.remove(same[0])
    return found


def _all(changes: list[Change]) -> Callable[[Handbook], Handbook]:
    def apply(handbook: Handbook) -> Handbook:
        for change in changes:
            handbook = change.apply(handbook)
        return handbook

    return apply


def _items(before: Checklist, after: Checklist) -> Iterator[Change]:
    old, new = before.by_id, after.by_id
    same = renamed(before, after)
    for id_, item in new.items():
        if id_ in same:
            continue
        if id_ not in old:
            yield Change(
                "item_new", id_, {"points": ("", item.points)}, _with_item(before.id, id_, item)
            )
            continue
        told: dict[str, Values] = {
            key: (getattr(old[id_], key), getattr(item, key))
            for key in _SCORED
            if getattr(old[id_], key) != getattr(item, key)
        }
        labels = {*old[id_].labels, *item.labels}
        told |= {
            label: (old[id_].labels.get(label, ""), item.labels.get(label, ""))
            for label in sorted(labels)
            if old[id_].labels.get(label) != item.labels.get(label)
        }
        if told:
            yield Change("item", id_, told, _with_item(before.id, id_, item))
    for id_, item in old.items():
        if id_ not in new and id_ not in same.values():
            yield Change(
                "item_gone", id_, {"points": (item.points, "")}, _with_item(before.id, id_, None)
            )


def _with_item(checklist: str, id_: str, item: Item | None) -> Callable[[Handbook], Handbook]:
    def apply(handbook: Handbook) -> Handbook:
        held = handbook.checklists[checklist]
        items = {**held.by_id, id_: item}
        kept = tuple(one for one in items.values() if one is not None)
        changed = held.model_copy(update={"items": kept})
        return replace(handbook, checklists={**handbook.checklists, checklist: changed})

    return apply


def _scheme(before: Scheme, after: Scheme, id_: str) -> Iterator[Change]:
    """List the words of scheme `id_` that differ, in the order they are worked through."""
    for key in Scheme.model_fields:
        pair = getattr(before, key), getattr(after, key)
        if key in _TOLD or pair[0] == pair[1]:
            continue
        value = pair[1]
        if key == "answers" and before.named and after.named:
            value = {**before.sets, **after.sets}
        yield Change("scheme", id_, {key: pair}, _with_word(id_, key, value))


def _with_word(scheme: str, key: str, value: object) -> Callable[[Handbook], Handbook]:
    def apply(handbook: Handbook) -> Handbook:
        changed = _with(handbook.schemes[scheme], {key: value})
        return replace(handbook, schemes={**handbook.schemes, scheme: changed})

    return apply


def _with(scheme: Scheme, words: Mapping[str, object]) -> Scheme:
    # A copy would keep what was worked out from the old words.
    held = {key: getattr(scheme, key) for key in Scheme.model_fields}
    return Scheme.model_construct(**{**held, **words})


def _whole(name: str, checklist: Checklist, scheme: Scheme) -> Change:
    def apply(handbook: Handbook) -> Handbook:
        checklists = {**handbook.checklists, name: checklist}
        schemes = {**handbook.schemes, scheme.id: scheme}
        return replace(handbook, checklists=checklists, schemes=schemes)

    return Change("whole", name, {}, apply)


def _parts(name: str, after: Branch) -> Callable[[Handbook], Handbook]:
    def apply(handbook: Handbook) -> Handbook:
        changed = handbook.branches[name].model_copy(update={"of": after.of})
        return replace(handbook, branches={**handbook.branches, name: changed})

    return apply

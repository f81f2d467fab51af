"""What BPMN has no word for: time limits, events, standards, titles in a second language.

It travels in `extensionElements`, in a namespace of ours, under the keys the YAML has. A value
there is text, or holds an `item` for each part of a list, or an `entry` with a `key` for each of a
map, so a key the model gains one day travels without another line here.
"""

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement

from pydantic import BaseModel

from sopaudit.criteria.duration import Duration
from sopaudit.criteria.field import Text, plain
from sopaudit.swimlane.markup import Tag

OURS: Final = "urn:sopaudit:workflow:1"
"""The namespace; its number changes only if older files could no longer be read."""

PREFIX: Final = "sopaudit"


def as_yaml(value: object) -> Any:  # noqa: ANN401, PLR0911 -- as YAML has it, kind by kind
    """Give a value of a model as it is written in YAML; what is not said there is left out."""
    match value:
        case BaseModel():
            fields = type(value).model_fields
            said = {info.alias or name: getattr(value, name) for name, info in fields.items()}
            usual = {info.alias or name: info.get_default() for name, info in fields.items()}
            return {
                key: as_yaml(v) for key, v in said.items() if v != usual[key] and v not in ((), {})
            }
        case Text():
            said = dict(value.wordings)
            return said.get("", said)
        case Mapping():
            return {key: as_yaml(inner) for key, inner in value.items()}
        case tuple() | list():
            return [as_yaml(inner) for inner in value]
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case Duration():
            return value.to("en")
        case Fraction():
            return plain(value)
    return str(value)


def pack(parent: Element, what: str, data: Mapping[str, Any], **said: str) -> None:
    """Put `data` below `parent` as an extension of ours, with `said` as its attributes."""
    holder = SubElement(SubElement(parent, "bpmn:extensionElements"), f"{PREFIX}:{what}", said)
    for key, value in data.items():
        _pack(SubElement(holder, f"{PREFIX}:{key}"), value)


def _pack(place: Element, value: object) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _pack(SubElement(place, f"{PREFIX}:entry", {"key": key}), inner)
    elif isinstance(value, list):
        for inner in value:
            _pack(SubElement(place, f"{PREFIX}:item"), inner)
    else:
        place.text = str(value)


def unpacked(tag: Tag, keys: Collection[str]) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Give what an extension of ours at `tag` holds of `keys`, and what its attributes say."""
    for holder in tag.inside("extensionElements"):
        for own in holder.children:
            if own.space == OURS:
                known = [child for child in own.children if child.name in keys]
                return {child.name: _unpacked(child) for child in known}, own.attributes
    return {}, {}


def _unpacked(tag: Tag) -> Any:  # noqa: ANN401 -- text, lists and maps, as YAML has them
    if any(child.name == "entry" for child in tag.children):
        return {child.attributes.get("key", ""): _unpacked(child) for child in tag.children}
    if tag.children:
        return [_unpacked(child) for child in tag.children]
    return tag.text.strip()

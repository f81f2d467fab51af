"""The small XML parts of a workbook as trees, and large ones tag by tag; nothing may be declared.

Names are told without their prefixes: programs choose those as they like.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from sopaudit.evidence.archive import Archive, NotSoundError

Start = Callable[[str, Mapping[str, str]], Any]
End = Callable[[str], Any]
Text = Callable[[str], Any]


@dataclass
class Tag:
    """A tag with what is inside of it."""

    name: str
    attributes: Mapping[str, str]
    tags: "list[Tag]" = field(default_factory=list)
    text: str = ""

    def all(self, *names: str) -> "Iterator[Tag]":
        """Find every tag inside of it with one of some names, in the order of the file."""
        waiting = [*reversed(self.tags)]
        while waiting:
            tag = waiting.pop()
            if tag.name in names:
                yield tag
            waiting.extend(reversed(tag.tags))

    def first(self, name: str) -> "Tag | None":
        """Find the first tag of a name inside of it."""
        return next(self.all(name), None)

    def said(self, name: str) -> str:
        """Give the text of the first tag of a name; empty without one."""
        found = self.first(name)
        return found.text.strip() if found else ""


def tree(archive: Archive, part: str) -> Tag:
    """Read a part as a tree; an empty one where there is no such part.

    Raises NotSoundError where it is broken.
    """
    open_ = [Tag("", {})]

    def start(name: str, attributes: Mapping[str, str]) -> None:
        tag = Tag(name, attributes)
        open_[-1].tags.append(tag)
        open_.append(tag)

    def text(said: str) -> None:
        open_[-1].text += said

    if part in archive.parts:
        walk(archive, part, start, lambda _: open_.pop(), text)
    return open_[0]


def walk(archive: Archive, part: str, start: Start, end: End, text: Text) -> None:
    """Go through a part tag by tag. Raises NotSoundError where it is missing or broken."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def started(name: str, attributes: dict[str, str]) -> None:
        start(_bare(name), {_bare(key): value for key, value in attributes.items()})

    def declared(*_: object) -> None:
        raise NotSoundError("F013", part=part)

    parser.StartElementHandler = started
    parser.EndElementHandler = lambda name: end(_bare(name))
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = declared
    try:
        parser.Parse(archive.read(part), True)  # noqa: FBT003 -- expat takes it by position
    except expat.ExpatError:
        raise NotSoundError("F013", part=part) from None


def _bare(name: str) -> str:
    return name.rpartition(":")[2]

"""A difference in the words a manager uses: what the text and the page of it lay out."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sopaudit.criteria.change.model import (
    Change,
    Difference,
    FileChange,
    Path,
    Suspect,
    Touch,
    Unchecked,
    Value,
)
from sopaudit.criteria.field import unfolded
from sopaudit.press.words import words
from sopaudit.report.change.wording import Stretch, stretches


@dataclass(frozen=True)
class Line:
    """One value that changed."""

    label: str
    told: str
    """What became of it in one line, such as `10 → 8`; empty for a wording that is laid out."""

    parts: tuple[Stretch, ...] = ()
    """Of a wording: what stayed and what gave way."""


@dataclass(frozen=True)
class Block:
    """One thing that changed."""

    sort: str
    id: str
    name: str
    """The id with what it stands in, where that is needed."""

    kind: str
    title: str
    notes: tuple[str, ...]
    """Renamed, moved, stands elsewhere."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class FileBlock:
    """One file in which something changed."""

    sort: str
    kind: str
    id: str
    title: str
    file: str
    notes: tuple[str, ...]
    warning: str
    """What has to be done about its edition."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class SuspectLine:
    """An item to be reviewed."""

    item: str
    title: str
    why: str


@dataclass(frozen=True)
class SuspectBlock:
    """The items of one checklist to be reviewed, and what to write once that is done."""

    checklist: str
    items: tuple[SuspectLine, ...]
    review: tuple[str, ...]


@dataclass(frozen=True)
class TouchLine:
    """Something that changed, and who names it."""

    kind: str
    id: str
    title: str
    by: str


@dataclass(frozen=True)
class UncheckedLine:
    """A standard nobody checks any more."""

    id: str
    title: str
    by: str


@dataclass(frozen=True)
class Told:
    """All that is said of a difference."""

    title: str
    heading: str
    between: str
    summary: str
    files: tuple[FileBlock, ...]
    suspects: tuple[SuspectBlock, ...]
    unchecked: tuple[UncheckedLine, ...]
    touched: tuple[TouchLine, ...]


def told(found: Difference, old: str, new: str, lang: str) -> Told:
    """Put a difference between the copies called `old` and `new` into words."""
    return _Teller(found, lang).told(old, new)


class _Teller:
    def __init__(self, found: Difference, lang: str) -> None:
        self.found = found
        self.lang = lang
        self.words = words(lang, "change")
        self.home = ""
        """The file that is told of."""

    def told(self, old: str, new: str) -> Told:
        page = self.words["page"]
        between = page["between"].format(old=old, new=new)
        return Told(
            page["title"],
            between,
            between,
            self._summary(),
            tuple(self._file(file) for file in self.found.files),
            tuple(self._suspects()),
            tuple(self._unchecked(one) for one in self.found.unchecked),
            tuple(self._touch(touch) for touch in self.found.touched),
        )

    def _summary(self) -> str:
        page = self.words["page"]
        unread = page["comma"].join(self.found.unread)
        lost = page["unread"].format(files=unread) if unread else ""
        if not self.found.files:
            return page["same_else"].format(lost=lost) if lost else page["same"]
        sorts = [change.sort for file in self.found.files for change in file.changes]
        number = len(self.found.files)
        counted = page["summary"].format(
            files=number,
            in_files=page["file"] if number == 1 else page["in_files"],
            **{sort: sorts.count(sort) for sort in ("added", "retired", "changed")},
        )
        return page["and_lost"].format(said=counted, lost=lost) if lost else counted

    def _file(self, file: FileChange) -> FileBlock:
        said = self.words["sort"]
        self.home = file.id
        notes = []
        if file.sort != "changed":
            notes.append(said[file.sort].format(kind="").strip())
        if file.was:
            notes.append(said["file"].format(old=file.was, new=file.file))
        if file.remark in ("only_edition", "only_writing"):
            notes.append(self.words["remark"][file.remark])
        unmarked = file.remark == "same_edition"
        old, new = file.editions
        return FileBlock(
            file.sort,
            self.words["kind"].get(file.kind, file.kind),
            "" if file.id in (file.kind, file.file.partition(".")[0]) else file.id,
            self._text(file.title),
            file.file,
            tuple(notes),
            self.words["remark"]["same_edition"].format(old=old, new=new) if unmarked else "",
            tuple(self._block(change) for change in file.changes if not _same(file, change)),
        )

    def _block(self, change: Change) -> Block:
        said = self.words["sort"]
        kind = self.words["kind"].get(change.kind, change.kind)
        notes = []
        if change.was:
            notes.append(said["renamed"].format(old=change.was, new=change.id))
        if change.moved:
            notes.append(said["moved"].format(old=change.moved[0], new=change.moved[1]))
        if change.after is not None:
            notes.append(said["after"].format(id=change.after) if change.after else said["first"])
        name = f"{change.within} {kind} {change.id}" if change.within else change.id
        lines = (
            [self._value(value) for value in change.values]
            if change.sort == "changed"
            else list(self._all(change))
        )
        title = self._text(change.title)
        return Block(change.sort, change.id, name, kind, title, tuple(notes), tuple(lines))

    def _all(self, change: Change) -> Iterator[Line]:
        """Give the values of something added or retired; of wordings those in one language."""
        for value in change.values:
            other = value.language and value.language != self.lang
            held = value.new if change.sort == "added" else value.old
            if other and _beside(change, value.path, self.lang):
                continue
            words_ = self._text(held)
            if words_ and words_ != self._text(change.title):
                yield Line(self._label(value.path, ""), words_)

    def _value(self, value: Value) -> Line:
        label = self._label(value.path, value.language)
        old, new = value.old, value.new
        if value.path[-1] == "order" and isinstance(new, list):
            return Line(label, self._text(new))
        if _words(old) and _words(new) and (old or new):
            return Line(label, self._list(old or [], new or []))
        before, after = self._text(old), self._text(new)
        if old is None and isinstance(new, Mapping):
            return Line(label, self.words["sort"]["entry_added"].format(words=after))
        if new is None and isinstance(old, Mapping):
            return Line(label, self.words["sort"]["entry_gone"].format(words=before))
        if value.language and old is not None and new is not None:
            return Line(label, "", tuple(stretches(before, after)))
        none = self.words["page"]["none"]
        return Line(label, f"{before or none} → {after or none}")

    def _list(self, old: Sequence[str], new: Sequence[str]) -> str:
        said, comma = self.words["sort"], self.words["page"]["comma"]
        plus = [word for word in new if word not in old]
        minus = [word for word in old if word not in new]
        parts = []
        if plus:
            parts.append(said["plus"].format(words=comma.join(plus)))
        if minus:
            parts.append(said["minus"].format(words=comma.join(minus)))
        if not parts:
            parts.append(said["order"].format(words=comma.join(new)))
        return self.words["page"]["semicolon"].join(parts)

    def _label(self, path: Path, language: str) -> str:
        """Name a value by its keys: those we have words for in our words, others as they are."""
        worded = len(path) > 1 and path[-1] in self.found.languages
        keys = path[:-1] if worded else path
        said = " · ".join(self._key(key) for key in keys)
        if not language or len(self.found.languages) == 1:
            return said
        named = self.words["language"].get(language, language)
        return f"{said}（{named}）" if self.lang == "zh" else f"{said} ({named})"

    def _key(self, key: str) -> str:
        """Name a key: a column of the table at hand, else one of ours, else as it stands."""
        column = self.found.columns.get((self.home, key))
        return self._text(column) if column is not None else self.words["key"].get(key, key)

    def _text(self, value: Any) -> str:  # noqa: ANN401 -- as it stands in the file
        """Write a value on one line: a wording in our language, a list, a group."""
        if value is None:
            return ""
        if isinstance(value, str):
            return unfolded(" ".join(value.split()))
        if isinstance(value, Mapping):
            if value and set(value) <= set(self.found.languages):
                return self._text(value.get(self.lang) or next(iter(value.values())))
            return ", ".join(f"{self._key(k)} {self._text(v)}" for k, v in value.items())
        if isinstance(value, list):
            simple = all(isinstance(inner, str) for inner in value)
            return (", " if simple else "; ").join(self._text(inner) for inner in value)
        return json.dumps(value)

    def _suspects(self) -> Iterator[SuspectBlock]:
        by_list: dict[str, list[Suspect]] = {}
        for suspect in self.found.suspects:
            by_list.setdefault(suspect.checklist, []).append(suspect)
        page = self.words["page"]
        for checklist, items in by_list.items():
            early = dict.fromkeys(file for item in items for file in item.unmarked)
            review = dict(named for item in items for named in item.review)
            steps = []
            if early:
                steps.append(page["first"].format(files=page["comma"].join(early)))
            if review:
                written = ", ".join(f'{name}: "{edition}"' for name, edition in review.items())
                steps.append(page["review"].format(checklist=checklist, review=written))
            rows = tuple(
                SuspectLine(
                    item.item,
                    self._text(item.title),
                    page["suspect"].format(because=page["comma"].join(item.because)),
                )
                for item in items
            )
            yield SuspectBlock(checklist, rows, tuple(steps))

    def _unchecked(self, one: Unchecked) -> UncheckedLine:
        page = self.words["page"]
        by = page["unchecked_by"].format(items=page["comma"].join(one.by))
        return UncheckedLine(one.standard, self._text(one.title), by)

    def _touch(self, touch: Touch) -> TouchLine:
        kinds: dict[str, list[str]] = {}
        for kind, id_, home in touch.by:
            local = "" if kind in _KNOWN_BY_ID or home == id_ else f"{home} "
            kinds.setdefault(kind, []).append(f"{local}{id_}")
        said = self.words["kind"]
        comma = self.words["page"]["comma"]
        by = (f"{said.get(kind, kind)} {comma.join(ids)}" for kind, ids in kinds.items())
        kind = said.get(touch.kind, touch.kind)
        semicolon = self.words["page"]["semicolon"]
        return TouchLine(kind, touch.id, self._text(touch.title), semicolon.join(by))


_KNOWN_BY_ID: Final = frozenset(
    {"item", "standard", "step", "rule", "kpi", "node", "phrase", "move", "form", "record"}
)
"""Kinds whose ids need no file beside them."""


def _same(file: FileChange, change: Change) -> bool:
    """Say whether a change is that there is, or is no longer, the whole file."""
    whole = (file.kind, file.id) == (change.kind, change.id)
    return whole and file.sort == change.sort != "changed"


def _words(value: object) -> bool:
    """Say whether a value is a list of words, or could be one: there is none."""
    return value is None or (isinstance(value, list) and all(isinstance(v, str) for v in value))


def _beside(change: Change, path: Path, lang: str) -> bool:
    """Say whether the same text also stands there in `lang`."""
    return any(value.path == (*path[:-1], lang) for value in change.values)

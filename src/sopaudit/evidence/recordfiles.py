"""Where the records of an office stand: a file each, or sheets of one workbook.

A file is called by the id of its record, or by that of a reference table of the handbook; so is a
sheet, or by a title of the record. The mapping says what is otherwise. Nothing is chosen for
anybody: of a record that stands in two places neither is read, and both are told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.content import kind_of
from sopaudit.evidence.habits import key
from sopaudit.evidence.recordmapping import FILE, RecordsMappingFile
from sopaudit.evidence.workbook import sheet_names
from sopaudit.problems import Place, Problem, choices

_BOOKS: Final = frozenset((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"))


@dataclass(frozen=True)
class Origin:
    """Where one record stands."""

    record: str
    path: Path
    sheet: str = ""
    """The sheet that was named for it, or is called by it; empty for whichever fits."""

    @property
    def told(self) -> str:
        """What people call it."""
        return f"{self.path.name}[{self.sheet}]" if self.sheet else self.path.name


def origins_of(
    folder: Path, handbook: Handbook, said: RecordsMappingFile | None, shown: str
) -> tuple[list[Origin], dict[str, Problem]]:
    """Find the record each file and sheet of a folder holds, in the order of their names.

    The second value has, by record, why it cannot be read at all.
    """
    if not folder.is_dir():
        return [], {}
    wrong: dict[str, Problem] = {}
    mapped = list(_mapped(folder, said, wrong))
    taken = {(origin.path.name, origin.sheet) for origin in mapped}
    files = {origin.path.name for origin in mapped if not origin.sheet}
    names = _Names(handbook, {origin.record for origin in mapped} | {*wrong})
    found = [*mapped]
    for path in sorted(folder.iterdir()):
        if path.name in files or path.name == FILE or path.name[0] in ".~":
            continue
        found += (o for o in _in(path, names) if (path.name, o.sheet) not in taken)
    for origin in found:
        others = [o for o in found if o.record == origin.record]
        if len(others) > 1:
            places = ", ".join(o.told for o in others)
            told = {"record": origin.record, "places": places}
            wrong.setdefault(
                origin.record, Problem(Place(f"{shown}/{others[-1].path.name}"), "L040", told)
            )
    found = [origin for origin in found if origin.record not in wrong]
    return sorted(found, key=lambda o: (o.path.name, o.sheet)), wrong


def _mapped(
    folder: Path, said: RecordsMappingFile | None, wrong: dict[str, Problem]
) -> Iterator[Origin]:
    """Go through what the mapping names; a file or a sheet that is not there is told in it."""
    for record, each in said.mapping.records.items() if said is not None else ():
        if said is None or (each.file is None and each.sheet is None):
            continue
        path = folder / (each.file or "")
        loc = ("records", record, "file" if each.file else "sheet")
        if each.file is None:
            # The only workbook is meant, or the one called by the record.
            books = [p for p in sorted(folder.iterdir()) if _is_book(p)]
            own = [p for p in books if p.stem == record] or books
            path = own[0] if len(own) == 1 else folder / record
        if not path.is_file():
            there = [p.name for p in sorted(folder.iterdir()) if p.is_file() and p.name != FILE]
            word = each.file or each.sheet or ""
            near = choices(word, there)
            wrong[record] = said.document.problem("L041", loc, word=word, choices=near)
            continue
        if each.sheet is not None and not _has(path, each.sheet):
            near = choices(each.sheet, sheet_names(path))
            loc = ("records", record, "sheet")
            wrong[record] = said.document.problem(
                "L042", loc, word=each.sheet, file=path.name, choices=near
            )
            continue
        yield Origin(record, path, each.sheet or "")


def _has(path: Path, sheet: str) -> bool:
    return sheet.strip().casefold() in (name.strip().casefold() for name in sheet_names(path))


def _is_book(path: Path) -> bool:
    return path.suffix.lower() in _BOOKS and path.name[0] not in ".~"


class _Names:
    """What files and sheets may be called, without the records the mapping places elsewhere."""

    def __init__(self, handbook: Handbook, placed: set[str]) -> None:
        kept = {**handbook.records_kept, **handbook.forms}
        self.ids = {id_ for id_ in (*kept, *handbook.tables) if id_ not in placed}
        titles: dict[str, set[str]] = {}
        for id_ in self.ids:
            titled = kept.get(id_) or handbook.tables[id_]
            for word in (id_, *(text for _, text in titled.title.wordings)):
                titles.setdefault(key(word), set()).add(id_)
        self._titles = titles

    def meant(self, sheet: str) -> str | None:
        """Give the record a sheet is called by; its id goes before titles of others."""
        if sheet.strip() in self.ids:
            return sheet.strip()
        found = self._titles.get(key(sheet), set())
        return min(found) if len(found) == 1 else None


def _in(path: Path, names: _Names) -> Iterator[Origin]:
    """Say what a file holds: the sheets called by records, else the record it is called by."""
    sheets: Mapping[str, str] = {}
    if _is_book(path) and kind_of(path) in {"zip", "ole"}:
        sheets = {s: found for s in sheet_names(path) if (found := names.meant(s)) is not None}
    for sheet, record in sheets.items():
        yield Origin(record, path, sheet)
    if path.stem in names.ids and path.stem not in sheets.values():
        yield Origin(path.stem, path)

"""Pictures of a workbook, tied to the item or the case in whose row they hang."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

from sopaudit.evidence.archive import Archive
from sopaudit.problems import Problem
from sopaudit.sheets.filled import Shot
from sopaudit.sheets.xlsx.inside import Picture
from sopaudit.sheets.xlsx.marks import item_of, photo
from sopaudit.sheets.xlsx.reading import Reading
from sopaudit.sheets.xlsx.rows import CaseRow


def shots(
    archive: Archive | None, pictures: Sequence[Picture], reading: Reading
) -> tuple[tuple[Shot, ...], list[Problem]]:
    """Name the pictures by their items and number them; one that is not there is a problem."""
    found: list[Shot] = []
    problems: list[Problem] = []
    numbers: dict[str, int] = {}
    sheets = list(dict.fromkeys(picture.sheet for picture in pictures))
    for picture in sorted(pictures, key=lambda one: (sheets.index(one.sheet), one.cell or (-1, 0))):
        row, column = picture.cell or (0, 0)
        place = reading.spot(picture.sheet, row, column)
        cell = place.cell
        if archive is None or picture.part not in archive.parts:
            problems.append(Problem(place, "F027", {"cell": cell}))
            continue
        read = _reader(archive, picture.part)
        suffix = PurePosixPath(picture.part).suffix.casefold()
        signed = reading.signed.get((picture.sheet, row)) if picture.cell else None
        if signed:
            checklist, role, person = signed
            name = f"{role}_{person}{suffix}"
            found.append(Shot(name, read, place, checklist, signed=(role, person)))
            continue
        for checklist, item, case in _shown(reading, picture) or [("", "", "")]:
            base = item or f"{picture.sheet}_{cell}"
            numbers[base] = numbers.get(base, 0) + 1
            name = photo(base, numbers[base], suffix)
            found.append(Shot(name, read, place, checklist, item, case))
    return tuple(found), problems


def _reader(archive: Archive, part: str) -> Callable[[], bytes]:
    return lambda: archive.read(part)


def _shown(reading: Reading, picture: Picture) -> list[tuple[str, str, str]]:
    """Say which checklist, item and case a picture shows."""
    if picture.cell is None:
        return []
    at = (picture.sheet, picture.cell[0])
    if at in reading.items:
        leaf, ask = reading.items[at]
        return [(leaf.id, ask.item.id, "")]
    if at not in reading.cases:
        return []
    leaf, line = reading.cases[at]
    return [(leaf.id, item, line.case) for item in _items(line, picture.cell[1])]


def _items(line: CaseRow, column: int) -> Iterator[str]:
    """Give the item in whose column it hangs, else those that failed, else the first one."""
    names = {place: name for name, place in line.row.at.items()}
    hung = item_of(names.get(column, ""))
    failing = line.failing
    if hung:
        yield hung[0]
    elif any(failing.values()):
        yield from (item for item, wrong in failing.items() if wrong)
    else:
        yield from list(failing)[:1]

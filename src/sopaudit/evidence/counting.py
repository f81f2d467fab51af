"""The file of an audit that keeps its counts, with the lines of one more count in it."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.recordmapping import fields_of
from sopaudit.evidence.records import titles

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


class KeptError(Exception):
    """The file cannot take more lines: it holds the count already, or is no table of ours."""


def with_count(
    path: Path,
    record: str,
    rows: Sequence[Mapping[str, str]],
    handbook: Handbook,
    *,
    replace: bool = False,
) -> bytes:
    """Give the file of a record with the lines of a count after those it has.

    Columns there are stay, also those we know nothing of. With `replace`, lines of the same count
    give way. Raises KeptError("there") where it holds the count and may not lose it, KeptError with
    the name of a column where it has none for it, and UnicodeDecodeError where it is no UTF-8.
    """
    if not path.is_file():
        return _written("", [list(rows[0]), *([*row.values()] for row in rows)])
    text = path.read_bytes().decode("utf-8")
    mark = BOM if text.startswith(BOM) else ""
    header, *kept = csv.reader(StringIO(text.removeprefix(mark), newline=""))
    known = {
        name: each.id for each in fields_of(handbook, record) for name in (each.id, *titles(each))
    }
    named = [known.get(name.strip(), "") for name in header]
    for field in rows[0]:
        if field not in named and any(row[field] for row in rows):
            raise KeptError(field)
    mine = {row["count_id"] for row in rows}
    column = named.index("count_id")
    others = [row for row in kept if len(row) <= column or row[column].strip() not in mine]
    if len(others) < len(kept) and not replace:
        raise KeptError("there")
    return _written(mark, [header, *others, *_laid(named, rows)])


def _laid(named: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Iterator[list[str]]:
    for row in rows:
        yield [row.get(field, "") for field in named]


def _written(mark: str, rows: Sequence[Sequence[str]]) -> bytes:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return (mark + out.getvalue()).encode()

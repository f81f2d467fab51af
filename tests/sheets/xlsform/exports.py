"""Files as ODK Central and KoboToolbox write them, made of filled forms.

The conventions are those of the servers' own sources: `lib/data/briefcase.js` and `attachments.js`
of ODK Central (getodk/central-backend 4f5943d, August 2026); `reporting/export.py` and
`schema/fields.py` of Kobo's formpack (176f619, June 2026) as kpi calls them; for the older exports
`viewer/pandas_mongo_bridge.py` and `export_tools.py` of kpi (2e5efb0, August 2026). The exporters
of Central and of formpack were run over these forms, outside this repository, and what they wrote
was read too; no server was asked. A form is a tree: `{"name", "value"}` for a question,
`{"name", "children"}` for a group, and one `{"name", "children", "repeat": True}` for each row.
"""

import csv
import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import xlsxwriter
from tests.sheets.xlsform.person import Typed, Values

from sopaudit.evidence.workbook import sheets_of

Tree = list[dict[str, Any]]
LITERAL = re.compile(r"'(.*)'", re.DOTALL)
PICTURE = b"\xff\xd8\xff\xe0 a photo"


@dataclass
class Submission:
    """One filled form on its server."""

    tree: Tree
    key: str = "uuid:11111111-1111-4111-8111-111111111111"
    first: str = ""
    """The key it had before it was edited."""

    at: str = "2026-11-06T09:30:00.000Z"
    state: str = ""
    status: str = ""


@dataclass
class Fields:
    """The questions of the form, in its order, with the repeats they stand in."""

    root: list[str] = field(default_factory=list)
    """Paths."""

    repeats: dict[str, list[str]] = field(default_factory=dict)
    """By path of the repeat, the paths of its questions, which begin with it."""

    images: set[str] = field(default_factory=set)
    kinds: Values = field(default_factory=dict)
    """By path, the type without the name of its list."""

    form: str = ""
    literals: Values = field(default_factory=dict)
    tickets: dict[str, list[str]] = field(default_factory=dict)


def fields_of(form: Path) -> Fields:
    """Read which questions a form has."""
    sheets = sheets_of(form)
    head, *rows = sheets["survey"]
    found = Fields(form=dict(zip(*sheets["settings"][:2], strict=True))["form_id"])
    stack: list[str] = []
    inner = ""
    for cells in rows:
        row = dict(zip(head, cells, strict=False))
        kind, name = row["type"], row["name"]
        path = "/".join([*stack, name])
        if kind.startswith("begin_"):
            stack.append(name)
            if kind == "begin_repeat":
                inner = path
                found.repeats[path] = []
        elif kind.startswith("end_"):
            if "/".join(stack) == inner:
                inner = ""
            stack.pop()
        else:
            (found.repeats[inner] if inner else found.root).append(path)
            found.kinds[path] = kind.split(" ")[0]
            if kind == "image":
                found.images.add(path)
            said = LITERAL.fullmatch(row.get("calculation", ""))
            if said and name == "sopaudit":
                found.literals[path] = said[1]
            listed = re.match(r"selected-at\('(.*)', ", row.get("calculation", ""))
            if listed:
                found.tickets[path] = listed[1].split()
    return found


def filled(fields: Fields, said: Typed) -> Tree:
    """Make the tree of a form that was filled in, without what the form works out by itself."""
    tree: Tree = []
    for path in fields.root:
        value = fields.literals.get(path) or said.values.get(path.rsplit("/", 1)[-1], "")
        _put(tree, path.split("/"), value)
    for repeat, paths in fields.repeats.items():
        group = tree
        for name in repeat.split("/")[:-1]:
            group = _child(group, name)
        for n, row in enumerate(said.rows.get(repeat.rsplit("/", 1)[-1], [])):
            inner: Tree = []
            for path in paths:
                tickets = fields.tickets.get(path)
                own = path[len(repeat) + 1 :]
                _put(inner, own.split("/"), tickets[n] if tickets else row.get(own, ""))
            group.append({"name": repeat.rsplit("/", 1)[-1], "children": inner, "repeat": True})
    return tree


def _child(tree: Tree, name: str) -> Tree:
    found = next((n for n in tree if n["name"] == name), None)
    if found is None:
        found = {"name": name, "children": []}
        tree.append(found)
    children: Tree = found["children"]
    return children


def _put(tree: Tree, path: Sequence[str], value: str) -> None:
    for name in path[:-1]:
        tree = _child(tree, name)
    tree.append({"name": path[-1], "value": value})


def flat(tree: Tree, before: str = "") -> Values:
    """Give the answers of a tree by path, without those in repeats."""
    told: Values = {}
    for node in tree:
        path = f"{before}{node['name']}"
        if "value" in node:
            told[path] = node["value"]
        elif not node.get("repeat"):
            told |= flat(node["children"], f"{path}/")
    return told


def rows_of(tree: Tree, before: str = "") -> Iterator[tuple[str, Tree]]:
    """Give every row of every repeat with the path of the repeat."""
    for node in tree:
        path = f"{before}{node['name']}"
        if node.get("repeat"):
            yield path, node["children"]
        elif "children" in node:
            yield from rows_of(node["children"], f"{path}/")


# --- ODK Central ---------------------------------------------------------------------------------

_TAIL = "KEY SubmitterID SubmitterName AttachmentsPresent AttachmentsExpected Status ReviewState"
CENTRAL = (*_TAIL.split(), "DeviceID", "Edits", "FormVersion")


def central(
    path: Path, fields: Fields, sent: Sequence[Submission], *,
    media: Mapping[str, bytes] | Sequence[tuple[str, bytes]] = (), groups: bool = True,
) -> Path:  # fmt: skip
    """Write the ZIP of Central: a CSV of submissions, one for each repeat, and the media."""

    def head(name: str) -> str:
        return name.replace("/", "-") if groups else name.rsplit("/", 1)[-1]

    root = [["SubmissionDate", *map(head, [*fields.root, "meta/instanceID"]), *CENTRAL]]
    tables: dict[str, list[list[str]]] = {
        repeat: [[*(head(p[len(repeat) + 1 :]) for p in paths), "PARENT_KEY", "KEY"]]
        for repeat, paths in fields.repeats.items()
    }
    for one in sent:
        told = flat(one.tree)
        meta = [one.key, "12", "Auditor", "0", "0", one.status, one.state, "", "0", "v"]
        root.append([one.at, *(told.get(p, "") for p in fields.root), one.key, *meta])
        for n, (repeat, row) in enumerate(rows_of(one.tree), 1):
            inner = flat(row, f"{repeat}/")
            keys = [one.key, f"{one.key}/{repeat}[{n}]"]
            tables[repeat].append([*(inner.get(p, "") for p in fields.repeats[repeat]), *keys])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr(f"{fields.form}.csv", _csv(root))
        for repeat, lines in tables.items():
            box.writestr(f"{fields.form}-{repeat.rsplit('/', 1)[-1]}.csv", _csv(lines))
        # Of all submissions, in one folder: a name may stand there twice.
        for name, content in dict(media).items() if isinstance(media, Mapping) else media:
            with warnings.catch_warnings(action="ignore"):
                box.writestr(f"media/{name}", content)
    return path


def _csv(
    rows: Sequence[Sequence[str]], sign: str = ",", quoting: Literal[0, 1] = csv.QUOTE_MINIMAL,
    end: str = "\n",
) -> str:  # fmt: skip
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=sign, quoting=quoting, lineterminator=end).writerows(rows)
    return file.getvalue()


# --- Kobo ----------------------------------------------------------------------------------------

COPIED = ("_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status",
          "_submitted_by", "__version__", "_tags", "meta/rootUuid")  # fmt: skip
Head = Callable[[str], str]
Cell = str | int | float | datetime
Line = list[Cell]
Table = list[Line]


def _kobo(
    fields: Fields, sent: Sequence[Submission], head: Head, typed: Callable[[str, str], Cell]
) -> tuple[Table, dict[str, Table]]:
    """Make the tables of Kobo; beside each picture stands the address it can be fetched from."""

    def headers(paths: Sequence[str]) -> Iterator[str]:
        for path in paths:
            yield head(path)
            if path in fields.images:
                yield f"{head(path)}_URL"

    def cells(paths: Sequence[str], told: Values) -> Iterator[Cell]:
        for path in paths:
            value = told.get(path, "")
            yield typed(fields.kinds[path], value)
            if path in fields.images:
                yield f"https://kobo.example/{value}" if value else ""

    root: Table = [[*headers(fields.root), *COPIED, "_index"]]
    more = ("_index", "_parent_table_name", "_parent_index", *(f"_submission_{c}" for c in COPIED))
    tables: dict[str, Table] = {
        repeat: [[*headers(paths), *more]] for repeat, paths in fields.repeats.items()
    }
    for n, one in enumerate(sent, 1):
        meta = _copied(n, one)
        root.append([*cells(fields.root, flat(one.tree)), *meta, n])
        for repeat, row in rows_of(one.tree):
            told = flat(row, f"{repeat}/")
            keys: Line = [len(tables[repeat]), fields.form, n, *meta]
            tables[repeat].append([*cells(fields.repeats[repeat], told), *keys])
    return root, tables


def _copied(n: int, one: Submission) -> list[str]:
    at, uuid = one.at.removesuffix("Z").split(".")[0], one.key.removeprefix("uuid:")
    told = [str(100 + n), uuid, at, one.state, "", "submitted_via_web", "", "v", ""]
    return [*told, (one.first or one.key).removeprefix("uuid:")]


def short(path: str) -> str:
    """Name a column by the question alone, as Kobo does unless asked for groups."""
    return path.rsplit("/", 1)[-1]


def as_is(kind: str, value: str) -> Cell:
    """Write every answer as text, as Kobo does where it is asked to."""
    del kind
    return value


def as_meant(kind: str, value: str) -> Cell:
    """Write moments and what looks like a number as such, as Kobo does unless told otherwise.

    A moment loses its offset, and the number of a choice the zeros in front.
    """
    if kind in ("start", "end") and value:
        return datetime.fromisoformat(value).replace(tzinfo=None)
    if kind in ("integer", "decimal", "select_one") and value:
        for number in (int, float):
            try:
                return number(value)
            except ValueError:
                continue
    return value


def kobo_csv(
    path: Path, fields: Fields, sent: Sequence[Submission], head: Head = short, *,
    encoding: str = "utf-8",
) -> Path:  # fmt: skip
    """Write the CSV of Kobo, which has no repeats."""
    root, _ = _kobo(fields, sent, head, as_is)
    path.write_bytes(_csv(_texts(root), ";", csv.QUOTE_ALL, "\r\n").encode(encoding))
    return path


def _texts(rows: Table) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in rows]


def kobo_xlsx(
    path: Path, fields: Fields, sent: Sequence[Submission], head: Head = str,
    typed: Callable[[str, str], Cell] = as_meant,
) -> Path:  # fmt: skip
    """Write the workbook of Kobo, a sheet for each repeat, with the library Kobo writes it with."""
    root, tables = _kobo(fields, sent, head, typed)
    own = {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "remove_timezone": True}
    made = xlsxwriter.Workbook(str(path), own)
    for n, (name, rows) in enumerate([(fields.form, root), *tables.items()]):
        sheet = made.add_worksheet(f"{n}_{name.rsplit('/', 1)[-1]}"[:31])
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    made.close()
    return path


OLD = ("_id", "_uuid", "_submission_time", "_index", "_parent_table_name", "_parent_index")


def kobo_old_xlsx(path: Path, fields: Fields, sent: Sequence[Submission]) -> Path:
    """Write the older workbook of Kobo: submissions have a parent too, which is none."""
    made = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    tables: dict[str, Table] = {"": [[*fields.root, *OLD]]}
    tables |= {repeat: [[*paths, *OLD]] for repeat, paths in fields.repeats.items()}
    for n, one in enumerate(sent, 1):
        about: Line = [100 + n, one.key.removeprefix("uuid:"), one.at.removesuffix("Z")]
        told = flat(one.tree)
        tables[""].append([*(told.get(p, "") for p in fields.root), *about, n, "", -1])
        for repeat, row in rows_of(one.tree):
            inner = flat(row, f"{repeat}/")
            keys: Line = ["", "", "", len(tables[repeat]), fields.form, n]
            tables[repeat].append([*(inner.get(p, "") for p in fields.repeats[repeat]), *keys])
    for number, rows in enumerate(tables.values()):
        sheet = made.add_worksheet(f"sheet{number}")
        for at, line in enumerate(rows):
            sheet.write_row(at, 0, line)
    made.close()
    return path


def kobo_old_csv(path: Path, fields: Fields, sent: Sequence[Submission]) -> Path:
    """Write the older CSV of Kobo: rows of repeats are columns, what is not there is `n/a`."""
    lines: list[Values] = []
    for one in sent:
        line = {path: value for path, value in flat(one.tree).items() if value}
        numbers: dict[str, int] = {}
        for repeat, row in rows_of(one.tree):
            numbers[repeat] = numbers.get(repeat, 0) + 1
            inner = flat(row, f"{repeat}[{numbers[repeat]}]/")
            line |= {path: value for path, value in inner.items() if value}
        line["_uuid"] = one.key.removeprefix("uuid:")
        line["_submission_time"] = one.at.removesuffix("Z")
        if one.state:
            line["_validation_status"] = str({"timestamp": 1, "uid": one.state, "by_whom": "x"})
        lines.append(line)
    repeated = [path for line in lines for path in line if "[" in path]
    last = ("_uuid", "_submission_time", "_validation_status")
    header = list(dict.fromkeys([*fields.root, *repeated, *last]))
    rows = [header, *([line.get(path, "n/a") for path in header] for line in lines)]
    path.write_bytes(_csv(rows).encode())
    return path


def kobo_json(path: Path, sent: Sequence[Submission]) -> Path:
    """Write the JSON of Kobo's interface."""
    results = []
    for n, one in enumerate(sent, 1):
        told: dict[str, Any] = {k: v for k, v in flat(one.tree).items() if v}
        for repeat, row in rows_of(one.tree):
            inner = {k: v for k, v in flat(row, f"{repeat}/").items() if v}
            told.setdefault(repeat, []).append(inner)
        state = {"uid": one.state} if one.state else {}
        uuid, first = (key.removeprefix("uuid:") for key in (one.key, one.first or one.key))
        told |= {"_id": n, "_uuid": uuid, "meta/instanceID": one.key, "meta/rootUuid": first}
        told |= {"formhub/uuid": "f", "__version__": "v", "_geolocation": [None, None]}
        told |= {"_tags": [], "_notes": [], "_submitted_by": None, "_status": "submitted_via_web"}
        told["_attachments"] = [{"filename": f"u/attachments/f/{first}/x.jpg", "id": 7}]
        told |= {"_submission_time": one.at.removesuffix("Z"), "_validation_status": state}
        results.append(told)
    path.write_text(json.dumps({"count": len(results), "results": results}), "utf-8")
    return path

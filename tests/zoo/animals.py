"""The bad-file zoo: files nobody should trust, built when needed, and what is told of each.

Nothing here is kept in the repository, for a bomb in a checkout is a bomb on every desk.
"""

import json
import os
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile
from zlib import compress, crc32

from tests.sheets.counter import Desk, photo, used
from tests.sheets.intake_gallery import zipped
from tests.sheets.xlsx.desk import Formula, Typist

from sopaudit.sheets.blank import identity
from sopaudit.sheets.xlsform.names import IDENTITY, Names
from sopaudit.sheets.xlsx.blank import workbook

Animal = Callable[[Path, Desk], list[Path]]


def _zip(**run: Any) -> Animal:  # noqa: ANN401 -- as `zipped` takes it
    return lambda home, _: [_kept(home / "phone.zip", zipped(run))]


def _raw(name: str, content: bytes) -> Animal:
    return lambda home, _: [_kept(home / name, content)]


def _kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def told(desk: Desk, *answers: Mapping[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Make a plain answers record of the audit."""
    return {
        "schema": "sopaudit.answers/1",
        "audit": desk.folder.audit.id,
        "checklist": used(desk.leaf("COOK")),
        "channel": "excel",
        "answers": [*answers],
        **more,
    }


def _record(*answers: Mapping[str, Any], **more: Any) -> Animal:  # noqa: ANN401
    def built(home: Path, desk: Desk) -> list[Path]:
        text = json.dumps(told(desk, *answers, **more), ensure_ascii=False, indent=1)
        return [_kept(home / "COOK.json", text.encode())]

    return built


def _spoilt(spoil: Callable[[bytes], bytes]) -> Animal:
    def built(home: Path, desk: Desk) -> list[Path]:
        record = told(
            desk, {"item": "0100", "result": "yes", "note": "一切正常，没有问题，水池边有皂液"}
        )
        raw = json.dumps(record, ensure_ascii=False).encode()
        return [_kept(home / "COOK.json", spoil(raw))]

    return built


def _of(**head: str) -> Animal:
    def built(home: Path, desk: Desk) -> list[Path]:
        record = told(desk, {"item": "0100", "result": "yes"})
        record["checklist"] |= head
        return [_kept(home / "COOK.json", json.dumps(record).encode())]

    return built


def _form(**change: str) -> Animal:
    """Hand over what the offline form writes, with something of its sheet changed."""

    def built(home: Path, desk: Desk) -> list[Path]:
        sheet = {**identity(desk.blank), **change}
        form = {"schema": "sopaudit.filled/1", "sheet": sheet, "records": []}
        form["saved_at"] = "2026-11-06T10:00:00+08:00"
        return [_kept(home / "phone.json", json.dumps(form).encode())]

    return built


def _form_of(answers: list[dict[str, Any]]) -> Animal:
    """Hand over a form with these answers."""

    def built(home: Path, desk: Desk) -> list[Path]:
        record = {"schema": "sopaudit.answers/1", "checklist": {"id": "COOK"}, "channel": "html"}
        form = {
            "schema": "sopaudit.filled/1",
            "sheet": identity(desk.blank),
            "saved_at": "2026-11-06T10:00:00+08:00",
            "records": [{**record, "answers": answers}],
        }
        return [_kept(home / "phone.json", json.dumps(form).encode())]

    return built


def _nested(home: Path, _: Desk) -> list[Path]:
    inner = zipped({"names": ["a.txt"], "bytes": 900_000})
    for _n in range(3):
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as whole:
            for n in range(4):
                whole.writestr(f"{n}.zip", inner)
        inner = out.getvalue()
    return [_kept(home / "phone.zip", inner)]


def _liar(home: Path, _: Desk) -> list[Path]:
    """Say of two million bytes that they are ten."""
    raw = zipped({"names": ["photos/0100_1.jpg"], "bytes": 20_000})
    return [_kept(home / "phone.zip", raw.replace((20_000).to_bytes(4, "little"), b"\n\0\0\0"))]


def _formulas(home: Path, desk: Desk) -> list[Path]:
    """Let the answers of a workbook be what its cells work out, or fetch from elsewhere."""
    typist = Typist(workbook(desk.blank, "en"))
    typist.item("0100", result=Formula('HYPERLINK("http://x","yes")'))
    typist.item("0400", value=Formula("1+2"))
    return [_kept(home / "cook.xlsx", typist.done())]


def _export(said: str) -> Animal:
    """Answer an item in what KoboToolbox exports."""

    def built(home: Path, desk: Desk) -> list[Path]:
        leaf = desk.leaf("COOK")
        name = Names(desk.blank).of("answer", leaf, leaf.by_id["0100"])
        sent = {IDENTITY: json.dumps(identity(desk.blank)), "_uuid": said, name: said}
        return [_kept(home / "kobo.json", json.dumps([sent]).encode())]

    return built


def _packed_oddly(home: Path, _: Desk) -> list[Path]:
    """Spoil what is packed in a way few programs use."""
    path = home / "phone.zip"
    with ZipFile(path, "w", ZIP_LZMA) as whole:
        whole.writestr("0100_1.jpg", PHOTO * 9)
    raw = bytearray(path.read_bytes())
    raw[60:160] = b"Z" * 100
    return [_kept(path, bytes(raw))]


def _corners(home: Path, _: Desk) -> list[Path]:
    """Write into the first and the last cell of a sheet: laid out as a whole it has 500 GB."""
    import xlsxwriter

    path = home / "cook.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("COOK")
    sheet.write(0, 0, "x")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    return [path]


def _sheet(old: str, new: str, part: str = "xl/worksheets/sheet1.xml") -> Animal:
    """Change the sheet of a sound workbook."""

    def built(home: Path, desk: Desk) -> list[Path]:
        path = home / "cook.xlsx"
        with (
            ZipFile(BytesIO(workbook(desk.blank, "zh"))) as sound,
            ZipFile(path, "w", ZIP_DEFLATED) as whole,
        ):
            for about in sound.infolist():
                raw = sound.read(about)
                if about.filename == part:
                    assert old.encode() in raw
                    raw = raw.replace(old.encode(), new.encode(), 1)
                whole.writestr(about.filename, raw)
        return [path]

    return built


def _link(target: str) -> Animal:
    def built(home: Path, _: Desk) -> list[Path]:
        (home / "link.json").symlink_to(target)
        return [home / "link.json"]

    return built


def _pipe(home: Path, _: Desk) -> list[Path]:
    os.mkfifo(home / "pipe")
    return [home / "pipe"]


def _folder(home: Path, _: Desk) -> list[Path]:
    (home / "photos/more").mkdir(parents=True)
    return [home / "photos"]


def _strange_folder(home: Path, _: Desk) -> list[Path]:
    (home / "photos").mkdir()
    (home / "photos/0100_1.jpg").write_bytes(PHOTO)
    (home / "photos" / os.fsdecode(b"0100_2\xff.jpg")).write_bytes(photo("two"))
    return [home / "photos"]


def _chunk(kind: bytes, content: bytes) -> bytes:
    sum_ = crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + sum_


HUGE: Final = b"".join(
    (
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", (40_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"),
        _chunk(b"IDAT", compress(b"\0" * 9)),
        _chunk(b"IEND", b""),
    )
)
PAGE: Final = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
PHOTO: Final = photo("zoo")
DRAWING: Final = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
YES: Final = {"item": "0100", "result": "yes"}

ZOO: Final[Mapping[str, tuple[Animal, tuple[str, ...]]]] = {
    # --- archives
    "a name that climbs out": (_zip(names=["../audit.yaml"]), ("F011",)),
    "a name from the root": (_zip(names=["/etc/passwd"]), ("F011",)),
    "a name that climbs out as on Windows": (_zip(names=["..\\audit.yaml"]), ("F011",)),
    "a name of another drive": (_zip(names=["C:audit.yaml"]), ("F011",)),
    "a link in an archive": (_zip(names=["answers.json"], link=True), ("F011",)),
    "a bomb": (_zip(names=["photos/0100_1.jpg"], bytes=4_000_000), ("F012",)),
    "5,001 files": (_zip(number=5_001), ("F014",)),
    "two files of one name": (_zip(names=["a.json", "b.json"], renamed="a.json"), ("F015",)),
    "an archive with a password": (_zip(names=["a.json"], locked=True), ("F016",)),
    "an archive cut off": (_zip(names=["a.json"], cut=40), ("F010",)),
    "an archive in an archive": (_nested, ("F019",)),
    "an archive that lies about a size": (_liar, ("F013",)),
    "an archive packed oddly, and broken": (_packed_oddly, ("F013",)),
    # --- workbooks
    "a workbook with macros": (_zip(names=["xl/workbook.xml", "xl/vbaProject.bin"]), ("F069",)),
    "a workbook with a password": (
        _raw("cook.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64),
        ("F070",),
    ),
    "an archive called .xlsx": (_raw("cook.xlsx", zipped({"names": ["a.txt"]})), ("F019",)),
    "a workbook whose answers are formulas": (_formulas, ("F022", "F022")),
    "a workbook of two cells far apart": (_corners, ("F075",)),
    "a workbook with a cell beyond all columns": (
        _sheet("</sheetData>", '<row r="9"><c r="ZZZZZZZZ9"><v>1</v></c></row></sheetData>'),
        ("F075",),
    ),
    "a workbook whose rows alone say where they are": (
        _sheet("</sheetData>", '<row r="1048576"><c><v>1</v></c></row></sheetData>'),
        ("F075",),
    ),
    "a workbook of 5,000 sheets that are one": (
        _sheet(
            "</sheets>",
            "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(50, 5050))
            + "</sheets>",
            "xl/workbook.xml",
        ),
        ("F075",),
    ),
    "a workbook with a number of very many digits": (
        _sheet('<c r="B1"', f'<c vm="{"9" * 5_000}" r="B1"'),
        ("F020",),
    ),
    # --- forms
    "a form whose seal is broken": (_form(office="S1"), ("F017",)),
    "a form of 2,500 answers": (_form_of([{"item": "9900", "result": "yes"}] * 2_500), ("F076",)),
    "a form of many long lists of cases": (
        _form_of([{"item": "0100", "sample": {"cases": [{"id": "T"}] * 4_000}}] * 15),
        ("F076",),
    ),
    "a form of another audit": (_form(audit="2026-09-n1"), ("F017",)),
    # --- records
    "a record cut off": (_spoilt(lambda raw: raw[:-40]), ("A001",)),
    "a record nested deep": (
        _spoilt(lambda raw: raw[:-1] + b', "x": ' + b"[" * 5_000 + b"]" * 5_000 + b"}"),
        ("Y011",),
    ),
    "a record with zeros in it": (_spoilt(lambda raw: raw + b"\0" * 9), ("A001",)),
    "a record in GBK": (_spoilt(lambda raw: raw.decode().encode("gbk")), ("Y002",)),
    "a record with two equal keys": (_spoilt(lambda raw: raw[:-1] + b', "audit": "x"}'), ("Y013",)),
    "a record with keys of its own": (_record(YES, admin=True), ("S001",)),
    "a record that is a list": (_spoilt(lambda raw: b"[" + raw + b"]"), ("S010",)),
    "a record of another audit": (_record(YES, audit="2026-09-n1"), ("F008",)),
    "a record of another edition": (_of(edition="0"), ("F009",)),
    "a record of another content": (_of(digest="sha256:0"), ("F009",)),
    "a record of another checklist": (_of(id="WASH"), ("F018",)),
    "an item there is none of": (_record(YES, {"item": "9900", "result": "yes"}), ("A020",)),
    "a word there is none of": (_record({"item": "0100", "result": "rm -rf"}), ("A102",)),
    "a person nobody knows": (_record({**YES, "person": "0000"}), ("A050",)),
    "an inspector who inspects himself": (_record({**YES, "person": "9001"}), ("A053",)),
    "a remark of a megabyte": (_record({**YES, "note": "x" * 1_000_000}), ("F007",)),
    "a number without end": (_record({"item": "0400", "value": "1e999999999"}), ("S005",)),
    "a number of very many digits": (_record({"item": "0400", "value": "9" * 9_000}), ("S005",)),
    "evidence from outside the folder": (
        _record({**YES, "evidence": [{"file": "../../../etc/passwd", "sha256": "0" * 64}]}),
        ("A040",),
    ),
    "evidence whose name has a zero in it": (
        _record({**YES, "evidence": [{"file": "a\0.jpg", "sha256": "0" * 64}]}),
        ("A040",),
    ),
    "a person whose name steers the screen": (
        _record({**YES, "person": "\x1b[2J\u202e9001"}),
        ("A050",),
    ),
    "a script in a remark": (_record({**YES, "note": "<script>alert(1)</script>"}), ()),
    "a formula in a remark": (_record({**YES, "note": "=cmd|' /C calc'!A0"}), ()),
    "a remark that steers the screen": (_record({**YES, "note": "\x1b[2J\u202egood"}), ()),
    "a record of values without end": (
        _record(evidence=[{}] * 200_001, more=[{}] * 200_001),
        ("F076",),
    ),
    "a form of values without end": (_form_of([{}] * 400_001), ("F076",)),
    "an export of values without end": (
        _raw("kobo.json", b'[{"a":"' + b"," * 3_000_001 + b'"}]'),
        ("F076",),
    ),
    "a record of 2,500 answers": (_record(*[YES] * 2_500), ("F076",)),
    "a record of 5,100 cases": (
        _record(
            {
                "item": "0100",
                "sample": {"cases": [{"id": f"T{n}", "result": "yes"} for n in range(5_100)]},
            }
        ),
        ("F076",),
    ),
    "a record of 200 signatures": (
        _record(YES, signatures=[{"role": "auditor", "person": "9001"}] * 200),
        ("F076",),
    ),
    # --- exports
    "an export with a header of 200,000 signs": (
        _raw("k.csv", f"{IDENTITY},{'/' * 200_000}\n1,2\n".encode()),
        ("F041",),
    ),
    "an export of 30,000 rows": (
        _raw("k.csv", f"{IDENTITY},a".encode() + b"\n1,2" * 30_000),
        ("F076",),
    ),
    "an export of 30,000 columns": (
        _raw("k.csv", IDENTITY.encode() + b",a" * 30_000 + b"\n1,2"),
        ("F076",),
    ),
    "an export of 30,000 submissions": (
        _raw("k.json", json.dumps([{IDENTITY: "{}"}] * 30_000).encode()),
        ("F076",),
    ),
    "an export with half a sign in it": (_export("\ud83d"), ("F001",)),
    # --- pictures
    "a page called .jpg": (_raw("0100_1.jpg", PAGE), ("F080",)),
    "a program called .jpg": (_raw("0100_1.jpg", b"MZ" + b"\0" * 90), ("F080",)),
    "a photo called .zip": (_raw("0100_1.zip", PHOTO), ()),
    "a photo cut off in the middle": (_raw("0100_1.jpg", PHOTO[: len(PHOTO) // 2]), ("F083",)),
    "a picture of a billion dots": (_raw("0100_1.png", HUGE), ("F082",)),
    "a photo that is an archive as well": (
        _raw("0100_1.jpg", PHOTO + zipped({"names": ["a.txt"]})),
        (),
    ),
    "a drawing with a script": (_raw("0100_1.svg", DRAWING), ("F019",)),
    # --- what is no file
    "a file whose name is no text": (_raw(os.fsdecode(b"0100_1\xff.jpg"), PHOTO), ("Y066",)),
    "a folder with a name that is no text in it": (_strange_folder, ("Y066",)),
    "an empty file": (_raw("COOK.json", b""), ("F061",)),
    "an empty folder": (_folder, ("F061",)),
    "a link to nothing": (_link("nowhere.json"), ("Y001",)),
    "a link in a circle": (_link("link.json"), ("Y062",)),
    "a pipe": (_pipe, ("F060",)),
    "a device without end": (lambda *_: [Path("/dev/zero")], ("F060",)),
    "a file that is not there": (lambda home, _: [home / "gone.xlsx"], ("Y001",)),
}
"""By name: how it is built, and the codes that are told of it; none where it may come in."""

ANSWERED: Final = frozenset(
    {
        "an item there is none of",
        "a word there is none of",
        "a person nobody knows",
        "an inspector who inspects himself",
        "a remark of a megabyte",
        "evidence from outside the folder",
        "evidence whose name has a zero in it",
        "a person whose name steers the screen",
        "a folder with a name that is no text in it",
    }
)
"""Those that leave an answer beside what is told: whatever was answered is not lost."""

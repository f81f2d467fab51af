"""One audit, five ways: what each person fills in by their own means is the same record and report.

A clerk at LibreOffice, an auditor with a finger and a camera in Chromium, one with ODK's own
engine, one at a terminal, and one who wrote on paper and types it in afterwards.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image
from pypdf import PdfReader
from tests.clients.test_paper_sheet import codes
from tests.sheets.branch import (
    ROOT,
    answered,
    as_seen,
    blank_for,
    branch,
    disputed,
    pictured,
    seen,
    signed,
    sopaudit,
    undrawn,
    unfilled,
    with_records,
)
from tests.sheets.form.browser import done, photo, tapped
from tests.sheets.paper.clerk import read_paper
from tests.sheets.terminal.auditor import Auditor
from tests.sheets.terminal.sitting import filled_in
from tests.sheets.xlsform.engine import taken
from tests.sheets.xlsform.exports import Submission, central, fields_of
from tests.sheets.xlsform.person import Typed, asked_as, typed
from tests.sheets.xlsform.world import World
from tests.sheets.xlsx.office import Clerk, acted, office

from sopaudit.evidence.audit import AuditFolder
from sopaudit.sheets.blank import Blank

WAYS: Final = ("xlsx", "html", "xlsform", "paper", "fill")
PHOTOS: Final = {"CK-HTL-B2": 2, "CK-HTL-C2": 1}
SIGNERS: Final = (("auditor", "9001"), ("auditee", "1002"))
SCORES: Final = [
    ("CK-HTL", "91.2", "B"),
    ("CK-COO", "76.9", "D"),
    ("CK-BRANCH", "84.0", "C"),
]
SIGNATURE: Final = {"xlsx": "named", "html": "drawn", "xlsform": "drawn", "paper": "", "fill": ""}
SAID: Final = {"姓名、时间": "named", "手写": "drawn", "留在纸上": "", "没有": ""}
"""Words of the page for it."""

DIFFERS: Final = "CK-HTL-E2"


@dataclass(frozen=True)
class Visit:
    """What there is to be seen and photographed, and an audit for each way."""

    place: Path
    truth: Blank
    """The blank with what will be seen; those who play the auditor know it."""

    photos: dict[str, list[str]]
    audits: dict[str, Path]
    sheets: dict[str, list[Path]]
    """What was brought home."""

    @property
    def known(self) -> AuditFolder:
        """The audit as somebody saw it."""
        assert self.truth.folder is not None
        return self.truth.folder

    def sheet(self, way: str, to: str, *words: str) -> Path:
        """Have a blank written, as `sopaudit sheet` does."""
        path = self.place / f"{way}-blank.{to}"
        kind = "xlsform" if way == "xlsform" else to
        sopaudit("sheet", self.audits[way], "--to", kind, "-o", path, *words)
        return path


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    place = tmp_path_factory.mktemp("five")
    audits = {way: branch(place / way) for way in (*WAYS, "truth")}
    truth = blank_for(with_records(audits["truth"]))
    photos = {
        item: [photo(place / f"{item}_{n}.jpg", (640, 480)) for n in range(1, number + 1)]
        for item, number in PHOTOS.items()
    }
    made = Visit(place, truth, photos, audits, {})
    for way, person in PERSONS.items():
        made.sheets[way] = person(made)
        if made.sheets[way]:
            sopaudit("import", *made.sheets[way], "--into", audits[way])
    return made


def clerk(world: Visit) -> list[Path]:
    """Type into the workbook, sort it, paste photos, write the names of both sides."""
    blank, folder = world.sheet("xlsx", "xlsx"), world.place / "office"
    folder.mkdir()
    person = Clerk(blank, world.truth, ["CK-HTL"])
    person.answer()
    for item, files in world.photos.items():
        for n, file in enumerate(files):
            png = folder / f"{item}-{n}.png"
            Image.open(file).save(png)
            person.paste(item, png)
    for role, name in SIGNERS:
        person.sign("CK-HTL", role, name, "2026-11-06 17:30")
    saved = folder / "chengdu.xlsx"
    office(folder, "--terminate_after_init")
    acted(folder, blank, person.orders, {"xlsx": saved})
    return [saved]


def finger(world: Visit) -> list[Path]:
    """Tap through the form in Chromium without network, take photos, sign with a finger."""
    page, out = world.sheet("html", "html"), world.place / "phone.zip"
    answers = tapped(world.truth, world.known)
    cards = {
        ask.item.id: f"i{n}-{m}"
        for n, leaf in enumerate(world.truth.leaves)
        for m, ask in enumerate(leaf.asks)
    }
    told = done(
        world.place, do="fill", open=page.as_uri(), to=str(out), answers=answers,
        photos={cards[item]: files for item, files in world.photos.items()},
        by="9001", signs=[person for _, person in SIGNERS],
    )  # fmt: skip
    assert told["complaints"] == []
    return [out]


def collector(world: Visit) -> list[Path]:
    """Fill in the converted form with ODK's engine; Central exports what was sent."""
    blank, folder = world.sheet("xlsform", "xlsx"), world.place / "odk"
    folder.mkdir()
    shutil.copy(blank, folder / "form.xlsx")
    records = world.known.records.values()
    form = taken(World(unfilled(world.truth), fields_of(blank), tuple(records)), folder)
    said = typed(world.truth, records)
    media = {}
    for item, files in world.photos.items():
        for n, file in enumerate(files, 1):
            said.values[asked_as(world.truth, item, f"photo{n}")] = f"{item}-{n}.jpg"
            media[f"{item}-{n}.jpg"] = Path(file).read_bytes()
    said.rows["sign"] = [
        {"sign_role": role, "sign_person": person, "sign_image": f"{role}.png"}
        for role, person in SIGNERS
    ]
    said.values["signers"] = str(len(SIGNERS))
    for n, (role, _) in enumerate(SIGNERS):
        stroke = world.place / f"{role}.png"
        Image.linear_gradient("L").resize((200 + n, 80)).save(stroke)
        media[stroke.name] = stroke.read_bytes()
    shown = {asked_as(world.truth, DIFFERS, "photo1"): "CK-HTL-C2-1.jpg"}
    no = {asked_as(world.truth, DIFFERS, "answer"): "no"}
    other = Typed({**said.values, **shown, **no}, said.rows)
    sent = form.fill(said, other)
    assert [one["unasked"] + one["violations"] for one in sent] == [[], []]
    told, later = (
        central(folder / name, form.world.fields, [Submission(one["tree"], key, at)], media=media)
        for name, key, at, one in zip(
            ("sent.zip", "later.zip"), ("uuid:1", "uuid:2"),
            ("2026-11-06T09:30:00.000Z", "2026-11-07T09:30:00.000Z"), sent, strict=True,
        )
    )  # fmt: skip
    world.sheets["later"] = [later]
    return [told]


def terminal(world: Visit) -> list[Path]:
    """Answer at a terminal, and name the files of the photos; nothing is imported."""
    photos = {item: [*files] for item, files in world.photos.items()}
    home = str(world.audits["fill"].parents[1])
    person = Auditor(seen(), "zh", photos=photos, rests=DIFFERS)
    filled_in(world.audits["fill"], person, handbook=home)
    return []


def paper(world: Visit) -> list[Path]:
    """Read a page that was filled in, type it in at a terminal, and hand in photos by their names.

    `--filled` stands for the pen. What is typed is what is printed, and nothing else.
    """
    pdf = world.place / "paper.pdf"
    sopaudit("sheet", world.audits["truth"], "--to", "pdf", "--filled", "-o", pdf)
    read = read_paper(pdf, unfilled(world.truth), "zh")
    home = str(world.audits["paper"].parents[1])
    filled_in(world.audits["paper"], Auditor(read, "zh", rests=DIFFERS), handbook=home)
    camera = world.place / "camera"
    camera.mkdir()
    for files in world.photos.values():
        for file in files:
            shutil.copy(file, camera)
    return [camera]


PERSONS: Final[dict[str, Callable[[Visit], list[Path]]]] = dict(
    zip(WAYS, (clerk, finger, collector, paper, terminal), strict=True)
)


def result(audit: Path, tmp_path: Path) -> dict[str, Any]:
    """Have a report written, as JSON."""
    path = tmp_path / "report.json"
    sopaudit("report", audit, "-o", path)
    told: dict[str, Any] = json.loads(path.read_bytes())
    return told


@pytest.mark.parametrize("way", WAYS)
def test_every_answer_is_what_was_seen(world: Visit, way: str) -> None:
    said = answered(world.audits[way])
    assert undrawn(said) == {item: as_seen(given) for item, given in seen().items()}
    assert sum("sample" in one for one in said.values()) > 10
    assert disputed(world.audits[way]) == {}


def test_the_five_records_are_equal_in_every_answer(world: Visit) -> None:
    first, *others = (answered(world.audits[way]) for way in WAYS)
    assert len(first) == 28
    assert first["CK-COO-B2"]["sample"]["population"] == 312
    for other in others:
        assert other == first


@pytest.mark.parametrize("way", WAYS)
def test_photos_and_signatures_arrive_where_they_belong(world: Visit, way: str) -> None:
    audit = world.audits[way]
    assert pictured(audit) == PHOTOS
    kept = list((audit / "evidence").glob("*.[jp][pn]g"))
    assert len(kept) == 3 + 2 * (SIGNATURE[way] == "drawn")
    names = signed(audit)
    if SIGNATURE[way]:
        assert {one: size > 0 for one, size in names.items()} == dict.fromkeys(
            SIGNERS, SIGNATURE[way] == "drawn"
        )
    else:
        assert names == {}


def test_the_five_reports_have_the_same_score_and_findings(world: Visit, tmp_path: Path) -> None:
    told = {way: result(world.audits[way], tmp_path) for way in (*WAYS, "truth")}
    wanted = facts(told["truth"])
    assert len(wanted) == 18
    for way in WAYS:
        assert facts(told[way]) == wanted, way
        # With the draw, its sampling error, every section and item.
        assert told[way]["scores"] == told["xlsx"]["scores"], way
        scores = [(x["checklist"]["id"], x["score"], x["grade"]) for x in told[way]["scores"]]
        assert scores == SCORES, way
        table = json.loads(sopaudit("score", world.audits[way], "--format", "json"))
        assert [(one["checklist"], one["score"], one["grade"]) for one in table] == SCORES


def facts(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Give the findings of a report: id, severity, points lost."""
    return [(one["id"], one["severity"], one["lost"]) for one in told["nonconformities"]]


def test_the_report_on_paper_shows_photos_and_score(world: Visit, tmp_path: Path) -> None:
    sopaudit("report", world.audits["html"], "-o", tmp_path / "report.pdf")
    pages = PdfReader(tmp_path / "report.pdf").pages
    assert "84.0" in "".join(page.extract_text() for page in pages[:2])
    sizes = [picture.image.size for page in pages for picture in page.images if picture.image]
    assert sum(height > width for width, height in sizes) >= 3  # upright, as they were taken


def test_each_page_of_the_paper_says_what_it_is(world: Visit) -> None:
    found = codes(world.place / "paper.pdf", 100)
    assert len(found) == len(set(found)) > 10
    assert {tuple(code.split(":")[:2]) for code in found} == {("SA1", "2026-10-cd")}
    assert {code.split(":")[2].partition("@")[0] for code in found} == {"CK-HTL", "CK-COO"}


def test_all_five_in_one_audit_agree_and_nothing_grows(world: Visit, tmp_path: Path) -> None:
    audit = branch(tmp_path / "one")
    records = [sorted((world.audits[way] / "answers").glob("*.json")) for way in ("fill", "paper")]
    sizes = []
    for files in (world.sheets["xlsx"], world.sheets["html"], world.sheets["xlsform"], *records):
        told = sopaudit("import", *files, "--into", audit)
        assert "CK-HTL-E2" not in told, "nothing differs"
        assert disputed(audit) == {}
        assert answered(audit) == answered(world.audits["xlsx"])
        sizes.append(len(answered(audit)))
    assert sizes == [28] * 5
    again = {file: file.read_bytes() for file in audit.rglob("*") if file.is_file()}
    sopaudit("import", *world.sheets["html"], "--into", audit)
    assert {file: file.read_bytes() for file in audit.rglob("*") if file.is_file()} == again


def test_where_one_way_differs_both_are_kept_the_later_decides_and_it_is_told(
    world: Visit, tmp_path: Path
) -> None:
    audit = branch(tmp_path / "two")
    told = sopaudit("import", *world.sheets["later"], *world.sheets["xlsx"], "--into", audit)
    assert DIFFERS in told
    said = answered(audit)
    assert said[DIFFERS]["result"] == "no"
    assert {item: one["result"] for item, (one,) in disputed(audit).items()} == {DIFFERS: "yes"}
    first = answered(world.audits["xlsx"])
    assert {item for item in first if said[item] != first[item]} == {DIFFERS}


@pytest.mark.parametrize(("column", "way"), [*enumerate(WAYS, 1)])
def test_the_page_says_of_each_way_what_its_record_holds(
    world: Visit, column: int, way: str
) -> None:
    page = (ROOT / "docs/filling-in.md").read_text("utf-8").partition("## 2.")[2]
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    told = {row[0]: row[column] for row in rows[1:]}
    records = [
        json.loads(file.read_bytes()) for file in (world.audits[way] / "answers").glob("*.json")
    ]
    moments = {given.get("at") for record in records for given in record["answers"]}
    by = {source.get("by") for record in records for source in record["sources"]}
    assert SAID[told["签字"]] == SIGNATURE[way]
    assert (told["每一项的时间"] == "整份一个") == (len(moments) == 1)
    assert (told["检查人"] in ("选", "签字处写")) == (by == {"9001"})

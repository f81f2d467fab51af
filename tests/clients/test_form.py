"""The offline form in a real browser: a finger, a camera, no network, and an audit at the end."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta, timezone
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final
from zipfile import ZipFile

import pytest
from PIL import Image
from tests.patience import PATIENCE
from tests.sheets.form.browser import Told, done, photo, tapped

from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.sheets.blank import Blank, Wish, blank_of, checklists_of
from sopaudit.sheets.form.back import audit_named, read
from sopaudit.sheets.form.blank import form, sheet
from sopaudit.sheets.form.installed import folder

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "src/sopaudit/sheets/form/source"
CHINA: Final = timezone(timedelta(hours=8))

Run = Callable[..., Told]


@pytest.fixture(scope="module")
def audit() -> AuditFolder:
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    found, _ = read_audit(ROOT / "audits/2026-10-cd", handbook)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def blank(audit: AuditFolder) -> Blank:
    return blank_of(audit.handbook, checklists_of(audit), audit.audit.date, audit)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, blank: Blank) -> Path:
    here = tmp_path_factory.mktemp("form")
    (here / "form.html").write_bytes(form(blank, "zh"))
    return here


@pytest.fixture(scope="module")
def run(place: Path) -> Run:
    """Do one job of form.mjs; `open` is the form unless something else is said."""

    def run_(**job: object) -> Told:
        return done(place, **{"open": (place / "form.html").as_uri(), **job})

    return run_


def test_a_form_of_every_post_with_a_sample_is_there_at_once_and_can_save(
    run: Run, tmp_path: Path
) -> None:
    """Nine posts, 88 tickets: all lines at once would be 20,000 fields and seconds of waiting."""
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    found, _ = read_audit(ROOT / "audits/2026-10-cd-month", handbook)
    assert found is not None
    blank = blank_of(handbook, checklists_of(found), found.audit.date, found)
    card = next(
        f"i{n}-{m}"
        for n, leaf in enumerate(blank.leaves)
        for m, ask in enumerate(leaf.asks)
        if ask.drawn
    )
    (tmp_path / "month.html").write_bytes(form(blank, "zh"))
    told = run(do="large", open=(tmp_path / "month.html").as_uri(), card=card)
    assert told["saved"].startswith("已保存")
    assert told["fields"] < 2_000
    assert told["lines"] == len(blank.tickets)
    assert not told["complaints"]


@pytest.fixture(scope="module")
def filled(run: Run, place: Path, blank: Blank, audit: AuditFolder) -> Told:
    """Fill the whole audit by tapping what its auditor recorded."""
    answers = tapped(blank, audit)
    photos = {
        "i0-3": [photo(place / "a.jpg"), photo(place / "b.jpg")],
        "i1-0": [photo(place / "c.jpg")],
    }
    return run(
        do="fill", answers=answers, photos=photos, by="9001", signs=["9001", "1002"],
        to=str(place / "out.zip"),
    )  # fmt: skip


def told_of(given: RecordedAnswer) -> tuple[object, ...]:
    """Tell what an answer says, without its time and the draw of a sample nobody kept."""
    sample = given.sample
    counts = sample and ((sample.failed, sample.checked) if not sample.cases else None)
    cases = [
        (case.id, case.judged, dict(case.parts), case.person, case.note) for case in given.cases
    ]
    return given.item, given.result, given.value, given.note, given.person, counts, cases


def test_the_shipped_form_is_what_its_sources_build(tmp_path: Path) -> None:
    if not (SOURCE / "node_modules/.package-lock.json").is_file():
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=SOURCE, check=True, timeout=PATIENCE,
        )  # fmt: skip
    subprocess.run(
        ["node", "build.mjs", tmp_path / "form.html"], cwd=SOURCE, check=True, timeout=PATIENCE
    )
    assert (tmp_path / "form.html").read_bytes() == (SOURCE.parent / "form.html").read_bytes()


def test_the_hash_of_an_address_without_https_is_sha256_all_the_same(tmp_path: Path) -> None:
    texts = [
        b"",
        b"abc",
        *(bytes(range(256)) * n for n in (1, 5)),
        b"x" * 119,
        b"x" * 55,
        b"x" * 56,
    ]
    code = (
        f"import {{ plainly }} from {json.dumps((SOURCE / 'sha256.js').as_uri())};"
        "const texts = JSON.parse(process.argv[1]).map((one) => Uint8Array.from(one));"
        "console.log(JSON.stringify(texts.map(plainly)));"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", code, json.dumps([list(text) for text in texts])],
        cwd=tmp_path, capture_output=True, text=True, check=True, timeout=PATIENCE,
    )  # fmt: skip
    assert json.loads(done.stdout) == [hashlib.sha256(text).hexdigest() for text in texts]


def test_answers_there_are_already_stand_in_a_filled_form(audit: AuditFolder) -> None:
    full = blank_of(audit.handbook, ["CK-HTL"], audit.audit.date, audit, Wish(filled=True))
    items = {item["id"]: item for item in sheet(full, "zh")["leaves"][0]["items"]}
    assert items["CK-HTL-A1"]["given"]["v"] == "1"
    assert len(items["CK-HTL-B2"]["given"]["cases"]) == 15
    assert items["CK-HTL-C3"]["given"]["r"] == "na"
    assert items["CK-HTL-A2"]["failed_before"]
    assert items["CK-HTL-A2"]["before"]["en"].startswith("Last time, 2026-08-06: 2 times")
    empty = sheet(blank_of(audit.handbook, ["CK-HTL"], audit.audit.date, audit), "zh")
    assert not any("given" in item for item in empty["leaves"][0]["items"])


def test_an_audit_filled_with_a_finger_comes_back_answer_for_answer(
    filled: Told, place: Path, blank: Blank, audit: AuditFolder
) -> None:
    assert audit_named(place / "out.zip") == "2026-10-cd"
    found, problems = read(place / "out.zip", blank, CHINA)
    assert problems == []
    assert found is not None
    for record in found.records:
        wanted = [told_of(given) for given in audit.records[record.checklist.id].answers]
        assert [told_of(given) for given in record.answers] == wanted
        assert all(given.at is not None for given in record.answers)
    assert sum(len(record.answers) for record in found.records) == 28
    assert found.source.by == "9001"
    shots = [(shot.name, shot.item, shot.signed) for shot in found.shots]
    assert shots == [
        ("photos/CK-HTL-B2_1.jpg", "CK-HTL-B2", None),
        ("photos/CK-HTL-B2_2.jpg", "CK-HTL-B2", None),
        ("photos/CK-COO-A1_1.jpg", "CK-COO-A1", None),
        ("signatures/auditor-9001.png", "", ("auditor", "9001")),
        ("signatures/auditee-1002.png", "", ("auditee", "1002")),
    ]
    assert all(shot.taken is not None for shot in found.shots)
    assert re.fullmatch(r"2026-10-cd_\d{8}-\d{4}\.zip", filled["name"])


def test_the_form_says_the_score_the_report_says(filled: Told) -> None:
    assert filled["shown"] == ["91.2B", "76.9D"]


def test_photos_are_upright_and_no_longer_than_1600_pixels(filled: Told, place: Path) -> None:
    assert filled["same"]
    with ZipFile(place / "out.zip") as whole, whole.open("photos/CK-HTL-B2_1.jpg") as file:
        image = Image.open(file)
        assert image.size == (900, 1200)
        assert not image.getexif()


def test_closing_and_opening_again_keeps_everything_and_asks_no_network(filled: Told) -> None:
    assert filled["same"]
    assert filled["again"] == filled["shown"]
    assert filled["saved"].startswith("已保存")
    assert filled["complaints"] == []
    assert {url.split(":")[0] for url in filled["asked"]} <= {"file", "blob", "data"}


def test_the_other_language_stays_where_the_reader_was(filled: Told) -> None:
    assert filled["heading"] != filled["other"]
    assert filled["other"].isascii()
    assert filled["moved"] < 3


def test_a_zip_read_back_elsewhere_is_the_same_form(
    filled: Told, run: Run, place: Path, blank: Blank
) -> None:
    assert filled["same"]
    (place / "wrong.json").write_text('{"schema": "sopaudit.filled/1", "sheet": {"seal": "1"}}')
    told = run(
        do="back", number=3, to=str(place / "again.zip"), json=str(place / "plain.json"),
        wrong=str(place / "wrong.json"), **{"from": str(place / "out.zip")},
    )  # fmt: skip
    assert told["told"] == "已读回。"
    assert told["wrong"] == "这个文件不是由这份表导出的。"
    one, two = (
        json.loads(ZipFile(place / name).read("answers.json")) for name in ("out.zip", "again.zip")
    )
    assert {**one, "saved_at": ""} == {**two, "saved_at": ""}
    assert told["left"] == "待办 30"
    assert told["figures"] == 0
    found, problems = read(place / "plain.json", blank, CHINA)
    assert found is not None
    assert found.records == read(place / "out.zip", blank, CHINA)[0].records  # type: ignore[union-attr]
    assert {problem.code for problem in problems} == {"F036"}


def test_forty_items_and_thirty_large_photos_do_not_keep_a_finger_waiting(
    run: Run, place: Path, blank: Blank
) -> None:
    leaf = blank.leaves[0]
    word = next(ask for ask in leaf.asks if ask.item.scoring == "H")
    asks = tuple(
        replace(word, item=word.item.model_copy(update={"id": f"CK-HTL-X{n}"})) for n in range(40)
    )
    (place / "many.html").write_bytes(
        form(replace(blank, leaves=(replace(leaf, asks=asks),)), "zh")
    )
    first = Path(photo(place / "large.jpg", (3000, 2250), 92))
    assert 3_000_000 < first.stat().st_size < 6_000_000
    photos = [str(first)]
    for n in range(29):
        photos.append(str(place / f"large{n}.jpg"))
        shutil.copy(first, photos[-1])
    told = run(
        do="many", photos=photos, to=str(place / "many.zip"), open=(place / "many.html").as_uri()
    )
    assert told["cards"] == 40
    assert told["complaints"] == []
    waits = sorted(told["waits"])
    print({**told, "waits": (waits[len(waits) // 2], waits[-1])})  # noqa: T201 -- pytest -s tells it
    assert told["first"] < 30  # photos were still worked on while items were answered
    patience = max(1000, 2 * told["alone"])  # ms; a machine under load takes its time for all
    assert told["slowest"] < patience  # from the finger to the paint
    assert told["longest"] < patience  # in which the page did not listen
    assert told["memory"] < 150_000_000
    assert len(ZipFile(place / "many.zip").namelist()) == 31


def test_a_browser_that_keeps_nothing_says_so_and_still_hands_over(run: Run, place: Path) -> None:
    told = run(do="denied", photos=[photo(place / "d.jpg")], to=str(place / "denied.zip"))
    assert told["saved"] == "这里无法保存"
    assert told["seen"]
    assert "关闭后就会丢失" in told["warning"]
    assert "photos/CK-HTL-A1_1.jpg" in ZipFile(place / "denied.zip").namelist()


def test_a_phone_that_takes_long_to_open_its_store_loses_nothing_and_does_not_say_it_cannot(
    run: Run, place: Path
) -> None:
    told = run(do="silent", photos=[photo(place / "d.jpg")])
    assert told["waiting"] == ["正在保存", False, 1], "typed and photographed, and kept meanwhile"
    assert told["then"].startswith("已保存")
    assert told["never"] == "照片无法保存"
    assert "照片和签字关闭后会丢失" in told["warned"]


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder, and stops when it is asked for `stop`."""

    def do_GET(self) -> None:
        if self.path == "/stop":
            Thread(target=self.server.shutdown).start()
        super().do_GET()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def address(tmp_path: Path, blank: Blank) -> Iterator[str]:
    for name, content in folder(blank, "zh").items():
        (tmp_path / name).write_bytes(content)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(tmp_path)))

    def serve() -> None:
        server.serve_forever()
        server.server_close()

    thread = Thread(target=serve)
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    thread.join()


def test_a_folder_on_an_address_is_installed_and_works_without_it(run: Run, address: str) -> None:
    told = run(do="served", open=address)
    assert told["gone"]
    assert told["value"] == "1"
    assert told["manifest"]["display"] == "standalone"
    # All that keeps it from being installed here is that the test's browser is a private one.
    assert [error["errorId"] for error in told["errors"]] == ["in-incognito"]


def test_axe_finds_nothing_in_either_colour_and_width(run: Run, place: Path, blank: Blank) -> None:
    veto = next(n for n, ask in enumerate(blank.leaves[0].asks) if ask.witness)
    told = run(do="axe", photos=[photo(place / "e.jpg")], veto=f"i0-{veto}")
    for name in ("light 390", "light 820", "dark 390", "dark 820"):
        seen = told[name]
        assert seen["told"] == [], name
        assert seen["small"] == 0, name
        assert seen["wide"] <= int(name[-3:]), name


def test_drawn_tickets_are_ticked_line_by_line_and_keep_their_draw(
    run: Run, place: Path, blank: Blank
) -> None:
    drawn = replace(blank, tickets=("CD-1", "CD-2", "CD-3"), start="20261104", population=40)
    (place / "drawn.html").write_bytes(form(drawn, "zh"))
    card = next(
        f"i0-{n}" for n, ask in enumerate(blank.leaves[0].asks) if ask.item.id == "CK-HTL-C2"
    )
    told = run(
        do="drawn", card=card, note="保修期判错", to=str(place / "drawn.zip"),
        open=(place / "drawn.html").as_uri(),
    )  # fmt: skip
    assert told["lines"] == ["CD-1抽中", "CD-2抽中", "CD-3抽中"]
    assert told["told"] == "已查 3，不合格 1"
    assert told["complaints"] == []
    found, problems = read(place / "drawn.zip", drawn, CHINA)
    assert problems == []
    assert found is not None
    (answer,) = found.records[0].answers
    sample = answer.sample
    assert sample is not None
    assert (sample.drawn, sample.seed, sample.population) == (3, 20261104, 40)
    assert [(case.id, case.result, case.note) for case in sample.cases] == [
        ("CD-1", "no", "保修期判错"),
        ("CD-2", "yes", ""),
        ("CD-3", "yes", ""),
    ]


def test_answers_can_be_given_with_keys_alone(run: Run) -> None:
    told = run(do="keys")
    assert (told["one"], told["two"]) == ("yes", "partial")

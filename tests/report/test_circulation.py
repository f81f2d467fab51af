"""The circulating copy: nothing planted in an audit is found in it, wherever one looks."""

import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
import yaml

from sopaudit.cli.circulating import copies
from sopaudit.cli.examined import Examined
from sopaudit.cli.printing import Wanted, printed
from sopaudit.evidence.audit import read_audit
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.report.circulation import WITHHELD

Laundry = Any
"""The class in conftest.py, which tests cannot import."""

PEOPLE = (
    ("92", "王敏慧", "Wang Minhui"),
    ("93", "欧阳子墨", "Ouyang Zimo"),
    ("94", "吕航", "Lü Hang"),
)
PLANTED = (
    "王敏", "王 敏", "李晓", "张强", "赵云", "王敏慧", "欧阳子墨", "吕航", "Wang Min", "WangMin",
    "wangmin", "Min Wang", "Zhang Qiang", "Zhao Yun", "Ouyang", "Lü Hang", "Lv Hang", "Łucja",
    "13812345678", "138 1234 5678", "１３９８７６５４３２１", "13987654321", "028-85551234",
    "400-123-4567", "510104198001011234", "min@example.com", "wm_88888", "川A12345", "人民南路",
    "1501室", "Renmin South", "王小明", "秦女士", "Smith",
)  # fmt: skip
NOTE = (
    "王敏说王敏慧代她值班，王 敏电话13812345678或１３９８７６５４３２１，座机028-85551234，"
    "热线400-123-4567；"
    "客户王小明（身份证510104198001011234，微信号wm_88888，邮箱min@example.com，车牌川A12345）"
    "住人民南路四段12号3栋2单元1501室，秦女士在场。工单CD-261003-012。"
)
ENGLISH = "Wang Min and Lv Hang called Mr Smith, 138 1234 5678, at 12 Renmin South Road, Apt 5."


@pytest.fixture(scope="module")
def nasty(another: Callable[[], Laundry]) -> Laundry:
    """Plant names and numbers wherever an audit has room for a text; nobody changes it further."""
    laundry = another()
    settings = laundry.folder / "sopaudit.yaml"
    data = yaml.safe_load(settings.read_text(encoding="utf-8"))
    data["roster"] += [
        {"id": staff, "name": {"zh": zh, "en": en}, "posts": ["IRON"], "office": "EAST"}
        for staff, zh, en in PEOPLE
    ]
    data["report"] = {
        **data.get("report", {}),
        "footer": {"zh": NOTE[:12], "en": ENGLISH},
        "number": "{{audit.id}}/王敏",
    }
    text = yaml.safe_dump(json.loads(json.dumps(data, default=str)), allow_unicode=True)
    settings.write_text(text, encoding="utf-8")
    said = {"zh": NOTE, "en": ENGLISH}
    laundry.change_audit(
        id="2026-05-wangmin",
        purpose=said,
        basis=said,
        sampling=said,
        remarks=said,
        good_practice=[{"item": "CK-IRON-B2", "text": said}],
        observations=[{"text": NOTE}, {"text": ENGLISH}],
    )
    audit = laundry.audit / "audit.yaml"
    audit.write_text(f"# {NOTE}\n{audit.read_text(encoding='utf-8')}", encoding="utf-8")
    path = laundry.audit / "answers" / "CK-IRON.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["audit"] = "2026-05-wangmin"
    for answer in record["answers"]:
        answer["note"] = f"{answer.get('note', '')}{NOTE}{ENGLISH}"
        for case in answer.get("sample", {}).get("cases", ()):
            case["note"] = NOTE
            case["id"] = f"{case['id']}-13812345678"
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    (laundry.audit / "evidence").mkdir(exist_ok=True)
    photos = []
    contents = {"王敏.jpg": b"\xff" * 2000, "13812345678.txt": b"13812345678"}
    for name, content in contents.items():
        (laundry.audit / "evidence" / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        photos.append({"file": f"evidence/{name}", "sha256": digest})
    given = next(a for a in record["answers"] if a["item"] == "CK-IRON-V1")
    laundry.change_answer("CK-IRON-V1", evidence=[*given.get("evidence", ()), *photos])
    return laundry


def examined(laundry: Laundry) -> Examined:
    folder, conclusion = laundry.concluded()
    return Examined(folder.handbook, folder, tuple(folder.frames.values()), conclusion, ())


def copied(laundry: Laundry, lang: str = "zh") -> Examined:
    one = examined(laundry)
    return copies([one], one.handbook, lang)[0]


def made(laundry: Laundry, kind: str, lang: str = "zh") -> tuple[str, bytes]:
    wanted = Wanted(everyone=True) if kind in ("pdf", "html") else None
    ((name, content),) = printed([copied(laundry, lang)], lang, kind, wanted)
    return name, content


Make = Callable[[str, str], tuple[str, bytes]]


@pytest.fixture(scope="module")
def copy(nasty: Laundry) -> Make:
    """Make each copy once, for all who look at it."""

    @cache
    def once(kind: str, lang: str) -> tuple[str, bytes]:
        return made(nasty, kind, lang)

    return once


@pytest.fixture(scope="module")
def filed(nasty: Laundry) -> bytes:
    """Print the report that is filed."""
    ((_, content),) = printed([examined(nasty)], "zh", "pdf", Wanted(everyone=True))
    return content


def in_pdf(content: bytes) -> str:
    """Give all a PDF says: streams, strings, attachments, metadata, outline, the text of pages."""
    told: list[bytes] = [content]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream):
                try:
                    told.append(each.read_bytes())
                except pikepdf.PdfError:
                    told.append(each.read_raw_bytes())
            told.append(repr(each).encode())
            if isinstance(each, pikepdf.String):
                told.append(str(each).encode())
        for name, file in pdf.attachments.items():
            told += [name.encode(), str(file.description).encode(), file.get_file().read_bytes()]
        with pdf.open_outline() as outline:
            stack = list(outline.root)
            while stack:
                item = stack.pop()
                told.append(item.title.encode())
                stack += item.children
        told += [str(value).encode() for value in pdf.docinfo.values()]
        told.append(str(pdf.open_metadata()).encode())
    raw = b"\n".join(told)
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    read = [raw.decode(code, "ignore") for code in ("utf-8", "utf-16-be", "utf-16-le", "gbk")]
    return "\n".join([*read, raw[1:].decode("utf-16-be", "ignore"), text])


def in_workbook(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())


def found(text: str) -> list[str]:
    """List what was planted and stands there, however it is broken over lines."""
    joined = re.sub(r"\s", "", text)
    return [word for word in PLANTED if word in text or re.sub(r"\s", "", word) in joined]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["pdf", "html", "xlsx", "json"])
def test_nothing_planted_is_found_in_the_copy(copy: Make, kind: str, lang: str) -> None:
    name, content = copy(kind, lang)
    read = {"pdf": in_pdf, "xlsx": in_workbook}.get(kind, bytes.decode)
    assert not found(f"{name}\n{read(content)}")
    assert name == f"2026-05-11-{'传阅' if lang == 'zh' else 'circulation'}.{kind}"


def test_the_search_finds_it_in_the_report_that_is_filed(nasty: Laundry, filed: bytes) -> None:
    ((_, workbook),) = printed([examined(nasty)], "zh", "xlsx")
    for text in (in_pdf(filed), in_workbook(workbook)):
        assert {"王敏", "13812345678", "人民南路", "wangmin"} <= set(found(text))


def test_what_is_no_secret_stays(copy: Make) -> None:
    _, content = copy("html", "zh")
    told = content.decode()
    assert "工单CD-261003-012" in told
    assert "工号11说工号92代她值班" in told
    assert "传阅稿" in told


def test_the_attached_audit_scores_the_same(nasty: Laundry, copy: Make, tmp_path: Path) -> None:
    """As a whole audit folder again, with the evidence under the names the copy gives it."""
    _, content = copy("pdf", "zh")
    place = shutil.copytree(nasty.folder, tmp_path / "laundry") / "audits" / "copy"
    (place / "answers").mkdir(parents=True)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        held = {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}
    (place / "audit.yaml").write_bytes(held["audit.yaml"])
    (place / "answers" / "CK-IRON.json").write_bytes(held["CK-IRON.json"])
    for file in (nasty.audit / "evidence").iterdir():
        name = {"王敏.jpg": "11.jpg", "13812345678.txt": "phone.txt"}.get(file.name, file.name)
        (place / "evidence").mkdir(exist_ok=True)
        (place / "evidence" / name).write_bytes(file.read_bytes())
    again, problems = read_audit(place, nasty.handbook())
    withheld = held["CK-IRON.json"].decode().count(WITHHELD)
    assert [problem.code for problem in problems] == ["A041"] * withheld
    assert again is not None
    before, now = examined(nasty).conclusion, conclude_folder(again)
    assert replace(now.scores[0], audit="") == replace(before.scores[0], audit="")


def test_digests_of_what_could_be_guessed_are_withheld(nasty: Laundry) -> None:
    record = copied(nasty).folder.records["CK-IRON"]  # type: ignore[union-attr]
    told = {f.file: f.sha256 for answer in record.answers for f in answer.evidence}
    assert told["evidence/phone.txt"] == WITHHELD
    assert told["evidence/11.jpg"] != WITHHELD


def test_criteria_travel_unchanged(nasty: Laundry, copy: Make) -> None:
    with pikepdf.open(io.BytesIO(copy("pdf", "zh")[1])) as pdf:
        held = pdf.attachments["CK-IRON.checklist.yaml"].get_file().read_bytes()
    assert held == (nasty.folder / "checklists" / "iron.yaml").read_bytes()


def test_the_copy_is_another_file_of_another_identifier(
    nasty: Laundry, copy: Make, filed: bytes
) -> None:
    def identifier(content: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return bytes(pdf.trailer.ID[0])

    assert identifier(filed) != identifier(copy("pdf", "zh")[1])
    assert made(nasty, "pdf") == copy("pdf", "zh")

"""`sopaudit report`: where files go, in which format, and what is said about it."""

import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from sopaudit.cli import main, stop
from sopaudit.file import portable
from sopaudit.press import pdf
from sopaudit.terminal import width

ROOT = Path(__file__).parents[2]
TABLE = "establishments=tests/tables/fhrs/establishments.csv"


def sopaudit(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    """Run the command line in this process and give its exit code."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sys.argv", ["sopaudit", "report", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.pdf", b"%PDF-"), ("a.HTML", b"<!DOCTYPE html>"), ("a.xlsx", b"PK"), ("a.json", b"{")],
)
def test_the_ending_of_the_file_chooses_the_format(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, begins: bytes
) -> None:
    assert sopaudit(monkeypatch, "2026-10-cd", "-o", tmp_path / name) == 0
    (made,) = tmp_path.iterdir()
    assert made.read_bytes().startswith(begins)


def test_audits_of_a_table_go_into_a_folder_once_each(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("T001", "T003", "T001", "--handbook", "examples/fhrs", "--table", TABLE)
    assert sopaudit(monkeypatch, *words, "-o", tmp_path / "out", "--format", "json") == 0
    made = [str(tmp_path / "out" / f"{name}.json") for name in ("T001", "T003")]
    assert capsys.readouterr().out.splitlines() == made
    result = json.loads(Path(made[1]).read_text(encoding="utf-8"))
    assert result["scores"][0]["limits"][0]["limit"] == "worst-above-5"


@pytest.mark.parametrize(
    "words", [("2026-10-cd", "-o", "a.docx"), ("x", "y", "-o", "a.pdf"), ("x",)]
)
def test_a_wrong_call_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    assert sopaudit(monkeypatch, *words) == stop.USAGE
    assert not (ROOT / "a.docx").exists()
    assert not (ROOT / "a.pdf").exists()


def test_pages_of_persons_go_into_files_of_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = ("2026-10-cd", "--persons", "--apart", "-o", tmp_path / "talks", "--format", "html")
    assert sopaudit(monkeypatch, *words) == 0
    made = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "talks").iterdir()}
    assert set(made) == {f"2026-10-cd-{n}.html" for n in ("1002", "1003", "1004", "1013")}
    assert "许萌" in made["2026-10-cd-1013.html"]
    assert "罗建华" not in made["2026-10-cd-1013.html"]


def test_a_persons_own_file_carries_nobodys_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = ("2026-10-cd", "--person", "1013", "--apart", "-o", tmp_path / "a.pdf")
    assert sopaudit(monkeypatch, *words) == 0
    reader = PdfReader(tmp_path / "a.pdf")
    assert (len(reader.pages), dict(reader.attachments)) == (1, {})


def test_a_persons_page_is_an_annex_of_the_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = ("2026-10-cd", "--person", "1013", "-o", tmp_path / "a.html")
    assert sopaudit(monkeypatch, *words) == 0
    assert "个人检查记录" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ("--person", "9001"),
        ("--apart",),
        ("--persons", "--format", "json"),
        ("--persons", "--apart", "-o", "a.pdf"),
    ],
)
def test_pages_of_nobody_are_a_wrong_call(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    output = () if "-o" in words else ("-o", tmp_path)
    assert sopaudit(monkeypatch, "2026-10-cd", *words, *output) == stop.USAGE
    assert not list(tmp_path.iterdir())
    assert not (ROOT / "a.pdf").exists()


@pytest.mark.parametrize(
    ("lang", "told"),
    [("zh", "用 Edge 或 Chrome\n打开它"), ("en", "choose “Save as PDF” as printer")],
)
def test_without_pango_the_html_is_written_and_the_way_out_said(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    lang: str,
    told: str,
) -> None:
    def missing() -> None:
        raise pdf.PangoMissingError

    monkeypatch.setattr(pdf, "_press", missing)
    assert sopaudit(monkeypatch, "2026-10-cd", "-o", tmp_path / "a.pdf", "--lang", lang) == 0
    said = capsys.readouterr()
    assert said.out == f"{tmp_path / 'a.html'}\n"
    assert told in said.err
    assert max(map(width, said.err.splitlines())) <= 96
    assert (tmp_path / "a.html").read_bytes().startswith(b"<!DOCTYPE html>")


def test_a_character_no_font_has_prints_as_its_code_and_is_told_once_in_a_batch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text(
        "audit,item,result,note\nA,0100,no,李𪚥看板👍\nB,0100,no,李𪚥看板🙏犇㛃龘\n",
        encoding="utf-8",
    )
    mapping = "tables: [t]\naudit: audit\nchecklist: {always: COOK}\n"
    mapping += "answers: {item: item, result: result, note: note}\n"
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    words = ("A", "B", "--handbook", "tests/evidence/kitchen", "--mapping", tmp_path / "m.yaml")
    table = f"t={tmp_path / 't.csv'}"
    assert sopaudit(monkeypatch, *words, "--table", table, "-o", tmp_path / "out") == 0
    told = capsys.readouterr().err
    assert [told.count(f"□U+{code}") for code in ("2A6A5", "1F44D", "1F64F")] == [2, 2, 2]
    printed = "".join(page.extract_text() for page in PdfReader(tmp_path / "out/B.pdf").pages)
    assert "李□U+2A6A5看板□U+1F64F犇㛃龘" in printed.replace("\n", "")


@pytest.mark.parametrize("ids", [("con", "CON."), ("../x", "..\\x", "a/b")])
def test_ids_of_tables_become_names_that_every_system_takes(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    ids: tuple[str, ...],
) -> None:
    rows = "".join(f"{id_},0100,no\n" for id_ in ids)
    (tmp_path / "t.csv").write_text(f"audit,item,result\n{rows}", encoding="utf-8")
    mapping = "tables: [t]\naudit: audit\nchecklist: {always: COOK}\n"
    mapping += "answers: {item: item, result: result}\n"
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    kitchen = ("--handbook", "tests/evidence/kitchen", "--mapping", tmp_path / "m.yaml")
    table = ("--table", f"t={tmp_path / 't.csv'}")
    out = tmp_path / "out"
    words: list[str | Path] = [*ids, *kitchen, *table, "-o", out, "--format", "json"]
    assert sopaudit(monkeypatch, *words) == 0
    names = [path.name for path in out.iterdir()]
    assert capsys.readouterr().out.count("\n") == len(ids)
    assert len({name.casefold() for name in names}) == len(ids)
    assert all(portable(name) for name in names)


def test_a_report_that_is_open_elsewhere_goes_beside_it_and_the_others_are_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if target.name == "T001.json":
            raise PermissionError(13, "The process cannot access the file", str(target))
        return replace(self, target)

    (tmp_path / "T001.json").write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", held)
    words = ("T001", "T003", "--handbook", "examples/fhrs", "--table", TABLE)
    code = sopaudit(monkeypatch, *words, "-o", tmp_path, "--format", "json")
    said = capsys.readouterr()
    assert code == stop.PROBLEMS
    names = ("T001 (2).json", "T003.json")
    assert said.out.splitlines() == [str(tmp_path / name) for name in names]
    zh, en = said.err.splitlines()
    assert zh.startswith(f"请先关闭 {tmp_path / 'T001.json'}")
    assert zh.endswith("T001 (2).json。")
    assert en.startswith(f"Close {tmp_path / 'T001.json'} first")
    assert (tmp_path / "T001.json").read_bytes() == b"old"
    assert json.loads((tmp_path / "T001 (2).json").read_bytes())["audit"] == "T001"


@pytest.mark.parametrize(("lang", "word"), [("zh", "传阅"), ("en", "circulation")])
def test_a_copy_to_circulate_says_so_in_its_name_and_what_it_hid(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    lang: str,
    word: str,
) -> None:
    words = ("2026-10-cd", "--for", "circulation", "--format", "json", "--lang", lang)
    assert sopaudit(monkeypatch, *words, "-o", tmp_path / "out") == 0
    said = capsys.readouterr()
    made = tmp_path / "out" / f"2026-10-cd-{word}.json"
    assert said.out == f"{made}\n"
    assert {"zh": "姓名", "en": "name"}[lang] in said.err
    assert "罗建华" not in made.read_text(encoding="utf-8")
    assert "1004" in made.read_text(encoding="utf-8")


def test_an_audit_of_a_table_circulates_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = ("T001", "--handbook", "examples/fhrs", "--table", TABLE, "--for", "circulation")
    assert sopaudit(monkeypatch, *words, "-o", tmp_path / "out", "--format", "json") == 0
    (made,) = (tmp_path / "out").iterdir()
    assert json.loads(made.read_text(encoding="utf-8"))["report"]["named"] is False


def test_nobody_else_is_written_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sopaudit(monkeypatch, "2026-10-cd", "--for", "nobody") == stop.USAGE

"""`sopaudit explain`: codes, ids, words, and how a score came about."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sopaudit.cli import main, stop
from sopaudit.criteria import handbook
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.problems import Problem
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[2]
KING = (
    "--handbook",
    "examples/king-county",
    "--table",
    "inspections=tests/tables/king-county/inspections.csv",
    "--table",
    "findings=tests/tables/king-county/findings.csv",
)


@pytest.fixture(scope="module", autouse=True)
def _read_once() -> Iterator[None]:
    """Load each handbook once: it is the same for every word that is asked for."""

    @cache
    def known(folder: Path) -> tuple[Handbook | None, list[Problem]]:
        return load_handbook(folder)

    def loaded(folder: Path) -> tuple[Handbook | None, list[Problem]]:
        return known(folder.resolve())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handbook, "load_handbook", loaded)
        yield


def explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> str:
    """Explain `words` in this process and give what was said."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sys.argv", ["sopaudit", "explain", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("h020", "检查项"),
        ("coverage", "limited scope"),
        ("HTL", "热线"),
        ("HTL-02", "HTL-02-1"),
        ("HTL-03-4", "CK-HTL-D1"),
        ("HF-1", "HTL-03"),
        ("CK-HTL", "CK-HTL-V2"),
        ("CK-HTL-B1", "AC-01"),
        ("CK-BRANCH", "CK-COO 12"),
        ("AC-01", "calls"),
        ("AC-14", "late_by 10:00"),
        ("PR-19", "K-12"),
        ("K-05", "AC-07"),
        ("chargeable", "AC-16"),
        ("return_defective", "PR-18"),
        ("elapsed", "at_most: 2 working days"),
        ("rate", "AC-22"),
        ("post", "四舍五入"),
        ("dispatch_form", "customer_signature*  客户签字"),
        ("上门派工单", "OSE"),
        ("tickets", "warranty_status*"),
        ("price_list", "V01  2026-01-01 · 上门费（服务区内） · 上门费 · 50"),
        ("V02", "price: 100"),
        ("notebook", "months_parts: 24"),
        ("part_status", "to_test  待检"),
        ("送修单", "intake_form"),
        ("三包", "three_guarantees"),
        ("Repeat Repair", "repeat_repair"),
        ("F2", "F2.17"),
        ("F2.7", "30个工作分钟"),
        ("arrived", "F5.B1"),
    ],
)
def test_every_kind_of_word_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], word: str, said: str
) -> None:
    text = explained(monkeypatch, capsys, word)
    assert said in text
    assert max(map(width, text.splitlines())) <= COLUMNS


def test_a_word_that_means_several_things_is_told_with_all_of_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row, code = explained(monkeypatch, capsys, "AD02").split("\n\nAD02  ")
    assert "charge_at_least: 150" in row
    assert code.startswith("进液\n")
    assert "codes: damage" in code
    assert explained(monkeypatch, capsys, "other").count("sops/codes.yaml") > 1


def test_a_term_without_a_note_says_nothing_beside_what_has_its_id(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for word in ("HTL", "dispatch_form"):
        assert "glossary" not in explained(monkeypatch, capsys, word)
    assert "glossary" in explained(monkeypatch, capsys, "cross_check")
    doa = explained(monkeypatch, capsys, "doa")
    assert doa.index("sops/codes.yaml") < doa.index("sops/glossary.yaml")


def test_a_score_is_told_whole_by_checklist_and_by_item(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = explained(monkeypatch, capsys, "2026-10-cd")
    assert all(name in whole for name in ("CK-HTL  2026", "CK-COO  2026", "CK-BRANCH  2026"))
    one = explained(monkeypatch, capsys, "2026-10-cd", "CK-COO")
    assert one in whole
    assert "CK-HTL" not in one
    assert "8 ×（15 − 2）÷ 15" in explained(monkeypatch, capsys, "2026-10-cd", "CK-HTL-B2")
    assert "符合" in explained(monkeypatch, capsys, "2026-10-cd", "CK-HTL-V1")


def test_a_score_is_told_as_data_and_into_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = json.loads(explained(monkeypatch, capsys, "2026-10-cd", "--format", "json"))
    assert [score["checklist"] for score in told["scores"]] == ["CK-HTL", "CK-COO", "CK-BRANCH"]
    file = tmp_path / "why.json"
    said = explained(monkeypatch, capsys, "2026-10-cd", "CK-HTL-B2", "-o", str(file))
    assert said.strip() == file.as_posix()
    (one,) = json.loads(file.read_text(encoding="utf-8"))["scores"]
    assert one["items"] == [
        {
            "item": "CK-HTL-B2",
            "in_full": {"score": "92.4", "grade": "B"},
            "left_out": {"score": "91.6", "grade": "B"},
        }
    ]


def test_what_is_no_audit_has_no_proof(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sys.argv", ["sopaudit", "explain", "coverage", "--all"])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == stop.USAGE
    assert "There is no audit “coverage”" in capsys.readouterr().err


def test_a_console_that_lacks_the_lines_of_a_tree_gets_others() -> None:
    program = "from sopaudit.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "explain", "2026-10-cd", "CK-COO-D3", "--lang", "en"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert "|- Records" in done.stdout.decode("cp1252")


def test_what_was_not_cited_is_said_to_be_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = (ROOT / "tests/tables/king-county/inspections.csv").read_text(encoding="utf-8")
    audit = first.splitlines()[1].split(",")[0]
    assert "not cited" in explained(monkeypatch, capsys, audit, "4800", *KING)


def test_a_scheme_is_told_with_its_worked_cases(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = explained(monkeypatch, capsys, "gbt27922-style")
    assert "它不是认证" in told
    assert "算例" in told
    assert "94.99 分（满分 100），等级 四星（参照，非认证结果）" in told
    assert "records: 20 例中 3 例不合格" in told
    english = explained(monkeypatch, capsys, "post", "--lang", "en")
    assert "honest: no (confirmed)" in english
    assert "98.0 of 100, grade E Not acceptable, by the score alone A" in english
    for lang in ("zh", "en"):
        for word in ("vda63-style", "king-county"):
            lines = explained(monkeypatch, capsys, word, "--lang", lang).splitlines()
            assert max(map(width, lines)) <= COLUMNS


def test_an_unknown_word_names_what_may_be_meant(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sys.argv", ["sopaudit", "explain", "coverge"])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == stop.USAGE
    assert "Did you mean: coverage" in capsys.readouterr().err


def test_what_is_like_nothing_is_not_guessed_at(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sys.argv", ["sopaudit", "explain", "gibberish"])
    with pytest.raises(SystemExit):
        main.main()
    told = capsys.readouterr().err
    assert "“gibberish” is no problem code" in told
    assert "Did you mean" not in told


def test_of_a_few_all_are_named() -> None:
    told = stop.unknown("没有。", "None.", "2031", ["2026-07", "2026-10", "2026-10"]).message
    assert told == "没有。有的是：2026-07, 2026-10。\nNone. There is: 2026-07, 2026-10."


def test_a_console_that_lacks_a_sign_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "gbk")
    program = "from sopaudit.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "explain", "2026-10-cd"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert "等级 B 良好" in done.stdout.decode("gbk")


BY_PERSON = """\
audit,item,person,result,failed,checked
A1,0100,1001,yes,,
A1,0100,1003,partial,,
A1,0300,1001,,0,5
A1,0300,1003,,2,5
"""


def test_a_table_with_a_column_of_persons_tells_each_of_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "tests/evidence/kitchen", tmp_path, dirs_exist_ok=True)
    scheme = tmp_path / "checklists/schemes/words.yaml"
    scheme.write_text(scheme.read_text("utf-8") + "persons: worst\n", "utf-8")
    (tmp_path / "answers.csv").write_text(BY_PERSON, "utf-8")
    (tmp_path / "mapping.yaml").write_text(
        "tables: [answers]\naudit: audit\nchecklist: {always: COOK}\n"
        "answers: {item: item, result: result, failed: failed, checked: checked, person: person}\n"
    )
    table = ("--handbook", str(tmp_path), "--table", f"answers={tmp_path / 'answers.csv'}")
    text = explained(monkeypatch, capsys, "A1", *table, "--lang", "en")
    assert "Ann (1001): 0 of 5 cases fail" in text
    assert "Cid (1003): 2 of 5 cases fail" in text
    assert "2 persons, the worst counts: 2.5" in text
    assert "0300  " in text
    assert text.count("2 persons, the worst counts") == 2

"""A veto that waits for a second person is named wherever somebody could do something about it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.sheets.branch import branch, sopaudit, with_records

PHOTO = b"%PDF-1.4 a letter of complaint\n%%EOF\n"


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out the audit of Chengdu with two vetoes that failed; one of them is confirmed."""
    folder = with_records(branch(tmp_path_factory.mktemp("waiting")))
    (folder / "evidence").mkdir()
    (folder / "evidence/letter.pdf").write_bytes(PHOTO)
    path = folder / "answers/CK-HTL.json"
    record = json.loads(path.read_bytes())
    shown = {"file": "evidence/letter.pdf", "sha256": hashlib.sha256(PHOTO).hexdigest()}
    failed: dict[str, Any] = {"result": "no", "evidence": [shown]}
    for given in record["answers"]:
        if given["item"] == "CK-HTL-V1":
            given.update(failed, confirmed={"by": "9002"})
        if given["item"] == "CK-HTL-V2":
            given.update(failed)
    path.write_text(json.dumps(record), "utf-8")
    return folder


def test_an_import_names_the_vetoes_that_wait_and_no_other(audit: Path, tmp_path: Path) -> None:
    (tmp_path / "CK-HTL-A1_1.pdf").write_bytes(PHOTO + b"another")
    words = ("import", tmp_path / "CK-HTL-A1_1.pdf", "--into", audit)
    said = sopaudit(*words, "--lang", "en")
    (line,) = [one for one in said.split("\n\n") if "second person" in one]
    assert "CK-HTL-V2" in line
    assert "CK-HTL-V1" not in line
    assert "否决待第二人确认：CK-HTL-V2。" in sopaudit(*words, "--lang", "zh")


def test_the_report_tells_a_veto_that_waits_from_one_that_is_in_force(
    audit: Path, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    sopaudit("report", audit, "-o", path, "--lang", "en")
    page = " ".join(path.read_text("utf-8").split())
    assert page.count("Confirmed by") == 1
    assert page.count("holds by other items; this one is not yet confirmed") == 1
    assert "Not yet confirmed by a second person." not in page

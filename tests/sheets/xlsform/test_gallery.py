"""Every problem of exports has a sample that causes exactly it, and its text beside it.

A sample says what was answered to the form of the tiny workshop, and how the export was spoilt.
"""

import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sheets.xlsform.exports import Submission, central, filled, kobo_csv, kobo_json, short
from tests.sheets.xlsform.person import Typed
from tests.sheets.xlsform.world import ZONE, World, counting, formed, tiny

from sopaudit.problems import LANGUAGES
from sopaudit.sheets.xlsform.back import read

ERRORS = Path(__file__).parents[2] / "errors"
SAMPLES = sorted(folder.name for folder in ERRORS.glob("F04?"))


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Make the form of the workshop, which looks at cases in one of its items."""
    return formed(counting(tiny(), "CK-MEC-B1"), tmp_path_factory.mktemp("tiny"))


def exported(run: dict[str, Any], world: World) -> Path:
    """Write the export a sample describes into the current folder."""
    typed = Typed(run.get("values", {}), run.get("rows", {}))
    own = {key: run[key] for key in ("key", "state", "status") if key in run}
    sent = [Submission(filled(world.fields, typed), **own)]
    kind = run["export"]
    path = spoilt = Path(f"export.{kind}")
    if kind in ("zip", "folder"):
        central(path, world.fields, sent)
    elif kind == "json":
        kobo_json(path, sent)
    else:
        labels = run.get("labels", {})
        kobo_csv(path, world.fields, sent, lambda name: labels.get(short(name), short(name)))
    if kind == "folder":
        with zipfile.ZipFile(path) as box:
            box.extractall()
        path, spoilt = (Path(f"{world.fields.form}{end}.csv") for end in ("", "-sign"))
    text = spoilt.read_bytes()
    for old, new in run.get("replaced", {}).items():
        assert old.encode() in text
        text = text.replace(old.encode(), new.encode())
    if tail := run.get("broken_off"):
        text = text[: text.rindex(tail.encode())]
    spoilt.write_bytes(text)
    return path


@pytest.mark.parametrize("code", SAMPLES)
def test_a_sample_causes_exactly_its_own_problem(
    code: str,
    workshop: World,
    tmp_path: Path,
    golden: Callable[[Path, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    run = tomllib.loads((ERRORS / code / "run.toml").read_text("utf-8"))
    _, problems = read(exported(run, workshop), workshop.blank, ZONE)
    assert [problem.code for problem in problems] == [code]
    for lang in LANGUAGES:
        text = "".join(problem.text(lang) + "\n" for problem in problems)
        golden(ERRORS / code / f"expected.{lang}.txt", text)

"""The workflow for GitHub and the hooks for pre-commit: sound files, whose commands run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[1]
KITCHEN: Final = ROOT / "tests/evidence/kitchen"
SCHEME: Final = Path("checklists/schemes/words.yaml")
WORKFLOW: Final[dict[Any, Any]] = yaml.safe_load(
    (ROOT / "docs/ci/sopaudit.yml").read_text(encoding="utf-8")
)
HOOKS: Final[dict[str, dict[str, Any]]] = {
    hook["id"]: hook
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}
STEPS: Final[list[dict[str, Any]]] = WORKFLOW["jobs"]["handbook"]["steps"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a repository whose handbook gives a 30 a B; `sopaudit` is on the path."""
    shutil.copytree(KITCHEN, tmp_path / "book")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/sopaudit"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sopaudit "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path / "book")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    sheet = Path("checklists/cook.yaml")
    text = re.sub(r"question: ([^,\"]*\?)", r'question: "\1"', sheet.read_text(encoding="utf-8"))
    sheet.write_text(text, encoding="utf-8")
    with SCHEME.open("a", encoding="utf-8") as scheme:
        scheme.write("grades: [{grade: B, at_least: 30}, {grade: C}]\n")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        person = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *person, *words], check=True, capture_output=True)
    return tmp_path


def change(old: str, new: str) -> None:
    text = SCHEME.read_text(encoding="utf-8")
    assert old in text
    SCHEME.write_text(text.replace(old, new), encoding="utf-8")


def commands() -> dict[str, str]:
    """Give the commands of ours in the workflow, by the name of their step."""
    return {
        step["name"]: step["run"] for step in STEPS if "run" in step and "pipx" not in step["run"]
    }


def ran(command: str, **env: str) -> tuple[int, str]:
    """Run a step as GitHub does."""
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", command],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_workflow_is_one_github_takes_and_may_only_read() -> None:
    # YAML 1.1 reads the key `on` as true, which GitHub does not.
    assert set(WORKFLOW[True]) == {"pull_request"}
    assert WORKFLOW["permissions"] == {"contents": "read"}
    checkout = STEPS[0]
    assert checkout["uses"].startswith("actions/checkout@v")
    assert checkout["with"]["fetch-depth"] == 0
    assert all(("uses" in step) != ("run" in step) for step in STEPS)
    # What a pull request says goes into the environment, never into the text of a command.
    assert not any("${{" in step.get("run", "") for step in STEPS)
    assert list(commands()) == [
        "Check the handbook",
        "Replay past audits under the proposed edition",
    ]


def test_its_commands_mark_mistakes_and_write_the_summary(desk: Path) -> None:
    check, replay = commands().values()
    summary = desk / "summary.md"
    env = {"BASE": "HEAD", "GITHUB_STEP_SUMMARY": str(summary)}
    assert ran(check, **env) == (0, "")
    change("at_least: 30", "at_least: 31")
    assert ran(replay, **env)[0] == 0
    told = summary.read_text(encoding="utf-8")
    assert "The audit would be graded otherwise: 2026-10-n1 COOK 30 B → 30 C" in told
    shutil.rmtree("audits")
    assert ran(f"{replay} --fail-on grade", **env) == (0, "")
    change("at_least: 31", "at_least: much")
    code, out = ran(check, **env)
    assert code == 1
    assert out.startswith(f"::error file={SCHEME.as_posix()},line=")


def test_the_hooks_have_what_pre_commit_asks_for_and_pick_the_files_of_a_handbook() -> None:
    assert set(HOOKS) == {"sopaudit-check", "sopaudit-editions"}
    for hook in HOOKS.values():
        assert {"id", "name", "entry", "language", "files"} <= set(hook)
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False
        for name in ("sopaudit.yaml", "book/sops/posts/a.yaml", "checklists/schemes/s.yml"):
            assert re.search(hook["files"], name)
        for name in ("mkdocs.yaml", "README.md", "my-sopaudit.yaml", "checklists/a.yaml.bak"):
            assert not re.search(hook["files"], name)


def test_the_hooks_let_a_sound_handbook_pass_and_stop_another(desk: Path) -> None:
    check, editions = (hook["entry"] for hook in HOOKS.values())
    assert ran(f"{check} && {editions}")[0] == 0
    change("at_least: 30", "at_least: 31")
    assert ran(editions)[0] == 1
    change("roll_up: percent", "roll_up: percents")
    assert ran(check)[0] == 1
    assert desk.is_dir()


def test_the_document_names_both_files_and_every_hook() -> None:
    text = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    assert "(ci/sopaudit.yml)" in text
    assert all(f"- id: {hook}" in text for hook in HOOKS)
    for command in commands().values():
        assert command.partition(" >>")[0] in text

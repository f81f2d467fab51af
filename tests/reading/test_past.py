"""The files of a handbook at earlier commits."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sopaudit.reading import past
from sopaudit.reading.past import Past

Commit = Callable[[dict[str, str]], str]


@pytest.fixture
def commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commit:
    """Make a repository whose handbook stands in a folder `book`; give what commits to it."""
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{name}_NAME", "a")
        monkeypatch.setenv(f"{name}_EMAIL", "a@example.org")
        monkeypatch.setenv(f"{name}_DATE", "2026-03-01T12:00:00Z")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=tmp_path, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    git("init", "-q", "-b", "main")
    (tmp_path / "book").mkdir()

    def committed(files: dict[str, str]) -> str:
        for name, text in files.items():
            path = tmp_path / "book" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        git("add", "-A")
        git("commit", "-q", "-m", "x")
        return git("rev-parse", "HEAD")

    return committed


def test_a_revision_gives_the_yaml_files_as_they_were(tmp_path: Path, commit: Commit) -> None:
    files = {"sopaudit.yaml": "a: 1\n", "sops/posts/岗位.yaml": "b: 1\n", "sops/notes.txt": "x"}
    first = commit(files)
    commit({"sopaudit.yaml": "a: 2\n"})
    book = Past(tmp_path / "book")
    assert book.at(first) == {"sopaudit.yaml": b"a: 1\n", "sops/posts/岗位.yaml": b"b: 1\n"}
    assert book.at("HEAD~1") == book.at(first)
    assert (book.at("main") or {})["sopaudit.yaml"] == b"a: 2\n"


@pytest.mark.parametrize("word", ["", "nothing", "HEAD\nHEAD", "HEAD:book", "--all", "HEAD\0"])
def test_a_word_that_is_no_revision_gives_nothing(
    tmp_path: Path, commit: Commit, word: str
) -> None:
    commit({"sopaudit.yaml": "a: 1\n"})
    assert Past(tmp_path / "book").at(word) is None


def test_without_a_repository_there_are_no_revisions(tmp_path: Path) -> None:
    assert Past(tmp_path).at("HEAD") is None
    assert Past(tmp_path).commits() == []


def test_versions_come_newest_first_each_once_and_after_them_what_audits_froze(
    tmp_path: Path, commit: Commit
) -> None:
    commit({"sopaudit.yaml": "a: 1\n", "sops/parts.yaml": "p: 1\n"})
    last = commit({"sopaudit.yaml": "a: 2\n"})
    commit({"README": "not the handbook\n"})
    audit = tmp_path / "book/audits/x"
    (audit / "frozen").mkdir(parents=True)
    (audit / "audit.yaml").write_text("id: x\n", encoding="utf-8")
    (audit / "frozen/sopaudit.yaml").write_text("a: 0\n", encoding="utf-8")
    found = list(Past(tmp_path / "book").versions(["sopaudit.yaml", "sops/parts.yaml"]))
    raws = [one.raw for one in found if one.name == "sopaudit.yaml"]
    assert raws == [b"a: 2\n", b"a: 1\n", b"a: 0\n"]
    assert [one.raw for one in found if one.name == "sops/parts.yaml"] == [b"p: 1\n"]
    assert found[0].where == f"git {last[:7]} 2026-03-01"
    assert found[-1].where == "audits/x/frozen"


def test_only_the_last_commits_are_looked_into(
    tmp_path: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        commit({"sopaudit.yaml": f"a: {n}\n"})
    monkeypatch.setattr(past, "COMMITS", 2)
    found = Past(tmp_path / "book").versions(["sopaudit.yaml"])
    assert [one.raw for one in found] == [b"a: 2\n", b"a: 1\n"]


def test_the_settings_of_a_repository_start_no_program(tmp_path: Path, commit: Commit) -> None:
    """A repository from elsewhere may name programs for signatures, filters and its watcher."""
    first = commit({"sopaudit.yaml": "a: 1\n"})
    git = ["git", "-C", str(tmp_path)]
    plain = subprocess.check_output([*git, "cat-file", "commit", first]).decode()
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n\n"
    signed = subprocess.check_output(
        [*git, "hash-object", "-t", "commit", "-w", "--stdin"],
        input=plain.replace("\n\n", "\n" + signature, 1).encode(),
    )
    subprocess.run([*git, "update-ref", "HEAD", signed.decode().strip()], check=True)
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\n", encoding="utf-8")
    trap.chmod(0o755)
    with (tmp_path / ".git/config").open("a", encoding="utf-8") as settings:
        settings.write(
            f"[core]\nfsmonitor = {trap}\npager = {trap}\n[log]\nshowSignature = true\n"
            f'[gpg]\nprogram = {trap}\n[filter "x"]\nsmudge = {trap}\nclean = {trap}\n'
        )
    (tmp_path / ".gitattributes").write_text("* filter=x\n", encoding="utf-8")
    book = Past(tmp_path / "book")
    assert book.at("HEAD") is not None
    assert list(book.versions(["sopaudit.yaml"]))
    assert list(book.files(["sopaudit.yaml"]))
    assert not sprung.exists()

"""The files of a handbook as they were: as last committed to git, and as audits keep them frozen.

Git is asked for the content of files by name, for their names at a commit, and for the commits that
touched them, and for nothing else: it then runs no program that a foreign repository may name.
Where there is no git, no repository, or no answer, there is no past.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

PATIENCE: Final = 3.0
"""Seconds git is waited for."""

LONG_PATIENCE: Final = 30.0
"""Seconds it is waited for where somebody asked for the past."""

COMMITS: Final = 200
"""So many commits are looked into, the newest."""

PLACES: Final = ("sopaudit.yaml", "sops", "checklists")
"""Where the files of a handbook are."""

FROZEN: Final = "frozen"
"""The folder of an audit that keeps the handbook as it was."""


@dataclass(frozen=True)
class Earlier:
    """A file of the handbook as it was."""

    name: str
    """Its path inside the handbook."""

    raw: bytes

    where: str
    """Such as `git` or `audits/2026-10-cd/frozen`."""


@dataclass(frozen=True)
class Past:
    """What was, for the handbook in `folder`."""

    folder: Path

    def files(self, names: Sequence[str]) -> Iterator[Earlier]:
        """Give files as they were: of `names` what git has, and whatever audits have frozen."""
        yield from self._committed(names)
        yield from self.frozen()

    def frozen(self) -> Iterator[Earlier]:
        """Give files as audits have frozen them."""
        for audit in self._audits:
            frozen = audit / FROZEN
            for path in sorted(frozen.rglob("*.yaml")):
                where = frozen.relative_to(self.folder).as_posix()
                yield Earlier(path.relative_to(frozen).as_posix(), _bytes(path), where)

    def versions(self, names: Sequence[str]) -> Iterator[Earlier]:
        """Give files as they were at each of the last `COMMITS` commits, and as audits froze them.

        The newest come first; a file that did not change between two commits is given once.
        """
        here = self.folder.resolve()
        known: set[bytes] = set()
        for commit, day in self.commits():
            asked = [f"{commit}:./{name}" for name in names]
            new = []
            answer = _asked(here, "--batch-check", asked, LONG_PATIENCE).splitlines()
            for word, line in zip(asked, answer, strict=False):
                blob, *kind = line.split()
                if kind[:1] == [b"blob"] and blob not in known:
                    known.add(blob)
                    new.append(word)
            for word, raw in _contents(here, new, LONG_PATIENCE) if new else ():
                yield Earlier(word.partition(":./")[2], raw, f"git {commit[:7]} {day}")
        yield from self.frozen()

    def commits(self) -> list[tuple[str, str]]:
        """List the last commits that touched the handbook, the newest first, and their days."""
        here = self.folder.resolve()
        if not _in_repository(here):
            return []
        words = ("rev-list", "--timestamp", f"--max-count={COMMITS}", "HEAD", "--", *PLACES)
        lines = _git(here, words, b"", LONG_PATIENCE).decode().split("\n")
        pairs = [line.split() for line in lines if line]
        return [(commit, str(datetime.fromtimestamp(int(at), UTC).date())) for at, commit in pairs]

    def at(self, word: str) -> dict[str, bytes] | None:
        """Give the YAML files of the handbook at a commit, tag or branch; None for no such."""
        here = self.folder.resolve()
        if not _in_repository(here) or not word or set(word) & set("\n\0"):
            return None
        answer = _asked(here, "--batch-check", [f"{word}^{{commit}}"], LONG_PATIENCE).split()
        if answer[1:2] != [b"commit"]:
            return None
        commit = answer[0].decode()
        words = ("ls-tree", "-r", "-z", "--name-only", commit, "--", *PLACES)
        listed = _git(here, words, b"", LONG_PATIENCE).decode(errors="surrogateescape")
        names = [name for name in listed.split("\0") if name.lower().endswith(".yaml")]
        asked = [f"{commit}:./{name}" for name in names if "\n" not in name]
        found = _contents(here, asked, LONG_PATIENCE)
        return {name.partition(":./")[2]: raw for name, raw in found}

    def history(self, names: Sequence[str]) -> Iterator[tuple[str, dict[str, bytes]]]:
        """Give whole sets of files at each of the last `COMMITS` commits, the newest first.

        A set has a file only where the commit has it; equal contents are one object.
        """
        here = self.folder.resolve()
        commits = [commit for commit, _ in self.commits()]
        asked = [f"{commit}:./{name}" for commit in commits for name in names]
        answer = _asked(here, "--batch-check", asked, LONG_PATIENCE).splitlines()
        blobs: dict[str, bytes] = {}
        for word, line in zip(asked, answer, strict=False):
            blob, *kind = line.split()
            if kind[:1] == [b"blob"]:
                blobs[word] = blob
        wanted = {blob: word for word, blob in blobs.items()}
        raws = dict(_contents(here, [*wanted.values()], LONG_PATIENCE)) if wanted else {}
        for commit in commits:
            words = {name: f"{commit}:./{name}" for name in names}
            held = {name: wanted[blobs[w]] for name, w in words.items() if w in blobs}
            yield commit, {name: raws[w] for name, w in held.items() if w in raws}

    def one(self, word: str, name: str) -> bytes | None:
        """Give one file of the handbook at a commit, tag or branch; None where it has none."""
        if set(word + name) & set("\n\0"):
            return None
        found = _contents(self.folder.resolve(), [f"{word}:./{name}"], LONG_PATIENCE)
        return next((raw for _, raw in found), None)

    def naming(self, word: str) -> list[str]:
        """List the audits whose answers records name `word`."""
        quoted = f'"{word}"'.encode()
        return [
            audit.relative_to(self.folder).as_posix()
            for audit in self._audits
            if any(quoted in _bytes(path) for path in audit.glob("answers/*.json"))
        ]

    @cached_property
    def _audits(self) -> list[Path]:
        return sorted(path.parent for path in self.folder.glob("audits/*/audit.yaml"))

    def _committed(self, names: Sequence[str]) -> Iterator[Earlier]:
        here = self.folder.resolve()
        if not _in_repository(here):
            return
        asked = [f"HEAD:./{name}" for name in names]
        for name, raw in _contents(here, asked, PATIENCE):
            yield Earlier(name.removeprefix("HEAD:./"), raw, "git")


def _in_repository(folder: Path) -> bool:
    return any((place / ".git").exists() for place in (folder, *folder.parents))


def _bytes(path: Path) -> bytes:
    """Read a file; one that cannot be read says nothing of the past."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _contents(folder: Path, asked: Sequence[str], patience: float) -> Iterator[tuple[str, bytes]]:
    """Give what git has under each of the names asked for; what it has not is passed over."""
    answer = _asked(folder, "--batch", asked, patience)
    at = 0
    for name in asked:
        end = answer.find(b"\n", at)
        parts = answer[at : max(end, at)].split()
        at = end + 1
        if len(parts) != 3 or parts[1] != b"blob":  # noqa: PLR2004 -- name, kind, size
            continue
        size = int(parts[2])
        yield name, answer[at : at + size]
        at += size + 1


def _asked(folder: Path, how: str, asked: Sequence[str], patience: float) -> bytes:
    lines = "".join(f"{word}\n" for word in asked).encode(errors="surrogateescape")
    return _git(folder, ("cat-file", how), lines, patience)


def _git(folder: Path, words: Sequence[str], asked: bytes, patience: float) -> bytes:
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 -- git, with words of our own
            ["git", *words],  # noqa: S607 -- the git a person uses
            cwd=folder,
            input=asked,
            capture_output=True,
            timeout=patience,
            check=False,
            # What a partial copy lacks would be fetched by a program its settings name.
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout

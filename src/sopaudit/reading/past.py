"""The files of a handbook as they were: as last committed to git, and as audits keep them frozen.

Git is asked for the content of files by name and for nothing else: it then runs no program that a
foreign repository may name. Where there is no git, no repository, or no answer, there is no past.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

PATIENCE: Final = 3.0
"""Seconds git is waited for."""

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
        for audit in self._audits:
            frozen = audit / FROZEN
            for path in sorted(frozen.rglob("*.yaml")):
                where = frozen.relative_to(self.folder).as_posix()
                yield Earlier(path.relative_to(frozen).as_posix(), _bytes(path), where)

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
        if not any((folder / ".git").exists() for folder in (here, *here.parents)):
            return
        asked = "".join(f"HEAD:./{name}\n" for name in names)
        answer = _git(here, asked.encode())
        for name in names:
            head, _, rest = answer.partition(b"\n")
            parts = head.split()
            if len(parts) != 3 or parts[1] != b"blob":  # noqa: PLR2004 -- name, kind, size
                answer = rest
                continue
            size = int(parts[2])
            yield Earlier(name, rest[:size], "git")
            answer = rest[size + 1 :]


def _bytes(path: Path) -> bytes:
    """Read a file; one that cannot be read says nothing of the past."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _git(folder: Path, asked: bytes) -> bytes:
    import subprocess

    try:
        done = subprocess.run(
            ["git", "cat-file", "--batch"],  # noqa: S607 -- the git a person uses
            cwd=folder,
            input=asked,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout

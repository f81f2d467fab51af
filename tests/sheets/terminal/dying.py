"""A machine whose power fails before, in the middle of or after any one thing done to files.

Once it is dead nothing is written any more, whatever `finally` has in mind; only the system closes
what was open, which lets go of the lock.
"""
# ruff: noqa: ANN401 -- it stands in for calls of any shape

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest


class PowerCut(BaseException):
    """It went dark."""


@dataclass
class Machine:
    """Counts what is done to the files of one folder, and dies at one of its moments."""

    folder: Path
    patch: pytest.MonkeyPatch
    dies: int = -1
    """The moment it dies at; never where it is negative."""

    moments: list[str] = field(default_factory=list)
    dead: bool = False
    mine: set[int] = field(default_factory=set)

    def __enter__(self) -> Self:
        for name in ("rename", "replace", "unlink", "mkdir"):
            self._named(name)
        self._open()
        for name in ("fsync", "ftruncate"):
            self._numbered(name, quietly=name == "fsync")
        self._write()
        self._path_open()
        return self

    def __exit__(self, *_: object) -> None:
        self.patch.undo()

    def moment(self, what: str) -> None:
        """Live through a moment, or die in it."""
        if self.dead or len(self.moments) == self.dies:
            self.dead = True
            raise PowerCut(what)
        self.moments.append(what)

    def _inside(self, path: object) -> bool:
        return isinstance(path, (str, os.PathLike)) and str(path).startswith(str(self.folder))

    def _named(self, name: str) -> None:
        real: Callable[..., Any] = getattr(os, name)

        def called(path: Any, *rest: Any, **named: Any) -> Any:
            if not self._inside(path):
                return real(path, *rest, **named)
            self.moment(f"before {name}")
            done = real(path, *rest, **named)
            self.moment(f"after {name}")
            return done

        self.patch.setattr(os, name, called)

    def _open(self) -> None:
        real = os.open

        def called(path: Any, *rest: Any, **named: Any) -> int:
            if not self._inside(path):
                return real(path, *rest, **named)
            self.moment("before open")
            number = real(path, *rest, **named)
            self.mine.add(number)
            try:
                self.moment("after open")
            except PowerCut:
                os.close(number)
                raise
            return number

        self.patch.setattr(os, "open", called)

    def _numbered(self, name: str, *, quietly: bool) -> None:
        real: Callable[..., Any] = getattr(os, name)

        def called(number: int, *rest: Any) -> Any:
            if number not in self.mine:
                return real(number, *rest)
            self.moment(f"before {name}")
            # A test need not wait for the disk.
            done = None if quietly else real(number, *rest)
            self.moment(f"after {name}")
            return done

        self.patch.setattr(os, name, called)

    def _write(self) -> None:
        real = os.write

        def called(number: int, content: bytes) -> int:
            if number not in self.mine:
                return real(number, content)
            self.moment("before write")
            half = len(content) // 2
            real(number, content[:half])
            self.moment("half written")
            real(number, content[half:])
            self.moment("after write")
            return len(content)

        self.patch.setattr(os, "write", called)

    def _path_open(self) -> None:
        real = Path.open

        def called(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
            writing = set(mode) & set("wxa") and self._inside(path)
            if not writing:
                return real(path, mode, *rest, **named)
            self.moment("before opening")
            opened = real(path, mode, *rest, **named)
            try:
                self.moment("after opening")
            except PowerCut:
                opened.close()
                raise
            return opened

        self.patch.setattr(Path, "open", called)

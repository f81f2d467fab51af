"""A disk that fails, or a program that is killed, at a chosen operation on a file.

Run as a script it kills itself for good: `python killing.py FOLDER`, an audit folder whose every
copy is brought into by a child that is killed at another operation.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tests.sheets.counter import Desk, opened, shot, snapshot

from sopaudit import file
from sopaudit.evidence import transaction
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.transaction import JOURNAL, settle
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.intake.bringing import bring

COUNTED: Final = ("open", "write", "fsync", "replace", "rename", "unlink", "mkdir", "rmdir")


class KilledError(BaseException):
    """The program is no more; nothing it would still do is done."""


class Disk:
    """Stands in for `os`: counts what touches files, and ends at the operation of a number.

    With `after` that operation is done first, and of a write the first half. Once it has ended no
    operation does anything, as after a kill.
    """

    def __init__(self, at: int, end: Callable[[], Any], *, after: bool) -> None:
        self.at = at
        self.end = end
        self.after = after
        self.done: list[str] = []
        self.over = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever `os` has
        real = getattr(os, name)
        if name not in COUNTED:
            return real

        def counted(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- as the real one
            if self.over:
                raise KilledError
            self.done.append(name)
            if len(self.done) != self.at:
                return real(*args, **kwargs)
            if self.after:
                half = (args[0], args[1][: len(args[1]) // 2]) if name == "write" else args
                with suppress(OSError):
                    real(*half, **kwargs)
            self.over = True
            return self.end()

        return counted


def in_memory(number: int) -> None:
    """Stand in for `os.fsync`: what a killed program has written is there without it."""
    del number


def killed() -> None:
    raise KilledError


def sheets(folder: AuditFolder) -> list[Filled]:
    """Fill two sheets that change what is there, with three photos and a signature."""
    desk = Desk(folder)
    lines = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L9 9"/></svg>'
    shots = (
        shot("0100_1.jpg", item="0100"),
        shot("0200_1.jpg", item="0200"),
        shot("0200_2.jpg", item="0200"),
        shot("auditee.svg", lines, signed=("auditee", "1001")),
    )
    return [
        desk.filled("cook.xlsx", {"item": "0100", "result": "no", "note": "both"}, shots=shots),
        desk.filled("phone.zip", {"item": "SPEED", "value": "5"}, channel="html"),
    ]


def at_home(folder: AuditFolder, home: Path) -> AuditFolder:
    """Give an audit as if it lay in another folder."""
    return replace(folder, folder=home)


def whole(folder: Path) -> dict[str, bytes]:
    """Give the files of an audit without what waits in the journal."""
    return {name: text for name, text in snapshot(folder).items() if not name.startswith(JOURNAL)}


def _killed_for_good(audit: Path) -> int:
    """Kill a child at every operation; give how many there were."""
    folder = opened(audit)
    filled = sheets(folder)
    before = snapshot(audit)
    after = _brought(folder, filled, audit, 0)
    for at in range(1, 1000):
        home = audit.with_name(f"k{at}")
        shutil.copytree(audit, home)
        if not os.fork():
            disk = Disk(at, lambda: os.kill(os.getpid(), signal.SIGKILL), after=at % 2 == 1)
            vars(transaction)["os"] = vars(file)["os"] = disk
            bring(at_home(folder, home), filled, replace=True)
            os._exit(0)
        _, status = os.wait()
        settle(home)
        assert snapshot(home) in (before, after), at
        assert not (home / JOURNAL).exists(), at
        shutil.rmtree(home)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            return at - 1
    return 0


def _brought(folder: AuditFolder, filled: list[Filled], audit: Path, n: int) -> dict[str, bytes]:
    home = audit.with_name(f"w{n}")
    shutil.copytree(audit, home)
    bring(at_home(folder, home), filled, replace=True)
    return snapshot(home)


if __name__ == "__main__":
    os.fsync = in_memory  # type: ignore[assignment]
    sys.stdout.write(str(_killed_for_good(Path(sys.argv[1]))))

"""A real pseudo-terminal with `sopaudit fill` in it, and somebody in front of it."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[3]

_AGAIN = 20
"""Seconds after which somebody presses a key again that did nothing."""

_STEERING = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")
_PROMPT = re.compile(r"(?:^|[\r\n])> $")


class Seat:
    """A program in a terminal of 80 columns and 24 lines."""

    def __init__(self, *words: str, env: Mapping[str, str] | None = None) -> None:
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            # Tests started in the background ignore Ctrl-C; what stands in a terminal does not.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            kept = {name: said for name, said in os.environ.items() if name != "NO_COLOR"}
            told = {**kept, "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm", **(env or {})}
            os.execve(sys.executable, [sys.executable, "-m", "sopaudit", *words], told)  # noqa: S606
        self.size(24, 80)
        self.raw = ""
        self.ended = False

    def size(self, lines: int, columns: int) -> None:
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def screen(self) -> str:
        """Wait for the next question, or the end; give what was shown until then."""
        content = b""
        late = time.monotonic() + PATIENCE
        while time.monotonic() < late:
            piece = self._piece()
            if piece is None:
                continue
            content += piece
            text = content.decode(errors="replace")
            plain = _STEERING.sub("", text)
            if not piece:
                self.ended = True
            if self.ended or _PROMPT.search(plain):
                self.raw += text
                return plain.replace("\r\n", "\n")
        raise TimeoutError(content.decode(errors="replace"))

    def _piece(self) -> bytes | None:
        """Take what is shown next, nothing once the program has ended; None while it is silent."""
        if not select.select([self.file], [], [], 0.1)[0]:
            return None
        try:
            return os.read(self.file, 1 << 16)
        except OSError:  # so Linux says that the other end has gone
            return b""

    def type(self, text: str) -> None:
        os.write(self.file, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C until it ends: Python's line editing takes no signal in some moments."""
        late = time.monotonic() + PATIENCE
        while time.monotonic() < late:
            self.type("\x03")
            if self._ends_within(_AGAIN):
                return
        raise TimeoutError

    def _ends_within(self, seconds: float) -> bool:
        late = time.monotonic() + seconds
        while time.monotonic() < late:
            piece = self._piece()
            if piece is None:
                continue
            self.raw += piece.decode(errors="replace")
            if not piece:
                self.ended = True
                return True
        return False

    def kill(self, number: int = signal.SIGKILL) -> None:
        os.kill(self.pid, number)

    def code(self) -> int:
        """Wait for the end, and give the exit code; of a signal its number below zero."""
        while not self.ended:
            self.screen()
        _, status = os.waitpid(self.pid, 0)
        os.close(self.file)
        return os.waitstatus_to_exitcode(status)

"""Somebody at a terminal: single keys without Enter, lines with it, soft colours; or a script.

Where standard input is no terminal every answer is a line, and what it was taken for is printed.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sopaudit.sheets.terminal.asking import Question
    from sopaudit.sheets.terminal.lines import Role, Shown

PROMPT: Final = "> "
_SOFT: "Final[dict[Role, str]]" = {
    "rule": "2",
    "head": "36",
    "item": "1",
    "note": "2",
    "keys": "2",
    "warn": "33",
    "good": "32",
}
_ESCAPE: Final = "\x1b"
_END: Final = "\x04"
_DELETE: Final = ("\x7f", "\b")
_ENTER: Final = ("\r", "\n")


class Keyboard:
    """A person at this terminal."""

    def __init__(self) -> None:
        self.there = sys.stdin.isatty() and sys.stdout.isatty()
        dumb = os.environ.get("TERM") == "dumb"
        self.coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ and not dumb
        self._slow: Callable[[], None] = _nothing
        self._quick: Callable[[], None] = _nothing

    def show(self, lines: "Sequence[Shown]") -> None:
        """Print lines; what could steer a terminal was never let in."""
        for line in lines:
            text = "".join(sign if sign.isprintable() else " " for sign in line.text)
            color = _SOFT.get(line.role) if self.coloured and text else None
            print(f"\x1b[{color}m{text}\x1b[0m" if color else text)

    def ask(self, asked: "Question") -> str | None:
        """Wait for an answer; None where no more will come."""
        if self.there and asked.kind == "line":
            return self._line()
        print(PROMPT, end="", flush=True)
        if not self.there:
            line = sys.stdin.readline()
            return line.rstrip("\r\n") if line else None
        key = _key()
        if key == _END:
            return None
        if asked.number and key.isdecimal():
            return _number(key)
        return "" if key in _ENTER else key

    def echo(self, asked: "Question", text: str) -> None:
        """Show what a key was taken for; a line a person typed, or a number, stands there."""
        typed = self.there and (asked.kind == "line" or (text[:1].isdecimal() and asked.number))
        if not typed:
            print("".join(sign if sign.isprintable() else " " for sign in text))

    def _line(self) -> str | None:
        """Read a line with the editing of the system: it knows wide characters and pasted paths."""
        with suppress(ImportError):
            import readline  # noqa: F401 -- input() uses it once it is there
        self._slow()
        try:
            sys.stdout.flush()
            return input(PROMPT)
        except EOFError:
            return None
        finally:
            self._quick()

    @contextmanager
    def quick(self) -> Iterator[None]:
        """Let single keys arrive at once, and put the terminal back however it ends."""
        if not self.there or os.name == "nt":
            yield
            return
        import termios
        import tty

        number = sys.stdin.fileno()
        usual = termios.tcgetattr(number)

        def slow() -> None:
            termios.tcsetattr(number, termios.TCSADRAIN, usual)

        def quick() -> None:
            # What was typed ahead is kept.
            tty.setcbreak(number, termios.TCSADRAIN)

        self._slow, self._quick = slow, quick
        try:
            quick()
            yield
        finally:
            slow()
            self._slow = self._quick = _nothing


def _nothing() -> None:
    pass


def _number(first: str) -> str:
    """Read the rest of a number up to Enter."""
    text = first
    print(first, end="", flush=True)
    while (key := _key()) not in (*_ENTER, _END):
        if key in _DELETE and text:
            text = text[:-1]
            print("\b \b", end="", flush=True)
        elif key.isdecimal() or key in ".-/":
            text += key
            print(key, end="", flush=True)
    print()
    return text


if sys.platform == "win32":

    def _key() -> str:
        import msvcrt

        key = msvcrt.getwch()
        if key == "\x03":
            raise KeyboardInterrupt
        if key in ("\0", "\xe0"):
            msvcrt.getwch()  # an arrow or function key: it has no meaning here
            return _key()
        return _END if key == "\x1a" else key

else:

    def _key() -> str:
        """Read one character, whole however many bytes it has; keys without one are passed over."""
        import select

        number = sys.stdin.fileno()
        first = os.read(number, 1)
        if not first:
            return _END
        if first == _ESCAPE.encode():
            # `ESC [ 1 ; 2 A` or `ESC O P` is one key; what follows it is the next.
            byte = os.read(number, 1) if select.select([number], [], [], 0.02)[0] else b""
            if byte in (b"[", b"O"):
                byte = os.read(number, 1)
                while byte and not b"@" <= byte <= b"~":
                    byte = os.read(number, 1)
            return _key()
        content = first
        for size, least in ((4, 0xF0), (3, 0xE0), (2, 0xC0)):
            if first[0] >= least:
                content += b"".join(os.read(number, 1) for _ in range(size - 1))
                break
        return content.decode(errors="replace")

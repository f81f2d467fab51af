"""Where the program starts, and the one place that turns what happened into an exit code.

0 clean, 1 problems in files or a file the system refused, 2 the command line was wrong, 3 a bug in
sopaudit; 130, 141 and 143 as a shell says of a program that Ctrl-C, a closed pipe or `kill` ended.
"""

import errno
import gc
import io
import os
import signal
import sys
from pathlib import Path
from typing import Final, TextIO

from sopaudit.cli.stop import BUG, CLEAN, CLOSED, INTERRUPTED, TERMINATED, Stop, refused

_NOBODY_READS: Final = {errno.EPIPE, *([errno.EINVAL] if os.name == "nt" else [])}
"""What the system says of a pipe whose other end has gone; Windows has no better word for it."""

_WHOLE: Final = (
    "\n已中断；写完的文件都是完整的，没有写完的没有留下。"
    "\nInterrupted; files that were written are whole, and nothing half done was left."
)


def main() -> None:
    """Run the command line of `sys.argv` and exit."""
    code = _code()
    # The system takes all memory back; Python would look through it for cycles once more.
    gc.freeze()
    sys.exit(code)


def _code() -> int:
    """Run the command line, see that what it said arrives, and give the exit code."""
    # A window without a console has no streams; what is said there goes nowhere.
    sys.stdout, sys.stderr = (stream or _nowhere() for stream in (sys.stdout, sys.stderr))
    output = sys.stdout
    # A Chinese Windows writes GBK into files and pipes, which lacks some signs; `?` beats a stop.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = _outcome()
        # Typer takes a reader that has gone for a mistake, and puts a silent stream here.
        closed = sys.stdout is not output
        output.flush()
    except OSError as error:
        return _refused(error)
    return CLOSED if closed else code


def _outcome() -> int:
    """Run the command line; however it ends, it becomes an exit code and words for people."""
    try:
        signal.signal(signal.SIGTERM, _terminated)
        return _command(sys.argv[1:])
    except Stop as stop:
        from sopaudit.terminal import harmless

        # It may name a file as its sender called it.
        _say(harmless(stop.message))
        return stop.code
    except KeyboardInterrupt:
        _say(_WHOLE)
        return INTERRUPTED
    except OSError:
        raise
    except Exception:  # noqa: BLE001 -- this is where the unexpected is told
        import traceback

        _say(
            f"{traceback.format_exc()}\n"
            "这是 sopaudit 的缺陷，不是您的文件的问题；请把上面的内容发给开发者。\n"
            "This is a bug in sopaudit, not in your files; "
            "please send the lines above to its makers."
        )
        return BUG


def _command(words: list[str]) -> int:
    if words in (["--version"], ["-V"]):
        # Answered before typer is imported: 9 ms instead of 100.
        from sopaudit import __version__

        print(f"sopaudit {__version__}")
        return CLEAN
    from sopaudit.cli.plugins import without_plugins

    without_plugins()
    if words in (["check"], ["check", "--strict"]):
        # What editors say at every save; typer would have nothing to do.
        from sopaudit.cli.checking import tell_problems

        tell_problems(strict="--strict" in words)
        return CLEAN
    from sopaudit.cli.app import app

    try:
        app(expanded(words), prog_name="sopaudit")
    except SystemExit as ended:
        if ended.code in (INTERRUPTED, TERMINATED):
            _say(_WHOLE)
        return ended.code if isinstance(ended.code, int) else BUG
    return CLEAN


def expanded(words: list[str], *, system: str = os.name) -> list[str]:
    """Do on Windows what a shell does elsewhere: give the files a word with `*` or `?` stands for.

    No file there can have these signs in its name. Typer would also take `[1]` and `%TEMP%` in a
    name for something else, and is not let near the words.
    """
    if system != "nt":
        return words
    import glob

    found = []
    for word in words:
        pattern = word.replace("[", "[[]")
        named = {"*", "?"} & set(word) and not word.startswith("-")
        found += (sorted(glob.glob(pattern)) if named else []) or [word]  # noqa: PTH207 -- as typed
    return found


def _terminated(*_: object) -> None:
    """Leave by the way that lets everybody clean up."""
    sys.exit(TERMINATED)


def _refused(error: OSError) -> int:
    """Tell what the system would not do; a file it refuses to read or write is no bug of ours."""
    if isinstance(error.filename, str):
        stop = refused(error, error.filename, "读写不了", "cannot be read or written")
    else:
        # Without a name it speaks of a stream. What waits there is written again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if error.errno in _NOBODY_READS:
            return CLOSED
        stop = refused(error, "stdout", "写不进去", "cannot be written")
    _say(stop.message)
    return stop.code


def _say(text: str) -> None:
    """Tell people something, if anybody listens."""
    try:
        if text:
            print(text, file=sys.stderr, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")

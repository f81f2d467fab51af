"""A long-lived headless Chromium that prints pages, spoken to over its debugging pipe.

Nothing but the standard library: the protocol is JSON with a zero byte after each message, on two
pipes which the browser expects as files 3 and 4.
"""

import asyncio
import base64
import fcntl
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
_LARGEST: Final = 1 << 30
"""Longest message; a PDF comes as one."""

_PRINT: Final = {
    "preferCSSPageSize": True,
    "printBackground": True,
    "generateTaggedPDF": True,
    "generateDocumentOutline": True,
}
"""What our pages ask for, and what our PDFs have."""


def program() -> str:
    """Find the browser."""
    found = shutil.which("chromium")
    if found is None:
        raise FileNotFoundError("chromium is missing; bin/setup bench installs it")
    return found


def version() -> str:
    """Ask the browser which it is: `156`."""
    told = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[1].partition(".")[0]


class Browser:
    """A browser that is running, in a session of its own."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, commands: int) -> None:
        self.pid = pid
        self._reader = reader
        self._commands = commands
        self._numbers = itertools.count(1)
        self._waiting: dict[int | str, asyncio.Future[Any]] = {}
        self._free: asyncio.Queue[str] = asyncio.Queue()

    async def listen(self) -> None:
        """Hand every message to whoever waits for it, until the browser ends."""
        while message := (await self._reader.readuntil(b"\0"))[:-1]:
            told = json.loads(message)
            loaded = told.get("method") == "Page.loadEventFired"
            waiting = self._waiting.pop(told["sessionId"] if loaded else told.get("id", 0), None)
            if waiting is None:
                continue
            if "error" in told:
                waiting.set_exception(RuntimeError(f"chromium: {told['error']}"))
            else:
                waiting.set_result(told.get("result"))

    def _wait(self, key: int | str) -> asyncio.Future[Any]:
        self._waiting[key] = asyncio.get_running_loop().create_future()
        return self._waiting[key]

    async def ask(self, method: str, session: str | None = None, **params: object) -> Any:  # noqa: ANN401
        """Send a command and give its result."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": params}
        if session is not None:
            command["sessionId"] = session
        answered = self._wait(number)
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        return await answered

    async def open_tabs(self, number: int) -> None:
        """Open so many tabs, to print in at once; they stay open and are used again and again."""
        for _ in range(number):
            tab = await self.ask("Target.createTarget", url="about:blank")
            attached = await self.ask("Target.attachToTarget", **tab, flatten=True)
            await self.ask("Page.enable", attached["sessionId"])
            self._free.put_nowait(attached["sessionId"])

    async def print_all(self, files: Sequence[Path]) -> list[bytes]:
        """Print pages, one in each free tab; their order is kept."""
        return list(await asyncio.gather(*map(self._print, files)))

    async def _print(self, file: Path) -> bytes:
        session = await self._free.get()
        loaded = self._wait(session)
        await self.ask("Page.navigate", session, url=file.as_uri())
        await loaded
        pdf = await self.ask("Page.printToPDF", session, **_PRINT)
        self._free.put_nowait(session)
        return base64.b64decode(pdf["data"])


@asynccontextmanager
async def running(folder: Path, tabs: int, fonts: Sequence[Path] = ()) -> AsyncIterator[Browser]:
    """Start a browser with a fresh profile in `folder`; it knows `fonts` beside the system's."""
    shelf = folder / "share/fonts"
    shelf.mkdir(parents=True)
    for font in fonts:
        shutil.copy(font, shelf)
    pid, commands, answers = _start(folder)
    reader = asyncio.StreamReader(_LARGEST)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(answers, "rb")
    )
    browser = Browser(pid, reader, commands)
    listening = asyncio.create_task(browser.listen())
    try:
        await asyncio.wait_for(browser.open_tabs(tabs), 60)
        yield browser
    finally:
        listening.cancel()
        _stop(pid, commands)


def _start(folder: Path) -> tuple[int, int, int]:
    """Start the program; give its id, and the pipes it is spoken to through."""
    browser_reads, commands = _pipe()
    answers, browser_writes = _pipe()
    pid = os.posix_spawn(
        program(),
        ["chromium", *_FLAGS, f"--user-data-dir={folder / 'profile'}"],
        {**os.environ, "XDG_DATA_HOME": str(folder / "share"), "HOME": str(folder)},
        file_actions=[
            (os.POSIX_SPAWN_DUP2, browser_reads, 3),
            (os.POSIX_SPAWN_DUP2, browser_writes, 4),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ],
        setsid=True,
    )
    os.close(browser_reads)
    os.close(browser_writes)
    return pid, commands, answers


def _stop(pid: int, commands: int) -> None:
    """Ask the browser to end, and wait until it has."""
    os.write(commands, b'{"id": 0, "method": "Browser.close"}\0')
    os.waitpid(pid, 0)
    os.close(commands)


def _pipe() -> tuple[int, int]:
    """Make a pipe whose ends are not files 3 and 4 themselves, and stay ours alone."""
    ends = os.pipe()
    read, write = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return read, write

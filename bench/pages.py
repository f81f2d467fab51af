"""The same pages printed by sopaudit and by a long-lived headless Chromium."""

import asyncio
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event
from typing import Final

import chromium
from measure import PYTHON, ROOT, held, rounds, spawn, used
from table import Table

_TIMES: Final = {1: 9, 16: 5}
_AUDIT: Final = "2026-10-cd"
_BENCH: Final = ROOT / "bench"
_FONTS: Final = tuple(sorted((ROOT / "src/sopaudit/press/fonts").glob("*.ttf")))
_AT_ONCE: Final = os.cpu_count() or 1
_EVERY: Final = 0.05
"""Seconds between two looks at the memory, in a run that is not timed."""

_SETTLED: Final = 0.5
"""Seconds in which a browser tidies up behind a page; that work counts too."""

_COUNT: Final = "import sys, pypdf; print(len(pypdf.PdfReader(sys.argv[1]).pages))"
_PAGE: Final = """
import sys
from pathlib import Path
from sopaudit import load_handbook
from sopaudit.report.handbook.book import book
from sopaudit.report.handbook.chart import charts
from sopaudit.report.handbook.page import book_html

handbook, _ = load_handbook(Path())
made = book(handbook, ("zh",), charts(handbook, ("zh",)))
Path(sys.argv[1]).write_text(book_html(made), encoding="utf-8")
"""

Print = Callable[[Sequence[Path]], object]
"""Prints pages and leaves the PDF of each beside it."""


@dataclass(frozen=True)
class Side:
    """A printer that is running and waits for pages."""

    session: int
    print: Print
    pages: tuple[Path, ...]

    def run(self) -> tuple[float, float]:
        """Print everything once; give seconds by the clock and of all processors."""
        before, began = used(self.session), time.perf_counter()
        self.print(self.pages)
        wall = time.perf_counter() - began
        time.sleep(_SETTLED)
        return wall, used(self.session) - before

    def peak(self) -> float:
        """Print a few pages and give the most memory in MB that was held meanwhile."""
        done, seen = Event(), [held(self.session)]

        def watch() -> None:
            while not done.wait(_EVERY):
                seen.append(held(self.session))

        with ThreadPoolExecutor(1) as watcher:
            watching = watcher.submit(watch)
            self.print(self.pages[: 2 * _AT_ONCE])
            done.set()
            watching.result()
        return max(seen)

    @property
    def size(self) -> float:
        """KB of a PDF, on average."""
        return sum(page.with_suffix(".pdf").stat().st_size for page in self.pages) / (
            1000 * len(self.pages)
        )


def measure(number: int) -> Table:
    """Print a report `number` times over, by each side."""
    times = _TIMES[number]
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(
                TemporaryDirectory(prefix="sopaudit-bench-", ignore_cleanup_errors=True)
            )
        )
        original = folder / "report.html"
        spawn(ROOT / ".venv/bin/sopaudit", "report", f"audits/{_AUDIT}", "-o", original)
        sides = {
            f"sopaudit, WeasyPrint {version('weasyprint')}": Side(
                *stack.enter_context(_press()), _copies(original, folder / "ours", number)
            ),
        }
        for name, fonts in _browsers(system=number == 1):
            place = folder / str(len(sides))
            sides[name] = Side(
                *stack.enter_context(_browser(place, fonts)),
                _copies(original, place / "pages", number),
            )
        for side in sides.values():
            side.print(side.pages[:_AT_ONCE])
        agreed = [_agreement(*(side.pages[0].with_suffix(".pdf") for side in sides.values()))]
        runs = rounds({name: side.run for name, side in sides.items()}, times, warm=True)
        figures = {
            name: (
                median(cpu for _, cpu in runs[name]),
                median(wall for wall, _ in runs[name]),
                side.size,
                side.peak(),
            )
            for name, side in sides.items()
        }
    ours = next(iter(figures.values()))
    return Table(
        title="a report" if number == 1 else f"a batch of {number} reports",
        did=f"The HTML of `sopaudit report` of {_AUDIT} to PDF, tagged and with outline; ours also "
        f"carries answers and checklists. Every side long-lived and warm, {_AT_ONCE} pages at a "
        "time. CPU: all its processes; kB: one PDF; MB: the most its processes held. Medians of "
        f"{times} rounds in turn. Ratios: to sopaudit.",
        columns=("CPU s", "wall s", "kB", "MB", "CPU ×", "kB ×"),
        rows=[
            (name, (*side, side[0] / ours[0], side[2] / ours[2])) for name, side in figures.items()
        ],
        target="CPU at least 1; kB at least 5.",
        notes=agreed,
    )


def measure_book() -> Table:
    """Print the whole handbook by each side, and say what a page takes."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(
                TemporaryDirectory(prefix="sopaudit-bench-", ignore_cleanup_errors=True)
            )
        )
        kept = folder / "kept.pdf"
        began = time.perf_counter()
        spawn(ROOT / ".venv/bin/sopaudit", "handbook", "--lang", "zh", "-o", kept)
        command = time.perf_counter() - began
        number = spawn(PYTHON, "-c", _COUNT, kept).said
        original = folder / "book.html"
        spawn(PYTHON, "-c", _PAGE, original)
        ours = Side(*stack.enter_context(_press()), (original,))
        there = folder / "theirs" / "book.html"
        there.parent.mkdir()
        shutil.copy(original, there)
        theirs = Side(*stack.enter_context(_browser(folder / "browser", _FONTS)), (there,))
        sides = {"the page to PDF, sopaudit": ours, "the page to PDF, Chromium": theirs}
        runs = rounds({name: side.run for name, side in sides.items()}, 2, warm=True)
        figures = {
            name: (median(cpu for _, cpu in runs[name]), median(wall for wall, _ in runs[name]))
            for name in sides
        }
        pages = int(number)
    first = figures["the page to PDF, sopaudit"]
    return Table(
        title="the book: the whole handbook in print",
        did=f"`sopaudit handbook --lang zh` of this repository, {pages} pages, and its page alone "
        "by each side, which sets it in a font of its own and may need other page numbers. CPU: "
        "all processes. Medians of 2 rounds. Ratios: to sopaudit.",
        columns=("CPU s", "wall s", "ms/page", "CPU ×"),
        rows=[
            ("the whole command", (None, command, 1000 * command / pages, None)),
            *(
                (name, (cpu, wall, 1000 * cpu / pages, cpu / first[0]))
                for name, (cpu, wall) in figures.items()
            ),
        ],
        target="none; a book is printed when an edition is issued.",
    )


def _copies(original: Path, folder: Path, number: int) -> tuple[Path, ...]:
    """Make so many different pages of one, so that nobody prints one twice."""
    folder.mkdir(parents=True)
    html = original.read_text(encoding="utf-8")
    pages = tuple(folder / f"{n:02d}.html" for n in range(1, number + 1))
    for n, page in enumerate(pages, 1):
        page.write_text(html.replace(_AUDIT, f"{_AUDIT[:-2]}{n:02d}"), encoding="utf-8")
    return pages


@contextmanager
def _press() -> Iterator[tuple[int, Print]]:
    """Run our renderer."""
    files = [*ROOT.glob(f"audits/{_AUDIT}/answers/*.json"), *ROOT.glob("checklists/*.yaml")]
    command = [PYTHON, _BENCH / "with_press.py", *files]
    with subprocess.Popen(
        [*map(str, command)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as worker:

        def send(pages: Sequence[Path]) -> None:
            if worker.stdin is None or worker.stdout is None:
                raise RuntimeError("no pipes")
            worker.stdin.write(json.dumps([*map(str, pages)]) + "\n")
            worker.stdin.flush()
            if not worker.stdout.readline():
                raise RuntimeError("the renderer of sopaudit ended")

        yield worker.pid, send


@contextmanager
def _browser(folder: Path, fonts: Sequence[Path]) -> Iterator[tuple[int, Print]]:
    """Run a browser."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        browser = runner.run(stack.enter_async_context(chromium.running(folder, _AT_ONCE, fonts)))

        async def print_all(pages: Sequence[Path]) -> None:
            for page, pdf in zip(pages, await browser.print_all(pages), strict=True):
                page.with_suffix(".pdf").write_bytes(pdf)

        try:
            yield browser.pid, lambda pages: runner.run(print_all(pages))
        finally:
            runner.run(stack.aclose())


def _browsers(*, system: bool) -> Iterator[tuple[str, tuple[Path, ...]]]:
    """Name the browsers to compare with: one that has our font, one with the system's if any."""
    yield f"Chromium {chromium.version()}, our font", _FONTS
    if system and shutil.which("fc-list") and spawn("fc-list", ":lang=zh-cn").said:
        yield f"  {spawn('fc-match', '-f', '%{family[0]}', ':lang=zh-cn').said}", ()


def _agreement(ours: Path, *theirs: Path) -> str:
    """Compare what is printed; raise where something is missing."""
    told = spawn(PYTHON, _BENCH / "same_text.py", ours, *theirs).told
    pages, misread = (", ".join(map(str, told[key])) for key in ("pages", "misread"))
    return (
        f"Agreed before timing: {told['characters']:,} characters on {pages} pages, the same but "
        f"for our running heads, which a browser leaves out, and {misread} characters that are "
        "read back as another of the same shape."
    )

"""HTML to PDF: tagged, declared PDF/A-3a, with the data attached, and the same bytes every time.

Nothing is read but what is handed in: the renderer asks for every address through a shelf which has
our two fonts and the pictures that stand in the page itself, and refuses files and addresses. Dates
come from the page and the identifier from its content, so neither clock nor chance gets in.

WeasyPrint is imported when the first page is printed, because that takes longer than most commands.
"""
# ruff: noqa: PLC0415 -- for that reason

import atexit
import gc
import hashlib
import logging
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Final

from sopaudit.crew import shared
from sopaudit.press.fonts import ADDRESS, cover, font, font_css

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

VARIANT: Final = "pdf/a-3a"
"""For keeping: fonts inside, colours defined, readable aloud, files attached. It is what the file
declares and is built for; no validator has confirmed it."""

PICTURES: Final = ("image/png", "image/jpeg", "image/svg+xml")
"""Kinds of pictures a page may carry in itself, as data addresses."""


class PangoMissingError(Exception):
    """The system libraries that set text are not here; the HTML can be printed from a browser."""


@dataclass(frozen=True)
class Attached:
    """A file that travels inside the PDF."""

    name: str
    content: bytes
    description: str = ""


@dataclass(frozen=True)
class Job:
    """A page to print."""

    html: str
    """Complete; title, author, language and date of the PDF are those it declares."""

    made: date
    """The date of the attachments."""

    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True)
class Printed:
    """A PDF, and what did not go as it should."""

    pdf: bytes
    uncovered: tuple[str, ...] = ()
    """Characters no font of ours has, as printed: `□U+2A700`."""

    complaints: tuple[str, ...] = ()
    """What the renderer said; a page of ours gives it no reason to."""


def render(job: Job) -> Printed:
    """Print one page. Raises PangoMissingError where the system libraries are missing."""
    press = _press()
    html, uncovered = cover(job.html)
    with _listening() as complaints, _no_collection(), warnings.catch_warnings():
        from weasyprint import HTML

        # It leaves its colour profile open, which is its business and closes itself.
        warnings.simplefilter("ignore", ResourceWarning)

        document = HTML(string=html, url_fetcher=press.shelf)
        pdf = document.write_pdf(
            font_config=press.fonts,
            stylesheets=[press.sheet],
            pdf_variant=VARIANT,
            pdf_identifier=identifier(job),
            attachments=[_attachment(file, job.made) for file in job.attached],
            cache={},
        )
    return Printed(pdf, uncovered, tuple(complaints))


def render_many(jobs: Sequence[Job], workers: int) -> Iterator[Printed]:
    """Print many pages, several at a time, and give them in the order of `jobs`.

    Workers are forked with everything loaded, where the system can fork. Raises WorkerLostError
    where the system ends one.
    """
    if workers <= 1 or len(jobs) <= 1:
        yield from map(render, jobs)
        return
    _press()
    yield from shared(render, jobs, workers)


@dataclass(frozen=True)
class _Press:
    """What every page of this process shares."""

    shelf: "URLFetcher"
    fonts: "FontConfiguration"
    sheet: "CSS"


@cache
def _press() -> _Press:
    """Load the renderer and our fonts, once."""
    try:
        # Where a library is missing it says so at length, in the middle of our results.
        with redirect_stdout(StringIO()):
            from weasyprint import CSS
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:
        raise PangoMissingError(str(error).splitlines()[0]) from error

    class Shelf(URLFetcher):  # type: ignore[misc]  # it ships no types
        """Gives our fonts and pictures that stand in the page, and nothing else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if url.startswith(ADDRESS):
                return URLFetcherResponse(url, font(url.removeprefix(ADDRESS)))
            if url.startswith(tuple(f"data:{kind};base64," for kind in PICTURES)):
                return super().fetch(url, headers)
            raise PermissionError("pages may not read files or addresses")

    # Its fonts stand in a temporary folder, which it can only remove while Python is whole.
    atexit.register(_press.cache_clear)
    shelf, fonts = Shelf(allowed_protocols=["data"]), FontConfiguration()
    return _Press(shelf, fonts, CSS(string=font_css(), url_fetcher=shelf, font_config=fonts))


def _attachment(file: Attached, made: date) -> object:
    from weasyprint import Attachment

    moment = datetime.combine(made, time(), UTC)
    return Attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        created=moment,
        modified=moment,
        relationship="Data",
    )


def identifier(job: Job) -> bytes:
    """Make the identifier from all that goes in, so equal reports are equal files.

    It stands in the file, which therefore tells whether it was printed from a page.
    """
    parts: Iterable[bytes] = (
        job.html.encode(),
        *(part for file in job.attached for part in (file.name.encode(), file.content)),
    )
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:32].encode()


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collect what the renderer complains of."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, ear = logging.getLogger("weasyprint"), Ear(logging.WARNING)
    logger.addHandler(ear)
    try:
        yield said
    finally:
        logger.removeHandler(ear)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave the garbage collector off: a layout is a big tree, and nothing in it is free yet."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()

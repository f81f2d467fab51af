"""The book for a browser: a small site in a folder, or one file; both with search and no network.

A page opened from a folder may load scripts and styles that lie beside it, but may not fetch a
file. So the index of the search is a script, and is loaded when somebody begins to search.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from sopaudit.press.html import environment
from sopaudit.report.handbook.model import Book, Chapter, Leaf
from sopaudit.report.handbook.page import filled, policy
from sopaudit.report.handbook.search import index

FIRST: Final = "index.html"
SCRIPT: Final = "book/site.js"

_TAKEN: Final = re.compile(r"(index|con|prn|aux|nul|(com|lpt)[0-9])(\..*)?")
"""Names that are the first page's, or that Windows keeps for devices."""


def site(book: Book) -> dict[str, bytes]:
    """Make the pages of the site by their file names; the first is `index.html`."""
    files = file_names(book)
    # What lies beside the pages, in a folder or on a server.
    beside = policy("'self' file:", "'self' file: 'unsafe-inline'")
    pages = {
        FIRST: filled("book/site-index.html.j2", book, files.__getitem__, leaf=None, policy=beside)
    }
    for chapter, leaf, before, after in _turned(book):

        def place(name: str, here: str = leaf.anchor) -> str:
            there = book.anchors[name]
            file = "" if there == here else files[there]
            return file if file and name == there else f"{file}#{name}"

        page = filled(
            "book/site-leaf.html.j2",
            book,
            place,
            screen=True,
            chapter=chapter,
            leaf=leaf,
            previous=before,
            next=after,
            policy=beside,
        )
        pages[files[leaf.anchor]] = page
    pages |= {
        "site.css": filled("book/site.css", book, files.__getitem__),
        "site.js": _script(),
        "search-index.js": f"globalThis.sopauditIndex={index(book, files)};\n",
    }
    return {name: page.encode() for name, page in pages.items()}


def single_html(book: Book) -> str:
    """Lay the whole book out in one file for a browser, its search included."""
    script = _script()
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return filled(
        "book/book.html.j2",
        book,
        "#{}".format,
        screen=True,
        policy=policy(f"'sha256-{digest}'"),
        # Neither can end the script it stands in: ours has no tag, and the index escapes them.
        script=Markup(script),  # noqa: S704
        index=Markup(index(book, dict.fromkeys(book.anchors.values(), ""))),  # noqa: S704
    )


def file_names(book: Book) -> dict[str, str]:
    """Give each leaf a file name that every system takes and tells from the others."""
    names: dict[str, str] = {}
    for leaf in book.leaves:
        name = re.sub(r"[^a-z0-9-]+", "-", leaf.anchor.lower()).strip("-") or "page"
        if _TAKEN.fullmatch(name):
            name = f"{name}-page"
        while f"{name}.html" in names.values():
            name += "-2"
        names[leaf.anchor] = f"{name}.html"
    return names


def _turned(book: Book) -> Iterator[tuple[Chapter, Leaf, Leaf | None, Leaf | None]]:
    """Give each leaf with its chapter and the leaves before and after it."""
    leaves = book.leaves
    chapters = [chapter for chapter in book.chapters for _ in chapter.leaves]
    return zip(chapters, leaves, (None, *leaves[:-1]), (*leaves[1:], None), strict=True)


def _script() -> str:
    made = environment()
    assert made.loader is not None  # noqa: S101 -- the environment is made with one
    return made.loader.get_source(made, SCRIPT)[0]

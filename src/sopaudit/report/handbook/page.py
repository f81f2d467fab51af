"""The book as HTML: for print, and as one file for a browser."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from markupsafe import Markup, escape

from sopaudit.press.html import HTML_LANGUAGES, environment
from sopaudit.press.words import catalogue, words
from sopaudit.report.handbook.model import Book, Said
from sopaudit.report.handbook.sign import sign

Place = Callable[[str], str]
"""Gives the address of an id: where it stands in the same file, or in another."""

_NAMES: Final = re.compile(r"[A-Za-z][A-Za-z]*[-.]?[A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*")


def book_html(book: Book) -> str:
    """Lay the whole book out for print."""
    return filled("book/book.html.j2", book, _here)


def poster_html(book: Book, *, screen: bool = False) -> str:
    """Lay out the sheet of one post, to hang on the wall, or for a screen."""
    return filled("book/poster.html.j2", book, _here, screen=screen, policy=policy("'none'"))


def policy(scripts: str, styles: str = "'unsafe-inline'") -> str:
    """Say what a page may load; nothing comes from anywhere else."""
    return (
        f"default-src 'none'; img-src data:; style-src {styles}; script-src {scripts}; "
        "base-uri 'none'; form-action 'none'"
    )


def filled(template: str, book: Book, place: Place, *, screen: bool = False, **values: Any) -> str:  # noqa: ANN401 -- whatever a page shows
    """Fill one template of the book; ids become links to where `place` says they stand.

    On a screen everything that has an id is also a link to itself, to copy or to send.
    """
    links = Links(book.anchors, place)
    return (
        environment()
        .get_template(template)
        .render(
            book=book,
            langs=[HTML_LANGUAGES.get(lang, lang) for lang in book.languages],
            both=len(book.languages) > 1,
            w=labels(book.languages),
            ref=links.ref,
            href=links.href,
            linked=links.linked,
            pick=pick,
            sign=sign,
            screen=screen,
            headed=headed,
            **values,
        )
    )


def _here(name: str) -> str:
    return f"#{name}"


def pick(said: Said, n: int) -> str:
    """Give what is said in the language that stands in place `n`."""
    return said[n] if n < len(said) else said[-1] if said else ""


def headed(told: Markup, level: int) -> Markup:
    """Give a leaf the level of headings that its place calls for; it is written with the fourth."""
    # As plain text, because Markup would escape what it is given in exchange.
    return Markup(re.sub(r"<(/?)h4\b", rf"<\1h{level}", str(told)))  # noqa: S704 -- only our tags


def labels(languages: tuple[str, ...]) -> dict[str, dict[str, Said]]:
    """Give our own words in all languages of the book."""
    spoken = [words(lang, "book") for lang in languages]
    return {
        section: {key: tuple(told[section][key] for told in spoken) for key in entries}
        for section, entries in catalogue("book").items()
    }


class Links:
    """Ids made into links, wherever they stand."""

    def __init__(self, anchors: Mapping[str, str], place: Place) -> None:
        self._anchors = anchors
        self._place = place

    def href(self, name: str) -> str:
        """Give the address of an id; empty where the book does not have it."""
        return self._place(name) if name in self._anchors else ""

    def ref(self, name: str, words: str = "") -> Markup:
        """Make a link to an id, shown as `words` or as the id itself."""
        shown = escape(words or name)
        if name not in self._anchors:
            return Markup('<span class="ref">{}</span>').format(shown)
        return Markup('<a class="ref" href="{}">{}</a>').format(self._place(name), shown)

    def linked(self, text: str) -> Markup:
        """Escape a text and make links of the ids in it."""
        done, at = Markup(), 0
        for found in _NAMES.finditer(text):
            name = found[0]
            if name in self._anchors and any(sign.isdigit() for sign in name):
                done += escape(text[at : found.start()]) + self.ref(name)
                at = found.end()
        return done + escape(text[at:])

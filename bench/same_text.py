"""Hold PDFs of one page together: `python bench/same_text.py OURS THEIRS...`.

What a browser prints must be in ours, and the other way round; the running heads, which browsers
leave out, are not compared. The lines of a table come in another order and words break elsewhere,
so characters are counted, not compared in turn.
"""

import json
import sys
import unicodedata
from collections import Counter
from typing import Final

from pypdf import PageObject, PdfReader

_MISREAD: Final = 0.02
"""Share of the characters that may be read back as others: one shape has several code points."""

_LOST: Final = 0.02
"""Share of the characters a browser may leave out, such as the page numbers of the contents."""

_BODY: Final = (57, 774)
"""Where the text of a page stands, in points from its foot; beyond are the running heads."""


def main(ours: str, *theirs: str) -> None:
    """Compare, and print the pages of each and how many characters are read back as others."""
    own, pages = _characters(ours)
    told, misread = [pages], [0]
    for file in theirs:
        other, pages = _characters(file)
        strange, missing = other - own, own - other
        if strange.total() > _MISREAD * own.total() or missing.total() > _LOST * own.total():
            raise RuntimeError(f"{file} prints other text: {strange}, without {missing}")
        told.append(pages)
        misread.append(strange.total())
    print(json.dumps({"characters": own.total(), "pages": told, "misread": misread}))


def _characters(file: str) -> tuple[Counter[str], int]:
    pages = PdfReader(file).pages
    text = unicodedata.normalize("NFKC", "".join(map(_body, pages)))
    return Counter(c for c in text if unicodedata.category(c) not in ("Zs", "Cc", "Pd")), len(pages)


def _body(page: PageObject) -> str:
    """Read a page without its running heads; the first has none above."""
    low, high = _BODY
    told = list[str]()

    def take(text: str, page_at: list[float], text_at: list[float], *_: object) -> None:
        height = text_at[4] * page_at[1] + text_at[5] * page_at[3] + page_at[5]
        if low <= height and (height <= high or page.page_number == 0):
            told.append(text)

    page.extract_text(visitor_text=take)
    return "".join(told)


if __name__ == "__main__":
    main(*sys.argv[1:])

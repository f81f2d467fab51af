"""Hold PDFs of one page together: `python bench/same_text.py OURS THEIRS...`.

What a browser prints must be in ours, and the other way round but for the running heads, which
browsers leave out. The lines of a table come in another order and words break elsewhere, so
characters are counted, not compared in turn.
"""

import json
import sys
import unicodedata
from collections import Counter
from typing import Final

from pypdf import PdfReader

_MISREAD: Final = 0.02
"""Share of the characters that may be read back as others: one shape has several code points."""

_HEADS: Final = 0.08
"""Share of the characters that running heads may be: above, the company, the report and its number;
below, who keeps it, how confidential it is, and the page."""


def main(ours: str, *theirs: str) -> None:
    """Compare, and print the pages of each and how many characters are read back as others."""
    own, pages = _characters(ours)
    told, misread = [pages], [0]
    for file in theirs:
        other, pages = _characters(file)
        strange, missing = other - own, own - other
        if strange.total() > _MISREAD * own.total() or missing.total() > _HEADS * own.total():
            raise RuntimeError(f"{file} prints other text: {strange}, without {missing}")
        told.append(pages)
        misread.append(strange.total())
    print(json.dumps({"characters": own.total(), "pages": told, "misread": misread}))


def _characters(file: str) -> tuple[Counter[str], int]:
    pages = PdfReader(file).pages
    text = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in pages))
    return Counter(c for c in text if unicodedata.category(c) not in ("Zs", "Cc", "Pd")), len(pages)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What the pages of a workbook share: each is of one checklist and knows where its columns are."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from sopaudit.sheets.blank import Leaf
from sopaudit.sheets.xlsx.book import Book


class Page:
    """A page while it is written."""

    def __init__(self, book: Book, leaf: Leaf, sheet: Worksheet, columns: Sequence[str]) -> None:
        self.book, self.leaf, self.sheet = book, leaf, sheet
        self.columns = columns
        self.at = {name: n for n, name in enumerate(columns)}

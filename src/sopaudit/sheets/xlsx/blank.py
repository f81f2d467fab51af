"""The blank as a workbook: a sheet for each checklist, and one for the record of its sample.

The same blank is the same file, byte for byte. Whatever a handbook or a record says is written as
text; formulas are our own alone, and nothing they come to is read back.
"""

from io import BytesIO

from sopaudit.press.words import words
from sopaudit.sheets.blank import Blank, Leaf, identity
from sopaudit.sheets.looks import Lists, Looks, made_into
from sopaudit.sheets.xlsx.book import Book, columns_of
from sopaudit.sheets.xlsx.grid import GridSheet
from sopaudit.sheets.xlsx.items import ItemSheet
from sopaudit.sheets.xlsx.lines import listed
from sopaudit.sheets.xlsx.marks import CASES, HIDDEN, ITEMS, facts, sheet_name


def workbook(blank: Blank, lang: str) -> bytes:
    """Write the blank, with the answers it holds."""
    file = BytesIO()
    title = f"{words(lang, 'sheets')['title']['checklist']} {blank.name}"
    made = made_into(file, title, blank.day)
    names = _names(blank, lang)
    sheets = {name: made.add_worksheet(name) for pair in names.values() for name in pair if name}
    hidden = made.add_worksheet(HIDDEN)
    book = Book(blank, lang, Looks(made, lang), Lists(hidden), columns_of(blank))
    for leaf in blank.leaves:
        name, cases = names[leaf.id]
        grid = GridSheet(book, leaf, sheets[cases], cases) if cases else None
        ItemSheet(book, leaf, sheets[name], grid).write()
        if grid:
            grid.write()
    said = {ITEMS: book.columns}
    said |= {f"{CASES}{leaf.id}": book.case_columns(leaf) for leaf in blank.leaves}
    for row, cells in enumerate(facts(identity(blank), lang, said)):
        for column, text in enumerate(cells):
            hidden.write_string(row, column, text)
    hidden.protect()
    hidden.very_hidden()
    made.close()
    return file.getvalue()


def _names(blank: Blank, lang: str) -> dict[str, tuple[str, str]]:
    """Name the sheets: of each checklist its own, and that of its sample where it has one."""
    tail = words(lang, "workbook_sheet")["sheet"]["cases"]
    taken: list[str] = []
    found: dict[str, tuple[str, str]] = {}
    for leaf in blank.leaves:
        title = _short(blank, leaf, lang)
        name = sheet_name(title, "", taken)
        taken.append(name)
        cases = ""
        if any(map(listed, leaf.asks)):
            between = "" if lang == "zh" else " "
            cases = sheet_name(title, between + tail, taken)
            taken.append(cases)
        found[leaf.id] = (name, cases)
    return found


def _short(blank: Blank, leaf: Leaf, lang: str) -> str:
    """Give the title of the post, which is shorter than that of its checklist."""
    post = blank.handbook.posts.get(leaf.checklist.post or "")
    return blank.handbook.say(post.title if post else leaf.checklist.title, lang)

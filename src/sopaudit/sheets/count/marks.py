"""What a count sheet is known by again: names of its columns, marks of its rows, a sealed sheet."""

from hashlib import sha256
from typing import Final

from sopaudit.findings.counting.drawing import Blank

SCHEMA: Final = "sopaudit.count/1"
HIDDEN: Final = "sopaudit"
"""The name of the hidden sheet."""

COLUMNS: Final = (
    ("no", 6), ("location", 12), ("part_no", 14), ("title", 22), ("unit", 6), ("counted", 11),
    ("recount", 11), ("serials", 44), ("remark", 24), ("id", 14),
)  # fmt: skip
"""Fields of a line, and how wide their columns are; the last one is hidden."""

INPUTS: Final = ("counted", "recount", "serials", "remark")
FOUND: Final = ("location", "part_no", "title", *INPUTS)
"""What somebody writes into a row of the list, and into one for a thing that is not on it."""

HEAD: Final = ("counter", "checker", "at")
"""Facts somebody writes above the list, each in a row with a mark of its own."""

SIGNED: Final = ("counter", "checker")
"""Those who sign beside it."""

VALUE: Final = "title"
SIGNATURE: Final = "serials"
"""The columns of such a row that hold the fact and the signature."""

FIELDS: Final = "@fields"
MARK: Final = "@"
EXTRA: Final = "+"
"""What the hidden column says: of the row that names the columns, of facts, of rows for more."""


def bare(label: str) -> str:
    """Give a label without what stands in brackets behind it: 盘点人（工号） is 盘点人."""
    return label.partition("（")[0].partition("(")[0].strip()


def seal(rows: list[list[str]]) -> str:
    """Give the hash of the facts on the hidden sheet."""
    return sha256("\n".join("\t".join(row) for row in rows).encode()).hexdigest()


def facts(blank: Blank) -> list[list[str]]:
    """List what the hidden sheet says, without its seal."""
    asked = blank.asked
    return [
        ["schema", SCHEMA, "", ""],
        ["count", blank.id, "", ""],
        ["site", blank.stock.site, "", ""],
        ["as_of", blank.as_of.isoformat(), "", ""],
        ["start", asked.start, "", ""],
        ["everything", "yes" if asked.everything else "no", "", ""],
        *(["also", part, "", ""] for part in asked.also),
        ["ledger", blank.stock.digest, "", ""],
        *(["line", blank.id_of(line), line.location, line.part_no] for line in blank.lines),
    ]

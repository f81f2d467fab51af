"""Names of questions in the form: made of the ids of items, and read back without loss.

A name is a kind of question and the code of an id: `note_CK_HTL_B2`. Servers join the names of
groups with `-`, `/`, `.` or `:`, so none of these signs stands in a name. Letters and digits stand
for themselves, `_` for a hyphen, and every other sign, also `_` and the letter Z, is written
`Z<hex>_`; no two ids have the same code.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from sopaudit.sheets.blank import Ask, Blank, Leaf

IDENTITY: Final = "sopaudit"
"""The calculated question that says which form it is."""

AUDITOR: Final = "auditor"
SIGNERS: Final = "signers"
SIGN: Final = "sign"
"""The repeat of signatures."""

ROLE, SIGNER, SIGNATURE = "sign_role", "sign_person", "sign_image"
SIGN_LINE, SIGN_LINES = "sign_line", "sign_lines"
WHOLE: Final = (IDENTITY, AUDITOR, SIGNERS, "start", "end", SIGN_LINES)
SIGNING: Final = (ROLE, SIGNER, SIGNATURE, SIGN_LINE)

PHOTOS: Final = ("photo1", "photo2", "photo3")
FIELDS: Final = (
    "answer",
    "value",
    "failed",
    "checked",
    "note",
    "person",
    "confirmed",
    "more",
    "lines",
    *PHOTOS,
)
"""What is asked of an item as a whole."""

CASE: Final = ("case", "casenote", "caseperson", "casephoto", "line")
"""What is asked of one case, behind `drawn` or `free`."""

FIELD_SIGN: Final = "¦"
"""Parts the facts of a case in its line."""

ROW_SIGN: Final = "¶"
"""Parts the lines of an item."""

_SIGN: Final = re.compile(r"Z([0-9a-f]+)_|_|[A-Za-z0-9]")
_PLAIN: Final = re.compile(r"[A-Za-z0-9]")
_IN, _PART = "Zin_", "Zpart_"
"""No hexadecimal number begins like these, so they are in no code."""

_CUT: Final = re.compile(r"[/\-.:]")


@lru_cache(maxsize=10_000)
def code(text: str) -> str:
    """Write an id with the signs a name may have; see `decoded`."""
    return "".join(_coded(sign) for sign in text)


def _coded(sign: str) -> str:
    if sign == "-":
        return "_"
    return sign if sign != "Z" and _PLAIN.fullmatch(sign) else f"Z{ord(sign):x}_"


def decoded(name: str) -> str:
    """Give the id whose `code` is `name`. Raises ValueError where it is none."""
    found, at = [], 0
    while at < len(name):
        sign = _SIGN.match(name, at)
        if sign is None or sign[0] == "Z":
            raise ValueError(name)
        found.append(chr(int(sign[1], 16)) if sign[1] else sign[0].replace("_", "-"))
        at = sign.end()
    return "".join(found)


@lru_cache(maxsize=10_000)
def choice(word: str) -> str:
    """Write an answer word or a ticket as the name of a choice, which holds no blank."""
    plain = "Z" not in word and re.fullmatch(r"[A-Za-z0-9_.-]+", word)
    return word if plain else code(word)


class Names:
    """The names of all questions about the items of a blank."""

    def __init__(self, blank: Blank) -> None:
        homes: dict[str, list[str]] = {}
        for name, checklist in blank.handbook.checklists.items():
            for item in checklist.items:
                homes.setdefault(item.id, []).append(name)
        self._shared = {item for item, home in homes.items() if len(home) > 1}
        self.blank = blank

    def stem(self, leaf: Leaf, ask: Ask) -> str:
        """Give the code of an item, with its checklist where several have an item of this id."""
        item = ask.item.id
        return code(item) + (f"{_IN}{code(leaf.id)}" if item in self._shared else "")

    def of(self, kind: str, leaf: Leaf, ask: Ask) -> str:
        """Name a question about an item."""
        return f"{kind}_{self.stem(leaf, ask)}"

    def part(self, kind: str, leaf: Leaf, ask: Ask, part: str) -> str:
        """Name the question about a part of an item in a case; `kind` is `drawn` or `free`."""
        return f"{kind}part_{self.stem(leaf, ask)}{_PART}{code(part)}"

    def ticket(self, leaf: Leaf) -> str:
        """Name what says which drawn ticket a row is about."""
        return f"ticket_{code(leaf.id)}"

    def all(self) -> Iterator[str]:
        """List every name a reader looks for."""
        yield from (*WHOLE, *SIGNING)
        for leaf in self.blank.leaves:
            yield self.ticket(leaf)
            for ask in leaf.asks:
                yield from (self.of(kind, leaf, ask) for kind in FIELDS)
                yield self.of("freeid", leaf, ask)
                for kind in ("drawn", "free"):
                    yield from (self.of(f"{kind}{each}", leaf, ask) for each in CASE)
                    yield from (self.part(kind, leaf, ask, p.id) for p in ask.item.parts)


def bare(header: str) -> str:
    """Take the names of groups off the header of a column."""
    return _CUT.split(header)[-1]

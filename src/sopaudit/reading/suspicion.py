"""Whether a text needs a closer look: it stands apart, because nearly all files need none."""

import re
from typing import Final

DASHES: Final = "－–—•·●"
"""What is typed for the `-` of a list."""

BLANKS: Final = "\u3000\xa0"
"""Blanks that are none to YAML: the full-width one, and the one that never breaks."""

# The keys of handbooks are small Latin letters; a word before a colon in a text hardly ever is.
NAME: Final = "[a-z_][a-z_0-9]*"

# Each begins with a sign to look for, because that is how `re` is quick; what follows and, by
# looking back, what precedes it make it suspicious.
_SUSPECTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"：(?<=[a-z_0-9 ]：)",
        r":(?:[^\s/:](?<=[a-z_]:.)|[^\s/:0-9](?<=[0-9]:.))",
        r"\[[^\[\]\n]*[，、]",
        r" #(?:[^\s#!]|(?<=\S #))",
        r"\t#[^\s#!]",
        rf"\n[ ]*+(?:-[ ]++)*+(?:[{BLANKS}{DASHES}＃%“‘]|<<)",
    )
)


def suspicious(text: str) -> bool:
    """Look quickly whether some habit may have slipped through; a clean file rarely is."""
    text = f"\n{text}"
    return "［" in text or "｛" in text or any(suspect.search(text) for suspect in _SUSPECTS)

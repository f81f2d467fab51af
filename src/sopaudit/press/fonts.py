"""The font our pages are printed in, what it covers, and what becomes of other characters.

The font is ours and not the system's, so a report looks the same on every machine, and a machine
without a Chinese font prints Chinese all the same. That is also why our subset alone decides what
is printable: asking which fonts a machine happens to have would print one name here and another
there. It holds GB 2312 and the national list of 8,105 characters, in which people's names are
written, a few more that people are called by, and the Latin letters of Europe.
"""

import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

FAMILY: Final = "Sopaudit Sans SC"
"""The name style sheets ask for; a browser, which lacks it, takes the next in the list."""

ADDRESS: Final = "sopaudit:font/"
"""How the renderer asks for one of our fonts; the only addresses it is ever given."""

FILES: Final = {400: "SopauditSansSC-Regular.ttf", 700: "SopauditSansSC-Bold.ttf"}
"""The file of each weight. TrueType, because a woff2 makes the renderer four times slower."""

CHARACTERS: Final = "characters.txt"
"""What both fonts cover, as plain text: read in a millisecond, where a font takes a hundred."""

_BLANKS: Final = frozenset(" \t\n\r\f\u00a0\u3000")

_FOLDER: Final = files("sopaudit.press").joinpath("fonts")


def font_css() -> str:
    """Declare both weights to a style sheet."""
    face = '@font-face {{ font-family: "{}"; font-weight: {}; src: url("{}{}") }}'
    return "\n".join(face.format(FAMILY, weight, ADDRESS, name) for weight, name in FILES.items())


def font(name: str) -> bytes:
    """Read one of `FILES`; raises KeyError for any other name."""
    if name not in FILES.values():
        raise KeyError(name)
    return _FOLDER.joinpath(name).read_bytes()


@cache
def covered() -> frozenset[str]:
    """Give every character our font can print, blanks included."""
    text = _FOLDER.joinpath(CHARACTERS).read_text(encoding="utf-8")
    return frozenset(text) | _BLANKS


def cover(text: str) -> tuple[str, tuple[str, ...]]:
    """Make `text` printable; the second value names what is missing, such as `□U+2A700`.

    A missing character prints as □ with its code point, so nobody takes one name for another. Where
    Unicode has a plain form that looks the same (the radicals that copying from a PDF leaves
    behind), that form prints and nothing is missing. Marks that only steer the order or the look
    of other characters are left out: they have no shape, and some make a text read differently from
    what it says.
    """
    strange = set(text) - covered()
    if not strange:
        return text, ()
    printed = {ord(sign): _printed(sign) for sign in strange}
    missing = sorted(shown for shown in printed.values() if shown.startswith("□"))
    return text.translate(printed), tuple(missing)


def _printed(sign: str) -> str:
    if sign.isspace():
        return " "
    if unicodedata.category(sign) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(sign, ""):
        return ""
    plain = unicodedata.normalize("NFKC", sign)
    return plain if covered().issuperset(plain) else f"□U+{ord(sign):04X}"

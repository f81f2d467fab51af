"""Make the fonts of src/sopaudit/press/fonts from the variable Noto Sans SC.

    python tools/subset_fonts.py NotoSansSC[wght].ttf Unihan_OtherMappings.txt.bz2 SOURCE_SANS

The first file comes with any package of the Noto fonts (here: `justmytype-intl-cjk` 0.1.0), the
second with the Unicode character database (here: Debian's `unicode-data` 15.0), and the folder with
npm's `@fontsource/source-sans-3` 5.3.1. Nothing else is read, so the same files give the same bytes
again. Needs fontTools and brotli, which WeasyPrint brings.

Two weights are cut out of the variable font, because a real bold reads better than a smeared one.
They keep every ideograph of GB 2312 and of the national list of 8,105 characters (people's names
are written with it), a few more that people are called by, and every sign, letter and kana of the
source; hints go, since a page is printed or zoomed. The source has the Latin letters of Western
Europe, pinyin and Vietnamese only; the other accented letters (Łukasz, Škoda, Győr) come from
Source Sans, whose drawings its Latin is made of. A few signs of forms are in neither and are put
together from others.
What is covered stands in `characters.txt`, so that nobody opens a font to ask.
"""
# ruff: noqa: INP001 -- a script, not a package

import bz2
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fontTools.misc.transform import Identity, Transform
from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FOLDER: Final = Path(__file__).parents[1] / "src" / "sopaudit" / "press" / "fonts"

FAMILY: Final = "Sopaudit Sans SC"
"""Our own name: this is a changed version, and the licence reserves the name of the original."""

WEIGHTS: Final = {400: "Regular", 700: "Bold"}

DRAWN: Final = {"☐": "□", "☑": "□✓", "☒": "□×", "✔": "✓", "✗": "×", "✘": "×"}
"""Signs of forms the source lacks, and the signs they are put together from."""

INSIDE: Final = 0.68
"""The size of a tick inside its box."""

NAMES: Final = "龘靐嚞尛朤叒槑囍嫑巭峯崑崙淩恆晉珮雋鈺晧頔贇嫻瀅"
"""Characters that people are called by and neither list has: built of the same part thrice, or old
forms which a staff register keeps."""

NARROWED: Final = "‘’“”…—·•×"
"""Signs Chinese and other languages share, which are as wide as an ideograph in Chinese alone."""

LETTERS: Final = frozenset([*range(0x100, 0x250), *range(0x1E00, 0x1F00), *range(0x20A0, 0x20D0)])
"""What is taken from Source Sans where the source lacks it: Latin letters, currency signs."""

LETTERS_SIZE: Final = 1.117
"""How much larger the source draws the letters of Source Sans."""

LEFT_OUT: Final = (
    "HANGUL",
    "HALFWIDTH HANGUL",
    "KANGXI",
    "CJK RADICAL",
    "PRESENTATION",
    "DENTISTRY",
)
"""How the names of characters begin that no report of ours needs."""


def gb2312() -> Iterator[int]:
    """List GB 2312 as its own table has it: 94 rows of 94."""
    for row in range(0xA1, 0xFF):
        for cell in range(0xA1, 0xFF):
            sign = bytes((row, cell)).decode("gb2312", errors="ignore")
            if sign:
                yield ord(sign)


def national_list(unihan: Path) -> Iterator[int]:
    """List 通用规范汉字表 of 2013, which Unihan records as kTGH."""
    text = bz2.decompress(unihan.read_bytes()) if unihan.suffix == ".bz2" else unihan.read_bytes()
    for line in text.decode("utf-8").splitlines():
        if "\tkTGH\t" in line:
            yield int(line.split("\t")[0].removeprefix("U+"), 16)


def other_signs(covered: set[int]) -> Iterator[int]:
    """List what the source has besides ideographs: letters, digits, punctuation, forms' signs."""
    for code in covered:
        name = unicodedata.name(chr(code), "")
        if name and not name.startswith((*LEFT_OUT, "CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH")):
            yield code


def add(font: TTFont, code: int, parts: list[tuple[TTFont, int, Transform]], width: int) -> None:
    """Add a character, drawn from characters of this or another font."""
    pen = TTGlyphPen(None)
    for source, drawn, moved in parts:
        glyphs = source.getGlyphSet()
        shape = glyphs[source.getBestCmap()[drawn]]
        shape.draw(DecomposingFilterPen(TransformPen(pen, moved), glyphs))
    name = f"uni{code:04X}"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    glyph = pen.glyph()
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (width, glyph.xMin)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def add_letters(font: TTFont, letters: TTFont) -> None:
    """Add the letters the source lacks."""
    larger = Identity.scale(LETTERS_SIZE)
    widths, names = letters["hmtx"], letters.getBestCmap()
    for code in sorted((LETTERS & names.keys()) - font.getBestCmap().keys()):
        add(font, code, [(letters, code, larger)], round(widths[names[code]][0] * LETTERS_SIZE))


def add_signs(font: TTFont) -> None:
    """Add the signs of `DRAWN`; a tick stands in the middle of its box."""
    for sign, (outer, *inner) in DRAWN.items():
        names = font.getBestCmap()
        if ord(sign) in names:
            continue
        box = font["glyf"][names[ord(outer)]]
        parts = [(font, ord(outer), Identity)]
        for tick in inner:
            shape = font["glyf"][names[ord(tick)]]
            middle = Identity.translate((box.xMin + box.xMax) / 2, (box.yMin + box.yMax) / 2)
            centred = middle.scale(INSIDE).translate(
                -(shape.xMin + shape.xMax) / 2, -(shape.yMin + shape.yMax) / 2
            )
            parts.append((font, ord(tick), centred))
        add(font, ord(sign), parts, font["hmtx"][names[ord(outer)]][0])


def keep_narrow(font: TTFont) -> None:
    """Let `pwid` narrow only `NARROWED`: it must not touch the punctuation of Chinese words."""
    names = font.getBestCmap()
    kept = {names[ord(sign)] for sign in NARROWED}
    table = font["GSUB"].table
    for feature in table.FeatureList.FeatureRecord:
        if feature.FeatureTag == "pwid":
            for index in feature.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[index].SubTable:
                    inner = getattr(part, "ExtSubTable", part)
                    inner.mapping = {a: b for a, b in inner.mapping.items() if a in kept}


def rename(font: TTFont, letters: TTFont, style: str) -> None:
    """Give the font our name; copyrights, makers and licence stay."""
    names = font["name"]
    version = names.getDebugName(5)
    names.names = [record for record in names.names if record.nameID in (0, 8, 9, 11, 13, 14)]
    post = f"{FAMILY.replace(' ', '')}-{style}"
    own = {
        0: f"{names.getDebugName(0)}; {letters['name'].getDebugName(0)}",
        1: FAMILY,
        2: style,
        3: f"{post};subset of Noto Sans SC {version}",
        4: f"{FAMILY} {style}",
        5: version,
        6: post,
        10: "A subset of Noto Sans SC, with letters of Source Sans and signs of forms added.",
    }
    for number, text in own.items():
        names.setName(text, number, 3, 1, 0x409)


def cut(source: Path, letters: Path, weight: int, wanted: set[int]) -> TTFont:
    """Cut one weight, with only the characters that are wanted."""
    font = TTFont(source, recalcTimestamp=False)
    for table in ("vhea", "vmtx", "BASE", "gasp", "prep", "STAT"):
        del font[table]
    font = instantiateVariableFont(font, {"wght": weight})
    for part in ("latin", "latin-ext"):
        more = TTFont(letters / f"source-sans-3-{part}-{weight}-normal.woff2")
        add_letters(font, more)
    add_signs(font)
    keep_narrow(font)
    options = Options()
    options.hinting = False
    options.layout_features = ["ccmp", "halt", "kern", "liga", "locl", "mark", "palt", "pwid"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    bold = weight > min(WEIGHTS)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 0x20 if bold else 0x40
    font["head"].macStyle = int(bold)
    rename(font, more, WEIGHTS[weight])
    return font


def written(codes: set[int]) -> str:
    """Write characters for people to read: 64 a line, in order; a blank comes before them all."""
    signs = [chr(code) for code in sorted(codes) if not chr(code).isspace()]
    return "\n".join("".join(signs[n : n + 64]) for n in range(0, len(signs), 64)) + "\n"


def main(source: Path, unihan: Path, letters: Path) -> None:
    """Write both fonts and the list of what they cover; say what is still missing."""
    national, trade = set(national_list(unihan)), set(gb2312())
    added = {ord(sign) for sign in (*DRAWN, *NAMES)} | LETTERS
    wanted = national | trade | set(other_signs(set(TTFont(source).getBestCmap()))) | added
    covered: set[int] = set()
    for weight, style in WEIGHTS.items():
        font = cut(source, letters, weight, wanted)
        covered = set(font.getBestCmap())
        path = FOLDER / f"SopauditSansSC-{style}.ttf"
        font.save(path, reorderTables=True)
        sys.stdout.write(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB\n")
    (FOLDER / "characters.txt").write_text(written(covered), encoding="utf-8")
    for name, asked in (("the national list", national), ("GB 2312", trade)):
        missing = "".join(map(chr, sorted(asked - covered))) or "none"
        sys.stdout.write(f"{name}: {len(asked)} characters, missing: {missing}\n")
    sys.stdout.write(f"covered: {len(covered)} characters\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

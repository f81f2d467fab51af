"""Habits of people who write YAML by hand: each recognised where it stands, with what mends it.

Two catalogues, read from above: `SLIPPED` holds what YAML takes without a word and means otherwise,
`STOPPING` what the parser stops at. A habit is a function; it sees a text and yields slips.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from sopaudit.problems import Edit
from sopaudit.reading.typed import Line, Scalar, Slip, line_at, lines

# All that YAML allows in a file, the other way round.
STRANGER: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_SHORT: Final = 40
"""Of what people typed, so many characters fit into a sentence."""

_DASHES: Final = "－–—•·●"
"""What is typed for the `-` of a list."""

_BLANKS: Final = "\u3000\xa0"
"""Blanks that are none to YAML: the full-width one, and the one that never breaks."""

# The keys of handbooks are small Latin letters; a word before a colon in a text hardly ever is.
_NAME: Final = "[a-z_][a-z_0-9]*"

# Each begins with a sign to look for, because that is how `re` is quick; what follows and, by
# looking back, what precedes it make it suspicious.
_SUSPECTS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"：(?<=[a-z_0-9 ]：)",
        r":(?:[^\s/:](?<=[a-z_]:.)|[^\s/:0-9](?<=[0-9]:.))",
        r"\[[^\[\]\n]*[，、]",
        r"[［｛]",
        r" #(?:[^\s#!]|(?<=\S #))",
        r"\t#[^\s#!]",
        rf"\n[ ]*(?:-[ ]+)*(?:[{_BLANKS}{_DASHES}＃%“‘]|<<)",
    )
)


def suspicious(text: str) -> bool:
    """Look quickly whether some habit may have slipped through; a clean file rarely is."""
    text = f"\n{text}"
    return any(suspect.search(text) for suspect in _SUSPECTS)


# --- what slips through: YAML takes it and means something else -----------------------------------

_Slipped = Callable[[str, list[Scalar]], Iterator[Slip]]


def _leads(text: str, scalar: Scalar) -> bool:
    """Say whether a scalar is the first in its line, behind nothing but blanks and dashes."""
    line = line_at(text, scalar.start)
    return not line.text[: scalar.start - line.start].strip(" \t-")


_COLON: Final = re.compile(rf"({_NAME})[ ]*(：[ {_BLANKS}]*|:(?=[^\s/:]))")


def colons_after_keys(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`title：热线` and `title:热线`: the key became part of a text."""
    for n, scalar in enumerate(scalars):
        if not scalar.plain or scalar.role == "value":
            continue
        if scalar.role == "key" and scalar.flow and scalars[n + 1].end > scalars[n + 1].start:
            continue
        if scalar.role == "entry" and scalar.flow:
            continue
        for line in lines(text[scalar.start : scalar.end]):
            blanks = len(line.text) - len(line.text.lstrip())
            if found := _COLON.match(line.text, blanks):
                yield _colon(found, scalar.start + line.start)


def _colon(found: re.Match[str], start: int) -> Slip:
    at, end = start + found.start(2), start + found.end(2)
    if found[2] == ":":
        return Slip("Y041", at, (Edit(end, end, " "),), {"key": found[1]})
    return Slip("Y024", at, (Edit(at, end, ": "),), {"key": found[1]})


def swallowed_lines(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """See a line that looks like `section：B` and went into the value above it."""
    for scalar in scalars:
        if not scalar.plain or scalar.role != "value":
            continue
        for line in lines(text[scalar.start : scalar.end])[1:]:
            blanks = len(line.text) - len(line.text.lstrip())
            if found := _COLON.match(line.text, blanks):
                at = scalar.start + line.start + blanks
                yield Slip("Y044", at, values={"key": found[1]})


def commas_between_entries(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`[电话，工单]` is one entry; `{id: A，title: x}` one value."""
    for scalar in scalars:
        if not (scalar.plain and scalar.flow):
            continue
        typed = text[scalar.start : scalar.end]
        between = r"(?<=\S)[，、](?=.)" if scalar.role == "entry" else rf"[，、](?=\s*{_NAME}[:：])"
        if scalar.role == "key" and not _COLON.match(typed):
            continue
        for found in re.finditer(rf"{between}[ {_BLANKS}]*", typed):
            at, end = scalar.start + found.start(), scalar.start + found.end()
            yield Slip("Y025", at, (Edit(at, end, ", "),), {"sign": found[0][0]})


_PLAIN_BRACKETS: Final = {"［": "[", "］": "]", "｛": "{", "｝": "}", "，": ", ", "：": ": "}
_CLOSING: Final = {"［": "］]", "｛": "｝}"}


def wide_brackets(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`［电话，工单］` is a text and no list."""
    for scalar in scalars:
        if scalar.plain and scalar.value[:1] in _CLOSING:
            line = line_at(text, scalar.start)
            rest = text[scalar.start : line.end]
            close = next((n for n, c in enumerate(rest) if c in _CLOSING[rest[0]]), None)
            if close is not None and re.match(r"\s*(?:[,，\]}#]|$)", rest[close + 1 :]):
                yield _bracketed(rest[: close + 1], scalar.start)


def _bracketed(typed: str, start: int) -> Slip:
    edits = (
        Edit(start + n, start + n + 1, _PLAIN_BRACKETS[sign])
        for n, sign in enumerate(typed)
        if sign in _PLAIN_BRACKETS
    )
    return Slip("Y028", start, tuple(edits), {"found": typed[:_SHORT]})


def quoted_keys(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`“title”: x` has a key with Chinese quotes in its name."""
    for scalar in scalars:
        typed = text[scalar.start : scalar.end]
        if scalar.role == "key" and re.fullmatch(rf"[“”]{_NAME}[“”]|[‘’]{_NAME}[‘’]", typed):
            edits = (
                Edit(scalar.start, scalar.start + 1, ""),
                Edit(scalar.end - 1, scalar.end, ""),
            )
            yield Slip("Y026", scalar.start, edits, {"found": typed})


def wide_blanks(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """See a line indented with full-width blanks, which YAML takes for letters."""
    for scalar in scalars:
        if scalar.plain and scalar.value[:1] in tuple(_BLANKS) and _leads(text, scalar):
            blanks = len(scalar.value) - len(scalar.value.lstrip(_BLANKS + " "))
            yield _spaces(text, scalar.start, scalar.start + blanks)


def _spaces(text: str, start: int, end: int) -> Slip:
    columns = "".join("  " if sign == "\u3000" else " " for sign in text[start:end])
    return Slip("Y029", start, (Edit(start, end, columns),))


def wide_dashes(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`－ 电话`: a list whose dashes are none."""
    for scalar in scalars:
        if scalar.plain and scalar.value[:1] in tuple(_DASHES) and _leads(text, scalar):
            for line in lines(text[scalar.start : scalar.end]):
                if found := _DASH.match(line.text):
                    yield _dash(found, scalar.start + line.start)


_DASH: Final = re.compile(rf"[ ]*(－[ {_BLANKS}]*|[{_DASHES}][ {_BLANKS}]+)")


def _dash(found: re.Match[str], start: int) -> Slip:
    at, end = start + found.start(1), start + found.end(1)
    return Slip("Y030", at, (Edit(at, end, "- "),), {"sign": found[1][0]})


def wide_hashes(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`＃ 待定`: a comment that is read as text."""
    for scalar in scalars:
        if scalar.plain and "＃" in scalar.value:
            for n, line in enumerate(lines(text[scalar.start : scalar.end])):
                blanks = len(line.text) - len(line.text.lstrip())
                if line.text[blanks:].startswith("＃") and (n or _leads(text, scalar)):
                    at = scalar.start + line.start + blanks
                    yield Slip("Y031", at, (Edit(at, at + 1, "#"),))


_LOST: Final = re.compile(r"[ \t]+#")
_COMMENT: Final = re.compile(r"(?:[ ]{2,}|[ ]*\t[ \t]*)#(?:[\s#!]|$)")


def lost_text(text: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`热线 #1 工位`: YAML drops what follows the `#`.

    A comment stands behind two blanks and has one behind its sign; anything else may be text.
    """
    for n, scalar in enumerate(scalars):
        if not scalar.plain or (scalar.role == "key" and scalar.start < scalar.end):
            continue
        start = scalar.end
        if scalar.start == scalar.end and n:
            start = scalars[n - 1].end
            start += len(text[start:]) - len(text[start:].lstrip(" :"))
            start -= 1
        rest = line_at(text, start).end
        found = _LOST.match(text, start, rest)
        if found and not _COMMENT.match(text, start, rest):
            yield Slip(
                "Y042", found.end() - 1, values={"lost": text[found.end() - 1 : rest][:_SHORT]}
            )


def directives(text: str, _: list[Scalar]) -> Iterator[Slip]:
    """`%YAML 1.2`: an instruction to the parser, which handbooks do without."""
    for line in lines(text):
        if line.text.startswith("%"):
            yield Slip("Y046", line.start, (Edit(line.start, line.end, ""),), {"line": line.text})
        elif line.text.strip() and not line.text.startswith("#"):
            return


def merge_keys(_: str, scalars: list[Scalar]) -> Iterator[Slip]:
    """`<<: …` merges maps elsewhere; here nothing is merged."""
    for scalar in scalars:
        if scalar.role == "key" and scalar.plain and scalar.value == "<<":
            yield Slip("Y047", scalar.start)


SLIPPED: Final[tuple[_Slipped, ...]] = (
    wide_blanks,
    wide_dashes,
    wide_hashes,
    wide_brackets,
    colons_after_keys,
    swallowed_lines,
    commas_between_entries,
    quoted_keys,
    lost_text,
    directives,
    merge_keys,
)
"""In the order they are looked for; of two at one spot, the first is told."""


# --- what the parser stops at ---------------------------------------------------------------------

_Stopping = Callable[[str, Line], Iterator[list[Slip]]]


def strangers(text: str, _: Line) -> Iterator[list[Slip]]:
    """Control characters, and the zero bytes a damaged disk or program leaves."""
    runs = re.finditer(f"(?:{STRANGER.pattern})+", text)
    slips = [
        Slip("Y021" if run[0][0] == "\0" else "Y004", run.start(), (Edit(*run.span(), ""),))
        for run in runs
    ]
    if slips:
        yield slips


def _outside_blocks(text: str) -> Iterator[Line]:
    """Go through the lines that are not inside a text begun with | or >."""
    edge = -1
    for line in lines(text):
        indent = len(line.text) - len(line.text.lstrip(" "))
        if edge >= 0 and (indent > edge or not line.text.strip()):
            continue
        edge = -1
        yield line
        if found := _BLOCK.match(line.text):
            edge = len(found[1]) if found[2] else indent


_BLOCK: Final = re.compile(r"([ ]*(?:-[ ]+)*)([^#]*:[ ]+)?[>|][+-]?\d?[+-]?[ \t]*(?:#.*)?$")


def tabs(text: str, _: Line) -> Iterator[list[Slip]]:
    """See tabs in indentations, all at once: two or four blanks, or as far in as the line above."""
    found, above = list[tuple[Line, str, int]](), 0
    for line in _outside_blocks(text):
        if body := line.text.lstrip(" \t"):
            blanks = line.text[: len(line.text) - len(body)]
            if "\t" in blanks:
                found.append((line, blanks, above))
            else:
                above = len(blanks)
    if found:
        for wide in ("  ", "    "):
            yield [_tab(line, blanks, blanks.replace("\t", wide)) for line, blanks, _ in found]
        yield [_tab(line, blanks, " " * above) for line, blanks, above in found]


def _tab(line: Line, blanks: str, instead: str) -> Slip:
    edit = Edit(line.start, line.start + len(blanks), instead)
    return Slip("Y003", line.start + blanks.index("\t"), (edit,))


def tabs_after_dashes(_: str, line: Line) -> Iterator[list[Slip]]:
    """`-<tab>text`."""
    if found := re.match(r"[ ]*(?:-[ ]+)*-([ ]*\t[ \t]*)", line.text):
        at, end = line.start + found.start(1), line.start + found.end(1)
        yield [Slip("Y045", at, (Edit(at, end, " "),))]


def blanks_before_lines(text: str, _: Line) -> Iterator[list[Slip]]:
    """Full-width blanks in indentations, all at once, two columns wide or one."""
    found = []
    for line in _outside_blocks(text):
        body = line.text.lstrip(_BLANKS + " ")
        blanks = line.text[: len(line.text) - len(body)]
        first = next((n for n, sign in enumerate(blanks) if sign in _BLANKS), None)
        if body and first is not None:
            found.append((line.start + first, line.start + len(blanks)))
    if found:
        yield [_spaces(text, *span) for span in found]
        yield [
            Slip("Y029", start, (Edit(start, end, " " * (end - start)),)) for start, end in found
        ]


def dashes_before_lines(text: str, line: Line) -> Iterator[list[Slip]]:
    """Dashes of a list that are none, all of the file or those of the line."""
    found = [(at, m) for at in _outside_blocks(text) if (m := _DASH.match(at.text))]
    if found:
        yield [_dash(m, at.start) for at, m in found]
    yield from ([_dash(m, at.start)] for at, m in found if at.start == line.start)


def hashes_before_lines(_: str, line: Line) -> Iterator[list[Slip]]:
    """See a comment begun with a full-width sign."""
    if line.text.lstrip().startswith("＃"):
        at = line.start + line.text.index("＃")
        yield [Slip("Y031", at, (Edit(at, at + 1, "#"),))]


_WIDE_COLON: Final = re.compile(
    rf"[ ]*(?:-[ ]+)*([^\s：:\"'{{}}\[\],#&*!|>%@`][^\s：:]*)[ ]*(：[ {_BLANKS}]*)"
)
_GLUED: Final = re.compile(
    rf"[ ]*(?:-[ ]+)*([^\s：:\"'{{}}\[\],#&*!|>%@`][^\s：:]*)(:)[ ]*([{_BLANKS}]*)(?=[^\s/:])"
)


def colons_in_lines(text: str, line: Line) -> Iterator[list[Slip]]:
    """`title：热线`, of the whole file where the keys are beyond doubt, else of the line."""
    sure = [
        _colon(found, at.start)
        for at in _outside_blocks(text)
        if (found := _WIDE_COLON.match(at.text)) and re.fullmatch(_NAME, found[1])
    ]
    if sure:
        yield sure
    if found := _WIDE_COLON.match(line.text):
        yield [_colon(found, line.start)]
    for inside in re.finditer(rf"[{{,，][ ]*({_NAME})[ ]*(：[ {_BLANKS}]*)", line.text):
        yield [_colon(inside, line.start)]


def glued_colons(_: str, line: Line) -> Iterator[list[Slip]]:
    """`title:热线`, or a blank behind the colon that is none."""
    if found := _GLUED.match(line.text):
        at, end = line.start + found.start(2), line.start + found.end(3)
        yield [Slip("Y041", at, (Edit(at + 1, end, " "),), {"key": found[1]})]


def commas_in_lines(_: str, line: Line) -> Iterator[list[Slip]]:
    """`{id: A，title: x}`."""
    between = rf"[，、][ {_BLANKS}]*(?=[\"']?{_NAME}[\"']?[ ]*[:：])"
    found = list(re.finditer(between, line.text))
    slips = [
        Slip(
            "Y025",
            line.start + m.start(),
            (Edit(line.start + m.start(), line.start + m.end(), ", "),),
            {"sign": m[0][0]},
        )
        for m in found
    ]
    if slips and "{" in line.text:
        yield slips
        yield from ([slip] for slip in slips)


def brackets_in_lines(_: str, line: Line) -> Iterator[list[Slip]]:
    """`[电话, 工单］`, or a full-width bracket that opens what a plain one closes."""
    found = [n for n, sign in enumerate(line.text) if sign in "［］｛｝"]
    yield from ([_bracketed_line(line, signs)] for signs in (found, found[-1:], found[:1]) if signs)


def _bracketed_line(line: Line, signs: list[int]) -> Slip:
    edits = tuple(
        Edit(line.start + n, line.start + n + 1, _PLAIN_BRACKETS[line.text[n]]) for n in signs
    )
    return Slip("Y028", edits[0].start, edits, {"found": line.text.strip()[:_SHORT]})


# --- values that need quotes ---

_BEGINS: Final = (
    ("Y032", re.compile(r"\{\{")),
    ("Y033", re.compile(r"\[[^\]]*\]\s*[^\s,}\]#:]|\{[^{}]*\}\s*[^\s,}\]#:]")),
    ("Y034", re.compile(r"\"(?:[^\"\\]|\\.)*\"\s*[^\s,}\]#:]|'[^']*'(?!')\s*[^\s,}\]#:]")),
    ("Y026", re.compile(r"[“‘].*[”’“‘]$")),
    ("Y048", re.compile(r"!!\w")),
    ("Y009", re.compile(r"!")),
    ("Y008", re.compile(r"\*")),
    ("Y035", re.compile(r"&")),
    ("Y036", re.compile(r"[@`,\]}]")),
    ("Y037", re.compile(r"%")),
    ("Y038", re.compile(r"[>|](?![+-]?\d?[+-]?\s*$)")),
    ("Y039", re.compile(r"[-?](?:\s|$)")),
    ("Y040", re.compile(r".*?[^\s:](:)(?:\s|$)")),
    ("Y042", re.compile(r".*?\s(#)")),
)
"""How a value begins, or what it holds, that YAML takes for a sign of its own."""

_LEAD: Final = re.compile(r"[ \t]*(?:-[ \t]+)*")
_KEY: Final = re.compile(
    r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'{}\[\],#&*!|>%@`:：-][^:：\n{}\[\]]*?|<<)[ ]*:[ \t]+"
)
_FLOW_VALUE: Final = re.compile(
    r"(?<=[{,])\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+)\s*:[ ]+"
    r"(?P<value>(?:\{\{.*?\}\}|[^\n])*?)"
    r"(?=\s*[}\]]*\s*(?:[,，、]\s*(?:[\w-]+|\"[^\"]*\"|'[^']*')\s*[:：]|,\s*\{|,?\s*$|\s\s#\s))"
)
_FLOW_ENTRY: Final = re.compile(r"(?<=[\[,])\s*(?P<value>(?:\{\{.*?\}\}|[^,\[\]{}\n])+)")


def values_to_quote(text: str, line: Line) -> Iterator[list[Slip]]:
    """See values that begin with a sign of YAML, or hold one: they need quotes."""
    for start, end in _values(line):
        typed = text[start:end]
        # A group is never text because of what stands inside it.
        for code, pattern in _BEGINS[:2] if typed[0] in "[{" else _BEGINS:
            if found := pattern.match(typed):
                at = start + (found.start(1) if found.lastindex else 0)
                if edits := _mend(code, text, start, end):
                    yield [Slip(code, at, edits, _said(code, typed))]
                break


def _said(code: str, typed: str) -> dict[str, str]:
    word = typed.split(maxsplit=1)[0][:_SHORT]
    names = {"Y008": "name", "Y009": "tag", "Y035": "name", "Y048": "tag"}
    if code == "Y042":
        return {"lost": typed[typed.index("#") :][:_SHORT]}
    return {names[code]: word} if code in names else {"found": typed[:_SHORT]}


def _mend(code: str, text: str, start: int, end: int) -> tuple[Edit, ...]:
    typed = text[start:end]
    word, *rest = typed.split(maxsplit=1)
    if code == "Y048":
        length = len(typed) - len(rest[0]) if rest else len(word)
        return (Edit(start, start + length, ""),)
    # Such as "&base" before a group, or "*base" where there is one: that was meant as YAML has it.
    if code in {"Y009", "Y035"} and (not rest or rest[0][0] in "[{" or f"*{word[1:]}" in text):
        return ()
    if code == "Y008" and f"&{word[1:]}" in text:
        return ()
    if code == "Y026" and '"' not in typed and "\\" not in typed:
        return (Edit(start, start + 1, '"'), Edit(end - 1, end, '"'))
    return quotes(text, start, end)


def _values(line: Line) -> Iterator[tuple[int, int]]:
    """Say where the values of a line may stand: the whole of it, then those between brackets."""
    lead = _LEAD.match(line.text)
    start = lead.end() if lead else 0
    key = _KEY.match(line.text, start)
    if key and key[0].startswith("<<"):
        return
    begin = key.end() if key else start
    rest = line.text[begin:]
    body = re.split(r"\s\s+#(?:\s|$)", rest, maxsplit=1)[0].rstrip() if rest else ""
    if body:
        yield line.start + begin, line.start + begin + len(body)
    if "{" in line.text or "[" in line.text or not key:
        for pattern in (_FLOW_VALUE, _FLOW_ENTRY):
            for found in pattern.finditer(line.text):
                value = found["value"]
                if value.strip():
                    at = line.start + found.start("value")
                    yield at, at + len(value.rstrip())


def quotes(text: str, start: int, end: int) -> tuple[Edit, ...]:
    """Put a value into quotes, whatever quotes it has inside."""
    typed = text[start:end]
    first, last = typed[0], typed[-1]
    if first == last == "'" and len(typed) > 1:
        inner = [n for n in range(1, len(typed) - 1) if typed[n] == "'"]
        return tuple(Edit(start + n, start + n, "'") for n in inner)
    if first == last == '"' and len(typed) > 1 and "\\" not in typed:
        inner = [n for n in range(1, len(typed) - 1) if typed[n] == '"']
        return tuple(Edit(start + n, start + n, "\\") for n in inner)
    if '"' not in typed and "\\" not in typed:
        return Edit(start, start, '"'), Edit(end, end, '"')
    twice = (Edit(start + n, start + n, "'") for n, sign in enumerate(typed) if sign == "'" and n)
    opening = "''" if first == "'" else "'"
    return Edit(start, start, opening), *twice, Edit(end, end, "'")


def backslashes(_: str, line: Line) -> Iterator[list[Slip]]:
    r"""See `"C:\dir"`: between double quotes a backslash is a sign of YAML's."""
    for found in re.finditer(r'"([^"]*\\[^"]*)"', line.text):
        inner = [line.start + n for n in range(*found.span(1)) if line.text[n] == "\\"]
        edits = tuple(Edit(at, at, "\\") for at in inner)
        yield [Slip("Y052", inner[0], edits)]


def missing_commas(text: str, line: Line) -> Iterator[list[Slip]]:
    """See `{zh: 立即 en: at once}`, or a comma forgotten at the end of a line."""
    for found in re.finditer(rf"(?<=[^\s,{{\[])(\s+)({_NAME}):\s", line.text):
        at = line.start + found.start(1)
        if _between_braces(text, at):
            edit = Edit(at, at, ",")
            yield [Slip("Y053", line.start + found.start(2), (edit,), {"key": found[2]})]
    before = text[: line.start].rstrip()
    begins = re.match(rf"[ ]*({_NAME}):\s", line.text)
    if begins and _between_braces(text, line.start) and before[-1] not in ",{[":
        edit = Edit(len(before), len(before), ",")
        yield [Slip("Y053", line.start + begins.start(1), (edit,), {"key": begins[1]})]


def _between_braces(text: str, offset: int) -> bool:
    return text.count("{", 0, offset) > text.count("}", 0, offset)


def surplus_signs(_: str, line: Line) -> Iterator[list[Slip]]:
    """See `[甲, 乙]]` or `{a: b,, c: d}`: a sign too many."""
    for found in re.finditer(r",\s*(,)", line.text):
        yield [_surplus(line, found.start(1))]
    for n in reversed(range(len(line.text))):
        if line.text[n] in "]}":
            yield [_surplus(line, n)]


def _surplus(line: Line, n: int) -> Slip:
    at = line.start + n
    return Slip("Y054", at, (Edit(at, at + 1, ""),), {"sign": line.text[n]})


def indentation(text: str, line: Line) -> Iterator[list[Slip]]:
    """See a line that stands one blank too far to the right or to the left."""
    body = line.text.lstrip(" ")
    indent = len(line.text) - len(body)
    above = [at.text for at in lines(text[: line.start]) if at.text.strip()]
    columns = {len(lead[0]) for t in above for lead in [re.match(r"[ ]*(?:-[ ]+)*", t)] if lead}
    columns |= {len(t) - len(t.lstrip(" ")) for t in above}
    # Nothing stands before the first line; it may have been pushed in by any number of blanks.
    for column in (indent - 1, indent + 1) if columns else range(min(indent, 1)):
        if (column in columns or not columns) and body and not body.startswith("#"):
            edit = Edit(line.start, line.start + indent, " " * column)
            yield [Slip("Y049", line.start + indent, (edit,), {"more": str(indent - column)})]


def unclosed(_: str, line: Line) -> Iterator[list[Slip]]:
    """See a quote or bracket that is not closed, if its line is where it should have been."""
    body = line.text.rstrip()
    for start, end in _values(line):
        typed = line.text[start - line.start : end - line.start]
        if typed[0] in "'\"" and typed.count(typed[0]) == 1:
            yield [Slip("Y006", start, (Edit(end, end, typed[0]),))]
    stack = []
    for n, sign in enumerate(body):
        if sign in "[{":
            stack.append((n, {"[": "]", "{": "}"}[sign]))
        elif stack and sign == stack[-1][1]:
            stack.pop()
    if stack:
        at, end = line.start + stack[-1][0], line.start + len(body)
        closing = "".join(sign for _, sign in reversed(stack))
        yield [Slip("Y006", at, (Edit(end, end, closing),))]


STOPPING: Final[tuple[_Stopping, ...]] = (
    strangers,
    tabs,
    tabs_after_dashes,
    blanks_before_lines,
    dashes_before_lines,
    hashes_before_lines,
    colons_in_lines,
    glued_colons,
    commas_in_lines,
    brackets_in_lines,
    missing_commas,
    values_to_quote,
    backslashes,
    surplus_signs,
    indentation,
    unclosed,
)
"""Tried in this order; the first that lets reading go on is what was wrong."""

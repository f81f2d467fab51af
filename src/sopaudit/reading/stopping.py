"""Habits the parser stops at, each recognised in the line where it broke, with what mends it.

A habit is a function that sees the text and the line and yields one or more ways to mend it, most
likely first; the parser itself is the judge of them (see `diagnosis`). `STOPPING` is the catalogue.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from sopaudit.problems import Edit
from sopaudit.reading.shape import SHORT
from sopaudit.reading.slipped import DASH, PLAIN_BRACKETS, colon, dash, spaces
from sopaudit.reading.suspicion import BLANKS, NAME
from sopaudit.reading.typed import Line, Slip, line_at, lines
from sopaudit.reading.unquoted import values, values_to_quote

# All that YAML allows in a file, the other way round.
STRANGER: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

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
    """See tabs in indentations, all at once: two or four blanks, or as far in as a neighbour."""
    found, above, below = list[tuple[Line, str, int]](), 0, list[int]()
    for line in _outside_blocks(text):
        if body := line.text.lstrip(" \t"):
            blanks = line.text[: len(line.text) - len(body)]
            if "\t" in blanks:
                found.append((line, blanks, above))
            else:
                # A key without a value waits for something further in.
                above = len(blanks) + 2 * bool(_WAITING.search(line.text))
                below += [len(blanks)] * (len(found) - len(below))
    if found:
        ways = [
            *([blanks.replace("\t", wide) for _, blanks, _ in found] for wide in ("  ", "    ")),
            [" " * above for *_, above in found],
            *([[" " * columns for columns in below]] if len(below) == len(found) else []),
        ]
        for way in ways:
            slips = [_tab(at, b, to) for (at, b, _), to in zip(found, way, strict=True)]
            if not _emptied(text, slips):
                yield slips


_WAITING: Final = re.compile(r"^[^#]*:[ \t]*$")


def _emptied(text: str, slips: list[Slip]) -> bool:
    """Say whether a key without a value would be left without one, if these slips were mended."""
    edits = {edit.start: len(edit.text) for slip in slips for edit in slip.edits}
    waiting = -1
    for line in _outside_blocks(text):
        body = line.text.lstrip(" \t")
        if not body or body.startswith("#"):
            continue
        column = edits.get(line.start, len(line.text) - len(body))
        if line.start in edits and column < waiting + (not body.startswith("-")):
            return True
        key = len(body) - len(re.sub(r"^(?:-[ ]+)*", "", body))
        waiting = column + key if _WAITING.search(line.text) else -1
    return False


def _tab(line: Line, blanks: str, instead: str) -> Slip:
    edit = Edit(line.start, line.start + len(blanks), instead)
    return Slip("Y003", line.start + blanks.index("\t"), (edit,))


def tabs_after_dashes(_: str, line: Line) -> Iterator[list[Slip]]:
    """`-<tab>text`."""
    if found := re.match(r"[ ]*(?:-[ ]+)*-([ ]*\t[ \t]*)", line.text):
        at, end = line.start + found.start(1), line.start + found.end(1)
        yield [Slip("Y045", at, (Edit(at, end, " "),))]


def glued_dashes(_: str, line: Line) -> Iterator[list[Slip]]:
    """`-id: A`: a dash and a key grown together."""
    if found := re.match(rf"[ ]*(?:-[ ]+)*(-){NAME}:(?:\s|$)", line.text):
        at = line.start + found.end(1)
        yield [Slip("Y055", at - 1, (Edit(at, at, " "),))]


def blanks_before_lines(text: str, _: Line) -> Iterator[list[Slip]]:
    """Full-width blanks in indentations, all at once, two columns wide or one."""
    found = []
    for line in _outside_blocks(text):
        body = line.text.lstrip(BLANKS + " ")
        blanks = line.text[: len(line.text) - len(body)]
        first = next((n for n, sign in enumerate(blanks) if sign in BLANKS), None)
        if body and first is not None:
            found.append((line.start + first, line.start + len(blanks)))
    if found:
        yield [spaces(text, *span) for span in found]
        yield [
            Slip("Y029", start, (Edit(start, end, " " * (end - start)),)) for start, end in found
        ]


def dashes_before_lines(text: str, line: Line) -> Iterator[list[Slip]]:
    """Dashes of a list that are none, all of the file or those of the line."""
    found = [(at, m) for at in _outside_blocks(text) if (m := DASH.match(at.text))]
    if found:
        yield [dash(m, at.start) for at, m in found]
    yield from ([dash(m, at.start)] for at, m in found if at.start == line.start)


def hashes_before_lines(_: str, line: Line) -> Iterator[list[Slip]]:
    """See a comment begun with a full-width sign."""
    if line.text.lstrip().startswith("＃"):
        at = line.start + line.text.index("＃")
        yield [Slip("Y031", at, (Edit(at, at + 1, "#"),))]


_WIDE_COLON: Final = re.compile(
    rf"[ ]*(?:-[ ]+)*([^\s：:\"'{{}}\[\],#&*!|>%@`][^\s：:]*)[ ]*(：[ {BLANKS}]*)"
)
_GLUED: Final = re.compile(
    rf"[ ]*(?:-[ ]+)*([^\s：:\"'{{}}\[\],#&*!|>%@`][^\s：:]*)(:)[ ]*([{BLANKS}]*)(?=[^\s/:])"
)


def colons_in_lines(text: str, line: Line) -> Iterator[list[Slip]]:
    """`title：热线`, of the whole file where the keys are beyond doubt, else of the line."""
    sure = [
        colon(found, at.start)
        for at in _outside_blocks(text)
        if (found := _WIDE_COLON.match(at.text)) and re.fullmatch(NAME, found[1])
    ]
    if sure:
        yield sure
    if found := _WIDE_COLON.match(line.text):
        yield [colon(found, line.start)]
    for inside in re.finditer(rf"[{{,，][ ]*({NAME})[ ]*(：[ {BLANKS}]*)", line.text):
        yield [colon(inside, line.start)]


def glued_colons(_: str, line: Line) -> Iterator[list[Slip]]:
    """`title:热线`, or a blank behind the colon that is none."""
    if found := _GLUED.match(line.text):
        at, end = line.start + found.start(2), line.start + found.end(3)
        yield [Slip("Y041", at, (Edit(at + 1, end, " "),), {"key": found[1]})]


def commas_in_lines(_: str, line: Line) -> Iterator[list[Slip]]:
    """`{id: A，title: x}`, or `{高: 10，低: 2}`, where the words of a table are its keys."""
    between = rf"[，、][ {BLANKS}]*(?=[\"']?(?:{NAME}|\w+)[\"']?[ ]*[:：])"
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
        Edit(line.start + n, line.start + n + 1, PLAIN_BRACKETS[line.text[n]]) for n in signs
    )
    return Slip("Y028", edits[0].start, edits, {"found": line.text.strip()[:SHORT]})


def backslashes(_: str, line: Line) -> Iterator[list[Slip]]:
    r"""See `"C:\dir"`: between double quotes a backslash is a sign of YAML's."""
    for found in re.finditer(r'"([^"]*\\[^"]*)"', line.text):
        inner = [line.start + n for n in range(*found.span(1)) if line.text[n] == "\\"]
        edits = tuple(Edit(at, at, "\\") for at in inner)
        yield [Slip("Y052", inner[0], edits)]


def missing_commas(text: str, line: Line) -> Iterator[list[Slip]]:
    """See `{zh: 立即 en: at once}`, or a comma forgotten at the end of a line."""
    for found in re.finditer(rf"(?<=[^\s,{{\[])(\s+)({NAME}):\s", line.text):
        at = line.start + found.start(1)
        if _opened(text, at) >= 0:
            edit = Edit(at, at, ",")
            yield [Slip("Y053", line.start + found.start(2), (edit,), {"key": found[2]})]
    before = text[: line.start].rstrip()
    begins = re.match(rf"[ ]*({NAME}):\s", line.text)
    opened = line_at(text, max(_opened(text, line.start), 0))
    # What is no further in than the key before the brace stands beside it, and not inside.
    inside = _indent(line) > _indent(opened) and _opened(text, line.start) >= 0
    if begins and inside and before[-1] not in ",{[":
        edit = Edit(len(before), len(before), ",")
        yield [Slip("Y053", line.start + begins.start(1), (edit,), {"key": begins[1]})]


def _opened(text: str, offset: int) -> int:
    """Find the last brace before `offset` that is still open there; -1 where there is none."""
    still_open = []
    for found in re.finditer("[{}]", text[:offset]):
        if found[0] == "{":
            still_open.append(found.start())
        elif still_open:
            still_open.pop()
    return still_open[-1] if still_open else -1


def _indent(line: Line) -> int:
    """Say how far in the first key of a line stands, behind blanks and dashes."""
    return len(line.text) - len(re.sub(r"^[ ]*(?:-[ ]+)*", "", line.text))


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
    near = next((len(t) - len(t.lstrip(" ")) for t in reversed(above)), 0)
    beside = sorted((indent - 1, indent + 1), key=lambda column: column != near)
    for column in beside if columns else range(min(indent, 1)):
        if (column in columns or not columns) and body and not body.startswith("#"):
            edit = Edit(line.start, line.start + indent, " " * column)
            yield [Slip("Y049", line.start + indent, (edit,), {"more": str(indent - column)})]


def unclosed(_: str, line: Line) -> Iterator[list[Slip]]:
    """See a quote or bracket that is not closed, if its line is where it should have been."""
    body = line.text.rstrip()
    for start, end in values(line):
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
    glued_dashes,
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

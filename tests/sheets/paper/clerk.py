"""A clerk who reads a filled page: boxes that are ticked, numbers, remarks, and the list of cases.

What stands on a page is what its tags say, cell by cell, as a screen reader reads them out; nothing
of the audit it was printed from is looked at, but what each item asks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pikepdf

from sopaudit.evidence.record import Case, RecordedAnswer, Sample
from sopaudit.press.words import words
from sopaudit.sheets.blank import Ask, Blank
from sopaudit.sheets.paper.cases import SIGNS
from sopaudit.sheets.wording import answer_title

_SIGNS: Final = {sign: word for word, sign in SIGNS.items()}
_NOTE: Final = re.compile(r"^([A-Z][\w, -]*?)(?:：|: )")


@dataclass
class Node:
    """A part of the page, with the parts in it or its text."""

    kind: str
    inner: list["Node"] = field(default_factory=list)
    text: str = ""

    def all(self, kind: str) -> Iterator["Node"]:
        """Give the parts of a kind, those in others too."""
        for node in self.inner:
            if node.kind == kind:
                yield node
            yield from node.all(kind)

    @property
    def lines(self) -> list[str]:
        """Give what is printed in it, line by line."""
        return ([self.text] if self.text else []) + [x for node in self.inner for x in node.lines]

    @property
    def said(self) -> str:
        """Give what is printed in it; a line that is broken goes on."""
        return "".join(self.lines)

    @property
    def cells(self) -> list["Node"]:
        """Give the cells of a row."""
        return [node for node in self.inner if node.kind in ("TD", "TH")]


def page(pdf: Path) -> Node:
    """Have the structure of a paper told: its tags, with what is printed under each."""
    with pikepdf.open(pdf) as document:
        said: Said = {_number(one.obj): _said(one) for one in document.pages}
        return Node("paper", [_node(document.Root.StructTreeRoot, said, None)])


Said = dict[tuple[int, int], dict[int, str]]


def _number(page_: Any) -> tuple[int, int]:  # noqa: ANN401 -- an object of a PDF
    number, generation = page_.objgen
    return int(number), int(generation)


def _node(tag: Any, said: Said, on: Any) -> Node:  # noqa: ANN401 -- objects of a PDF
    on = tag.get("/Pg", on)
    inner = tag.get("/K", pikepdf.Array())
    found = Node(str(tag.get("/S", "/"))[1:])
    for one in inner if isinstance(inner, pikepdf.Array) else [inner]:
        if not isinstance(one, pikepdf.Dictionary):
            found.inner.append(Node("", text=said[_number(on)].get(int(one), "")))
        elif "/MCID" in one:
            where = one.get("/Pg", on)
            found.inner.append(Node("", text=said[_number(where)].get(int(one.MCID), "")))
        elif "/S" in one:
            found.inner.append(_node(one, said, on))
    return found


def _said(printed: pikepdf.Page) -> dict[int, str]:
    """Give what a page prints, by the number of its mark."""
    fonts = {str(name): _letters(font) for name, font in printed.resources.Font.items()}
    told: dict[int, str] = {}
    letters: dict[int, str] = {}
    marks: list[int | None] = []
    stream: list[Any] = [*pikepdf.parse_content_stream(printed)]
    for values, operator in stream:
        match str(operator):
            case "Tf":
                letters = fonts[str(values[0])]
            case "BMC":
                marks.append(None)
            case "BDC":
                known = isinstance(values[1], pikepdf.Dictionary) and "/MCID" in values[1]
                marks.append(int(values[1].MCID) if known else None)
            case "EMC":
                marks.pop()
            case "Tj" | "TJ":
                mark = next((one for one in reversed(marks) if one is not None), None)
                pieces = values[0] if str(operator) == "TJ" else [values[0]]
                for piece in pieces:
                    if mark is not None and isinstance(piece, pikepdf.String):
                        code = bytes(piece)
                        text = "".join(
                            letters[int.from_bytes(code[n : n + 2])] for n in range(0, len(code), 2)
                        )
                        told[mark] = told.get(mark, "") + text
    return told


def _letters(font: Any) -> dict[int, str]:  # noqa: ANN401 -- an object of a PDF
    """Read which signs the glyphs of a font stand for."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, sign in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            found[int(glyph, 16)] = bytes.fromhex(sign).decode("utf-16-be")
    return found


def read_paper(pdf: Path, blank: Blank, lang: str) -> dict[str, RecordedAnswer]:
    """Read what is answered on a paper, by item."""
    asks = {ask.item.id: ask for _, ask in blank.asks}
    seen: dict[str, tuple[set[str], dict[str, str], str]] = {}
    cases: dict[str, list[Case]] = {}
    for table in page(pdf).all("Table"):
        heads = [row for part in table.all("THead") for row in part.all("TR")]
        rows = [row.cells for part in table.all("TBody") for row in part.all("TR")]
        columns = _columns([cell.said for cell in heads[-1].cells], asks, lang) if heads else {}
        if columns:
            for cells in rows:
                _case(cells, columns, cases)
            continue
        for cells in rows:
            named = [name for name in asks if cells and name in cells[0].said]
            if named and len(cells) > 7:
                seen[named[0]] = (*_item(cells), _remark(cells[7].lines, asks))
    return {
        name: answer
        for name, told in seen.items()
        if (answer := _answer(asks[name], told, cases.get(name, []), lang)) is not None
    }


def _item(cells: Sequence[Node]) -> tuple[set[str], dict[str, str]]:
    """Give the boxes ticked, and the numbers by what they are."""
    ticked, slots = set(), {}
    for box in cells[5].inner:
        lines = box.lines
        if lines[0] in _SIGNS:
            ticked.add("".join(lines[1:]))
    for slot in cells[6].inner:
        label, *rest = slot.lines
        slots[label] = "".join(rest)
    return ticked, slots


def _remark(lines: Sequence[str], asks: Iterable[str]) -> str:
    """Join a remark; a blank at the end of a line is not seen, but ids are set off by one."""
    said = ""
    for line in lines:
        named = said and not said.isascii() and line.startswith(tuple(asks))
        said += (" " if named and said[-1].isalnum() else "") + line
    return said


def _columns(heads: Sequence[str], asks: dict[str, Ask], lang: str) -> dict[int, tuple[str, str]]:
    """Say of which item, and which part of it, a column of the list of cases is."""
    found = {}
    for n, head in enumerate(heads):
        name = next((name for name in asks if head.startswith(name)), None)
        if name is not None:
            title = head.removeprefix(name)
            parts = {part.title.to(lang): part.id for part in asks[name].item.parts} | {"": ""}
            found[n] = (name, parts[title])
    return found


def _case(
    cells: Sequence[Node], columns: dict[int, tuple[str, str]], cases: dict[str, list[Case]]
) -> None:
    """Read one line of the list: a case, ticked at the items it was looked at for."""
    number, person = cells[1].lines, cells[2].said.partition(" ")[0]
    marks: dict[str, dict[str, str]] = {}
    for n, (item, part) in columns.items():
        if sign := cells[n].said:
            marks.setdefault(item, {})[part] = _SIGNS[sign]
    notes = _notes(cells[-1].lines)
    for item, told in marks.items():
        whole = told.pop("", None)
        cases.setdefault(item, []).append(
            Case.model_validate(
                {
                    "id": number[0], "result": None if told else whole, "parts": told,
                    "person": person or None, "note": notes.get(item, ""),
                }
            )
        )  # fmt: skip


def _notes(lines: Sequence[str]) -> dict[str, str]:
    """Part the remarks on a case by the items they are about."""
    notes: dict[str, str] = {}
    about: list[str] = []
    for line in lines:
        if head := _NOTE.match(line):
            about = head[1].split(", ")
            line = line[head.end() :]  # noqa: PLW2901 -- what is left of it
        notes |= {item: notes.get(item, "") + line for item in about}
    return notes


def _answer(
    ask: Ask, told: tuple[set[str], dict[str, str], str], cases: list[Case], lang: str
) -> RecordedAnswer | None:
    ticked, slots, note = told
    witness = slots.get(words(lang, "sheets")["column"]["confirmed"], "").partition(" ")[0]
    column, say = words(lang, "sheets")["column"], words(lang, "paper")["item"]
    word = next((word for word in ask.words if answer_title(word, lang) in ticked), None)
    sure = word if ask.way == "word" or word in ("na", "unchecked") else None
    failed, checked = slots.get(column["failed"], ""), slots.get(column["checked"], "")
    sample = None
    if cases:
        sample = Sample(cases=tuple(cases))
    elif checked and sure is None:
        sample = Sample.model_validate({"failed": int(failed or 0), "checked": int(checked)})
    value = slots.get(say["times"]) or slots.get(say["score"]) or None
    if sure is None and value is None and sample is None:
        return None
    return RecordedAnswer.model_validate(
        {
            "item": ask.item.id, "result": sure, "value": value, "note": note, "sample": sample,
            "person": slots.get(say["person"], "").partition(" ")[0] or None,
            "confirmed": {"by": witness} if witness else None,
        }
    )  # fmt: skip

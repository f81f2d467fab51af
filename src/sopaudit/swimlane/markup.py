"""XML read with places, and without what makes XML dangerous.

A document type is refused before anything in it is looked at, so no entity can multiply or reach
for another file; size, depth and number of tags are bounded.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from sopaudit.problems import Place, Problem
from sopaudit.reading.document import Document, Mark, document

LARGEST: Final = 16 << 20
"""Bytes of a file; a diagram of a thousand boxes has two million."""

DEEPEST: Final = 200
MOST: Final = 200_000
"""Tags of a file."""


@dataclass(slots=True)
class Tag:
    """An element, with the place where it begins."""

    space: str
    """Its namespace."""

    name: str
    attributes: Mapping[str, str]
    """Those of other namespaces as `{namespace}name`."""

    at: Mark
    children: list["Tag"] = field(default_factory=list)
    text: str = ""

    @property
    def id(self) -> str:
        """Its id, or else what it is."""
        return self.attributes.get("id") or self.name

    def inside(self, *names: str) -> Iterator["Tag"]:
        """List its children of these names and of its own namespace."""
        return (c for c in self.children if c.name in names and c.space == self.space)

    def said(self, name: str) -> list[str]:
        """List what its children of a name say."""
        return [text for child in self.inside(name) if (text := child.text.strip())]

    def all(self) -> Iterator["Tag"]:
        """List it and everything below it, in file order."""
        open_ = [self]
        while open_:
            tag = open_.pop()
            yield tag
            open_.extend(reversed(tag.children))


class _RefusedError(Exception):
    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def parsed(raw: bytes, shown: str) -> tuple[Tag | None, Document]:
    """Read XML from memory; the tag is None where the document's problems say why."""
    if len(raw) > LARGEST:
        problem = Problem(Place(shown), "B002", {"limit": f"{LARGEST >> 20} MiB"})
        return None, Document(shown, None, (problem,))
    text, encoding, wrong = _text(raw)
    if wrong is not None:
        problem = Problem(Place(shown, wrong), "B004", {"encoding": encoding})
        return None, document(Document(shown, None, text=text), None, [problem])
    found = Document(shown, None, text=text)
    reader = _Reader()
    try:
        reader.read(text)
    except _RefusedError as error:
        problem = Problem(Place(shown, *reader.mark), error.code, error.values)
        return None, document(found, None, [problem])
    except expat.ExpatError as error:
        problem = Problem(Place(shown, error.lineno, error.offset + 1), "B001")
        return None, document(found, None, [problem])
    return reader.top, found


_KNOWN: Final = re.compile(
    r"(utf-?(8|16|16-?[lb]e|32)|us-?ascii|(iso-?8859|windows|cp)-?[0-9]+|latin-?1|gbk?[0-9]*|big5"
    r"|hz-gb-2312|shift_?jis|euc-?(jp|kr|cn|tw))$",
    re.IGNORECASE,
)
"""Encodings of text; Python knows others that are none, or that take for ever."""

_DECLARED: Final = re.compile(
    r"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']"""
)

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)


def _text(raw: bytes) -> tuple[str, str, int | None]:
    """Decode a file as its first bytes say, else as its declaration says, else as UTF-8.

    Gives the text, the encoding, and the line that cannot be decoded. It is done here because expat
    knows no Chinese encoding but those of Unicode.
    """
    encoding = next((name for bom, name in _BOMS if raw.startswith(bom)), "")
    if not encoding:
        declared = _DECLARED.match(raw[:200].decode("latin-1"))
        encoding = declared[1] if declared else "utf-8"
    # What is called GB2312 is mostly GBK, and GB 18030 holds both.
    chinese = encoding.lower().replace("-", "") in ("gb2312", "gbk")
    codec = "gb18030" if chinese else encoding
    try:
        if not _KNOWN.match(encoding):
            return "", encoding, 1
        return raw.decode(codec).removeprefix("\ufeff"), encoding, None
    except LookupError:
        return "", encoding, 1
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode(codec, "replace")
        return raw.decode(codec, "replace"), encoding, before.count("\n") + 1


class _Reader:
    """Builds tags while expat reads."""

    def __init__(self) -> None:
        self.top: Tag | None = None
        self._open: list[Tag] = []
        self._count = 0
        # What the file declares does not count any more: it is text by now.
        self._expat = expat.ParserCreate("utf-8", namespace_separator="}")
        self._expat.buffer_text = True
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._data

    @property
    def mark(self) -> Mark:
        return self._expat.CurrentLineNumber, self._expat.CurrentColumnNumber + 1

    def read(self, text: str) -> None:
        self._expat.Parse(text.encode("utf-8", "surrogatepass"), True)  # noqa: FBT003 -- expat's own

    def _doctype(self, *_: object) -> None:
        raise _RefusedError("B003")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST or len(self._open) >= DEEPEST:
            limit = f"{MOST} 个/tags" if self._count > MOST else f"{DEEPEST} 层/levels"
            raise _RefusedError("B002", limit=limit)
        space, _, local = name.rpartition("}")
        told = {f"{{{key}" if "}" in key else key: value for key, value in attributes.items()}
        tag = Tag(space, local, told, self.mark)
        if self._open:
            self._open[-1].children.append(tag)
        else:
            self.top = tag
        self._open.append(tag)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _data(self, text: str) -> None:
        self._open[-1].text += text

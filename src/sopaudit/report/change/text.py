"""A difference as text for a terminal of 80 columns."""

from collections.abc import Iterator, Sequence
from typing import Final

from sopaudit.press.words import Words, words
from sopaudit.report.change.told import Block, FileBlock, Line, Told
from sopaudit.report.change.wording import Stretch
from sopaudit.terminal import COLUMNS, hanging, width, wrapped

_EQUAL: Final = 30
"""So many characters of what stayed are shown on either side of a change."""


def difference_text(told: Told, lang: str) -> str:
    """Lay it out: each line begins with the id it speaks of. Lines end without blanks."""
    return "\n".join(_Layout(words(lang, "change"), lang).lines(told)) + "\n"


class _Layout:
    def __init__(self, said: Words, lang: str) -> None:
        self.said = said
        self.open, self.close = ("【", "】") if lang == "zh" else ("[", "]")

    def lines(self, told: Told) -> Iterator[str]:
        yield from wrapped(f"{told.title}  {told.between}", "")
        yield from wrapped(told.summary, "")
        for file in told.files:
            yield ""
            yield from self._file(file)
        page = self.said["page"]
        if told.suspects:
            yield from ("", f"{page['suspects']} ({sum(len(s.items) for s in told.suspects)})")
            yield from wrapped(page["suspects_about"], "  ")
        for checklist in told.suspects:
            for item in checklist.items:
                yield from hanging(f"{item.item}  {item.title}", "  ")
                yield from hanging(item.why, "    ")
            for step in checklist.review:
                yield from hanging(f"→ {step}", "    ")
        if told.unchecked:
            yield from ("", f"{page['unchecked']} ({len(told.unchecked)})")
            yield from wrapped(page["unchecked_about"], "  ")
        for one in told.unchecked:
            yield from hanging(f"{one.id}  {one.title}", "  ")
            yield from hanging(one.by, "    ")
        if told.touched:
            yield from ("", page["touched"])
            yield from wrapped(page["touched_about"], "  ")
        for touch in told.touched:
            yield from hanging(f"{touch.kind} {touch.id}{page['colon']}{touch.by}", "  ")

    def _file(self, file: FileBlock) -> Iterator[str]:
        name = f"{file.kind} {file.id}".rstrip() + f"  {file.title}".rstrip()
        place = f"  {file.file}"
        if width(name + place) > COLUMNS:
            yield from wrapped(name, "")
            yield file.file
        else:
            yield name + place
        for note in file.notes:
            yield from wrapped(note, "  ")
        if file.warning:
            yield from wrapped(f"! {file.warning}", "  ")
        for block in file.blocks:
            yield from self._block(block, whole=file.sort == "changed")

    def _block(self, block: Block, *, whole: bool) -> Iterator[str]:
        colon = self.said["page"]["colon"]
        if block.sort != "changed":
            sort = self.said["sort"][block.sort].format(kind=block.kind)
            yield from hanging(f"{block.name}{colon}{sort}  {block.title}", "  ")
            # What a new file holds is read there; what is retired can be read in the old one.
            if block.sort == "added" and whole:
                values = self.said["page"]["semicolon"].join(
                    f"{line.label} {line.told}" for line in block.lines
                )
                yield from wrapped(values, "      ")
            return
        for note in block.notes:
            yield from hanging(f"{block.name}{colon}{note}", "  ")
        for line in block.lines:
            blank = "" if line.label.endswith("）") else " "
            yield from self._line(f"{block.name}{colon}{line.label}{blank}", line)

    def _line(self, name: str, line: Line) -> Iterator[str]:
        if line.told:
            yield from hanging(f"{name}{line.told}", "  ")
            return
        old, new = "".join(p.old for p in line.parts), "".join(p.new for p in line.parts)
        short = f"  {name}{old} → {new}"
        if width(short) <= COLUMNS:
            yield short
            return
        yield from hanging(name, "  ")
        page = self.said["page"]
        for mark, side in ((page["old"], "old"), (page["new"], "new")):
            yield from hanging(f"{mark}  {self._marked(line.parts, side)}", "      ")

    def _marked(self, parts: Sequence[Stretch], side: str) -> str:
        """Give one side of a wording, what changed between brackets, of the rest what is near."""
        if len(parts) == 1:
            return parts[0].old if side == "old" else parts[0].new
        shown = []
        for n, part in enumerate(parts):
            if not part.equal:
                words_ = part.old if side == "old" else part.new
                blank = " " * (len(words_) - len(words_.rstrip()))
                shown.append(f"{self.open}{words_.rstrip()}{self.close}{blank}" if words_ else "")
            else:
                shown.append(_near(part.new, first=n == 0, last=n == len(parts) - 1))
        return "".join(shown)


def _near(text: str, *, first: bool, last: bool) -> str:
    """Leave out what is far from any change."""
    before = "" if first else text[:_EQUAL]
    after = "" if last else text[-_EQUAL:]
    if len(text) <= len(before) + len(after) + 1:
        return text
    return f"{before}…{after}"

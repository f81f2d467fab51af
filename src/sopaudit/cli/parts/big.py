"""A table of moves too big for one go: checked in parts, by several processes."""

from pathlib import Path
from typing import TYPE_CHECKING

from sopaudit.cli.stop import PROBLEMS, Stop, usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from sopaudit.cli.parts.ledger import Asked
    from sopaudit.cli.scale import Way
    from sopaudit.evidence.records import OpenedRecord
    from sopaudit.report.parts.big import BigParts

from contextlib import contextmanager


def is_big(word: str, way: "Way") -> bool:
    """Say whether a word names a table of moves that is to be checked in parts.

    Ends the command where options are given that mean nothing to what it names.
    """
    if Path(word).is_file():
        return way.parts({"": Path(word)})
    if way.asked:
        given = ", ".join(way.asked)
        raise usage(
            f"{given} 只用于单独的出入库表；一个文件夹的记录一次核对完。",
            f"{given}: for a table of moves alone; a folder of records is checked in one go.",
        )
    return False


@contextmanager
def in_parts(
    asked: "Asked", way: "Way", now: "np.datetime64 | None"
) -> "Iterator[tuple[BigParts, str]]":
    """Check a table in parts, and give what came of it with the language to tell it in.

    What is on disk stays until the block is left.
    """
    from sopaudit import __version__
    from sopaudit.cli.records import clock
    from sopaudit.cli.scale import in_parts as working
    from sopaudit.cli.session import tell
    from sopaudit.evidence.records import Records
    from sopaudit.findings.big_custody import BigCustody
    from sopaudit.report.parts.big import BigParts

    opened, lang = _opened(asked)
    records = Records({}, zone=opened.zone)
    try:
        big = BigCustody(opened, records, clock() if now is None else now, version=__version__)
    except TypeError:
        raise usage(
            f"{asked.word} 没有备件编号一列，无法分份核对；请去掉 --engine 等选项。",
            f"{asked.word} has no column of part numbers and cannot be cut into parts; leave out "
            "--engine and the like.",
        ) from None
    with working(big, way, lang, "checking"):
        kept = big.result
        tell(list(kept.problems), lang)
        yield BigParts(kept, dict(big.unheard), asked.word), lang


def _opened(asked: "Asked") -> "tuple[OpenedRecord, str]":
    """Open the table by the handbook, without reading it."""
    from sopaudit.cli.parts.ledger import with_places
    from sopaudit.cli.records import mapped
    from sopaudit.cli.session import found, opened, tell
    from sopaudit.evidence.records import MOVES, OpenedRecord, open_record

    book, lang = opened(found(asked.handbook), asked.lang)
    with_places(book)
    path = Path(asked.word)
    record = path.stem if path.stem in book.records_kept else MOVES
    if record != MOVES:
        raise usage(
            f"{asked.word} 不是出入库表，只有出入库表能分份核对。",
            f"{asked.word} is no table of moves; only one of moves is checked in parts.",
        )
    table = open_record(path, MOVES, book, mapped(asked.mapping, book, lang))
    if not isinstance(table, OpenedRecord):
        tell(table, lang)
        raise Stop(PROBLEMS)
    return table, lang

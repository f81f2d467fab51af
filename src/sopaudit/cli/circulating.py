"""Examined audits as they circulate: people by staff number, everything private left out."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sopaudit.cli.examined import Examined
from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.conclusion import conclude, conclude_folder
from sopaudit.press.words import words
from sopaudit.report.circulation import circulating, circulating_table, mask_for


def copies(seen: Sequence[Examined], handbook: Handbook, lang: str) -> list[Examined]:
    """Mask audits, and say on the error stream what was hidden: a person must still read them.

    `handbook` is today's; its roster may know people whom that of an older audit does not.
    """
    hidden: Counter[str] = Counter()
    made = [_copy(one, handbook, hidden) for one in seen]
    print("\n".join(_told(hidden, lang)), file=sys.stderr)
    return made


def _copy(one: Examined, handbook: Handbook, hidden: Counter[str]) -> Examined:
    folder = one.folder
    previous = folder.previous if folder else None
    rosters = (one.handbook, handbook, *([previous.handbook] if previous else []))
    mask = mask_for(rosters, folder)
    if folder is None:
        table = circulating_table(one.handbook, one.frames, one.conclusion.audit, mask)
        told = conclude(table.handbook, table.frames, table.audit)
        copy = replace(
            one, handbook=table.handbook, frames=table.frames, conclusion=told, copies={}
        )
    else:
        masked = circulating(folder, mask)
        copy = replace(
            one,
            handbook=masked.folder.handbook,
            folder=masked.folder,
            frames=tuple(masked.folder.frames.values()),
            conclusion=conclude_folder(masked.folder),
            copies=masked.files,
        )
    hidden += mask.hidden
    return copy


def _told(hidden: Counter[str], lang: str) -> Iterator[str]:
    said = words(lang)["hidden"]
    listed = ("、" if lang == "zh" else ", ").join(f"{said[k]} {n}" for k, n in hidden.items())
    if lang == "zh":
        yield f"传阅稿文字中隐去：{listed or '无'}。"
        yield "只写名不写姓、绰号、没有称呼的客户姓名认不出来，发出前请通读一遍。"
    else:
        yield f"Hidden in the texts of the circulating copy: {listed or 'nothing'}."
        yield (
            "Given names alone, nicknames and customers without a title are not recognised; "
            "read it through before you send it."
        )

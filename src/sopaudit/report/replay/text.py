"""Replayed audits as text for a terminal of 80 columns."""

from collections.abc import Iterator

from sopaudit.press.words import Words, words
from sopaudit.report.replay.told import AuditBlock, CauseLine, ReplayTold, RowBlock
from sopaudit.terminal import COLUMNS, hanging, padded, width, wrapped


def replay_text(told: ReplayTold, lang: str) -> str:
    """Lay it out; lines end without blanks."""
    return "\n".join(line.rstrip() for line in _lines(told, words(lang, "replay"))) + "\n"


def _lines(told: ReplayTold, said: Words) -> Iterator[str]:
    yield f"{told.title} ({len(told.audits)})"
    yield from wrapped(told.about, "  ")
    yield from hanging(told.summary, "  ")
    for audit in told.audits:
        yield ""
        yield from _audit(audit, said)


def _audit(audit: AuditBlock, said: Words) -> Iterator[str]:
    yield f"{audit.id}  {audit.office}  {audit.day}"
    for note in audit.notes:
        yield from hanging(f"! {note}", "  ")
    cells = [(row.checklist, row.old, row.new) for row in audit.rows]
    columns = [max(map(width, column)) for column in zip(*cells, strict=True)]
    lines = [
        f"  {name}  {old} → {new}"
        for name, old, new in (map(padded, own, columns) for own in cells)
    ]
    beside = all(
        width(f"{line}  {row.said}") <= COLUMNS for line, row in zip(lines, audit.rows, strict=True)
    )
    for line, row in zip(lines, audit.rows, strict=True):
        yield f"{line}  {row.said}" if beside else line
        if not beside:
            yield f"      {row.said}"
    for row in audit.rows:
        yield from _why(row, said)


def _why(row: RowBlock, said: Words) -> Iterator[str]:
    page = said["page"]
    colon = page["colon"].rstrip()
    if row.causes:
        yield f"  {row.checklist}  {page['causes']}{colon}"
        for cause in row.causes:
            yield from hanging(_cause(cause, page["semicolon"]), "    ")
        if row.note:
            yield from hanging(row.note, "    ")
    if row.missing:
        yield f"  {row.checklist}  {page['missing']}{colon}"
        for line in row.missing:
            yield from hanging(line, "    ")


def _cause(cause: CauseLine, semicolon: str) -> str:
    told = f"{cause.step} → {cause.after}"
    return cause.what + "  " + told + (f"{semicolon}{cause.decides}" if cause.decides else "")

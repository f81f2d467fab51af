"""Replayed audits in Markdown, for the summary of a check on a pull request."""

from collections.abc import Iterator

from sopaudit.press.words import Words, words
from sopaudit.report.replay.told import AuditBlock, ReplayTold, RowBlock


def replay_markdown(told: ReplayTold, lang: str) -> str:
    """Lay it out: the verdict, a table of all results, and below it each that changes."""
    return "\n".join(_lines(told, words(lang, "replay"))) + "\n"


def escaped(text: str) -> str:
    """Take from a text what Markdown, or HTML inside it, would make something else of."""
    for sign in "\\`*_{}[]<>#|~":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split()).replace("@", "@\u200b")


def _lines(told: ReplayTold, said: Words) -> Iterator[str]:
    page = said["page"]
    yield f"## {escaped(told.title)}"
    yield ""
    yield f"**{escaped(told.summary)}**"
    yield ""
    yield escaped(told.about)
    if not told.audits:
        return
    yield ""
    heads = ("audit", "checklist", "old", "new", "difference")
    yield "| " + " | ".join(escaped(page[head]) for head in heads) + " |"
    yield "|---|---|---|---|---|"
    for audit in told.audits:
        for row in audit.rows:
            mark = "**" if row.regraded else ""
            cells = (audit.id, row.checklist, row.old, row.new, row.said)
            yield "| " + " | ".join(f"{mark}{escaped(cell)}{mark}" for cell in cells) + " |"
    for audit in told.audits:
        yield from _audit(audit, said)


def _audit(audit: AuditBlock, said: Words) -> Iterator[str]:
    rows = [row for row in audit.rows if row.causes or row.missing]
    if not (rows or audit.notes):
        return
    yield ""
    yield f"### {escaped(f'{audit.id} {audit.office} {audit.day}')}"
    for note in audit.notes:
        yield ""
        yield f"> {escaped(note)}"
    for row in rows:
        yield from _row(row, said)


def _row(row: RowBlock, said: Words) -> Iterator[str]:
    page = said["page"]
    yield ""
    told = f"{row.old} → {row.new}"
    yield f"**{escaped(row.checklist)}** {escaped(row.title)}: {escaped(told)}"
    if row.causes:
        yield ""
        yield (
            "| " + " | ".join(escaped(page[head]) for head in ("change", "step", "after")) + " | |"
        )
        yield "|---|---|---|---|"
        for cause in row.causes:
            cells = (cause.what, cause.step, cause.after, cause.decides)
            yield "| " + " | ".join(escaped(cell) for cell in cells) + " |"
    if row.note:
        yield ""
        yield escaped(row.note)
    if row.missing:
        yield ""
        yield f"{escaped(page['missing'])}:"
        yield ""
        for line in row.missing:
            yield f"- {escaped(line)}"

"""A difference in Markdown: the text of the terminal, kept as it is."""

from sopaudit.report.change.told import Told


def difference_markdown(told: Told, text: str) -> str:
    """Put the text below a heading, folded where it is long; nothing in it is read as Markdown."""
    body = text.partition("\n")[2].rstrip("\n")
    fence = "`" * max(3, _ticks(body) + 1)
    block = f"{fence}text\n{body}\n{fence}"
    if body.count("\n") < _LONG:
        return f"## {_title(told)}\n\n{block}\n"
    summary = body.partition("\n")[0]
    shown = summary.replace("&", "&amp;").replace("<", "&lt;")
    folded = f"<details><summary>{shown}</summary>\n\n{block}\n\n</details>"
    return f"## {_title(told)}\n\n{folded}\n"


_LONG = 15
"""Lines above which a text is folded."""


def _ticks(text: str) -> int:
    """Count the longest run of backticks, which a fence must be longer than."""
    longest = run = 0
    for sign in text:
        run = run + 1 if sign == "`" else 0
        longest = max(longest, run)
    return longest


def _title(told: Told) -> str:
    between = told.between.replace("\\", "\\\\").replace("`", "\\`").replace("<", "\\<")
    return f"{told.title}  {between}"

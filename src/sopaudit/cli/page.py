"""One page printed: a PDF, or the page itself where the system cannot make one."""

import sys
from datetime import date


def page_or_pdf(html: str, day: date, lang: str) -> tuple[bytes, str]:
    """Print a page; where the system cannot, it stays HTML, and the error stream says so."""
    from sopaudit.cli.pango import NO_PANGO
    from sopaudit.cli.printing import warn
    from sopaudit.press.pdf import Job, PangoMissingError, render

    try:
        printed = render(Job(html, day))
    except PangoMissingError:
        print(NO_PANGO["zh" if lang == "zh" else "en"], file=sys.stderr)
        return html.encode(), "html"
    warn(printed, set())
    return printed.pdf, "pdf"

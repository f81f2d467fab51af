"""Print pages with sopaudit for as long as somebody asks: `python bench/with_press.py FILE...`.

FILE... are attached to every PDF. Each line read names pages; their PDFs are written beside them,
and a line is given back. What takes once, such as imports and fonts, is done before the first page.
"""

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Final

from sopaudit.press.pdf import Attached, Job, render_many

_DAY: Final = date(2026, 11, 23)
_WORKERS: Final = os.cpu_count() or 1


def main(files: list[str]) -> None:
    """Serve until the input ends."""
    attached = tuple(Attached(Path(file).name, Path(file).read_bytes()) for file in files)
    for line in sys.stdin:
        pages = [Path(name) for name in json.loads(line)]
        jobs = [Job(page.read_text(encoding="utf-8"), _DAY, attached) for page in pages]
        for page, printed in zip(pages, render_many(jobs, _WORKERS), strict=True):
            if printed.complaints:
                raise RuntimeError(f"{page}: {printed.complaints}")
            page.with_suffix(".pdf").write_bytes(printed.pdf)
        print(flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Coverage as data for programs: `sopaudit.coverage/1`."""

import json
from typing import Any, Final

from sopaudit import __version__
from sopaudit.criteria.coverage import Coverage, Sheet
from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook

SCHEMA: Final = "sopaudit.coverage/1"


def coverage_json(handbook: Handbook, found: Coverage) -> str:
    """Write all of it; texts in every language they are written in."""
    told = {
        "schema": SCHEMA,
        "engine": {"name": "sopaudit", "version": __version__},
        "handbook": {"organisation": handbook.organisation.id, "edition": handbook.edition},
        "gaps": [
            {
                "gap": gap.kind,
                "count": len(gap.entries),
                "of": gap.of,
                "entries": [
                    {
                        "id": entry.id,
                        "title": said(entry.title),
                        "within": entry.within or None,
                        "note": entry.note or None,
                    }
                    for entry in gap.entries
                ],
            }
            for gap in found.gaps
        ],
        "posts": [_sheet(sheet, found) for sheet in found.sheets],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _sheet(sheet: Sheet, found: Coverage) -> dict[str, Any]:
    return {
        "post": sheet.post.id,
        "edition": sheet.post.edition,
        "standards": [
            {
                "standard": row.standard.id,
                "step": step.id,
                "seen_by": row.seen_by,
                "items": list(row.items),
                "checks": [{"rule": c, "runs": c in found.runs} for c in row.checks],
            }
            for step, rows in sheet.steps
            for row in rows
        ],
    }


def said(text: Text) -> str | dict[str, str]:
    """Give a text as it stands in YAML: a string, or a wording for each language."""
    return dict(text.wordings) if text.languages else text.wordings[0][1]

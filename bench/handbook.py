"""Writes the checklist of the bench as a handbook, with the mapping of its table of answers."""

import json
from pathlib import Path

from sheet import GRADES, ITEMS, SECTIONS, SHARES


def write(folder: Path) -> None:
    """Write the files; JSON is YAML too."""
    *better, lowest = sorted(GRADES, key=GRADES.__getitem__, reverse=True)
    same = {"edition": "1", "title": "Bench"}
    organisation = {"id": "BENCH", "name": "Bench"}
    checklist = {
        **same,
        "id": "BENCH",
        "scheme": "bench",
        "sections": [{"id": id_, "title": f"Section {id_}"} for id_ in SECTIONS],
        "items": [
            {
                "id": item.id,
                "section": item.section,
                "question": f"Is {item.id} as it should be?",
                "points": item.points,
                "weight": item.weight,
                "severity": "critical" if item.critical else "minor",
            }
            for item in ITEMS
        ],
    }
    scheme = {
        **same,
        "id": "bench",
        "answers": {**{word: str(share) for word, share in SHARES.items()}, "na": "skip"},
        "sections": [{"id": id_, "weight": weight} for id_, weight in SECTIONS.items()],
        "roll_up": "percent",
        "scale": 100,
        "round": {"to": "0.1", "mode": "half_up"},
        "grades": [
            *({"grade": grade, "at_least": GRADES[grade]} for grade in better),
            {"grade": lowest},
        ],
        "limits": [
            {
                "id": "veto",
                "any": "answer",
                "where": {"severity": "critical"},
                "is": "no",
                "grade": lowest,
            }
        ],
    }
    files = {
        "sopaudit.yaml": {
            **same,
            "languages": ["en"],
            "organisation": organisation,
            "units": {"office": "office", "head": "head"},
        },
        "checklists/bench.yaml": checklist,
        "checklists/schemes/bench.yaml": scheme,
        "mapping.yaml": {
            "tables": ["answers"],
            "audit": "audit",
            "checklist": {"always": "BENCH"},
            "answers": {"item": "item", "result": "result"},
        },
    }
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content, indent=2), encoding="utf-8")

"""Writes the handbooks of the bench: one with its table of answers, and a very large one."""

import json
import re
import shutil
from itertools import count
from pathlib import Path

from measure import ROOT
from sheet import CAP, GRADES, ITEMS, SECTIONS, SHARES, TIMES


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
                "severity": "critical" if item.critical else "major" if item.major else "minor",
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
            },
            {
                "id": "majors",
                "any": "item",
                "where": {"severity": "major"},
                "at_most": 0,
                "times": TIMES,
                "score_at_most": CAP,
            },
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


def write_large(folder: Path, files: int) -> None:
    """Write so many YAML files: the handbook of this repository, its posts and checklists repeated.

    Each copy has ids of its own, so that every reference in it must be resolved anew.
    """
    for name in ("sopaudit.yaml", "sops", "checklists"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / name)
    missing = files - sum(1 for _ in folder.rglob("*.yaml"))
    for n in count():
        for post in ("htl", "coo"):
            for name in (f"sops/posts/{post}.yaml", f"checklists/{post}.yaml"):
                if missing == 0:
                    return
                text = (ROOT / name).read_text(encoding="utf-8")
                # Ids of what a post forbids begin otherwise than its own.
                new = text.replace(post.upper(), f"{post.upper()}{n}")
                new = re.sub(r"(?<=id: )([HC]F)-", rf"\g<1>{n}-", new)
                place = (folder / name).with_stem(f"{post}{n}")
                place.write_text(new, encoding="utf-8", newline="")
                missing -= 1

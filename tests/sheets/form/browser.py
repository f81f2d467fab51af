"""A finger on the offline form in Chromium: jobs of form.mjs, and what it is to tap."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from PIL import Image
from tests.patience import PATIENCE

from sopaudit.evidence.audit import AuditFolder
from sopaudit.sheets.blank import Blank

CLIENTS: Final = Path(__file__).parents[2] / "clients"
Told = dict[str, Any]


def done(place: Path, **job: object) -> Told:
    """Do one job of form.mjs, and give what it saw."""
    told = place / "job.json"
    told.write_text(json.dumps(job), "utf-8")
    chromium = shutil.which("chromium")
    assert chromium is not None
    run = subprocess.run(
        ["node", "form.mjs", told], cwd=CLIENTS, capture_output=True, text=True, check=False,
        timeout=PATIENCE, env={**os.environ, "CHROMIUM": chromium},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


def tapped(blank: Blank, audit: AuditFolder) -> dict[str, Told]:
    """Say what is tapped to say what an audit says, by the id of the item on the page."""
    return {
        f"i{n}-{m}": given
        for n, leaf in enumerate(blank.leaves)
        for m, ask in enumerate(leaf.asks)
        for given in json.loads(audit.files[leaf.id].read_bytes())["answers"]
        if given["item"] == ask.item.id
    }


def photo(path: Path, size: tuple[int, int] = (1200, 900), quality: int = 80) -> str:
    """Write a JPEG that lies on its side, as a phone held upright writes one."""
    image = Image.effect_noise(size, 60).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(path, quality=quality, exif=exif)
    return str(path)

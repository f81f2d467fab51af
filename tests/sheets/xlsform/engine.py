"""The form on a server: pyxform converts it, ODK Validate takes it, ODK's engine fills it in."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE
from tests.sheets.xlsform.person import Typed
from tests.sheets.xlsform.world import ROOT, World, formed

from sopaudit.evidence.record import Record
from sopaudit.sheets.blank import Blank

HERE = ROOT / "tests" / "clients"
Job = dict[str, Any]
Told = dict[str, Any]


def said(*words: str | Path) -> str:
    """Run a client to its end and give what it said; a client that fails fails the test."""
    chromium = shutil.which("chromium") or ""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False,
        timeout=PATIENCE, env={**os.environ, "CHROMIUM": chromium},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@dataclass(frozen=True)
class Converted:
    """A form as a server has it."""

    world: World
    folder: Path
    told: str
    """What pyxform and ODK Validate said of it."""

    def fill(self, *jobs: Job | Typed) -> list[Told]:
        """Fill it in, each time from the beginning."""
        whole = [
            {"values": job.values, "rows": job.rows} if isinstance(job, Typed) else job
            for job in jobs
        ]
        (self.folder / "jobs.json").write_text(json.dumps(whole), "utf-8")
        names = (self.folder / "form.xml", self.folder / "jobs.json")
        told: list[Told] = json.loads(said("node", HERE / "fill_xform.mjs", *names))
        return told


def converted(blank: Blank, folder: Path, records: Sequence[Record] = ()) -> Converted:
    """Write a form, and have it converted and validated."""
    return taken(formed(blank, folder, records), folder)


def taken(world: World, folder: Path) -> Converted:
    """Have `form.xlsx` of a folder converted and validated."""
    into = folder / "form.xml"
    told = said(sys.executable, "-m", "pyxform.xls2xform", folder / "form.xlsx", into)
    assert "Conversion complete" in told
    return Converted(world, folder, told)

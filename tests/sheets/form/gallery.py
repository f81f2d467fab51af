"""Samples of what can be wrong with what a form hands over, made of the `handed` of a run.toml."""

import hashlib
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any, Final

from tests.sheets.form.handing import handed, plain, zipped

from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import read_audit
from sopaudit.problems import Problem
from sopaudit.sheets.blank import blank_of, checklists_of
from sopaudit.sheets.form.back import read

PHOTO: Final = hashlib.sha256(b"a photo").hexdigest()


def problems_of_form(run: dict[str, Any]) -> list[Problem]:
    """Hand over answers to the first checklist of the audit in the current folder, and read them.

    The hash `PHOTO` is that of a photo; what lies in the archive stands in `pictures`.
    """
    handbook, _ = load_handbook(Path(), shown="")
    assert handbook is not None
    audit, problems = read_audit(Path("audits/a"), handbook)
    assert audit is not None, problems
    blank = blank_of(handbook, checklists_of(audit), audit.audit.date, audit)
    for one in run["answers"]:
        for picture in one.get("evidence", []):
            picture["sha256"] = picture["sha256"].replace("PHOTO", PHOTO)
    told = handed(blank, {run.get("checklist", blank.leaves[0].id): run["answers"]})
    pictures = {name: text.encode() for name, text in run.get("pictures", {}).items()}
    path = plain(Path(), told) if run.get("plain") else zipped(Path(), told, pictures)
    return read(path, blank, timezone(timedelta(hours=8)))[1]

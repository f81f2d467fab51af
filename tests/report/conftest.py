"""A small laundry, audited twice: everything a report can show."""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest
import yaml

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.findings.conclusion import Conclusion, conclude_folder
from sopaudit.report.inspection import inspection
from sopaudit.report.model import InspectionReport
from sopaudit.report.proof.explained import Explained, explained
from sopaudit.report.seen import seen_in_folder

LAUNDRY: Final = Path(__file__).parent / "laundry"
AUDIT: Final = "2026-05-east"
PREVIOUS: Final = "2026-02-east"


class Laundry:
    """A copy of the laundry, to be changed and audited."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def audit(self) -> Path:
        """The audit folder that is reported."""
        return self.folder / "audits" / AUDIT

    @property
    def previous(self) -> Path:
        """The audit folder before it."""
        return self.folder / "audits" / PREVIOUS

    def change_audit(self, **values: object) -> None:
        """Set keys of audit.yaml; None takes a key out."""
        path = self.audit / "audit.yaml"
        data = yaml.safe_load(path.read_text(encoding="utf-8")) | values
        kept = {key: value for key, value in data.items() if value is not None}
        text = yaml.safe_dump(json.loads(json.dumps(kept, default=str)), allow_unicode=True)
        path.write_text(text, encoding="utf-8")

    def change_answer(self, item: str, **values: object) -> None:
        """Set keys of one answer."""
        self._change_answer(self.audit, item, values)

    def change_previous_answer(self, item: str, **values: object) -> None:
        """Set keys of one answer of the audit before."""
        self._change_answer(self.previous, item, values)

    def freeze_previous(self, edition: str = "3", checklist: str = "CK-IRON") -> None:
        """Keep the handbook of the audit before, its checklist of another edition or id."""
        frozen = self.previous / "frozen"
        for name in ("sopaudit.yaml", "sops", "checklists", "pictures"):
            source = self.folder / name
            copy = shutil.copytree if source.is_dir() else shutil.copyfile
            frozen.mkdir(exist_ok=True)
            copy(source, frozen / name)
        for path in (frozen / "checklists").glob("*.yaml"):
            text = path.read_text(encoding="utf-8").replace("CK-IRON", checklist)
            path.write_text(text.replace('edition: "3"', f'edition: "{edition}"'), encoding="utf-8")
        handbook, problems = load_handbook(frozen)
        assert handbook is not None, [problem.text("en") for problem in problems]
        record = self.previous / "answers" / "CK-IRON.json"
        data = json.loads(record.read_text(encoding="utf-8").replace("CK-IRON", checklist))
        data["checklist"] |= {"edition": edition, "digest": handbook.digests[checklist]}
        record.unlink()
        text = json.dumps(data, ensure_ascii=False)
        record.with_name(f"{checklist}.json").write_text(text, encoding="utf-8")

    def _change_answer(self, audit: Path, item: str, values: dict[str, object]) -> None:
        path = audit / "answers" / "CK-IRON.json"
        data = json.loads(path.read_text(encoding="utf-8"))
        answer = next(answer for answer in data["answers"] if answer["item"] == item)
        answer.update(values)
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")

    def hire(self, staff: str) -> None:
        """Put another presser on the roster, whose work is looked at too."""
        path = self.folder / "sopaudit.yaml"
        text = path.read_text(encoding="utf-8")
        line = (
            f'  - {{id: "{staff}", name: {{zh: 周青, en: Zhou Qing}}, posts: [IRON], office: EAST}}'
        )
        path.write_text(text.replace("roster:\n", f"roster:\n{line}\n"), encoding="utf-8")
        self.change_audit(auditees=["11", staff])

    def open_post(self) -> None:
        """Give the shop a second post like the first, and somebody who holds it."""
        for name in ("sops/posts", "checklists"):
            text = (self.folder / name / "iron.yaml").read_text(encoding="utf-8")
            for old, new in (("IRON", "WASH"), ("熨烫工", "洗涤工"), ("presser", "washer")):
                text = text.replace(old, new)
            (self.folder / name / "wash.yaml").write_text(text, encoding="utf-8")
        with (self.folder / "checklists" / "branch.yaml").open("a", encoding="utf-8") as branch:
            branch.write("  - {checklist: CK-WASH, weight: 3}\n")
        path = self.folder / "sopaudit.yaml"
        text = path.read_text(encoding="utf-8")
        washer = '  - {id: "13", name: {zh: 孙丽, en: Sun Li}, posts: [WASH], office: EAST}'
        path.write_text(text.replace("roster:\n", f"roster:\n{washer}\n"), encoding="utf-8")

    def add_photo(self, item: str) -> None:
        """Put a photo beside an answer."""
        content = b"what was seen"
        (self.audit / "evidence").mkdir()
        (self.audit / "evidence" / "seen.jpg").write_bytes(content)
        photo = {"file": "evidence/seen.jpg", "sha256": hashlib.sha256(content).hexdigest()}
        self.change_answer(item, evidence=[photo])

    def handbook(self) -> Handbook:
        """Load it."""
        handbook, problems = load_handbook(self.folder)
        assert handbook is not None, [problem.text("en") for problem in problems]
        return handbook

    def read(self) -> AuditFolder:
        """Read its audit."""
        folder, problems = read_audit(self.audit, self.handbook())
        assert folder is not None
        assert not problems, [str(problem.place) + problem.code for problem in problems]
        return folder

    def concluded(self) -> tuple[AuditFolder, Conclusion]:
        """Read and conclude its audit."""
        folder = self.read()
        return folder, conclude_folder(folder)

    def explained(self) -> Explained:
        """Read its audit with all that is known of how its scores came about."""
        folder, conclusion = self.concluded()
        return explained(seen_in_folder(folder), conclusion, tuple(folder.frames.values()))

    def report(self, lang: str = "zh", persons: Sequence[str] = ()) -> InspectionReport:
        """Write the report of its audit."""
        return inspection(*self.concluded(), lang, persons)


@pytest.fixture(scope="module")
def untouched() -> Laundry:
    """Give the laundry itself, for what is looked at many times and changed by nobody."""
    return Laundry(LAUNDRY)


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Laundry]:
    """Give copies of it that outlive a test."""

    def copied() -> Laundry:
        folder = tmp_path_factory.mktemp("another") / "laundry"
        shutil.copytree(LAUNDRY, folder)
        return Laundry(folder)

    return copied


@pytest.fixture
def laundry(tmp_path: Path) -> Laundry:
    shutil.copytree(LAUNDRY, tmp_path / "laundry")
    return Laundry(tmp_path / "laundry")

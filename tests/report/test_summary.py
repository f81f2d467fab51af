"""The summary is one page in every state, whatever has to be said on it."""

import json
import shutil
from datetime import date
from functools import cache
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pypdf
import pytest

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import read_audit
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.press.pdf import Job, render
from sopaudit.report.inspection import inspection
from sopaudit.report.model import InspectionReport
from sopaudit.report.page import inspection_html
from sopaudit.report.summary import BLOCK, CLOSER, LINE, Room, Share

ROOT = Path(__file__).parents[2]
AUDIT = "2026-10-cd"


@cache
def usual() -> Handbook:
    """Load the handbook of the sample, which is the same for nearly all states of its report."""
    return loaded(ROOT)


def loaded(folder: Path) -> Handbook:
    handbook, problems = load_handbook(folder)
    assert handbook is not None, problems
    return handbook


class Branch:
    """The sample branch office, which has much to say, and more when a test wants it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.audit = folder / "audits" / AUDIT
        shutil.copytree(ROOT / "audits", folder / "audits")

    def issue(self, state: str) -> None:
        """Let the report be in that state, and name the end of the appeal period."""
        path = self.audit / "audit.yaml"
        text = path.read_text(encoding="utf-8").replace("state: final", f"state: {state}")
        path.write_text(f"{text}appeal_until: 2026-11-16\n", encoding="utf-8")

    def change(self, **answers: dict[str, Any] | None) -> None:
        """Set keys of answers in both records, by the end of the id; None takes them out."""
        for path in (self.audit / "answers").iterdir():
            record = json.loads(path.read_text(encoding="utf-8"))
            kept = []
            for answer in record["answers"]:
                change = answers.get(answer["item"].rpartition("-")[2], {})
                if change is not None:
                    kept.append(answer | change)
            record["answers"] = kept
            path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")

    def veto(self) -> None:
        """Let a veto of each post wait for its second person."""
        self.change(V1={"result": "no", "note": "客户投诉称被挂断电话，录音已调取，待核实。"})

    def gap(self) -> None:
        """Leave items unanswered."""
        self.change(A1=None, A2=None, B2=None, B4=None, D1=None)

    def scope(self) -> None:
        """Let too few items apply."""
        na = {"result": "na", "value": None, "sample": None, "note": "当月没有。"}
        self.change(B1=na, B3=na, C1=na, C2=na, D2=na, D3=na)

    def report(self, lang: str, handbook: Handbook | None = None) -> InspectionReport:
        """Write the report."""
        # What is wanted here is much to say, and not that it was recorded as it should be.
        folder, _ = read_audit(self.audit, handbook or usual())
        assert folder is not None
        return inspection(folder, conclude_folder(folder), lang)


@pytest.fixture
def branch(tmp_path: Path) -> Branch:
    return Branch(tmp_path)


def pages(report: InspectionReport) -> list[str]:
    """Print the summary and the list of contents; what follows would only take time."""
    html = inspection_html(report)
    whole = html[: html.index('<section class="chapter')] + "</main></body></html>"
    made = render(Job(whole, date(2026, 11, 6)))
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(made.pdf)).pages]


CROWDS = [crowd for number in range(4) for crowd in combinations(("veto", "gap", "scope"), number)]


@pytest.mark.parametrize(("state", "lang"), [("final", "zh"), ("provisional", "en")])
@pytest.mark.parametrize("crowd", CROWDS, ids="+".join)
def test_the_contents_begin_the_second_page(
    branch: Branch, lang: str, state: str, crowd: tuple[str, ...]
) -> None:
    branch.issue(state)
    for what in crowd:
        getattr(branch, what)()
    printed = pages(branch.report(lang))
    title = {"zh": "目录", "en": "Contents"}[lang]
    assert len(printed) == 2
    assert title in printed[1].splitlines()[:8]


def test_much_to_say_is_set_closer_and_little_is_not(branch: Branch) -> None:
    assert not branch.report("zh").close
    branch.issue("draft")
    branch.veto()
    branch.gap()
    assert branch.report("zh").close


def test_what_would_be_a_second_page_is_packed() -> None:
    room = Room("Chengdu", ())
    room.left = LINE - CLOSER
    assert room.share((), ()) == Share(0, 0, -BLOCK, close=True)
    room.left = LINE - CLOSER - 1
    assert room.share((), ()).packed


def test_what_the_summary_does_not_name_is_counted(branch: Branch) -> None:
    told = branch.report("zh")
    assert told.more == f"其余 {told.number - len(told.key)} 项见后文。"


def test_nonconformities_of_all_checklists_stand_by_severity_and_cost(branch: Branch) -> None:
    told = branch.report("zh")
    cards = [card for group in told.groups for card in group.findings]
    assert [card.severity for card in cards] == ["major"] * 10 + ["minor"] * 8
    assert [card.post for card in cards[:4]] == ["协调员", "协调员", "协调员", "热线工程师"]
    assert [card.item for card in told.key] == [card.item for card in cards[: len(told.key)]]


def test_a_pending_veto_prints_both_grades_on_the_first_page(branch: Branch) -> None:
    branch.veto()
    first = pages(branch.report("zh"))[0]
    assert "否决确认后为 D" in first
    assert "待第二人确认" in first


def test_what_is_missing_is_said_on_the_first_page(branch: Branch) -> None:
    branch.gap()
    first = pages(branch.report("zh"))[0]
    assert "未作答 4 项：CK-HTL-A1、CK-HTL-A2、CK-HTL-B2、CK-HTL-D1。" in first.replace("\n", "")


def test_a_limited_scope_is_said_on_the_first_page(branch: Branch) -> None:
    branch.scope()
    assert "要求不少于 70" in pages(branch.report("zh"))[0]


LONG_NAMES = {
    "成都办事处": "四川省成都市高新技术产业开发区天府软件园三期客户服务办事处",
    "Chengdu branch office": "Chengdu High-Technology Industrial Development Zone Tianfu Software "
    "Park customer service branch office",
    "何倩": "买买提·艾合买提江·吐尔逊阿不都热合曼",
    "He Qian": "Maximiliana-Wilhelmina von Hohenzollern-Sigmaringen",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_long_names_do_not_push_the_summary_over_its_page(branch: Branch, lang: str) -> None:
    text = (ROOT / "sopaudit.yaml").read_text(encoding="utf-8")
    for short, long in LONG_NAMES.items():
        text = text.replace(short, long)
    (branch.folder / "sopaudit.yaml").write_text(text, encoding="utf-8")
    for name in ("sops", "checklists", "pictures"):
        shutil.copytree(ROOT / name, branch.folder / name)
    printed = pages(branch.report(lang, loaded(branch.folder)))
    title = {"zh": "目录", "en": "Contents"}[lang]
    assert len(printed) == 2
    assert title in printed[1].splitlines()[:8]


def test_of_many_people_the_summary_names_four_and_the_overview_all(branch: Branch) -> None:
    path = branch.audit / "audit.yaml"
    text = path.read_text(encoding="utf-8").replace('"1004"]', '"1004", "1006", "1007"]')
    path.write_text(text, encoding="utf-8")
    told = branch.report("zh")
    short = next(fact for fact in told.facts if fact.label == "受检人")
    assert short.value == "何倩、唐蕾、许萌、罗建华 等 6 人"
    assert "".join(short.names) == short.value
    full = next(fact for fact in told.overview if fact.label == "受检人")
    assert "曾强（1007）" in full.value


def test_a_checklist_whose_veto_waits_prints_both_grades(branch: Branch) -> None:
    branch.veto()
    rows = inspection_html(branch.report("zh"))
    row = rows[rows.index("协调员岗位规范检查表</a>") :]
    assert "否决确认后为 E" in row[: row.index("</tr>")]

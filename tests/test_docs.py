"""What the documents say of formats is what the code reads."""

import json
import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_type_hints

import pytest
from pydantic import BaseModel
from tests.findings.garage import answer, hear, shop, ticket

from sopaudit.cli import stop
from sopaudit.cli.option import ENGINES
from sopaudit.cli.scale import LARGE
from sopaudit.cli.score import score
from sopaudit.criteria.answer import Answer
from sopaudit.criteria.calendar import Calendar, DaysOff, MakeUpDay, Opening
from sopaudit.criteria.change.difference import difference, read_files
from sopaudit.criteria.checklist import (
    Branch,
    BranchPart,
    Checklist,
    Item,
    ItemPart,
    PointsSince,
    Section,
)
from sopaudit.criteria.coverage import GAPS, coverage
from sopaudit.criteria.drawing import Heading, SamplePlan, Sampling
from sopaudit.criteria.edition import editions
from sopaudit.criteria.form import Form, FormField, FormGroup, FormRegister, Record, RecordRegister
from sopaudit.criteria.handbook import load_handbook
from sopaudit.criteria.kpi import Figure, Kpi, KpiRegister, Target
from sopaudit.criteria.money import Ends, MoneyMove, MoneyPlace, MoneyRules
from sopaudit.criteria.organisation import (
    Asked,
    Colours,
    DocumentControl,
    DueDays,
    Office,
    Organisation,
    Person,
    Region,
    ReportSettings,
    Revision,
    Settings,
    Units,
)
from sopaudit.criteria.parts import Counting, Equation, MoveType, PartsRules, Stage
from sopaudit.criteria.register import (
    Code,
    CodeList,
    CodeRegister,
    Event,
    EventRegister,
    Glossary,
    Group,
    Suppression,
    SuppressionRegister,
    Term,
)
from sopaudit.criteria.rule import Clause, Condition, Rule, RulePart, RuleRegister
from sopaudit.criteria.scheme import (
    Adjust,
    Band,
    CountBounds,
    Coverage,
    Limit,
    PointsBy,
    Scheme,
)
from sopaudit.criteria.section import Round, SectionRule, Surcharge
from sopaudit.criteria.sop import Forbidden, Sop, Standard, Step, Tool
from sopaudit.criteria.table import Column, Table
from sopaudit.criteria.words import scheme_words
from sopaudit.criteria.worked import (
    Expected,
    WorkedAnswer,
    WorkedCase,
    WorkedItem,
    WorkedSheet,
)
from sopaudit.criteria.workflow import Choice, Entrance, Lane, Node, Workflow
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.record import OtherAnswer, Source
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.findings.proof import RULES
from sopaudit.findings.proposal import Change
from sopaudit.findings.replay import Cause, NotCarried, Replay, Row
from sopaudit.findings.score import Bite, ItemScore, PersonScore
from sopaudit.findings.whatif.inquiry import Inquiry
from sopaudit.reading.copy import copy
from sopaudit.reading.events import read_bytes
from sopaudit.report import model as report_model
from sopaudit.report.before import model as before_model
from sopaudit.report.change.json import difference_json
from sopaudit.report.coverage.json import coverage_json
from sopaudit.report.editions import editions_json
from sopaudit.report.json import _item, _limit, contradicted, from_records, from_sources
from sopaudit.report.parts import model as parts_model
from sopaudit.report.photos import model as photos_model
from sopaudit.report.proof.explained import explained
from sopaudit.report.proof.json import proof_json
from sopaudit.report.seen import seen_in_folder
from sopaudit.report.several import model as several_model
from sopaudit.report.tickets import model as ticket_model
from sopaudit.report.whatif.json import whatif_json

ROOT = Path(__file__).parents[1]
PARTS = {
    "sopaudit.yaml": (
        Settings,
        Organisation,
        Units,
        Region,
        Office,
        Person,
        Asked,
        ReportSettings,
        Colours,
        DueDays,
        DocumentControl,
        Revision,
    ),
    "sops/posts/*.yaml": (Sop, Tool, Step, Standard, Forbidden),
    "sops/workflows/*.yaml": (Workflow, Lane, Entrance, Node, Choice),
    "sops/events.yaml": (EventRegister, Group, Event),
    "sops/rules.yaml": (
        RuleRegister,
        Rule,
        RulePart,
        Condition,
        Clause,
        Sampling,
        SamplePlan,
        Heading,
    ),
    "sops/parts.yaml": (PartsRules, Stage, MoveType, Equation, Counting, Rule, RulePart),
    "sops/money.yaml": (MoneyRules, MoneyPlace, MoneyMove, Ends),
    "sops/kpis.yaml": (KpiRegister, Kpi, Figure, Target),
    "sops/forms.yaml": (FormRegister, Form, FormGroup, FormField),
    "sops/records.yaml": (RecordRegister, Record, FormField),
    "sops/codes.yaml": (CodeRegister, CodeList, Code),
    "sops/tables/*.yaml": (Table, Column),
    "sops/calendar.yaml": (Calendar, DaysOff, MakeUpDay, Opening),
    "sops/glossary.yaml": (Glossary, Group, Term),
    "sops/suppressions.yaml": (SuppressionRegister, Suppression),
    "checklists/*.yaml": (Checklist, Section, Item, ItemPart, PointsSince, Branch, BranchPart),
    "checklists/schemes/*.yaml": (
        Scheme,
        SectionRule,
        Surcharge,
        PointsBy,
        Coverage,
        Adjust,
        Round,
        Band,
        CountBounds,
        Limit,
        WorkedSheet,
        WorkedItem,
        WorkedCase,
        WorkedAnswer,
        Expected,
    ),
}


def keys(*models: type[BaseModel]) -> dict[str, bool]:
    """List the keys of models as YAML has them, and whether one of them must be there."""
    found: dict[str, bool] = {}
    for model in models:
        for name, field in model.model_fields.items():
            key = field.alias or name
            found[key] = found.get(key, False) or field.is_required()
    return found


def part(heading: str) -> str:
    text = (ROOT / "docs/handbook-files.md").read_text(encoding="utf-8")
    return next(p for p in text.split("\n## ") if p.startswith(heading))


@pytest.mark.parametrize("heading", PARTS)
def test_every_key_of_a_handbook_file_is_documented(heading: str) -> None:
    said = set(re.findall(r"[a-z_]+", part(heading)))
    assert set(keys(*PARTS[heading])) <= said


@pytest.mark.parametrize("heading", PARTS)
def test_what_is_bold_must_be_there_and_exists(heading: str) -> None:
    groups = re.findall(r"\*\*([^*]+)\*\*", part(heading))
    bold = {word for group in groups for word in group.split(", ")}
    required = {key for key, needed in keys(*PARTS[heading]).items() if needed}
    assert bold == required


def test_every_word_of_a_scheme_is_explained_in_both_languages() -> None:
    head = {"id", "edition", "title", "explanation", "source", "effective_from", "effective_until"}
    words = scheme_words()
    assert set(words) == set(keys(Scheme)) - head
    assert all(set(entry) == {"zh", "en", "example"} for entry in words.values())


@pytest.mark.parametrize("word", scheme_words())
def test_the_example_of_a_scheme_word_is_valid(word: str) -> None:
    document = read_bytes(scheme_words()[word]["example"].encode(), word)
    base = {"id": "x", "edition": "1", "title": "x", "answers": "number"}
    scheme = Scheme.model_validate({**base, **document.data})
    assert getattr(scheme, word) is not None


def paths(value: object, prefix: str = "") -> set[str]:
    """List the keys of plain data as docs/formats.md writes them."""
    found: set[str] = set()
    if isinstance(value, list):
        return found.union(*(paths(inner, f"{prefix}[]") for inner in value))
    if isinstance(value, dict):
        for key, inner in value.items():
            path = f"{prefix}.{key}" if prefix else key
            found |= {path} | paths(inner, path)
    return found


def several(folder: AuditFolder) -> AuditFolder:
    """Let the answers of an audit come from a sheet, and another say something else."""
    name, record = next((n, r) for n, r in folder.records.items() if r.answers)
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    sheet = {"id": "a", "channel": "excel", "file": "a.xlsx", "digest": "x", "at": str(noon)}
    source = Source.model_validate({**sheet, "by": "1"})
    others = (OtherAnswer(source="b", result="no"),)
    answer = record.answers[0].model_copy(update={"source": "a", "others": others})
    told = record.model_copy(update={"sources": (source,), "answers": (answer,)})
    return replace(folder, records={name: told}, own=None)


def test_every_key_of_a_result_is_documented_and_there(tmp_path: Path) -> None:
    """What the sample does not have, such as a limit that holds, comes from its writer."""
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    section = text.split("\n## Result")[1].split("\n## ")[0]
    said = set(re.findall(r"^\| ([a-z_.\[\]]+) \|", section, re.MULTILINE))
    kept = json.loads((ROOT / "reports/2026-10-cd.json").read_text(encoding="utf-8"))
    # What the page says has a table of its own.
    written = paths({**kept, "report": None})
    bite = _limit(Bite("x", (), None, None, pending=False, bit=True, changed=True))
    written |= {f"scores[].limits[].{key}" for key in bite}
    one = PersonScore("1", Answer("yes"), "counted", None, None)
    many = _item(ItemScore("x", None, "counted", None, None, persons=(one,)))
    written |= paths({"scores": [{"items": [many]}]})
    audit = shop(tmp_path)
    answer(audit, {"item": "R1", "result": "yes"})
    heard = hear(audit, [ticket(1, minutes="90")])
    written |= paths(contradicted(heard.conclusion))
    written |= paths({"records": from_records(heard.folder)})
    written |= paths(from_sources(several(heard.folder)))
    told_in_one_line = (
        *("several[].others[].", "engine.", "handbook.", "checklist.", "scheme.", "left_out[]."),
        *("records.files[].", "answered[].", "from_records.", "offences[]."),
    )
    assert {w for w in written if not any(part in w for part in told_in_one_line)} == said - {
        "key",
        "part",
    }


def test_every_key_and_rule_of_a_proof_is_documented() -> None:
    """What the sample does not have, such as a limit that is near, comes from its writer."""
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    folder, _ = read_audit(ROOT / "audits/2026-10-cd", handbook)
    assert folder is not None
    frames = tuple(folder.frames.values())
    told = explained(seen_in_folder(folder), conclude_folder(folder), frames)
    written = paths(json.loads(proof_json(told)))
    # A node holds nodes of the same keys, and a step is told alike wherever it stands.
    own = {path for path in written if ".parts[]." not in path and ".better[]" not in path}
    in_one_line = (
        *("engine.", "handbook.", "scheme.", ".word.", ".round.", ".answer.", ".given."),
        *(".standing.better.", ".standing.worse.", ".was.", ".now.", "in_full.", "left_out."),
        *(".by[]", ".counts[]"),
    )
    assert {p for p in own if not any(part in p for part in in_one_line)} == documented(
        "Explain"
    ) - {"key", "rule"}
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8").split("\n## Explain")[1]
    section = text.split("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z_.]+)` \|", section, re.MULTILINE)) == set(RULES)


TINY = ROOT / "tests/handbooks/tiny"


def documented(heading: str) -> set[str]:
    """List the keys a section of docs/formats.md has in its first table."""
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}")[1].split("\n## ")[0]
    return set(re.findall(r"^\| ([a-z_.\[\]]+) \|", section, re.MULTILINE)) - {"key"}


def test_every_key_of_coverage_is_documented_and_every_gap_explained() -> None:
    handbook, _ = load_handbook(TINY)
    assert handbook is not None
    written = paths(json.loads(coverage_json(handbook, coverage(handbook))))
    in_one_line = ("engine.", "handbook.", "title.", "checks[].")
    assert {w for w in written if not any(part in w for part in in_one_line)} == documented(
        "Coverage"
    ) - {"gap"}
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8").split("\n## Coverage")[1]
    section = text.split("\n## ")[0]
    assert tuple(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE)) == GAPS


def test_every_key_of_what_if_is_documented() -> None:
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    folder, _ = read_audit(ROOT / "audits/2026-10-cd", handbook)
    assert folder is not None
    # Nobody has looked at the last items, vetoes among them.
    frames = [
        replace(f, audit=f.audit[:-2], item=f.item[:-2], answer=f.answer[:-2], person=None)
        for f in folder.frames.values()
    ]
    asked = Inquiry(handbook, frames, folder.audit.id, folder.audit)
    written: set[str] = set()
    for told in ([asked.prospect("CK-HTL", "A")], [asked.outlook("CK-HTL")]):
        written |= set(paths(json.loads(whatif_json(handbook, folder.audit.id, told))))
    in_one_line = ["engine.", "handbook.", "question.", "checklist.", "scheme.", "now.", "after."]
    in_one_line += ("everything.", "lowest.", "highest.", "falls_short[].", "corrections[].")
    in_one_line += ("open[].", "deciding[].")
    assert {w for w in written if not any(part in w for part in in_one_line)} == documented(
        "What if"
    )


def _replayed() -> list[Replay]:
    """Make a replay with something in every list."""
    change = Change("item", "x", {"points": ("1", "2")}, lambda whole: whole)
    cause = Cause(change, None, None, None, decides=False)
    one = Row("CK", None, None, (cause,), not_carried=(NotCarried("x", "new"),))
    return [Replay("a", "o", date(2026, 1, 1), "old", None, (("CK", "1", "2"),), (one,))]


def test_every_key_of_a_difference_is_documented() -> None:
    old = dict(copy(str(TINY), TINY).files)
    post = old["sops/posts/mec.yaml"].replace(b"below 1 mm", b"below 2 mm")
    seen = old["checklists/mec.yaml"].replace(b"standards: [MEC-01-1]", b"standards: []")
    new = {**old, "sops/posts/mec.yaml": post, "checklists/mec.yaml": seen}
    found = difference(read_files(old, ""), read_files(new, ""))
    written = paths(json.loads(difference_json(found, "a", "b", _replayed())))
    in_one_line = ("engine.", "edition.", "title.", "by[].", "review.")
    of_results = ("old.", "new.", "alone.", "after.", "refiled[].")
    assert {
        w for w in written if not any(part in w for part in (*in_one_line, *of_results))
    } == documented("Difference")


def test_every_key_of_editions_is_documented() -> None:
    known = editions(copy(str(TINY), TINY).files, [])
    written = paths(json.loads(editions_json(known, date(2026, 11, 26))))
    in_one_line = ("engine.", "title.")
    assert {w for w in written if not any(part in w for part in in_one_line)} == documented(
        "Editions"
    )


def test_the_tests_a_document_names_are_there() -> None:
    text = (ROOT / "docs/windows.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[^`]+)`", text))
    assert len(named) > 4
    assert all((ROOT / name).is_file() for name in named)


def test_the_exit_codes_are_those_of_the_code() -> None:
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    section = text.split("\n## Exit codes")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([\d, ]+) \|", section, re.MULTILINE)
    said = {int(code) for row in rows for code in row.split(",")}
    assert said == {value for value in vars(stop).values() if isinstance(value, int)}


def test_every_key_of_a_report_is_documented() -> None:
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z]\w+)`.*\| ([^|]*) \|$", text, re.MULTILINE)
    said = {name: re.findall("`([a-z_]+)`", keys) for name, keys in rows}
    modules = (report_model, ticket_model, parts_model, before_model, photos_model, several_model)
    models = {name: part for module in modules for name, part in vars(module).items()}
    parts = {name: part for name, part in models.items() if is_dataclass(part)}
    del parts["ChartSheet"]  # a drawing
    drawn = {"logo", "charts", "picture", "enlarged", "firsts"}
    assert said == {
        name: [field.name for field in fields(part) if field.name not in drawn]
        for name, part in parts.items()
    }


def test_the_page_of_big_tables_names_options_that_exist_and_all_engines() -> None:
    page = (ROOT / "docs/big-tables.md").read_text(encoding="utf-8")
    annotated = get_type_hints(score, include_extras=True).values()
    described = [one for hint in annotated for one in getattr(hint, "__metadata__", ())]
    # Of names in an annotation, typer keeps the first as if it were the default.
    names = [(one.default, *(one.param_decls or ())) for one in described]
    known = {name for each in names for name in each}
    assert "--table" in known
    assert set(re.findall(r"(?<![\w-])--[a-z]+", page)) <= known
    assert {word for word in ENGINES if f"`--engine {word}`" in page} == set(ENGINES)
    assert round(LARGE / 1e6) == 4
    assert "about four million rows" in page


def test_no_example_brings_anything_into_a_final_audit() -> None:
    """It would end in F062, and whoever tries it would think the program broken."""
    final = {"2026-10-cd"}
    pages = [*(ROOT / "docs").glob("*.md"), *ROOT.glob("README*.md")]
    sources = [
        ROOT / "src/sopaudit/cli" / f"{name}.py" for name in ("importing", "bringing", "fill")
    ]
    lines = [line for path in [*pages, *sources] for line in path.read_text("utf-8").splitlines()]
    into = re.compile(r"(?:--into|sopaudit fill) (?:audits/)?([\w-]+)")
    named = [found for line in lines for found in into.findall(line)]
    assert len(named) > 10
    assert not final & {*named}

"""`sopaudit schema`: JSON Schemas, with which editors complete, explain and check YAML files."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sopaudit.cli.option import HandbookFolder, formats
from sopaudit.cli.session import found, one_of, write

if TYPE_CHECKING:
    from pydantic import BaseModel

FOLDER: Final = ".schema"
"""Where a handbook keeps them; the first line of its YAML files points there."""

FORMATS: Final = ("json",)


def schema(
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            help=f"Folder to write to (default: {FOLDER} of the handbook). 写入的文件夹。",
        ),
    ] = None,
    format_: Annotated[str, formats(FORMATS, "Output format. 输出格式。")] = "json",
    handbook: HandbookFolder = None,
) -> None:
    """Write the JSON Schemas that editors read beside YAML files. 编辑器用的格式说明。

    One file for each kind of YAML file, with words in Chinese and English for every
    key. Run it again after an update of sopaudit.

    \b
    Examples:
      sopaudit schema
      sopaudit schema --handbook examples/fhrs
      sopaudit schema -o schemas
    """
    one_of(format_, FORMATS, "--format")
    folder = output if output is not None else found(handbook) / FOLDER
    for name, made in schemas().items():
        place = folder / f"{name}.json"
        write(place, (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode())
        print(place.as_posix())


def schemas() -> dict[str, dict[str, Any]]:
    """Make the schema of each kind of YAML file."""
    from sopaudit.criteria.schema import json_schema
    from sopaudit.criteria.words import key_words

    further = key_words("sopaudit.evidence")
    return {name: json_schema(model, further) for name, model in models().items()}


def models() -> "dict[str, type[BaseModel]]":
    """Name each kind of YAML file, and the model that reads it."""
    from sopaudit.criteria.calendar import Calendar
    from sopaudit.criteria.checklist import Branch, Checklist
    from sopaudit.criteria.form import FormRegister, RecordRegister
    from sopaudit.criteria.kpi import KpiRegister
    from sopaudit.criteria.money import MoneyRules
    from sopaudit.criteria.organisation import Settings
    from sopaudit.criteria.parts import PartsRules
    from sopaudit.criteria.register import (
        CodeRegister,
        EventRegister,
        Glossary,
        SuppressionRegister,
    )
    from sopaudit.criteria.rule import RuleRegister
    from sopaudit.criteria.scheme import Scheme
    from sopaudit.criteria.sop import Sop
    from sopaudit.criteria.table import Table
    from sopaudit.criteria.workflow import Workflow
    from sopaudit.evidence.auditfile import Audit
    from sopaudit.evidence.logmapping import LogMapping
    from sopaudit.evidence.mapping import TableMapping
    from sopaudit.evidence.recordmapping import RecordsMapping

    return {
        "sopaudit": Settings,
        "post": Sop,
        "workflow": Workflow,
        "rules": RuleRegister,
        "parts": PartsRules,
        "money": MoneyRules,
        "kpis": KpiRegister,
        "forms": FormRegister,
        "records": RecordRegister,
        "events": EventRegister,
        "codes": CodeRegister,
        "calendar": Calendar,
        "glossary": Glossary,
        "suppressions": SuppressionRegister,
        "table": Table,
        "checklist": Checklist,
        "branch": Branch,
        "scheme": Scheme,
        "audit": Audit,
        "mapping": TableMapping,
        "log": LogMapping,
        "data": RecordsMapping,
    }

"""Who may be the second person of a veto: one list for every sheet, one rule for every name."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pytest
from tests.sheets.terminal.auditor import empty, failing, form_of, opened, truth

from sopaudit.criteria.organisation import Person
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.people import People
from sopaudit.evidence.workbook import sheets_of
from sopaudit.sheets.blank import Blank, blank_of, checklists_of
from sopaudit.sheets.form.blank import form
from sopaudit.sheets.terminal.form import Form
from sopaudit.sheets.terminal.said import said_of
from sopaudit.sheets.xlsform.blank import xlsform
from sopaudit.sheets.xlsx.blank import workbook

VETO: Final = ("CK-HTL", "CK-HTL-V1")
TEAM: Final = ["9001", "9002", "1001"]
OTHERS: Final = ["1006", "1007", "1008", "1009", "1010", "1011", "1012"]
"""Of the office, at work on the day, and of no post that is examined."""

EXAMINED: Final = {"1002", "1003", "1013", "1004"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> AuditFolder:
    """Give our October audit before it was final, without its answers."""
    return opened(empty(tmp_path_factory.mktemp("audits") / "2026-10-cd"))


@pytest.fixture(scope="module")
def blank(folder: AuditFolder) -> Blank:
    return blank_of(folder.handbook, checklists_of(folder), folder.audit.date, folder)


def ids(people: Sequence[Person]) -> list[str]:
    return [one.id for one in people]


def of_team(blank: Blank, **update: object) -> Blank:
    """Give the blank of an audit with other people."""
    assert blank.audit is not None
    return replace(blank, audit=blank.audit.model_copy(update=update))


# --- what each way offers -------------------------------------------------------------------------


def in_workbook(blank: Blank, folder: Path) -> list[str]:
    """Read the drop-down of the cell where a second person is named."""
    path = folder / "book.xlsx"
    path.write_bytes(workbook(blank, "zh"))
    rows = next(iter(sheets_of(path).values()))
    head = next(row for row in rows if row[0] == "@items")
    row = next(n for n, row in enumerate(rows, 1) if row[0] == "/".join(VETO))
    cell = f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[head.index('confirmed')]}{row}"
    with ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    found = re.search(rf'sqref="{cell}"><formula1>"(.*?)"</formula1>', sheet)
    assert found is not None
    return [one.partition(" ")[0] for one in found[1].split(",")]


def in_form(blank: Blank, folder: Path) -> list[str]:
    """Read what the page of the form holds."""
    del folder
    told: dict[str, Any] = page(blank)
    return list(told["second"])


def page(blank: Blank) -> dict[str, Any]:
    text = form(blank, "zh").decode()
    found = re.search(r'<script id="sheet" [^>]*>(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


def in_xlsform(blank: Blank, folder: Path) -> list[str]:
    """Read the choices of the question that asks for a second person."""
    path = folder / "form.xlsx"
    path.write_bytes(xlsform(blank, "zh"))
    sheets = sheets_of(path)
    survey, choices = (
        [dict(zip(sheets[name][0], row, strict=False)) for row in sheets[name][1:]]
        for name in ("survey", "choices")
    )
    kind = next(row["type"] for row in survey if row["name"] == "confirmed_CK_HTL_V1")
    own = kind.removeprefix("select_one ")
    return [row["name"] for row in choices if row["list_name"] == own]


WAYS: Final[dict[str, Callable[[Blank, Path], list[str]]]] = {
    "xlsx": in_workbook,
    "html": in_form,
    "xlsform": in_xlsform,
}


@pytest.mark.parametrize("way", WAYS)
def test_every_sheet_offers_the_team_then_the_office_and_nobody_examined(
    way: str, blank: Blank, tmp_path: Path
) -> None:
    assert WAYS[way](blank, tmp_path) == [*TEAM, *OTHERS]


def test_a_sheet_of_one_checklist_offers_the_same(blank: Blank, folder: AuditFolder) -> None:
    one = blank_of(folder.handbook, ["CK-COO"], folder.audit.date, folder)
    assert one.witnesses == blank.witnesses


def test_the_terminal_takes_out_only_who_cannot_confirm_the_answer_at_hand(
    folder: AuditFolder,
) -> None:
    session = form_of(folder)
    told = failing(truth()[VETO[1]], None)
    # Nobody has signed: the leader answers for it.
    assert offered(session, person=None) == ids(session.blank.witnesses)[1:]
    assert offered(session, person="1006") == [*TEAM[1:], *OTHERS[1:]]
    assert session.witnesses(VETO, said_of(told.model_copy(update={"result": None}))) == ()


def offered(session: Form, person: str | None) -> list[str]:
    told = failing(truth()[VETO[1]], None).model_copy(update={"person": person})
    return ids(session.witnesses(VETO, said_of(told)))


# --- who is in it ---------------------------------------------------------------------------------


def test_who_is_on_the_list_and_in_which_order(blank: Blank) -> None:
    assert blank.audit is not None
    team = blank.audit.team
    assert ids(blank.witnesses) == [*TEAM, *OTHERS]
    # The only auditor always signs; others of no office come before those of the office.
    assert ids(of_team(blank, team=team[:1]).witnesses) == ["9002", "1001", *OTHERS]
    # Who has left, who is of another office, and a sheet of no audit.
    assert not {"1005", "2001"} & {*ids(blank.witnesses)}
    assert replace(blank, audit=None).witnesses == ()


def test_where_nobody_is_said_to_be_examined_it_may_be_whoever_holds_the_posts(
    blank: Blank,
) -> None:
    assert blank.audit is not None
    unsaid = of_team(blank, auditees=())
    assert ids(unsaid.witnesses) == [*TEAM, *OTHERS]
    # Of an audit of every post, those who hold none that is asked about are left.
    asked = {one.post for one in blank.handbook.checklists.values()}
    whole = ids(of_team(blank, auditees=(), scope=None).witnesses)
    assert whole[:2] == TEAM[:2]
    for person in blank.handbook.roster:
        if person.id in whole[2:]:
            assert not asked & {*person.posts}
    # Whoever audits themselves is an auditor still.
    own = [*blank.audit.team[:2], blank.audit.team[2].model_copy(update={"person": "1002"})]
    own[2] = own[2].model_copy(update={"role": "member"})
    assert "1002" in ids(of_team(blank, auditees=(), team=tuple(own)).witnesses)
    assert "1002" in ids(of_team(blank, auditees=("1002",), team=tuple(own)).witnesses)


def test_nobody_is_offered_whom_the_rule_refuses_whoever_signs(blank: Blank) -> None:
    assert blank.audit is not None
    people = People(blank.handbook, blank.audit)
    given = failing(truth()[VETO[1]], None).model_copy(update={"person": None})
    for one in blank.witnesses:
        assert people.second(one.id, None, given) == (one.id != "9001")
    assert people.examined == EXAMINED
    assert not EXAMINED & {*ids(blank.witnesses)}


def test_the_form_judges_by_what_the_rule_knows(blank: Blank) -> None:
    told = page(blank)
    assert (told["leaders"], told["examined"]) == (["9001"], sorted(EXAMINED))

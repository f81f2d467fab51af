"""A loaded handbook answers what the rest of the program asks."""

from datetime import date
from pathlib import Path

import pytest

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook, load_handbook

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"


@pytest.fixture
def handbook() -> Handbook:
    found, _ = load_handbook(TINY)
    assert found is not None
    return found


def test_the_name_of_the_organisation_is_filled_in(handbook: Handbook) -> None:
    purpose = handbook.posts["MEC"].purpose
    assert handbook.say(purpose, "zh") == "为单车工坊的顾客修好车。"
    assert handbook.say(purpose, "en") == "Repair bicycles for customers of Bicycle Workshop."


def test_only_the_closed_list_of_variables_is_filled_in(handbook: Handbook) -> None:
    text = Text((("", "{{office.title}}：{ org.name }，{{  head.title  }}"),))
    assert handbook.say(text, "zh") == "受审核单位：{ org.name }，负责人"


def test_what_is_filled_in_is_not_read_again(handbook: Handbook) -> None:
    name = handbook.organisation.model_copy(update={"name": Text((("", "{{ head.title }}"),))})
    odd = Handbook(**{**vars(handbook), "organisation": name})
    assert odd.say(Text((("", "{{ org.name }}"),)), "en") == "{{ head.title }}"


def test_a_text_without_the_language_falls_back(handbook: Handbook) -> None:
    assert handbook.say(handbook.title, "de") == "单车工坊手册"


def test_people_of_an_office_are_those_who_work_there_that_day(handbook: Handbook) -> None:
    assert [p.id for p in handbook.people("N1", date(2026, 1, 1))] == ["1001"]
    assert handbook.people("N1", date(2024, 2, 29)) == []
    assert handbook.people("N2", date(2026, 1, 1)) == []


def test_a_person_is_found_by_number(handbook: Handbook) -> None:
    person = handbook.person("9001")
    assert person is not None
    assert person.name.to("en") == "Li Qiang"
    assert handbook.person("0000") is None


def test_every_id_leads_to_its_file(handbook: Handbook) -> None:
    assert handbook.files["CK-MEC"] == TINY / "checklists/mec.yaml"
    assert all(digest.startswith("sha256:") for digest in handbook.digests.values())

"""The form in the hands of others: pyxform and ODK Validate take it, the engine of ODK fills it in.

The engine is the one of ODK Web Forms, in a browser; constraints, required remarks and what becomes
relevant are worked out by it, and what it would send is made an export of each kind.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.sheets.vetoes import several_vetoes
from tests.sheets.xlsform.engine import Converted, Told, converted
from tests.sheets.xlsform.exports import (
    Submission,
    central,
    flat,
    kobo_csv,
    kobo_json,
    kobo_xlsx,
)
from tests.sheets.xlsform.person import Values, typed
from tests.sheets.xlsform.world import (
    ZONE,
    answers_of,
    blank_from,
    chengdu,
    plain_answers,
    tiny,
    with_sample,
)

from sopaudit.evidence.record import Confirmation
from sopaudit.sheets.xlsform.back import audit_named, read

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Converted:
    blank, audit = chengdu()
    return converted(blank, tmp_path_factory.mktemp("cd"), [*audit.records.values()])


@pytest.fixture(scope="module")
def sampled(truth: Converted, tmp_path_factory: pytest.TempPathFactory) -> Converted:
    known = plain_answers(truth.world.records)
    blank = with_sample(truth.world.blank, known["CK-COO", "CK-COO-B2"].cases)
    return converted(blank, tmp_path_factory.mktemp("sampled"), truth.world.records)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Converted:
    return converted(tiny(), tmp_path_factory.mktemp("tiny"))


@pytest.mark.parametrize("name", ["truth", "sampled", "workshop"])
def test_a_form_is_taken_without_a_warning(name: str, request: pytest.FixtureRequest) -> None:
    form: Converted = request.getfixturevalue(name)
    assert "arning" not in form.told


@pytest.mark.parametrize("example", ["fhrs", "king-county"])
def test_forms_of_foreign_schemes_are_taken_and_filled_in(example: str, tmp_path: Path) -> None:
    form = converted(blank_from(ROOT / "examples" / example), tmp_path)
    assert "arning" not in form.told
    name, value = {"fhrs": ("HYGIENE", "value"), "king-county": ("0100", "answer")}[example]
    given = {f"{value}_{name}": {"fhrs": "25", "king-county": "cited"}[example], "signers": "0"}
    (told,) = form.fill({"values": given, "rows": {}})
    assert not told["unasked"]
    # Both count what was found against the place, and so ask what it was, as a record does.
    assert [one[:2] for one in told["violations"]] == [[f"note_{name}", "required"]]


@pytest.mark.parametrize("name", ["truth", "sampled"])
def test_the_known_audit_comes_back_through_every_export(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    form: Converted = request.getfixturevalue(name)
    world = form.world
    (told,) = form.fill(typed(world.blank, world.records))
    assert not told["unasked"]
    assert not told["violations"]
    shown = {path.rsplit("/", 1)[-1]: value for path, value in flat(told["tree"]).items()}
    scores = [
        shown[f"{kind}_of_CK_{post}"] for post in ("HTL", "COO") for kind in ("score", "grade")
    ]
    assert scores == ["91.2", "B", "76.9", "D"]
    sent = [Submission(told["tree"])]
    exports = (
        central(tmp_path / "c.zip", world.fields, sent),
        central(tmp_path / "g.zip", world.fields, sent, groups=False),
        kobo_csv(tmp_path / "k.csv", world.fields, sent),
        kobo_csv(tmp_path / "g.csv", world.fields, sent, str),
        kobo_xlsx(tmp_path / "k.xlsx", world.fields, sent),
        kobo_json(tmp_path / "k.json", sent),
    )
    for path in exports:
        assert audit_named(path) == "2026-10-cd"
        (filled,), problems = read(path, world.blank, ZONE)
        assert not problems
        assert answers_of(filled) == plain_answers(world.records), path.name
        assert filled.source.at is not None


SOUND: Values = {"auditor": "9001", "signers": "0", "answer_CK_HTL_E2": "yes"}
SOUND |= {
    f"{kind}_CK_HTL_{item}": number
    for item in ("B1", "C2", "C3", "D1")
    for kind, number in (("checked", "9"), ("failed", "0"))
}
"""Enough of the hotline's answers for a score, all of them good."""


def test_a_veto_waits_in_the_form_until_a_second_person_is_named_with_a_photo(
    truth: Converted, tmp_path: Path
) -> None:
    world, veto = truth.world, "CK_HTL_V1"
    known = SOUND | {f"answer_{veto}": "yes"}
    fails = known | {f"answer_{veto}": "no", f"note_{veto}": "录音中与客户争吵"}
    photo, second = {f"photo1_{veto}": "1.jpg"}, {f"confirmed_{veto}": "9002"}
    ways = [known, fails | photo, fails | second, fails | photo | second]
    told = truth.fill(*({"values": values, "rows": {}} for values in ways))
    assert [one["unasked"] for one in told] == [[], [], [], []]
    shown = [
        {path.rsplit("/", 1)[-1]: value for path, value in flat(one["tree"]).items()}
        for one in told
    ]
    kinds = ("score_of", "grade_of", "pending_of")
    assert [tuple(one[f"{kind}_CK_HTL"] for kind in kinds) for one in shown] == [
        ("100", "A", "A"),
        ("100", "A", "E"),
        ("100", "A", "E"),
        ("100", "E", "E"),
    ]
    assert ["waits_of_CK_HTL" in one for one in shown] == [False, True, True, False]
    assert [f"confirmed_{veto}" in one for one in shown] == [False, True, True, True]
    sent = [Submission(told[-1]["tree"])]
    for path in (
        central(tmp_path / "c.zip", world.fields, sent, media={"1.jpg": b"one"}),
        kobo_csv(tmp_path / "k.csv", world.fields, sent),
        kobo_json(tmp_path / "k.json", sent),
    ):
        (filled,), _ = read(path, world.blank, ZONE)
        answer = answers_of(filled)["CK-HTL", "CK-HTL-V1"]
        assert (answer.result, answer.confirmed) == ("no", Confirmation(by="9002"))


def test_of_several_vetoes_the_worst_counts_and_none_lifts_a_grade(tmp_path: Path) -> None:
    blank, _ = chengdu()
    leaf = several_vetoes(blank.leaves[0], blank.day)
    form = converted(replace(blank, leaves=(leaf,)), tmp_path)
    veto = {"answer_CK_HTL_V1": "no", "note_CK_HTL_V1": "x", "photo1_CK_HTL_V1": "1.jpg"}
    second = {"confirmed_CK_HTL_V1": "9002"}
    late = {"answer_CK_HTL_E2": "no", "note_CK_HTL_E2": "x"}
    poor = {f"failed_{item}": "9" for item in ("CK_HTL_D1", "CK_HTL_C2")}
    ways = [veto, veto | second, veto | late, veto | second | late, veto | second | poor]
    jobs = ({"values": SOUND | way, "rows": {}} for way in ways)
    shown = [
        {path.rsplit("/", 1)[-1]: value for path, value in flat(one["tree"]).items()}
        for one in form.fill(*jobs)
    ]
    grades = [(one["grade_of_CK_HTL"], one["pending_of_CK_HTL"]) for one in shown]
    assert grades == [("A", "C"), ("C", "C"), ("D", "D"), ("D", "D"), ("E", "E")]


E = "CK_MEC_A1"
FAILS = {f"answer_{E}": "no"}
Case = tuple[dict[str, str], list[tuple[str, str]]]
DEMANDS: dict[str, Case] = {
    "a critical failure needs a remark and a photo": (
        FAILS, [(f"note_{E}", "required"), (f"photo1_{E}", "required")],
    ),
    "with both it is content": (FAILS | {f"note_{E}": "x", f"photo1_{E}": "1.jpg"}, []),
    "what conforms needs neither": ({f"answer_{E}": "yes"}, []),
    "what does not apply needs a reason": (
        {"answer_CK_MEC_B1": "na"}, [("note_CK_MEC_B1", "required")],
    ),
    "a minor failure needs no photo": (
        {"answer_CK_MEC_B1": "partial"}, [("note_CK_MEC_B1", "required")],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def demanded(workshop: Converted) -> Callable[[str], Told]:
    base = {"auditor": "9001", "signers": "0"}
    told = workshop.fill(*({"values": base | values, "rows": {}} for values, _ in DEMANDS.values()))
    return dict(zip(DEMANDS, told, strict=True)).__getitem__


@pytest.mark.parametrize("what", DEMANDS)
def test_the_form_demands_what_the_handbook_does(
    what: str, demanded: Callable[[str], Told]
) -> None:
    told = demanded(what)
    assert not told["unasked"]
    assert [tuple(one[:2]) for one in told["violations"]] == DEMANDS[what][1]


def test_cases_and_numbers_are_held_to_what_they_can_be(truth: Converted) -> None:
    base = {"auditor": "9001", "signers": "0"}
    item, late = "CK_COO_B1", "CK_COO_C4"
    one = {f"freeid_{item}": "T-1", f"freecase_{item}": "no"}
    jobs = [
        {f"checked_{item}": "5", f"failed_{item}": "6", f"note_{item}": "x"},
        {f"checked_{item}": "5", f"failed_{item}": "1"},
        {f"more_{item}": "1"},
        {f"more_{item}": "1", f"note_{item}": "x"},
        {f"value_{late}": "-1"},
        {f"more_{item}": "201"},
    ]
    rows = [
        {f"cases_{item}": [one]} if f"more_{item}" in values and n < 4 else {}
        for n, values in enumerate(jobs)
    ]
    told = truth.fill(*({"values": base | v, "rows": r} for v, r in zip(jobs, rows, strict=True)))
    seen = [[tuple(v[:2]) for v in one["violations"] if "freeid" not in v[0]] for one in told]
    severe = truth.world.blank.leaf("CK-COO").by_id["CK-COO-B1"].item.severity  # type: ignore[union-attr]
    shown = [(f"photo1_{item}", "required")] if severe in ("critical", "major") else []
    assert seen == [
        [(f"failed_{item}", "constraint"), *shown],
        [(f"note_{item}", "required"), *shown],
        # A case that failed is evidence, but says nothing of what was found.
        [(f"note_{item}", "required")],
        [],
        [(f"value_{late}", "constraint")],
        [(f"more_{item}", "constraint")],
    ]


def test_a_photo_and_a_signature_are_sent_by_name(workshop: Converted, tmp_path: Path) -> None:
    signed = [{"sign_role": "auditor", "sign_person": "9001", "sign_image": "s.png"}]
    values = FAILS | {f"note_{E}": "x", f"photo1_{E}": "1.jpg", "auditor": "9001", "signers": "1"}
    (told,) = workshop.fill({"values": values, "rows": {"sign": signed}})
    assert (told["unasked"], told["violations"]) == ([], [])
    media = {"1.jpg": b"one", "s.png": b"two"}
    sent = [Submission(told["tree"])]
    path = central(tmp_path / "c.zip", workshop.world.fields, sent, media=media)
    (filled,), problems = read(path, workshop.world.blank, ZONE)
    assert not problems
    assert {(s.item, s.signed, s.read()) for s in filled.shots} == {
        ("CK-MEC-A1", None, b"one"),
        ("", ("auditor", "9001"), b"two"),
    }

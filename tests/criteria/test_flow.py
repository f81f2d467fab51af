"""What must hold of workflows, on small charts."""

import random
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from sopaudit.criteria.flow import MANY, TOO_MANY, states
from sopaudit.criteria.handbook import drafted, problems_in
from sopaudit.problems import Problem

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"

Chart = list[str]
"""Boxes in short: `a start -> b`, `c decision -> d e!exit`, `p subflow flow: F -> exit=b`."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    own = shutil.ignore_patterns("workflows", "events.yaml")
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True, ignore=own)
    (tmp_path / "sops/workflows").mkdir()
    return tmp_path


def box(line: str) -> str:
    """Write one box in YAML."""
    head, _, targets = line.partition(" -> ")
    name, _, kind = head.partition(" ")
    word, _, more = (kind or "step").partition(" ")
    keys = [f"id: {name}", f"kind: {word}", "lane: M", f"title: {name}"]
    ways = targets.split()
    match word:
        case "decision":
            choices = (
                f"{{label: {k}, to: {way.partition('!')[0]}"
                + (f", exit: {way.partition('!')[2]}" if "!" in way else "")
                + "}"
                for k, way in enumerate(ways)
            )
            keys.append(f"choices: [{', '.join(choices)}]")
        case "fork":
            keys.append(f"parallel: [{', '.join(ways)}]")
        case "subflow" if "=" in targets:
            pairs = (way.split("=") for way in ways)
            keys.append(f"exits: {{{', '.join(f'{key}: {to}' for key, to in pairs)}}}")
        case "end":
            pass
        case _:
            keys += [f"next: {way}" for way in ways]
    return "  - {" + ", ".join([*keys, *filter(None, [more])]) + "}\n"


def write(shop: Path, name: str, chart: Chart, extra: str = "") -> None:
    text = (
        f'id: {name}\nedition: "1"\ntitle: {name}\n{extra}lanes: [{{id: M, post: MEC}}]\nnodes:\n'
    )
    text += "".join(map(box, chart))
    (shop / f"sops/workflows/{name.lower()}.yaml").write_text(text, encoding="utf-8")


def told(shop: Path, *, strict: bool = False) -> list[Problem]:
    return problems_in(drafted(shop, shown=""), strict=strict)


FORK = "s start -> f|f fork -> a b"
JOIN = "j join -> e|e end"


def test_only_one_way_out_answers_a_question_with_yes(shop: Path) -> None:
    write(shop, "W", ["s start -> d", "d decision -> e g", "e end", "g end"])
    flow = shop / "sops/workflows/w.yaml"
    text = flow.read_text(encoding="utf-8")
    once = text.replace("{label: 0,", "{label: 0, answer: yes,")
    for written, expected in (
        (once.replace("{label: 1,", "{label: 1, answer: no,"), []),
        (once.replace("{label: 1,", "{label: 1, answer: yes,"), ["H106"]),
    ):
        flow.write_text(written, encoding="utf-8")
        assert [problem.code for problem in told(shop)] == expected


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        ("s start -> a|a step -> e|e end", []),
        ("a step -> e|e end", ["H100"]),
        ("s start -> a|t start -> a|u start -> a|a step -> e|e end", ["H101", "H101"]),
        ("s start -> a|a step -> x|e end", ["H102"]),
        ("s start -> a|a step|e end", ["H103"]),
        ("s start|e end", ["H103"]),
        ("s start -> d|d decision -> e|e end", ["H103"]),
        ("s start -> f|f fork -> j|j join -> e|e end", ["H103"]),
        ("s start -> p|p subflow -> e|e end", ["H103"]),
        ("s start -> d|d decision -> e s|e end next: s", ["H104"]),
        ("s start -> a|a step parallel: [e, s]|e end", ["H103", "H104"]),
        ("s start optional: yes -> e|e end", ["H104"]),
        ("s start -> a|a step flow: W -> e|e end", ["H104"]),
        ("s start -> e|e end|x step -> y|y step -> x", ["H116"]),
        ("s start -> d|d decision -> e a|e end|a step -> b|b step -> a", ["H117"]),
        (f"{FORK}|a step -> j|b step -> j|j join -> e|e end", []),
        (f"{FORK}|a step -> j|b step -> e|j join -> e|e end", ["H118"]),
        (f"{FORK}|a step -> j|b step -> k|j join -> e|k join -> e|e end", ["H118"]),
        (f"{FORK}|a step -> c|b step -> c|c step -> j|j join -> e|e end", ["H118"]),
        (f"{FORK}|a step -> e|b step -> e|e end", ["H118"]),
        (f"{FORK}|a step -> j|b decision -> j f|j join -> e|e end", ["H118"]),
        (f"{FORK}|a step -> j|b decision -> j a|j join -> e|e end", ["H118"]),
        (f"{FORK}|a step -> j|b decision -> j b|j join -> e|e end", []),
        (f"{FORK}|a fork -> c g|c step -> k|g step -> k|k join -> j|b step -> j|{JOIN}", []),
        (f"{FORK}|a fork -> c g|c step -> j|g step -> j|b step -> j|j join -> e|e end", ["H118"]),
        ("s start -> j|j join -> e|e end", ["H118"]),
        (f"{FORK}|a step -> j|b decision -> j x|x end|{JOIN}", ["H118"]),
        (f"s start -> d|d decision -> f g|f fork -> j j|g fork -> j j|{JOIN}", ["H118"]),
        ("s start -> f|f fork -> j j|j join -> e|e end", []),
    ],
)  # fmt: skip
def test_a_chart_that_would_strand_a_ticket_is_told(
    shop: Path, chart: str, expected: list[str]
) -> None:
    write(shop, "W", chart.split("|"))
    assert [problem.code for problem in told(shop)] == expected


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        (f"{FORK}|a step -> j|b step -> e|j join -> e|e end", "f … e"),
        (f"{FORK}|a step -> j|b step -> k|j join -> e|k join -> e|e end", "f … j"),
        (f"{FORK}|a step -> c|b step -> c|c step -> j|j join -> e|e end", "f … c"),
        ("s start -> j|j join -> e|e end", "j"),
    ],
)
def test_the_fork_is_named_whose_branch_goes_astray(shop: Path, chart: str, expected: str) -> None:
    write(shop, "W", chart.split("|"))
    assert [problem.values["word"] for problem in told(shop)] == [expected]


def test_a_flow_is_not_blamed_for_the_states_of_one_it_calls(shop: Path) -> None:
    boxes = [f"n{n} step -> n{n + 1}" for n in range(TOO_MANY)]
    write(shop, "W", ["s start -> n0", *boxes, f"n{TOO_MANY} end"])
    write(shop, "V", ["v start -> p", "p subflow flow: W -> q", "q end"])
    assert [(p.code, p.values["word"]) for p in told(shop)] == [("H105", "W")]


def test_what_follows_from_one_mistake_is_not_told_beside_it(shop: Path) -> None:
    write(shop, "W", ["s start -> a", "a step -> x", "b step -> c", "c step -> e", "e end"])
    (problem,) = told(shop)
    assert (problem.code, problem.values["word"]) == ("H102", "x")


@pytest.mark.parametrize("wrong", ["kinds: step", "kind: stepp", "forms: {a: b}", "within: soon"])
def test_a_chart_with_an_unreadable_value_is_not_walked(shop: Path, wrong: str) -> None:
    write(shop, "W", ["s start -> d", "d decision -> e b", "b step -> b", "e end"])
    path = shop / "sops/workflows/w.yaml"
    text = path.read_text(encoding="utf-8").replace("kind: decision", wrong, 1)
    path.write_text(text, encoding="utf-8")
    (problem,) = told(shop)
    assert problem.code[0] == "S"


def test_a_box_whose_id_cannot_be_read_may_be_the_one_that_is_meant(shop: Path) -> None:
    write(shop, "W", ["s start -> a", "a step -> e", "e end"])
    path = shop / "sops/workflows/w.yaml"
    text = path.read_text(encoding="utf-8").replace("id: a,", 'id: "甲",')
    path.write_text(text, encoding="utf-8")
    assert [problem.code for problem in told(shop)] == ["S011"]


def test_boxes_that_are_lost_for_one_reason_are_told_together(shop: Path) -> None:
    lost = [f"x{n} step -> x{n + 1}" for n in range(6)]
    write(shop, "W", ["s start -> e", *lost, "x6 step -> e", "e end"])
    (problem,) = told(shop)
    assert problem.values["word"] == "x0, x1, x2, x3 …"


QUOTE = ["s start -> d", "d decision -> y!yes n!no", "y end", "n end"]
EXITS = "entries: [{id: A, title: a, start: s}]\nexits: {yes: accepted, no: declined}\n"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("p subflow flow: Q, entry: A -> yes=e no=e", []),
        ("p subflow flow: Q -> yes=e no=e", []),
        ("p subflow flow: Q, entry: A -> yes=e", ["H114"]),
        ("p subflow flow: Q, entry: A -> yes=e no=e maybe=e", ["H115"]),
        ("p subflow flow: Q, entry: A -> yes=e nope=e", ["H115"]),
        ("p subflow flow: Q, entry: B -> yes=e no=e", ["H113"]),
        ("p subflow flow: R, entry: A -> yes=e no=e", ["H112"]),
        ("p subflow flow: Q, entry: A -> e", ["H114", "H114"]),
    ],
)
def test_a_call_goes_on_from_every_exit(shop: Path, call: str, expected: list[str]) -> None:
    write(shop, "Q", QUOTE, EXITS)
    write(shop, "W", ["s2 start -> p", call, "e end"])
    assert [problem.code for problem in told(shop)] == expected


def test_a_flow_that_is_called_may_not_end_but_by_its_exits(shop: Path) -> None:
    write(shop, "Q", [*QUOTE[:1], "d decision -> y!yes n!no o", *QUOTE[2:], "o end"], EXITS)
    write(shop, "W", ["s2 start -> p", "p subflow flow: Q -> yes=e no=e", "e end"])
    (problem,) = told(shop)
    assert (problem.code, problem.values["word"]) == ("H114", "o")


def test_in_the_overall_chart_a_box_stands_for_a_whole_flow(shop: Path) -> None:
    write(shop, "Q", QUOTE, EXITS)
    write(shop, "W", ["s2 start -> p", "p subflow flow: Q -> e", "e end"], "level: 1\n")
    assert told(shop) == []
    assert states(drafted(shop))["W"] == 3


def test_a_flow_with_two_starts_is_called_by_an_entry(shop: Path) -> None:
    write(shop, "Q", [*QUOTE, "t start -> d"], EXITS)
    write(shop, "W", ["s2 start -> p", "p subflow flow: Q -> yes=e no=e", "e end flow: Q"])
    lacking = [(problem.code, problem.values["what"]) for problem in told(shop)]
    assert lacking == [("H103", "entry"), ("H103", "entry")]


def test_an_exit_may_not_leave_other_branches_behind(shop: Path) -> None:
    chart = ["s start -> f", "f fork -> a b", "a decision -> j j!yes", "b step -> j"]
    write(shop, "W", [*chart, "j join -> e", "e end"], "exits: {yes: accepted}\n")
    assert [problem.code for problem in told(shop)] == ["H118"]


def test_a_circle_of_calls_is_told_once_in_the_order_of_calls(shop: Path) -> None:
    for name, called in (("A", "B"), ("B", "C"), ("C", "A")):
        chart = [f"{name}s start -> {name}p", f"{name}p subflow flow: {called} -> {name}e"]
        write(shop, name, [*chart, f"{name}e end"])
    (problem,) = told(shop)
    assert problem.values["circle"] == "A → B → C → A"
    assert problem.place.path == "sops/workflows/a.yaml"


def test_taking_over_in_a_circle_is_no_call(shop: Path) -> None:
    write(shop, "A", ["as start -> ae", "ae end flow: B"])
    write(shop, "B", ["bs start -> be", "be end flow: A"])
    assert told(shop) == []


def test_words_for_an_event_in_two_charts_agree_or_are_told(shop: Path) -> None:
    write(shop, "A", ["as start events: [rung] -> ae", "ae end"], "events: {rung: 响铃}\n")
    write(shop, "B", ["bs start events: [rung] -> be", "be end"], "events: {rung: 响铃}\n")
    assert told(shop) == []
    write(shop, "B", ["bs start events: [rung] -> be", "be end"], "events: {rung: 敲门}\n")
    (problem,) = told(shop)
    assert (problem.code, problem.values["first"]) == ("H111", "sops/workflows/a.yaml:4")


def test_without_any_declared_event_or_form_all_are_taken(shop: Path) -> None:
    write(shop, "A", ["as start events: [rung], forms: [card] -> ae", "ae end"], "ignored: [hm]\n")
    assert told(shop) == []
    write(shop, "A", ["as start events: [rung] -> ae", "ae end"], "events: {ring: 响铃}\n")
    assert [problem.code for problem in told(shop)] == ["H110"]


def test_an_optional_event_is_one_of_the_box(shop: Path) -> None:
    start = "as start events: [rung], optional_events: [rang] -> ae"
    write(shop, "A", [start, "ae end"])
    (problem,) = told(shop)
    assert (problem.code, problem.values["choices"]) == ("H110", "rung")


def test_a_post_without_a_lane_may_take_part(shop: Path) -> None:
    write(shop, "A", ["as start also: [MEC] -> ae", "ae end"])
    assert told(shop) == []
    write(shop, "A", ["as start also: [MECH] -> ae", "ae end"])
    assert [problem.code for problem in told(shop)] == ["H107"]


def test_an_entry_is_in_a_lane_of_its_first_box(shop: Path) -> None:
    entry = "entries: [{id: A, title: a, start: as, lane: N}]\n"
    write(shop, "A", ["as start -> ae", "ae end"], entry)
    (problem,) = told(shop)
    assert (problem.code, problem.values["choices"]) == ("H107", "M")


def test_calls_count_what_they_call_up_to_its_exits(shop: Path) -> None:
    write(shop, "Q", QUOTE, EXITS)
    write(shop, "W", ["s2 start -> p", "p subflow flow: Q, entry: A -> yes=e no=e", "e end"])
    # The start, the two boxes of the quote before its exits, the end.
    assert states(drafted(shop)) == {"Q": 4, "W": 4}


def test_the_ends_of_a_flow_that_is_called_are_no_place_to_stand(shop: Path) -> None:
    write(shop, "Q", ["s start -> o", "o end"])
    write(shop, "W", ["s2 start -> p", "p subflow flow: Q -> e", "e end"])
    assert states(drafted(shop)) == {"Q": 2, "W": 3}


def blocks(rng: random.Random, names: Iterator[int], after: str, depth: int) -> tuple[str, Chart]:
    """Draw some boxes one after the other that lead to `after`; give the first of them as well."""
    chart: Chart = []
    for _ in range(rng.randint(1, 3)):
        name = f"n{next(names)}"
        if depth and rng.random() < 0.4:
            join = f"{name}j"
            branches = [blocks(rng, names, join, depth - 1) for _ in range(rng.randint(2, 3))]
            chart += [f"{name} fork -> {' '.join(first for first, _ in branches)}"]
            chart += [f"{join} join -> {after}", *(line for _, lines in branches for line in lines)]
        elif rng.random() < 0.3:
            chart += [f"{name} decision -> {after} {name}"]
        else:
            chart += [f"{name} step -> {after}"]
        after = name
    return after, chart


def walked(chart: Chart) -> int:
    """Count states by walking through all of them, token by token."""
    ways = {line.split()[0]: line.partition(" -> ")[2].split() for line in chart}
    kinds = {line.split()[0]: line.split()[1] for line in chart}
    first: tuple[str, ...] = ("s",)
    seen, ahead = {first}, [first]
    while ahead:
        here = ahead.pop()
        for token in set(here):
            rest = list(here)
            needed = len(ways[token.removesuffix("j")]) if kinds[token] == "join" else 1
            if rest.count(token) < needed:
                continue
            for _ in range(needed):
                rest.remove(token)
            several = [ways[token]] if kinds[token] == "fork" else [[way] for way in ways[token]]
            new = {tuple(sorted([*rest, *way])) for way in several} - seen
            seen |= new
            ahead += new
    return len(seen)


@pytest.mark.parametrize("seed", range(30))
def test_states_are_as_many_as_a_walk_through_all_of_them_meets(shop: Path, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 -- no secret, but repeatable
    first, chart = blocks(rng, iter(range(1000)), "e", 2)
    chart = [f"s start -> {first}", *chart, "e end"]
    write(shop, "W", chart)
    draft = drafted(shop)
    assert [problem.code for problem in problems_in(draft) if problem.code != "H105"] == []
    assert states(draft)["W"] == min(walked(chart), TOO_MANY + 1)


@pytest.mark.parametrize(
    ("branches", "length", "codes"),
    [(2, 30, []), (3, 9, ["H108"]), (3, 16, ["H108"]), (3, 17, ["H105"]), (60, 60, ["H105"])],
)
def test_beyond_a_thousand_states_is_a_hint_and_beyond_five_thousand_refused(
    shop: Path, branches: int, length: int, codes: list[str]
) -> None:
    assert (MANY, TOO_MANY) == (1000, 5000)
    chart = ["s start -> f", f"f fork -> {' '.join(f'b{k}x0' for k in range(branches))}"]
    for k in range(branches):
        ways = [*(f"b{k}x{n}" for n in range(length)), "j"]
        chart += [f"{one} step -> {other}" for one, other in pairwise(ways)]
    write(shop, "W", [*chart, "j join -> e", "e end"])
    assert [p.code for p in told(shop, strict=True) if p.code[0] == "H"] == codes

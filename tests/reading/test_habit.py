"""What people type out of habit is told by its name, at its place, with the edit that mends it."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sopaudit.problems import in_file_order
from sopaudit.reading.document import Document
from sopaudit.reading.events import read_bytes
from sopaudit.reading.typed import edited

ROOT = Path(__file__).parents[2]
CLEAN = [
    path
    for folder in ("sops", "checklists", "examples", "tests/handbooks/tiny", "tests/cases")
    for path in sorted((ROOT / folder).rglob("*.yaml"))
]


def of(text: str) -> Document:
    return read_bytes(text.encode(), "f.yaml")


def told(text: str) -> list[tuple[str, str]]:
    return [(f"{p.place.line}:{p.place.column}", p.code) for p in of(text).problems]


def mended(text: str) -> str:
    """Make every edit of every problem of a text."""
    return edited(text, sorted(edit for problem in of(text).problems for edit in problem.edits))


HABITS = [
    # what was typed, where it is told, as what, and the same as it was meant
    ("title：热线\nx: 1\n", "1:6", "Y024", "title: 热线\nx: 1\n"),
    ("x: 1\ntitle： 热线\n", "2:6", "Y024", "x: 1\ntitle: 热线\n"),
    ("a:\n  - id：A\n", "2:7", "Y024", "a:\n  - id: A\n"),
    ("a:\n  - id：A\n    x: 1\n", "2:7", "Y024", "a:\n  - id: A\n    x: 1\n"),
    ("a: {zh：热线, en: x}\n", "1:7", "Y024", "a: {zh: 热线, en: x}\n"),
    ("标题：热线\nx: 1\n", "1:3", "Y024", "标题: 热线\nx: 1\n"),
    ("tools: [电话，工单]\n", "1:11", "Y025", "tools: [电话, 工单]\n"),
    ("tools: [电话、工单, 笔]\n", "1:11", "Y025", "tools: [电话, 工单, 笔]\n"),
    ("a: {zh: 热线， en: x}\n", "1:11", "Y025", "a: {zh: 热线, en: x}\n"),
    ("a: {高: 10，低: 2}\n", "1:10", "Y025", "a: {高: 10, 低: 2}\n"),
    ("a: “热线: 一组”\n", "1:4", "Y026", 'a: "热线: 一组"\n'),
    ("“id”: A\nx: 1\n", "1:1", "Y026", "id: A\nx: 1\n"),
    ("a: ［O，R］\n", "1:4", "Y028", "a: [O, R]\n"),
    ("m: {a: ［O, R］, b: c}\n", "1:8", "Y028", "m: {a: [O, R], b: c}\n"),
    ("a: [O, R］\nb: c\n", "1:9", "Y028", "a: [O, R]\nb: c\n"),
    ("a: ｛zh：热线，en：x｝\n", "1:4", "Y028", "a: {zh: 热线, en: x}\n"),
    ("a:\n　zh: 热线\n  en: x\n", "2:1", "Y029", "a:\n  zh: 热线\n  en: x\n"),
    ("a:\n\xa0\xa0zh: 热线\n  en: x\n", "2:1", "Y029", "a:\n  zh: 热线\n  en: x\n"),
    ("a:\n  － 电话\n  - 笔\n", "2:3", "Y030", "a:\n  - 电话\n  - 笔\n"),
    ("a:\n  — 电话\n", "2:3", "Y030", "a:\n  - 电话\n"),
    ("a: 1\n＃ 注\nb: 2\n", "2:1", "Y031", "a: 1\n# 注\nb: 2\n"),
    ("a: {{ org.name }}客户\n", "1:4", "Y032", 'a: "{{ org.name }}客户"\n'),
    (
        "a: {zh: {{ org.name }}客户, en: x}\n",
        "1:9",
        "Y032",
        'a: {zh: "{{ org.name }}客户", en: x}\n',
    ),
    ("a: {zh: {{ org.name }}, en: x}\n", "1:9", "Y032", 'a: {zh: "{{ org.name }}", en: x}\n'),
    ("a: [急] 客户\nb: c\n", "1:4", "Y033", 'a: "[急] 客户"\nb: c\n'),
    ('a: "好的"后\nb: c\n', "1:4", "Y034", "a: '\"好的\"后'\nb: c\n"),
    ("a: '好的'后\nb: c\n", "1:4", "Y034", "a: \"'好的'后\"\nb: c\n"),
    ('a: "说"好"了"\nb: c\n', "1:4", "Y034", "a: '说\"好\"了'\nb: c\n"),
    ('a: "甲" 或 "乙"\nb: c\n', "1:4", "Y034", 'a: \'"甲" 或 "乙"\'\nb: c\n'),
    ("a: '甲'和'乙'\nb: c\n", "1:4", "Y034", "a: \"'甲'和'乙'\"\nb: c\n"),
    ("a: 'it's'\nb: c\n", "1:4", "Y034", 'a: "it\'s"\nb: c\n'),
    ("a: *重要* 店员\n", "1:4", "Y008", 'a: "*重要* 店员"\n'),
    ("a: !重要 店员\n", "1:4", "Y009", 'a: "!重要 店员"\n'),
    ("a: &重要 店员\n", "1:4", "Y035", 'a: "&重要 店员"\n'),
    ("a: !店员\nb: c\n", "1:4", "Y009", 'a: "!店员"\nb: c\n'),
    ("a: ! 店员 *\n", "1:4", "Y009", 'a: "! 店员 *"\n'),
    ("a: &店员\nb: c\n", "1:4", "Y035", 'a: "&店员"\nb: c\n'),
    ("a: * 店员\nb: 技术&服务\n", "1:4", "Y008", 'a: "* 店员"\nb: 技术&服务\n'),
    ("a: @店员\n", "1:4", "Y036", 'a: "@店员"\n'),
    ("a: `店员\n", "1:4", "Y036", 'a: "`店员"\n'),
    ("a: %店员\n", "1:4", "Y037", 'a: "%店员"\n'),
    ("a: >90 分\nb: c\n", "1:4", "Y038", 'a: ">90 分"\nb: c\n'),
    ("a: |店员\n", "1:4", "Y038", 'a: "|店员"\n'),
    ("a: - 店员\n", "1:4", "Y039", 'a: "- 店员"\n'),
    ("a: 说明: 立即\n", "1:6", "Y040", 'a: "说明: 立即"\n'),
    ("- a: 说明: 立即\n  b: c\n", "1:8", "Y040", '- a: "说明: 立即"\n  b: c\n'),
    ("a: {zh: 说明: 立即, en: x}\n", "1:11", "Y040", 'a: {zh: "说明: 立即", en: x}\n'),
    ("title:热线\nx: 1\n", "1:6", "Y041", "title: 热线\nx: 1\n"),
    ("- note_1:热线\n", "1:9", "Y041", "- note_1: 热线\n"),
    ("title:　热线\nx: 1\n", "1:6", "Y041", "title: 热线\nx: 1\n"),
    ("a: {zh:热线, en: x}\n", "1:7", "Y041", "a: {zh: 热线, en: x}\n"),
    ("a: {zh: 热线 #1, en: x}\n", "1:12", "Y042", 'a: {zh: "热线 #1", en: x}\n'),
    ("-\ta\n", "1:2", "Y045", "- a\n"),
    ("a: !!str 1\n", "1:4", "Y048", "a: 1\n"),
    ("a:\n  b: 1\n   c: 2\n", "3:4", "Y049", "a:\n  b: 1\n  c: 2\n"),
    ("a:\n  - b: 1\n   c: 2\n", "3:4", "Y049", "a:\n  - b: 1\n    c: 2\n"),
    (" a: 1\nb: 2\n", "1:2", "Y049", "a: 1\nb: 2\n"),
    ('a: "D:\\店员"\n', "1:7", "Y052", 'a: "D:\\\\店员"\n'),
    ("a:\n  -b: 1\n  - c: 2\n", "2:3", "Y055", "a:\n  - b: 1\n  - c: 2\n"),
    ("a:\n  - b: 1\n  -c: 2\n", "3:3", "Y055", "a:\n  - b: 1\n  - c: 2\n"),
    ("a: {zh: 立即 en: now}\n", "1:12", "Y053", "a: {zh: 立即, en: now}\n"),
    (
        "- a: {zh: 立即, en: now\n  b: c\n- d: e\n",
        "1:6",
        "Y006",
        "- a: {zh: 立即, en: now}\n  b: c\n- d: e\n",
    ),
    ("a: {zh: 立即\nb: c\n", "1:4", "Y006", "a: {zh: 立即}\nb: c\n"),
    ('a: {zh: 立即, en: "now}\nb: c\n', "1:17", "Y006", 'a: {zh: 立即, en: "now"}\nb: c\n'),
    ("a: {zh: 立即\n  en: now}\n", "2:3", "Y053", "a: {zh: 立即,\n  en: now}\n"),
    ("a: [b]]\n", "1:7", "Y054", "a: [b]\n"),
    ("a: {b: c,, d: e}\n", "1:10", "Y054", "a: {b: c, d: e}\n"),
    ('a: "b\nc: d\ne: "f"\n', "1:4", "Y006", 'a: "b"\nc: d\ne: "f"\n'),
    ("a: 'b\nc: d\n", "1:4", "Y006", "a: 'b'\nc: d\n"),
    ("a: [b, c\nd: e\n", "1:4", "Y006", "a: [b, c]\nd: e\n"),
    ("a: x\0y\n", "1:5", "Y021", "a: xy\n"),
    ("a: x\x07y\n", "1:5", "Y004", "a: xy\n"),
    ("a: b\n\tc: d\n", "2:1", "Y003", "a: b\nc: d\n"),
    ("a:\n  b:\n\tc: d\n  e: f\n", "3:1", "Y003", "a:\n  b:\n    c: d\n  e: f\n"),
    ("- a:\n    b:\n\tc: d\n", "3:1", "Y003", "- a:\n    b:\n      c: d\n"),
]


@pytest.mark.parametrize(("typed", "place", "code", "meant"), HABITS)
def test_a_habit_is_told_once_at_its_place_and_read_as_it_was_meant(
    typed: str, place: str, code: str, meant: str
) -> None:
    assert told(typed) == [(place, code)]
    assert of(typed).data == of(meant).data
    assert told(meant) == []


@pytest.mark.parametrize(("typed", "place", "code", "meant"), HABITS)
def test_the_edits_of_a_habit_give_what_was_meant(
    typed: str,
    place: str,  # noqa: ARG001 -- the table is one for both tests
    code: str,  # noqa: ARG001
    meant: str,
) -> None:
    assert told(mended(typed)) == []
    assert of(mended(typed)).data == of(meant).data


@pytest.mark.parametrize(
    ("typed", "place", "code"),
    [
        ("a: 热线 #1 工位\n", "1:7", "Y042"),
        ("a: 热线 # 待定\n", "1:7", "Y042"),
        ("a: #1 工位\nb: c\n", "1:4", "Y042"),
        ("a: 你好\n  # 注\n  世界\nb: c\n", "3:3", "Y043"),
        ("a: 你好\n  section：B\nb: c\n", "2:3", "Y044"),
        ("x: &base\n  id: A\ny: *base\n", "1:4", "Y035"),
        ("x: &base {id: A}\n", "1:4", "Y035"),
        ("x: {id: A}\n<<: *x\n", "2:1", "Y047"),
        ("x: !a\n  id: A\n", "1:4", "Y009"),
        ("a:\n  b: 1\n  - c\n", "3:3", "Y050"),
        ("a:\n  - b\n  c: 1\n", "3:3", "Y051"),
        ("a: 1\n这一行没有冒号\nb: 2\n", "2:1", "Y005"),
        ('a: "b\nc: {{ x }}d\ne: "f"\n', "1:4", "Y006"),
        ("a: zh: 立即, en: now}\nb: c\n", "1:6", "Y005"),
        ("a:\n  zh 没有冒号\n  en: x\n", "2:3", "Y005"),
        ("a:\n  b:\n    c: 1\n   d: 2\n", "4:4", "Y049"),
        ("a:\n    b: 1\n  c:\n    d: 2\n", "3:3", "Y005"),
        ("a:\n  b: 1\n\ufeffc:\n  d: 2\n", "3:2", "Y005"),
        ("a:\n  - ＃1 工位\n", "2:5", "Y031"),
        ("a: 甲\n  ＃ 乙\nb: c\n", "2:3", "Y031"),
        ("- a: 1\n  b: 2\n  a: 3\n  b: 4\n", "3:3", "Y013"),
    ],
)
def test_where_no_mend_is_certain_none_is_given(typed: str, place: str, code: str) -> None:
    assert told(typed) == [(place, code)]
    assert mended(typed) == typed


@pytest.mark.parametrize(
    "text",
    [
        "a: 说明：立即，马上、现在\n",
        "a: {zh: 你好，世界；“好”, en: x}\n",
        "a: 按［确定］，再按｛返回｝\n",
        "a: 12:30 开门  # 早班\n",
        'a: "热线 #1"  # 注\n',
        "a: [电话, 工单]  # 注\n",
        "a: >-\n  title：热线\n  tools:［a，b］\n  － 热线 #1\n",
        "a: |\n  　　第一段\n  ＃ 不是注释\nb: c\n",
        "a: http://x.cn/a:b\nb: [http://x]\n",
        "# a: 1\n#b\na: 1\n",
        "a: C#\nb: x#1\n",
        "a: '［O，R］'\nb: '“x”'\n",
        "a: 问:答\nb: 12:30\nc: a:b\n",
    ],
)
def test_what_is_right_is_not_suspected(text: str) -> None:
    document = of(text)
    assert document.problems == ()
    assert document.data == yaml.load(text, yaml.BaseLoader)  # noqa: S506 -- builds texts alone


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.name)
def test_a_clean_file_is_left_as_it_is(path: Path) -> None:
    document = read_bytes(path.read_bytes(), path.name)
    assert document.problems == ()
    assert document.hints == ()


def test_all_mistakes_of_a_file_are_told_in_one_run() -> None:
    text = (
        "id：SAL\ntitle: {zh: 店员： 兼: 收银， en: x}\npurpose: @接待\nsteps:\n"
        "  - id: A\n     step: 迎客\n    tools: [电话，工单]\n    note: *重要\n"
    )
    codes = [problem.code for problem in in_file_order(of(text).problems)]
    assert codes == ["Y024", "Y040", "Y025", "Y036", "Y049", "Y025", "Y008"]
    assert told(mended(text)) == []
    assert of(mended(text)).data == of(text).data


TEXT = st.text("热线电话工单客户，。：；“”！abc 12", min_size=1, max_size=12).filter(
    lambda text: text.strip() == text and text[0] not in "“，：" and text[-1] != "”"
)
NAMES = st.sampled_from(["title", "purpose", "zh", "en", "step", "note_1", "id"])
BOOKS = st.dictionaries(
    NAMES, st.lists(st.dictionaries(NAMES, TEXT, min_size=1), min_size=1, max_size=3), min_size=1
)


class Block(yaml.SafeDumper):
    """Writes maps and lists as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 -- PyYAML's own
        super().increase_indent(flow, indentless=False)


PLANTS = {
    "Y024": lambda key, value: f"{key}：{value}",
    "Y041": lambda key, value: f"{key}:{value}",
    "Y036": lambda key, value: f"{key}: @{value}",
    "Y040": lambda key, value: f"{key}: 说明: {value}",
    "Y008": lambda key, value: f"{key}: *{value}",
    "Y033": lambda key, value: f"{key}: [急] {value}",
    "Y034": lambda key, value: f'{key}: "急"{value}',
    "Y032": lambda key, value: f"{key}: {{{{ org.name }}}}{value}",
    "Y038": lambda key, value: f"{key}: >{value}",
}


@settings(deadline=None)
@given(book=BOOKS, code=st.sampled_from(sorted(PLANTS)), data=st.data())
def test_one_planted_habit_is_found_and_mended_wherever_it_stands(
    book: dict[str, Any], code: str, data: st.DataObject
) -> None:
    text = yaml.dump(book, Dumper=Block, allow_unicode=True, sort_keys=False, width=10**6)
    if of(text).problems:
        return
    lines = text.split("\n")
    plain = [
        n
        for n, line in enumerate(lines)
        if ": " in line and line.partition(": ")[2][:1] not in "'\"" and " #" not in line
    ]
    if not plain:
        return
    n = data.draw(st.sampled_from(plain))
    lead, _, value = lines[n].partition(": ")
    key = lead.lstrip(" -")
    blanks = lead[: len(lead) - len(key)]
    lines[n] = blanks + PLANTS[code](key, value)
    typed = "\n".join(lines)
    assert [(p.place.line, p.code) for p in of(typed).problems] == [(n + 1, code)]
    assert told(mended(typed)) == []
    assert of(mended(typed)).data == of(typed).data


@settings(deadline=None)
@given(book=BOOKS)
def test_the_digest_is_the_same_whatever_program_saved_the_file(book: dict[str, Any]) -> None:
    text = yaml.dump(book, Dumper=Block, allow_unicode=True, default_style='"')
    digest = of(text).digest
    windows = text.replace("\n", "\r\n")
    saved = [
        windows.encode(),
        text.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + windows.encode(),
        b"\xff\xfe" + windows.encode("utf-16-le"),
        b"\xfe\xff" + text.encode("utf-16-be"),
    ]
    if not text.isascii():
        saved.append(windows.encode("gb18030"))
    assert {read_bytes(raw, "f.yaml").digest for raw in saved} == {digest}


MENDED = {"Y024", "Y025", "Y028", "Y029", "Y030", "Y041"}
"""What slips through YAML and has a certain mend."""


@settings(max_examples=400, deadline=None)
@example("\u3000－\n>")
@example("[}［")
@example("[>:}>")
@example('"[*')
@given(st.text("ab中：，“”［］　－＃#'\"-:{}[]&*!%@|>? \n", max_size=40))
def test_the_edits_of_any_text_give_the_text_that_was_read(text: str) -> None:
    document = of(text)
    edits = sorted(edit for problem in document.problems for edit in problem.edits)
    assert all(one.end <= two.start for one, two in pairwise(edits))
    assert all(0 <= edit.start <= edit.end <= len(text) for edit in edits)
    # Where a second mend would have to change the first one, it loses its edits and is left to the
    # next run of --fix, which reads the mended text anew. Codes that never have any do not excuse.
    lost = {problem.code for problem in document.problems if not problem.edits} & MENDED
    if document.data is not None and not lost:
        assert of(edited(text, edits)).data == document.data

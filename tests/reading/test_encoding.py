"""Bytes become text whatever program saved them, and what is no text is told by what it is."""

import random

import pytest

from sopaudit.evidence.jsonfile import read_json_bytes
from sopaudit.reading.events import read_bytes

TEXT = "id: A\ntitle: 热线工程师，负责接听电话。\n# 一\n"


@pytest.mark.parametrize(
    ("raw", "encoding", "codes", "hints"),
    [
        (TEXT.encode(), "utf-8", [], []),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8-sig", [], ["Y018"]),
        (TEXT.encode("gbk"), "gb18030", ["Y002"], []),
        (TEXT.replace("热", "㐂").encode("gb18030"), "gb18030", ["Y002"], []),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le", ["Y017"], []),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be", ["Y017"], []),
        (TEXT.encode("utf-16-le"), "utf-16-le", ["Y017"], []),
        (TEXT.encode("utf-16-be"), "utf-16-be", ["Y017"], []),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8", [], ["Y019"]),
        (TEXT.replace("\n", "\r\n").encode("gbk"), "gb18030", ["Y002"], ["Y019"]),
        (TEXT.replace("\n", "\r").encode(), "utf-8", [], ["Y020"]),
        (TEXT.replace("\n", "\r\n", 1).encode(), "utf-8", [], ["Y020"]),
    ],
)
def test_a_text_is_read_in_the_encoding_it_was_saved_in(
    raw: bytes, encoding: str, codes: list[str], hints: list[str]
) -> None:
    document = read_bytes(raw, "f.yaml")
    assert document.encoding == encoding
    assert [p.code for p in document.problems] == codes
    assert [p.code for p in document.hints] == hints
    assert document.data["title"] in {"热线工程师，负责接听电话。", "㐂线工程师，负责接听电话。"}


NOISE = random.Random(1).randbytes(3000)  # noqa: S311 -- no secret, but repeatable


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (NOISE, "Y022"),
        (b"%TSD-Header-###%" + NOISE, "Y022"),
        (b"b\x14#e\0" + NOISE, "Y022"),
        (b"PK\x03\x04 word/document.xml" + NOISE, "Y023"),
        (b"PK\x03\x04 xl/workbook.xml" + NOISE, "Y023"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, "Y023"),
        (b"%PDF-1.7\n" + NOISE, "Y023"),
        (b"{\\rtf1\\ansi id: A}", "Y023"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><p>id: A", "Y023"),
        (b"<table><tr><td>id", "Y023"),
        (TEXT.encode()[: TEXT.encode().index(b"\xe3\x80\x82") + 2], "Y016"),
        (TEXT.encode().replace(b"\xe3\x80\x82", b"\xe3\x80"), "Y015"),
        (TEXT.encode().replace("热".encode(), b"\xe7"), "Y015"),
        ("id: A\ntitle: 熱線工程師負責接聽電話\n".encode("big5"), "Y015"),
        (b"id: \xff", "Y015"),
        (b"\xff\xfei\0d\0:\0 \0A", "Y015"),
        (b"\0\1\0\1\0\1\0\0\0\1\0\1\0\x80\xd8\1", "Y022"),
    ],
)
def test_what_is_no_text_is_one_problem(raw: bytes, code: str) -> None:
    document = read_bytes(raw, "f.yaml")
    assert [p.code for p in document.problems] == [code]
    assert document.data is None


def test_the_edits_of_mixed_line_ends_make_them_alike() -> None:
    (hint,) = read_bytes(b"a: 1\r\nb: 2\nc: 3\n", "f.yaml").hints
    assert [(edit.start, edit.end, edit.text) for edit in hint.edits] == [(4, 6, "\n")]


def test_a_record_in_gbk_is_told_and_read_on() -> None:
    document = read_json_bytes('{"audit": "甲",\n "x": 1, "x": 2}'.encode("gbk"), "r.json")
    assert [p.code for p in document.problems] == ["Y002", "Y013"]
    assert document.data == {"audit": "甲", "x": "1"}
    assert document.encoding == "gb18030"

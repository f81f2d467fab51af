"""The summary is one page in every state, whatever has to be said on it."""

from io import BytesIO
from itertools import product
from typing import Any

import pypdf
import pytest

from sopaudit.press.pdf import Job, render
from sopaudit.report.page import inspection_html

Laundry = Any
"""The class in conftest.py, which tests cannot import."""

LONG = "这一条写得很长：在什么时间、什么地点、哪一件、由谁发现、相差多少，以及当场怎样处理。"


def first_pages(laundry: Laundry, lang: str) -> tuple[str, str]:
    html = inspection_html(laundry.report(lang))
    # The overview and what follows would only take time to lay out.
    whole = html[: html.index('<section class="chapter')] + "</main></body></html>"
    pages = pypdf.PdfReader(BytesIO(render(Job(whole, laundry.read().audit.date)).pdf)).pages
    assert len(pages) <= 2
    return pages[0].extract_text(), pages[-1].extract_text()


@pytest.mark.parametrize(
    ("lang", "state", "crowded"),
    [*product(["zh", "en"], ["draft", "provisional", "final"], ["", "crowded"])],
)
def test_the_contents_begin_the_second_page(
    laundry: Laundry, lang: str, state: str, crowded: str
) -> None:
    laundry.change_audit(state=state, appeal_until="2026-07-01")
    if crowded:
        laundry.change_audit(
            good_practice=[{"item": "CK-IRON-B2", "text": LONG * 2}] * 4,
            team=[{"person": p, "role": "member"} for p in ("90", "91")],
        )
        laundry.change_answer("CK-IRON-A2", note=LONG)
        laundry.change_answer("CK-IRON-V1", note=LONG)
    _, second = first_pages(laundry, lang)
    title = {"zh": "目录", "en": "Contents"}[lang]
    assert title in second.splitlines()[:8]


def test_a_pending_veto_prints_both_grades_on_the_first_page(laundry: Laundry) -> None:
    laundry.change_answer("CK-IRON-A1", sample={"failed": 0, "checked": 3}, note="")
    laundry.change_answer("CK-IRON-A2", value="0")
    first, _ = first_pages(laundry, "zh")
    assert "否决确认后为 C" in first
    assert "待第二人确认" in first


def test_what_is_missing_is_said_on_the_first_page(laundry: Laundry) -> None:
    first, _ = first_pages(laundry, "zh")
    assert "未检查 1 项：CK-IRON-B1" in first


def test_a_limited_scope_is_said_on_the_first_page(laundry: Laundry) -> None:
    for item in ("CK-IRON-A1", "CK-IRON-A2", "CK-IRON-B2"):
        laundry.change_answer(item, result="na", value=None, sample=None)
    first, _ = first_pages(laundry, "zh")
    assert "要求不少于" in first

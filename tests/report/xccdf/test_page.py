"""docs/xccdf.md and docs/formats.md say of the file what the code writes."""

import re
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from sopaudit.report.xccdf.markup import OURS
from sopaudit.report.xccdf.model import RESULTS
from sopaudit.report.xccdf.scores import ANSWERS, MODELS

ROOT: Final = Path(__file__).parents[3]
PAGE: Final = (ROOT / "docs/xccdf.md").read_text(encoding="utf-8")


def row(page: str, name: str) -> str:
    """Give the line of a table that begins with a name."""
    found = re.search(rf"^\| `{re.escape(name)}` \|(.*)$", page, re.MULTILINE)
    assert found is not None, name
    return found[1]


def test_every_result_is_told_and_what_it_earns() -> None:
    assert all(f"`{result}`" in PAGE for result in RESULTS)
    said = re.search(r"`answers: \{([^}]*)\}`", PAGE, re.DOTALL)
    assert said is not None
    pairs = (pair.split(":") for pair in said[1].split(","))
    assert {name.strip(): share.strip() for name, share in pairs} == ANSWERS


def test_the_words_of_each_model_are_those_of_its_scheme() -> None:
    for model, words in MODELS.items():
        said = re.findall(r"`(\w+): (\w+)`", row(PAGE, model))
        assert dict(said) == words


def test_every_element_of_ours_is_documented_with_its_attributes() -> None:
    formats = (ROOT / "docs/formats.md").read_text(encoding="utf-8").split("\n## XCCDF")[1]
    top = ET.parse(ROOT / "tests/golden/xccdf/laundry.expected.xml").getroot()  # noqa: S314 -- ours
    written: dict[str, set[str]] = {}
    for element in top.iter():
        space, _, name = element.tag.rpartition("}")
        if space.lstrip("{") == OURS:
            keys = {
                key.replace("{http://www.w3.org/XML/1998/namespace}", "xml:")
                for key in element.attrib
            }
            written.setdefault(name, set()).update(keys)
    assert set(written) == {"used", "score", "limit", "remark"}
    for name, attributes in written.items():
        said = row(formats, name).split("|")[0]
        assert attributes <= set(re.findall(r"`([\w:]+)`", said)), name

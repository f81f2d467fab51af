"""The blind count sheet in LibreOffice: typed into through its protection, saved, read back."""

import json
import re
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from tests.patience import PATIENCE
from tests.sheets.filling import PEOPLE, Places

ROOT = Path(__file__).parents[2]
SOPAUDIT = ROOT / ".venv" / "bin" / "sopaudit"
LEDGER = """site,part_no,part_name,product_line,serial,abc_class,unit_price,status,qty,location
CD,K01,螺丝,desktop,,A,20,good,7313,A-01
CD,K02,螺母,desktop,,A,5,good,8417,A-02
CD,P01,主板,desktop,00012,A,680,good,1,B-01
CD,P01,主板,desktop,00013,A,680,good,1,B-01
"""
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"
 "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script"
 script:name="Module1" script:language="StarBasic">
{code}</script:module>
"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"
 "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library"
 library:name="Standard" library:readonly="false" library:passwordprotected="false">
<library:element library:name="Module1"/></library:library>
"""


def said(*words: str | Path) -> str:
    """Run a client to its end and give what it said; a client that fails fails the test."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def office(folder: Path, *words: str | Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    said("soffice", profile, "--headless", "--norestore", *words)


def macro(folder: Path, sheet: Path, cells: dict[str, str], saved: dict[str, Path]) -> None:
    """Have LibreOffice type into cells as a person does, and save the workbook."""
    typed = "\n".join(
        f'  cell = sheet.getCellRangeByName("{cell}")\n'
        # What a macro may do a person may not: a locked cell of a protected sheet stays.
        f"  If Not (sheet.isProtected() And cell.CellProtection.IsLocked) Then "
        f'cell.setFormula("{text}")'
        for cell, text in cells.items()
    )
    stored = "\n".join(
        f'  how(0).Value = "{FILTERS[kind]}"\n  book.storeToURL("{path.as_uri()}", how())'
        for kind, path in saved.items()
    )
    code = f"""
Sub Fill
  Dim none() As New com.sun.star.beans.PropertyValue
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  book = StarDesktop.loadComponentFromURL("{sheet.as_uri()}", "_blank", 0, none())
  sheet = book.Sheets.getByIndex(0)
{typed}
{stored}
  book.close(True)
End Sub
"""
    place = folder / "profile/user/basic/Standard"
    place.mkdir(parents=True, exist_ok=True)
    (place / "Module1.xba").write_text(MODULE.format(code=escape(code)), "utf-8")
    (place / "script.xlb").write_text(LIBRARY, "utf-8")
    office(folder, "macro:///Standard.Module1.Fill")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("count")
    (folder / "records").mkdir()
    (folder / "records/ledger.csv").write_text(LEDGER, "utf-8")
    words = ("--sheet", "--all", "--seed", "7", "--as-of", "2026-11-05")
    for lang in ("zh", "en"):
        sheet = folder / f"count.{lang}.xlsx"
        said(SOPAUDIT, "parts", "count", folder / "records", *words, "--lang", lang, "-o", sheet)
    places = Places((folder / "count.zh.xlsx").read_bytes())
    cells = {places.head(name, "title"): text for name, text in PEOPLE.items()}
    cells |= {places.head(name, "serials"): "签" for name in ("counter", "checker")}
    cells |= {
        places.line("A-01", "K01", "counted"): "6947",
        places.line("A-02", "K02", "counted"): "８７８３件",
        places.line("B-01", "P01", "serials"): "00012 00099",
        # A cell nobody may write into: did the protection not hold, A169 would tell of it.
        places.line("A-01", "K01", "part_no"): "K09",
        places.more(0, "location"): "Z-1",
        places.more(0, "part_no"): "P77",
        places.more(0, "counted"): "2",
    }
    saved = {kind: folder / f"saved.{kind}" for kind in FILTERS}
    office(folder, "--terminate_after_init")
    macro(folder, folder / "count.zh.xlsx", cells, saved)
    return folder


@pytest.mark.parametrize("kind", sorted(FILTERS))
def test_what_a_person_types_in_libreoffice_is_what_is_read(made: Path, kind: str) -> None:
    words = ("--read", made / f"saved.{kind}", "--as-of", "2026-11-05", "--format", "json")
    told = json.loads(said(SOPAUDIT, "parts", "count", made / "records", *words))
    lines = [(x["part_no"], x["serial"], x["book"], x["counted"]) for x in told["lines"]]
    assert lines == [
        ("K01", None, "7313", "6947"),
        ("K02", None, "8417", "8783"),
        ("P01", "00012", "1", "1"),
        ("P01", "00013", "1", "0"),
        ("P01", "00099", "0", "1"),
        ("P77", None, "0", "2"),
    ]
    assert told["at"] == "2026-11-05 18:10"
    assert (told["plus"]["number"], told["minus"]["number"]) == ("369", "367")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_prints_across_on_a4_and_shows_no_quantity(made: Path, lang: str) -> None:
    office(made, "--convert-to", "pdf", "--outdir", made, made / f"count.{lang}.xlsx")
    pdf = made / f"count.{lang}.pdf"
    assert "841.89 x 595.304 pts (A4)" in said("pdfinfo", pdf)
    text = said("pdftotext", "-layout", pdf, "-")
    assert "A-01" in text
    assert not any(secret in text for secret in ("7313", "8417", "00012"))
    assert ("第 1 页，共 " if lang == "zh" else "Page 1 of ") in text


def test_the_paper_has_room_signatures_and_page_numbers(made: Path) -> None:
    pdf = made / "paper.pdf"
    words = ("--sheet", "--all", "--seed", "7", "--as-of", "2026-11-05", "--lang", "en", "-o", pdf)
    said(SOPAUDIT, "parts", "count", made / "records", *words)
    text = said("pdftotext", "-layout", pdf, "-")
    assert text.count("Signature") == 2
    assert re.search(r"Page 1 of (\d)\s.*Page \1 of \1", text, re.DOTALL)
    assert "S/N" in text
    assert not any(secret in text for secret in ("7313", "8417", "00012"))

"""What the wheel brings: the program, its fonts with their licence, and the starter."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
FORM = ROOT / "src/sopaudit/sheets/form"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """Build it the way `pip wheel .` does."""
    folder = tmp_path_factory.mktemp("wheel")
    (made,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return ZipFile(made)


def test_the_fonts_travel_with_their_licence(wheel: ZipFile) -> None:
    names = wheel.namelist()
    fonts = [name for name in names if name.startswith("sopaudit/press/fonts/")]
    assert sorted(Path(name).name for name in fonts) == [
        "OFL.txt",
        "SopauditSansSC-Bold.ttf",
        "SopauditSansSC-Regular.ttf",
        "characters.txt",
    ]
    for name in fonts:
        assert wheel.read(name) == (ROOT / "src" / name).read_bytes()
    licences = [name for name in names if ".dist-info/licenses/" in name]
    assert {Path(name).name for name in licences} == {"LICENSE", "OFL.txt"}
    (ofl,) = (name for name in licences if name.endswith("OFL.txt"))
    text = wheel.read(ofl).decode()
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Adobe" in text


def test_everything_of_the_package_is_in_it_and_the_starter_too(wheel: ZipFile) -> None:
    names = set(wheel.namelist())
    files = [p for p in (ROOT / "src").rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    files = [p for p in files if FORM / "source" not in p.parents]
    assert {path.relative_to(ROOT / "src").as_posix() for path in files} <= names
    for name in ("sopaudit.yaml", "sops", "checklists", "audits"):
        assert any(found.startswith(f"sopaudit/starter/{name}") for found in names)


def test_every_name_in_it_is_one_that_windows_takes(wheel: ZipFile) -> None:
    from sopaudit.file import folded, portable

    names = wheel.namelist()
    assert all(portable(part) for name in names for part in name.split("/"))
    assert len({folded(name) for name in names}) == len(names)
    assert max(map(len, names)) < 100  # below a folder such as C:\Users\…\site-packages


def test_the_form_travels_built_and_without_what_it_is_built_of(wheel: ZipFile) -> None:
    names = [name for name in wheel.namelist() if name.startswith("sopaudit/sheets/form/")]
    assert "sopaudit/sheets/form/form.html" in names
    assert wheel.read("sopaudit/sheets/form/form.html") == (FORM / "form.html").read_bytes()
    assert not [name for name in names if "source" in name or "node_modules" in name]

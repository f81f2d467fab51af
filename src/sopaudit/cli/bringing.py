"""Filled sheets and photos go into an audit; a file that cannot be used holds up no other."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from sopaudit.cli.stop import PROBLEMS, Stop, usage

if TYPE_CHECKING:
    from sopaudit.criteria.handbook import Handbook
    from sopaudit.sheets.blank import Blank
    from sopaudit.sheets.intake.reading import Gathered


def bringing(
    files: Sequence[Path],
    into: Path | None,
    *,
    replace: bool,
    handbook: Path | None,
    lang: str | None,
) -> None:
    """Read files and bring what they say into one audit."""
    from sopaudit.cli.session import clock, found, opened, tell, tell_unsaved
    from sopaudit.cli.sheet import audit_folder
    from sopaudit.cli.stop import refused
    from sopaudit.problems import in_file_order
    from sopaudit.sheets.blank import blank_of, checklists_of
    from sopaudit.sheets.intake.bringing import bring
    from sopaudit.sheets.intake.reading import gather, read_sheets
    from sopaudit.sheets.intake.told import told

    home = into.resolve() if into is not None and into.is_dir() else None
    used, lang = opened(found(handbook, home), lang)
    gathered = gather(files)
    name = _audit(into, gathered, used, lang)
    folder = settled_folder(name, used, lang)
    audit = audit_folder(folder.as_posix(), used, lang)
    blank = blank_of(audit.handbook, checklists_of(audit), audit.audit.date, audit)
    zone = clock(audit.handbook, used)
    read, problems = read_sheets(gathered.sheets, blank, zone)
    filled = [one for _, several in read for one in several]
    try:
        brought = bring(audit, filled, replace=replace, zone=zone)
    except OSError as error:
        raise refused(error, error.filename or folder, "写不进去", "cannot be written") from None
    if read or gathered.problems:
        print(told(blank, read, brought, lang, zone), end="")
    if brought.refused:
        # Hints of photos say that they are kept.
        problems = [problem for problem in problems if not problem.hint]
    problems = [*gathered.problems, *problems, *brought.problems]
    tell(in_file_order(problems), lang)
    tell_unsaved(audit, lang)
    if not brought.refused and any(shot.loose for one in filled for shot in one.shots):
        _contact(blank, lang)
    # That a photo is kept and not tied yet is a hint, and no failure.
    if any(not problem.hint for problem in problems):
        raise Stop(PROBLEMS)


def _contact(blank: "Blank", lang: str) -> None:
    """Put the photos of the audit that are tied to nothing onto a sheet, and say where it is.

    One with another content that lies there may be half filled in, and is left alone.
    """
    from sopaudit.cli.session import write
    from sopaudit.evidence.evidence_index import read_index
    from sopaudit.press.words import words
    from sopaudit.sheets.photos.contact import contact_sheet
    from sopaudit.sheets.photos.loose import loose
    from sopaudit.terminal import wrapped

    assert blank.folder is not None  # noqa: S101 -- a sheet is brought into an audit
    index, _ = read_index(blank.folder.folder)
    photos = loose(blank.folder.folder, index.files) if index else []
    if not photos:
        return
    for n in count(1):
        path = Path(f"{blank.name}-photos{'' if n == 1 else f'-{n}'}.xlsx")
        content = contact_sheet(photos, blank, lang, path.name)
        there = path.read_bytes() if path.is_file() else None
        if there is None:
            write(path, content)
        if there in (None, content):
            say = words(lang, "contact")["sheet"]
            written = say["written"].format(number=len(photos), file=path.as_posix())
            print("", *wrapped(written, ""), sep="\n")
            return


def settled_folder(name: str, handbook: "Handbook", lang: str) -> Path:
    """Find an audit folder, and finish what an interrupted command left in it."""
    from sopaudit.cli.session import tell
    from sopaudit.cli.stop import refused
    from sopaudit.evidence.audit import AUDIT, AUDITS
    from sopaudit.evidence.transaction import BrokenJournalError, settle
    from sopaudit.problems import Place, Problem

    shelf = handbook.folder / AUDITS
    for place in (Path(name), shelf / name):
        if (place / AUDIT).is_file():
            try:
                settle(place)
            except BrokenJournalError as error:
                tell([Problem(Place(error.place.as_posix()), error.code, error.values)], lang)
                raise Stop(PROBLEMS) from None
            except OSError as error:
                where = error.filename or place
                raise refused(error, where, "写不进去", "cannot be written") from None
            return place
    return Path(name)


def _audit(into: Path | None, gathered: "Gathered", handbook: "Handbook", lang: str) -> str:
    """Say which audit is meant: the one that is named, or the one the files name."""
    from sopaudit.cli.session import tell
    from sopaudit.problems import in_file_order
    from sopaudit.sheets.xlsx.back import unnamed

    if into is not None:
        return into.as_posix()
    if len(gathered.audits) == 1:
        return _relative(handbook.folder / "audits" / gathered.audits[0])
    if gathered.audits:
        gathered.problems += gathered.of_several
    else:
        books = [sheet.path for sheet in gathered.sheets if sheet.channel.name == "xlsx"]
        gathered.problems += [problem for path in books for problem in unnamed(path)]
    if gathered.problems:
        tell(in_file_order(gathered.problems), lang)
        raise Stop(PROBLEMS)
    raise usage(
        "这些文件没有写明是哪次检查，请指出，例如 --into audits/2026-10-cd-month。",
        "No file says which audit it is of; name it, as --into audits/2026-10-cd-month.",
    )


def _relative(path: Path) -> str:
    """Write a path as it is seen from here, where it lies below."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()

"""`sopaudit parts count`: a blind stock count is printed, filled in, and read back."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import AsOf, HandbookFolder, Lang, Output, formats
from sopaudit.cli.records import Subject, as_of, ended, subject
from sopaudit.cli.session import chosen_format, deliver, tell, write
from sopaudit.cli.stop import PROBLEMS, Stop, unknown, usage

if TYPE_CHECKING:
    from sopaudit.findings.counting.drawing import Blank
    from sopaudit.findings.counting.stock import Stock
    from sopaudit.findings.counting.taken import Taken

BLANKS: Final = ("xlsx", "pdf", "html")
FORMATS: Final = ("text", "csv", "xlsx", "json")

_STARTS: Final = 10**8
"""Start numbers have up to eight digits, which can be read aloud."""


def count(
    ledger: Annotated[
        str,
        typer.Argument(
            metavar="LEDGER",
            help="An audit folder or its id, or a folder of records with the ledger of the "
            "store. 检查，或有备件台账的记录文件夹。",
        ),
    ],
    sheet: Annotated[
        bool, typer.Option("--sheet", help="Write a blank to fill in: .xlsx or .pdf. 写盘点表。")
    ] = False,
    read: Annotated[
        Path | None,
        typer.Option("--read", metavar="FILE", help="Read a filled one back. 读填好的盘点表。"),
    ] = None,
    seed: Annotated[
        str | None,
        typer.Option(
            "--seed",
            metavar="START",
            help="The start number of the draw (default: a fresh one, which is printed). 起始号。",
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also", metavar="PART", help="A part that is counted whatever is drawn. 必盘的备件。"
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Count every line of the store. 全盘。")
    ] = False,
    id_: Annotated[
        str | None,
        typer.Option("--id", metavar="COUNT", help="What the count is called. 盘点号。"),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option("--site", metavar="SITE", help="Whose store, of several. 哪个站点的库房。"),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", metavar="DIR", help="Keep what was counted in data of this audit. 存进检查。"
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Let it take the place of the same count. 换掉同号的。"),
    ] = False,
    as_of_: AsOf = None,
    format_: Annotated[str | None, formats(FORMATS)] = None,
    output: Output = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Count the stock blind: print a sheet, read it back. 盲盘。

    Lines are drawn by class as counting of sops/parts.yaml says, from a start number, so
    that nobody can steer which. The book quantity stands nowhere on the sheet. What was
    counted is held against the book line by line, plus never against minus.

    \b
    Examples:
      sopaudit parts count 2026-10-cd-desk --sheet --seed 20261105 -o count.xlsx
      sopaudit parts count 2026-10-cd-desk --sheet --also P09 -o count.pdf
      sopaudit parts count 2026-10-cd-desk --read count.xlsx
      sopaudit parts count records/ --read count.xlsx --into audits/2026-10-cd-desk
    """
    if sheet == (read is not None):
        raise usage("请写 --sheet 或 --read FILE 其中一个。", "Say either --sheet or --read FILE.")
    one = subject(ledger, handbook, lang, as_of(as_of_))
    stock = _stock(one, site)
    if read is None:
        start = str(secrets.randbelow(_STARTS)) if seed is None else seed.strip()
        _write_sheet(one, _blank(one, stock, (start, also or [], everything, id_)), output)
    else:
        kind = chosen_format(format_, output, FORMATS)
        _read_sheet(one, stock, read, into, (kind, output, replace))
    ended(one)


def _stock(one: Subject, site: str | None) -> "Stock":
    from sopaudit.findings.counting.stock import NoCountingError, sites, stock_of

    try:
        known = sites(one.hearing)
        named = site or one.records.office or (known[0] if len(known) == 1 else "")
        if not named and known:
            listed = ", ".join(known)
            raise usage(
                f"台账里有几个站点的库房，请用 --site 写明盘哪一个：{listed}。",
                f"The ledger has stores of several sites; name one with --site: {listed}.",
            )
        if site and known and site not in known:
            raise unknown(
                f"台账里没有站点“{site}”。", f"The ledger has no site “{site}”.", site, known
            )
        return stock_of(one.hearing, named)
    except NoCountingError as why:
        if str(why) == "counting":
            raise usage(
                "手册没有说怎样盘点，请在 sops/parts.yaml 里写 counting。",
                "The handbook does not say how to count; write counting into sops/parts.yaml.",
            ) from None
        raise usage(
            f"{one.word} 里没有在库备件的台账。",
            f"There is no ledger of parts in store in {one.word}.",
        ) from None


def _blank(one: Subject, stock: "Stock", asked: tuple[str, list[str], bool, str | None]) -> "Blank":
    from sopaudit.findings.counting.drawing import Asked, blank_of, unknown_parts
    from sopaudit.findings.counting.stock import counting_of

    start, also, everything, id_ = asked
    for part in unknown_parts(stock, also):
        names = sorted({line.part_no for line in stock.lines})
        raise unknown(f"库房里没有备件“{part}”。", f"The store has no part “{part}”.", part, names)
    counting, _ = counting_of(one.handbook)
    day = one.now.astype("datetime64[D]").astype(object)
    return blank_of(stock, counting, day, Asked(start, tuple(also), everything), id_)


def _write_sheet(one: Subject, blank: "Blank", output: Path | None) -> None:
    from sopaudit.cli.page import page_or_pdf
    from sopaudit.sheets.count.blank import count_sheet
    from sopaudit.sheets.count.paper import count_paper

    if output is None or str(output) == "-":
        raise usage(
            "请用 -o 写明文件，例如 -o 盘点.xlsx。", "Name a file with -o, as -o count.xlsx."
        )
    kind = chosen_format(None, output, BLANKS)
    if kind == "xlsx":
        write(output, count_sheet(blank, one.handbook, one.lang))
    else:
        html = count_paper(blank, one.handbook, one.lang)
        content = html.encode()
        if kind == "pdf":
            content, kind = page_or_pdf(html, blank.as_of, one.lang)
        output = output.with_suffix(f".{kind}")
        write(output, content)
    print(output.as_posix())
    chosen, all_, start = len(blank.lines), len(blank.stock.lines), blank.asked.start
    zh = f"盘点 {blank.id}：{chosen} 行，全库 {all_} 行，起始号 {start}。"
    en = f"Count {blank.id}: {chosen} of {all_} lines, start number {start}."
    print(zh if one.lang == "zh" else en)


def _read_sheet(
    one: Subject,
    stock: "Stock",
    file: Path,
    into: Path | None,
    told: tuple[str, Path | None, bool],
) -> None:
    from sopaudit.findings.counting.stock import NoCountingError, counting_of
    from sopaudit.findings.counting.variance import variances
    from sopaudit.report.count.told import count_csv, count_json, count_text, count_xlsx
    from sopaudit.sheets.count.back import read_count

    kind, output, replace = told
    counting, _ = counting_of(one.handbook)
    taken, problems = read_count(file, stock, counting, one.handbook)
    tell(problems, one.lang)
    if taken is None:
        raise Stop(PROBLEMS)
    try:
        found = variances(one.hearing, taken)
    except NoCountingError as missing:
        raise usage(
            f"规定 {counting.rule} 还要这些记录才能判定：{missing}。",
            f"The rule {counting.rule} needs these records besides: {missing}.",
        ) from None
    match kind:
        case "text":
            content = count_text(one.handbook, found, one.lang).encode()
        case "csv":
            content = count_csv(found)
        case "json":
            content = count_json(found).encode()
        case _:
            content = count_xlsx(one.handbook, found, one.lang)
    # With --into and nothing else asked for, the table is still told: one sees what one keeps.
    deliver(content, kind, output)
    if problems:
        why = "" if into is None else _UNKEPT["zh" if one.lang == "zh" else "en"]
        raise Stop(PROBLEMS, why)
    if into is not None:
        _keep(one, taken, into, replace=replace)


_UNKEPT: Final = {
    "zh": "盘点表还有问题，没有存进检查。",
    "en": "The sheet has problems, so nothing was kept in the audit.",
}


def _keep(one: Subject, taken: "Taken", into: Path, *, replace: bool) -> None:
    """Add the count to the records of an audit, whole or not at all."""
    from sopaudit.evidence.audit import AUDIT, read_audit
    from sopaudit.evidence.counting import KeptError, with_count
    from sopaudit.evidence.records import DATA
    from sopaudit.findings.counting.taken import COUNTS
    from sopaudit.press.words import words

    shown = into.as_posix()
    if not (into / AUDIT).exists():
        raise usage(f"{shown} 不是检查文件夹。", f"{shown} is no audit folder.")
    audit, problems = read_audit(into, one.handbook)
    if audit is None:
        tell(problems, one.lang)
        raise Stop(PROBLEMS)
    if audit.audit.state == "final":
        raise usage(f"{shown} 已经定稿，记录不再改。", f"{shown} is final; its records stay.")
    if audit.audit.office and audit.audit.office != taken.blank.stock.site:
        raise usage(f"{shown} 是另一个站点的检查。", f"{shown} is an audit of another office.")
    if not taken.rows:
        raise usage("盘点表上一行也没有盘。", "Nothing was counted on the sheet.")
    place = into / DATA / f"{COUNTS}.csv"
    others = [p.name for p in sorted((into / DATA).glob(f"{COUNTS}.*")) if p != place]
    try:
        if others:
            raise KeptError(others[0])  # noqa: TRY301 -- told with the others below
        content = with_count(place, COUNTS, taken.rows, one.handbook, replace=replace)
    except (KeptError, UnicodeDecodeError, ValueError) as why:
        raise _refused(place, taken, str(why)) from None
    write(place, content)
    say = words(one.lang, "count")["result"]["kept"]
    print(say.format(place=place.as_posix(), lines=len(taken.rows)))


def _refused(place: Path, taken: "Taken", why: str) -> Stop:
    shown, id_ = place.as_posix(), taken.blank.id
    if why == "there":
        return usage(
            f"{shown} 里已经有盘点 {id_}；确实要换掉它，请加 --replace。",
            f"{shown} holds the count {id_} already; add --replace to put this in its place.",
        )
    return usage(
        f"{shown} 不能加行（{why}）。要是 UTF-8 的 CSV，有 count_id、at、site 等各列。",
        f"Lines cannot be added to {shown} ({why}); it must be a CSV in UTF-8 with columns "
        "count_id, at, site and so on.",
    )

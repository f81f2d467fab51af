"""`sopaudit tickets sample`: which tickets to look at, so that anybody can draw them again."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import AsOf, HandbookFolder, Lang, Output, formats
from sopaudit.cli.records import Subject, as_of, ended, subject
from sopaudit.cli.session import chosen_format, deliver, tell, write
from sopaudit.cli.stop import PROBLEMS, Stop, unknown, usage

if TYPE_CHECKING:
    from sopaudit.criteria.drawing import Sampling
    from sopaudit.evidence.drawn import Drawn
    from sopaudit.findings.draw import Population, Size

FORMATS: Final = ("text", "json", "csv", "xlsx")

_STARTS: Final = 10**8
"""Start numbers have up to eight digits, which can be read aloud."""


def sample(
    records: Annotated[
        str,
        typer.Argument(
            metavar="AUDIT",
            help="An audit folder or its id, a folder of records, or a table of tickets. "
            "检查、记录文件夹或工单表。",
        ),
    ],
    seed: Annotated[
        str | None,
        typer.Option(
            "--seed",
            metavar="START",
            help="The start number (default: a fresh one, which is told). 起始号。",
        ),
    ] = None,
    plan: Annotated[
        str | None,
        typer.Option(
            "--plan",
            metavar="ID",
            help="A size by risk, from sampling of sops/rules.yaml (default: its rate). "
            "按风险定样本数的方案。",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="FIELD",
            help="A field of tickets that makes strata; may be repeated (default: by of "
            "sampling). 分层字段，可重复。",
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            metavar="DIR",
            help="Keep the draw as sample.json of this audit, for its report. 存进检查文件夹。",
        ),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            "--check",
            metavar="FILE",
            help="Draw again as this sample.json says, and tell whether it repeats. 核对。",
        ),
    ] = None,
    as_of_: AsOf = None,
    format_: Annotated[str | None, formats(FORMATS)] = None,
    output: Output = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Draw tickets to look at, repeatably. 抽样。

    Of each stratum those with the lowest sha256(START:TICKET) are drawn, so neither the
    order of rows nor anybody's wish matters. Complaints, repeats and whatever else the
    handbook names are all looked at, apart from the draw.

    \b
    Examples:
      sopaudit tickets sample audits/2026-10-cd-desk --seed 20261106
      sopaudit tickets sample audits/2026-10-cd-desk --plan major -o sample.xlsx
      sopaudit tickets sample audits/2026-10-cd-desk --into audits/2026-10-cd-desk
      sopaudit tickets sample tickets.csv --check sample.json
    """
    kind = chosen_format(format_, output, FORMATS)
    one = subject(records, handbook, lang, as_of(as_of_))
    if check is not None:
        _checked(one, check)
        return
    sampling = _sampling(one, by or ())
    from sopaudit.findings.draw import draw
    from sopaudit.findings.population import population
    from sopaudit.report.tickets.sample import drawn_of, sample_json

    tickets = population(one.hearing, sampling)
    _some(one, tickets)
    size = _size(sampling, plan, len(tickets.rest))
    start = str(secrets.randbelow(_STARTS)) if seed is None else seed.strip()
    told = drawn_of(draw(tickets, size, start), sampling, one.records.office)
    place = None if into is None else _place(into, told)
    asked = [one.word, "--seed", start, *(("--plan", plan) if plan else ())]
    asked += [word for field in by or () for word in ("--by", field)]
    _hand_over(one, told, kind, output, " ".join(asked))
    if place is not None:
        write(place, sample_json(told).encode())
        print(place.as_posix())
    ended(one)


def _sampling(one: Subject, by: "list[str] | tuple[str, ...]") -> "Sampling":
    from sopaudit.evidence.recordmapping import fields_of
    from sopaudit.evidence.records import TICKETS

    sampling = one.handbook.sampling
    if sampling is None:
        raise usage(
            "手册没有说怎样抽样，请在 sops/rules.yaml 里写 sampling。",
            "The handbook does not say how to draw; write sampling into sops/rules.yaml.",
        )
    chosen = tuple(by) or sampling.by
    known = [f"{TICKETS}.{field.id}" for field in fields_of(one.handbook, TICKETS)]
    for field in chosen:
        if field not in known:
            raise unknown(
                f"工单没有字段“{field}”。", f"Tickets have no field “{field}”.", field, known
            )
    return sampling.model_copy(update={"by": chosen})


def _some(one: Subject, tickets: "Population") -> None:
    if not (tickets.rest or tickets.certain):
        raise usage(
            f"{one.word} 里没有工单可抽。", f"There are no tickets in {one.word} to draw from."
        )


def _size(sampling: "Sampling", plan: str | None, tickets: int) -> "Size":
    from sopaudit.findings.draw import size_by_plan, size_by_rate
    from sopaudit.findings.sampling import AQLS

    if plan is None:
        return size_by_rate(sampling, tickets)
    known = {one.id: one for one in sampling.plans}
    if plan not in known:
        raise unknown(f"没有抽样方案“{plan}”。", f"There is no plan “{plan}”.", plan, [*known])
    aql = known[plan].aql
    if aql is not None and aql not in AQLS:
        listed = ", ".join(f"{float(one) * 100:g} %" for one in AQLS)
        raise usage(
            f"方案“{plan}”的 aql 不在表里；有的是：{listed}。",
            f"The aql of plan “{plan}” is in no table; there is {listed}.",
        )
    return size_by_plan(known[plan], tickets)


def _hand_over(one: Subject, told: "Drawn", kind: str, output: Path | None, asked: str) -> None:
    from sopaudit.report.tickets.sample import sample_csv, sample_json, sample_text, sample_xlsx

    match kind:
        case "text":
            content = sample_text(one.handbook, told, one.lang, asked).encode()
        case "json":
            content = sample_json(told).encode()
        case "csv":
            content = sample_csv(told)
        case _:
            content = sample_xlsx(one.handbook, told, one.lang)
    deliver(content, kind, output)


def _place(folder: Path, told: "Drawn") -> Path:
    """Say where an audit keeps a draw; one that is there stays, or one drew until one liked it."""
    from sopaudit.evidence.audit import AUDIT
    from sopaudit.evidence.drawn import SAMPLE
    from sopaudit.report.tickets.sample import sample_json

    if not (folder / AUDIT).exists():
        raise usage(
            f"{folder.as_posix()} 不是检查文件夹。", f"{folder.as_posix()} is no audit folder."
        )
    place = folder / SAMPLE
    if place.exists() and place.read_bytes() != sample_json(told).encode():
        raise usage(
            f"{place.as_posix()} 已经有了，一次检查只抽一次。确实要重抽，请先说明原因并移走旧的。",
            f"There is a {place.as_posix()} already, and an audit draws once. "
            "To draw anew, say why and move the old one away.",
        )
    return place


def _checked(one: Subject, check: Path) -> None:
    """Draw again as a record says and compare; ends the command where it comes out otherwise."""
    from sopaudit.criteria.drawing import Sampling
    from sopaudit.evidence.drawn import SAMPLE, read_drawn
    from sopaudit.evidence.recordmapping import fields_of
    from sopaudit.evidence.records import TICKETS
    from sopaudit.findings.draw import ALGORITHM
    from sopaudit.report.tickets.sample import compared, redrawn

    place = check / SAMPLE if check.is_dir() else check
    told, problems = read_drawn(place)
    tell(problems, one.lang)
    if told is None or problems:
        if not problems:
            raise usage(f"没有 {place.as_posix()}。", f"There is no {place.as_posix()}.")
        raise Stop(PROBLEMS)
    conditions = [name for name in told.always if name in one.handbook.conditions]
    rules = [name for name in told.always if name in one.handbook.rules]
    fields = {f"{TICKETS}.{field.id}" for field in fields_of(one.handbook, TICKETS)}
    gone = sorted({*told.always, *told.by} - {*conditions, *rules, *fields})
    if told.algorithm != ALGORITHM:
        gone = [told.algorithm]
    if gone:
        raise usage(
            f"这里没有 {', '.join(gone)}，重抽不了。",
            f"There is no {', '.join(gone)}, so it cannot be drawn again.",
        )
    sampling = Sampling.model_validate(
        {"rate": "0", "by": list(told.by), "always": conditions, "failing": rules}
    )
    anew = redrawn(one.hearing, sampling, told)
    lines, same = compared(told, anew, one.lang)
    print("\n".join(lines))
    if not same:
        raise Stop(PROBLEMS)

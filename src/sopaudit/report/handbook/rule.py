"""Automatic checks, the rules on parts and the key figures, as the book shows them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from sopaudit.criteria.field import plain
from sopaudit.criteria.kpi import Kpi, Target
from sopaudit.criteria.parts import PartsRules
from sopaudit.criteria.rule import Rule
from sopaudit.report.handbook.ledger import (
    counting_facts,
    loss_grid,
    place_grid,
    statuses,
)
from sopaudit.report.handbook.model import (
    EquationRow,
    MoveRow,
    PartsSheet,
    RuleGroup,
    RuleRow,
    RuleSheet,
    Said,
    StageRow,
)
from sopaudit.report.handbook.speaker import Speaker


def rule_sheet(speaker: Speaker) -> RuleSheet:
    """Write the register of automatic checks, without those on parts."""
    handbook = speaker.handbook
    on_parts = {rule.id for rule in handbook.parts.rules} if handbook.parts else set()
    rules = [rule for rule in handbook.rules.values() if rule.id not in on_parts]
    groups = [RuleGroup((), _rows(speaker, rules))]
    if handbook.contradictions:
        rows = _rows(speaker, [*handbook.contradictions.values()])
        groups.append(RuleGroup(speaker.word("rule", "contradictions"), rows))
    return RuleSheet(
        id="rules",
        title=speaker.word("chapter", "rules"),
        intro=speaker.word("rule", "intro"),
        groups=tuple(groups),
    )


def kpi_sheet(speaker: Speaker) -> RuleSheet:
    """Write the key figures."""
    smallest = speaker.handbook.smallest
    return RuleSheet(
        id="kpis",
        title=speaker.word("chapter", "kpis"),
        intro=() if smallest is None else speaker.word("rule", "kpi_intro", n=plain(smallest)),
        groups=(
            RuleGroup((), tuple(_kpi(speaker, kpi) for kpi in speaker.handbook.kpis.values())),
        ),
    )


def parts_sheet(speaker: Speaker, parts: PartsRules) -> PartsSheet:
    """Write the rules on spare parts, stage by stage."""
    titles = {stage.id: stage.title for stage in parts.stages}
    stages = list(dict.fromkeys(rule.stage for rule in parts.rules))
    return PartsSheet(
        id=parts.id,
        title=speaker.say(parts.title),
        purpose=speaker.say(parts.purpose),
        facts=(
            *speaker.facts(
                "flow",
                edition=speaker.plain(parts.edition),
                source=speaker.plain(parts.source),
                **{"from": speaker.plain(parts.effective_from)},
            ),
            *speaker.facts(
                "parts",
                ledger=speaker.joined((speaker.form(name).title for name in parts.ledger), "、"),
            ),
        ),
        stages=tuple(
            StageRow(
                stage.id,
                speaker.say(stage.title),
                speaker.say(stage.explanation),
                tuple(speaker.say(titles[name]) for name in stage.next if name in titles),
            )
            for stage in parts.stages
        ),
        places=place_grid(speaker, parts),
        moves=tuple(
            MoveRow(
                move.id,
                speaker.say(move.title),
                statuses(speaker, parts, move.from_),
                statuses(speaker, parts, move.to),
                tuple(speaker.form(form) for form in move.papers),
            )
            for move in parts.moves
        ),
        equations=tuple(
            EquationRow(
                speaker.say(equation.title),
                speaker.say(equation.formula),
                speaker.say(equation.explanation),
                equation.provenance or "",
            )
            for equation in parts.equations
        ),
        losses=loss_grid(speaker, parts),
        counting=counting_facts(speaker, parts),
        groups=tuple(
            RuleGroup(
                speaker.say(titles.get(stage or "")) if stage else (),
                _rows(speaker, [rule for rule in parts.rules if rule.stage == stage]),
            )
            for stage in stages
        ),
    )


def _rows(speaker: Speaker, rules: Sequence[Rule]) -> tuple[RuleRow, ...]:
    used = _users(speaker)
    return tuple(
        RuleRow(
            id=rule.id,
            title=speaker.say(rule.title),
            passes=speaker.say(rule.passes),
            limit=speaker.say(rule.limit),
            severity=rule.severity or "",
            severity_words=speaker.severity(rule.severity),
            note=speaker.joined(_let_be(speaker, rule), " · "),
            refers=used.get(rule.id, ()),
            mark=rule.provenance or "",
        )
        for rule in rules
    )


def _let_be(speaker: Speaker, rule: Rule) -> Iterable[Said]:
    """Say which cases of a rule are let be, from when to when, who decided it, and why."""
    for entry in speaker.handbook.suppressions:
        if entry.rule == rule.id:
            whose = ", ".join(filter(None, (entry.office, *entry.tickets)))
            yield speaker.word(
                "rule",
                "let_be",
                whose=whose,
                since=entry.from_,
                until=entry.until,
                by=entry.by,
                reason=speaker.say(entry.reason),
            )


def _users(speaker: Speaker) -> dict[str, tuple[str, ...]]:
    """List the items that each rule answers."""
    found: dict[str, tuple[str, ...]] = {}
    for checklist in speaker.handbook.checklists.values():
        for item in checklist.items:
            for rule in item.answer_from:
                found[rule] = (*found.get(rule, ()), item.id)
    return found


def _kpi(speaker: Speaker, kpi: Kpi) -> RuleRow:
    lag = speaker.word("rule", "lag", lag=speaker.length(kpi.lag)) if kpi.lag else ()
    return RuleRow(
        id=kpi.id,
        title=speaker.say(kpi.title),
        passes=speaker.say(kpi.formula),
        limit=_aim(speaker, kpi),
        severity="",
        severity_words=(),
        note=speaker.joined((speaker.say(kpi.explanation), lag, *_beside(speaker, kpi)), " · "),
        refers=kpi.rules,
        mark=kpi.provenance or "",
    )


def _beside(speaker: Speaker, kpi: Kpi) -> Iterable[Said]:
    """Say which further figures are shown beside a key figure, and what they aim at."""
    for figure in kpi.also:
        told = speaker.joined((speaker.say(figure.title), _target(speaker, figure.target)), " ")
        yield speaker.word("rule", "beside", figure=told)


def _aim(speaker: Speaker, kpi: Kpi) -> Said:
    """Say the target with its unit; a percentage has its own sign."""
    target, unit = _target(speaker, kpi.target), speaker.say(kpi.unit)
    return target if unit == ("%",) and target else speaker.joined((target, unit), " ")


def _target(speaker: Speaker, target: Target | None) -> Said:
    if target is None:
        return ()
    bounds = {key: getattr(target, key) for key in ("at_least", "at_most", "above", "below")}
    return speaker.joined(_bounds(speaker, bounds.items()), ", ")


def _bounds(speaker: Speaker, bounds: Iterable[tuple[str, object]]) -> Iterable[Said]:
    return (
        speaker.word("rule", key, n=_number(bound)) for key, bound in bounds if bound is not None
    )


def _number(bound: object) -> str:
    """Write a share as a percentage and anything else as it is."""
    if not isinstance(bound, Fraction):
        return str(bound)
    return f"{plain(bound * 100)} %" if 0 < bound <= 1 else plain(bound)

"""The score so far, worked out by the form: shown to whoever fills it in, and read by nobody."""

from dataclasses import replace
from fractions import Fraction

from sopaudit.press.words import words
from sopaudit.sheets.blank import Ask, Leaf
from sopaudit.sheets.preview import Meter, Preview, preview
from sopaudit.sheets.xlsform.item import Items
from sopaudit.sheets.xlsform.names import PHOTOS, choice, code
from sopaudit.sheets.xlsform.sheet import Say, said, text_of


def foretell(items: Items) -> None:
    """Add the score so far behind the items of a checklist, where its scheme is a plain one."""
    form, leaf = items.form, items.leaf
    known = preview(leaf, form.langs[0])
    if known is None:
        return
    counting = [ask for ask in leaf.asks if known.meters[ask.item.id].points]
    for ask in counting:
        base, earned = _earned(items, ask, known.meters[ask.item.id])
        form.ask("calculate", items.name("base", ask), calculation=base)
        form.ask("calculate", items.name("earned", ask), calculation=earned)
    if not counting:
        return
    stem = code(leaf.id)
    for kind in ("base", "earned"):
        total = " + ".join(items.ref(kind, ask) for ask in counting)
        form.ask("calculate", f"{kind}_of_{stem}", calculation=total)
    base, earned = f"${{base_of_{stem}}}", f"${{earned_of_{stem}}}"
    raw = f"{earned} * 100 div {base}" if known.percent else earned
    step, parts = known.to.numerator, known.to.denominator
    told = f"round({raw} * {parts} div {step}) * {step} div {parts}"
    form.ask("calculate", f"score_of_{stem}", calculation=f"if({base} > 0, {told}, '')")
    score, grade = f"${{score_of_{stem}}}", f"${{grade_of_{stem}}}"
    form.ask("calculate", f"grade_of_{stem}", calculation=_grade(items, known, score))
    form.ask("note", f"preview_of_{stem}", _told(score, grade), relevant=f"{base} > 0")
    if not any(veto.waits for veto in known.vetoes):
        return
    then = f"${{pending_of_{stem}}}"
    confirmed = replace(known, vetoes=tuple(replace(v, waits=False) for v in known.vetoes))
    form.ask("calculate", f"pending_of_{stem}", calculation=_grade(items, confirmed, score))
    form.ask(
        "note", f"waits_of_{stem}", _waits(leaf, grade, then),
        relevant=f"{base} > 0 and {grade} != {then}",
    )  # fmt: skip


def _told(score: str, grade: str) -> Say:
    colon = {"zh": "：", "en": ": "}
    return lambda lang: (
        f"{words(lang, 'sheets')['title']['preview']}{colon.get(lang, ': ')}{score} {grade}"
    )


def _waits(leaf: Leaf, now: str, then: str) -> Say:
    """Say which veto waits for a second person, with the grade now and the grade once confirmed."""

    def title(lang: str) -> str:
        known = preview(leaf, lang)
        return next((veto.title for veto in known.vetoes if veto.waits), "") if known else ""

    named = text_of(title)
    return lambda lang: said("score", "waits", title=named(lang), now=now, grade=then)(lang)


def _number(number: Fraction) -> str:
    return f"({number.numerator} div {number.denominator})"


def _earned(items: Items, ask: Ask, meter: Meter) -> tuple[str, str]:
    """Give as expressions what an item carries as it is answered, and what it earns."""
    points, answer, value = _number(meter.points), items.ref("answer", ask), items.ref("value", ask)
    spoken = f"{answer} = 'yes'"
    if meter.given:
        earned = f"{value} * {_number(meter.weight)}"
        return f"if({value} != '', {points}, 0)", f"if({value} != '', {earned}, 0)"
    if meter.each is not None:
        bad, looked = items.ref("bad", ask), items.ref("looked", ask)
        times = f"if({value} != '', {value}, {bad})"
        left = f"{points} - {_number(meter.each)} * {times}"
        there = f"{value} != '' or {looked} > 0 or {spoken}"
        earned = f"if({left} > 0, {left}, 0)"
        return f"if({there}, {points}, 0)", f"if({there}, {earned}, 0)"
    if meter.rate:
        looked, good = items.ref("looked", ask), items.ref("good", ask)
        checked, failed = items.ref("checked", ask), items.ref("failed", ask)
        counted = f"{checked} > 0 and {failed} != ''"
        base = f"if({looked} > 0 or ({counted}) or {spoken}, {points}, 0)"
        told = f"{points} * ({checked} - {failed}) div {checked}"
        said = f"if({counted}, {told}, if({spoken}, {points}, 0))"
        return base, f"if({looked} > 0, {points} * {good} div {looked}, {said})"
    earned = base = "0"
    for word, share in meter.shares.items():
        said = f"{answer} = '{choice(word)}'"
        base = f"if({said}, {points}, {base})"
        earned = f"if({said}, {_number(share * meter.points)}, {earned})"
    return base, earned


def _grade(items: Items, known: Preview, score: str) -> str:
    """Give the grade as an expression: an answer that decides goes before the score."""
    told = "''"
    for grade, least in reversed(known.grades):
        told = (
            f"'{grade}'" if least is None else f"if({score} >= {_number(least)}, '{grade}', {told})"
        )
    least_of, order = dict(known.grades), [grade for grade, _ in known.grades]
    # The worst is asked for first, and none lifts a score that is below its grade already.
    for veto in sorted(known.vetoes, key=lambda veto: order.index(veto.grade)):
        ask, least = items.leaf.by_id[veto.item], least_of[veto.grade]
        met = [f"{items.ref('answer', ask)} = '{choice(veto.answer)}'"]
        if veto.waits:
            met += [f"{items.ref(kind, ask)} != ''" for kind in ("confirmed", PHOTOS[0])]
        if least is not None:
            met.append(f"{score} >= {_number(least)}")
        told = f"if({' and '.join(met)}, '{veto.grade}', {told})"
    return told

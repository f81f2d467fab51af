"""The screen as lines of text, none wider than 80 columns, whatever they are printed on.

Each line has a role by which it may be coloured softly; it says the same without colour.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sopaudit.criteria.field import plain
from sopaudit.criteria.sop import Step as PostStep
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.sheets.blank import Ask, Leaf
from sopaudit.sheets.preview import preview
from sopaudit.sheets.terminal.asking import Question, question
from sopaudit.sheets.terminal.filling import Key
from sopaudit.sheets.terminal.form import (
    EVIDENCE,
    NOTE,
    VAIN,
    lacking_items,
    open_items,
    waiting_items,
)
from sopaudit.sheets.terminal.lines import (
    Shown,
    both,
    broken,
    fact,
    packed,
    said_words,
    short,
    tail,
)
from sopaudit.sheets.terminal.said import Said
from sopaudit.sheets.terminal.score import foretold
from sopaudit.sheets.terminal.session import Session, Turn
from sopaudit.sheets.wording import answer_title, method, rule, standards
from sopaudit.terminal import COLUMNS, GAP

WAYS: Final = ("c", "k")
"""Keys that begin an answer and so stand among the answers."""


# --- the item -------------------------------------------------------------------------------------


def card(session: Session) -> list[Shown]:
    """Show the item: where it stands, what is asked, how it is scored, what was found before."""
    key = session.spot.key
    if key is None:
        return summary(session)
    leaf, ask = session.form.leaves[key[0]], session.form.asks[key]
    lines = [*_head(session, leaf), *_title(session, leaf, ask)]
    handbook, lang = session.form.blank.handbook, session.form.lang
    question_ = handbook.say(ask.item.question, lang)
    lines += [Shown("item", line) for line in broken(question_, "  ")]
    lines.append(Shown("fact", ""))
    lines += _facts(session, leaf, ask)
    said = session.of(key)
    if not said.silent:
        now = said_words(session)["about"]["now"]
        lines += fact(session, "good", now, told(session, key, said))
    if session.form.confirms(key, said):
        files = GAP.join(_files(ask, said))
        lines += fact(session, "note", said_words(session)["about"]["files"], files)
    return lines


def _files(ask: Ask, said: Said) -> Iterator[str]:
    """Name what shows an answer, for whoever confirms it: in the audit folder, or just attached."""
    for given in ask.given[:1]:
        for one in given.files:
            yield short(Path(one.file)).as_posix()
    yield from (tail(one.path) for one in said.files)


def _head(session: Session, leaf: Leaf) -> Iterator[Shown]:
    """Say which checklist it is, how far it got, and what the score would be."""
    say = said_words(session)["say"]
    form = session.form
    done = len(form.keys) - len(open_items(form, session.said))
    right = say["progress"].format(done=done, of=len(form.keys))
    score = _foretold(session, leaf)
    if score:
        right = f"{right}{GAP}{say['foretold'].format(score=score)}"
    left = form.blank.handbook.say(leaf.checklist.title, form.lang)
    audit = form.blank.audit
    left = f"{audit.id if audit else ''}  {left}".strip()
    yield Shown("fact", "")
    yield Shown("rule", "─" * COLUMNS)
    yield Shown("head", both(left, right))
    yield Shown("rule", "─" * COLUMNS)


def _foretold(session: Session, leaf: Leaf) -> str:
    form = session.form
    plan = preview(leaf, form.lang)
    if plan is None:
        return ""
    keys = [(leaf.id, ask.item.id) for ask in leaf.asks]
    read = [*filter(None, (form.read(key, session.of(key))[0] for key in keys))]
    said = {key: session.of(key) for key in keys}
    pending = [key[1] for key in keys if form.waits(key, said[key]) or form.vain(key, said[key])]
    found, then = foretold(plan, read, pending), foretold(plan, read)
    score = "" if found.score is None else plain(found.score)
    told_ = f"{score} {found.grade}".strip()
    if then.grade == found.grade:
        return told_
    return said_words(session)["say"]["once_confirmed"].format(score=told_ or "–", grade=then.grade)


def _title(session: Session, leaf: Leaf, ask: Ask) -> Iterator[Shown]:
    say = said_words(session)
    item, lang = ask.item, session.form.lang
    section = next((s for s in leaf.checklist.sections if s.id == item.section), None)
    left = f"{item.id}  {section.title.to(lang) if section else ''}".strip()
    told_ = [say["severity"][item.severity]] if item.severity else []
    if ask.points:
        told_.append(say["about"]["points"].format(points=plain(ask.points)))
    if ask.veto:
        told_.append(say["about"]["veto"])
    yield Shown("head", both(left, " · ".join(told_)))


def _facts(session: Session, leaf: Leaf, ask: Ask) -> Iterator[Shown]:
    about = said_words(session)["about"]
    form = session.form
    handbook, lang = form.blank.handbook, form.lang
    for name, text in standards(ask, handbook, lang):
        yield from fact(session, "fact", about["standard"], f"{name} {text}".strip())
    yield from fact(session, "fact", about["rule"], rule(ask, leaf, lang))
    if ask.item.sample:
        yield from fact(session, "fact", about["sample"], handbook.say(ask.item.sample, lang))
    if ask.item.evidence_required:
        needed = handbook.say(ask.item.evidence_required, lang)
        yield from fact(session, "fact", about["evidence"], needed)
    if ask.before is not None and ask.before.finding is not None:
        yield from fact(session, "warn", about["before"], _before(session, ask)[0])


def help_(session: Session) -> list[Shown]:
    """Show the standards whole, with their limits, and why the step of the post asks for them."""
    key = session.spot.key
    if key is None:
        return []
    about = said_words(session)["about"]
    form = session.form
    leaf, ask = form.leaves[key[0]], form.asks[key]
    handbook, lang = form.blank.handbook, form.lang
    lines: list[Shown] = []
    for name, text in standards(ask, handbook, lang):
        known = handbook.standards.get(name)
        limit = handbook.say(known.limit, lang) if known and known.limit else ""
        lines += fact(session, "fact", about["standard"], f"{name} {text}")
        lines += fact(session, "note", "", limit)
    for step in _steps(session, leaf, ask):
        lines += fact(session, "fact", about["post"], f"{step.id} {handbook.say(step.step, lang)}")
        if step.explanation:
            lines += fact(session, "note", "", handbook.say(step.explanation, lang))
    lines += fact(session, "fact", about["method"], method(ask, handbook, lang))
    if ask.item.applies_if:
        lines += fact(session, "note", "", handbook.say(ask.item.applies_if, lang))
    return lines


def _steps(session: Session, leaf: Leaf, ask: Ask) -> list[PostStep]:
    post = session.form.blank.handbook.posts.get(leaf.checklist.post or "")
    wanted = {*ask.item.standards}
    return [
        step
        for step in (post.steps if post else ())
        if wanted & {standard.id for standard in step.standards}
    ]


def before(session: Session) -> list[Shown]:
    """Show what the audit this one follows found here."""
    say = said_words(session)
    ask = session.form.asks.get(session.at)
    if ask is None or ask.before is None:
        return [Shown("note", f"  {say['say']['no_before']}")]
    lines: list[Shown] = []
    for text in _before(session, ask):
        lines += fact(session, "note", say["about"]["before"], text)
    return lines


def _before(session: Session, ask: Ask) -> list[str]:
    if ask.before is None:
        return []
    say = said_words(session)["say"]
    head = f"{ask.before.audit} ({ask.before.day.isoformat()})"
    if ask.before.finding is not None:
        head = f"{head} {say['open_finding']}"
    return [
        GAP.join(filter(None, (head, _answer(session, given), given.note)))
        for given in ask.before.given
    ]


def told(session: Session, key: Key, said: Said) -> str:
    """Say what was said of an item, in a line."""
    say = said_words(session)["say"]
    answer, _ = session.form.read(key, said)
    files = len(said.files) + said.shown
    parts = [_answer(session, answer) if answer else "", said.person, _second(session, key, said)]
    parts += [say["files"].format(number=files) if files else "", said.note]
    return " · ".join(filter(None, (part.replace("\n", " ") for part in parts)))


def _second(session: Session, key: Key, said: Said) -> str:
    """Say who confirmed an answer, or that it waits for a second person."""
    say, form = said_words(session)["say"], session.form
    answer, _ = form.read(key, said)
    if answer is not None and answer.confirmed is not None:
        person = form.blank.handbook.person(answer.confirmed.by)
        name = f"{person.name.to(form.lang)} {person.id}" if person else answer.confirmed.by
        return say["confirmed"].format(person=name)
    return say["unconfirmed"] if form.waits(key, said) else ""


def _answer(session: Session, answer: RecordedAnswer) -> str:
    say = said_words(session)["say"]
    failed, checked = answer.counts
    found = [answer_title(answer.result, session.form.lang)] if answer.result else []
    if answer.value is not None:
        ask = session.form.asks.get(session.at)
        kind = "points" if ask is not None and ask.way == "points" else "times"
        found.append(say[kind].format(number=plain(answer.value)))
    elif checked is not None and not answer.result:
        found.append(say["counts"].format(failed=failed, checked=checked))
    return " · ".join(found)


# --- the question ---------------------------------------------------------------------------------


def asked(session: Session) -> list[Shown]:
    """Show the question of the spot and its keys."""
    found = question(session)
    lines = [Shown("fact", "")]
    lines += [Shown("ask", line) for line in broken(_prompt(session, found), "  ")]
    keys = said_words(session)["key"]
    slash = "/" if found.kind == "line" else ""
    first = [one for one in found.commands if one in WAYS]
    named = [f"[{slash}{one}] {keys[one]}" for one in first]
    named += [f"[{'/'.join(one.keys)}] {one.title}" for one in found.choices]
    if named:
        lines += [Shown("ask", line) for line in packed(named)]
    commands = [f"{slash}{one} {keys[one]}" for one in found.commands if one not in first]
    lines += [Shown("keys", line) for line in packed(commands)]
    return lines


def _prompt(session: Session, found: Question) -> str:  # noqa: PLR0911 -- one a step
    say, spot, form = said_words(session)["ask"], session.spot, session.form
    if spot.step == "jump":
        return say["jump"].format(example=form.keys[0][1])
    if spot.key is None:
        return say["finish"]
    ask, said = form.asks[spot.key], session.of(spot.key)
    match spot.step:
        case "answer":
            if found.number:
                return say[f"number_{ask.way}"]
            return say["cases" if ask.way == "cases" else "answer"]
        case "ticket":
            known = form.cases(spot.key, said)
            if spot.case not in known:
                return spot.case
            number = known.index(spot.case) + 1
            return say["ticket"].format(case=spot.case, number=number, of=len(known))
        case "part":
            titles = {part.id: part.title.to(form.lang) for part in ask.item.parts}
            return say["part"].format(case=spot.case, part=titles[spot.part])
        case "note":
            return _about(spot.case, _note(session, said))
        case "file":
            needed = EVIDENCE in form.lacking(spot.key, said) and not spot.home
            return _about(spot.case, say["file_needed" if needed else "file"])
        case step:
            return _about(spot.case, say[step])


def _about(case: str, text: str) -> str:
    return f"{case} · {text}" if case else text


def _note(session: Session, said: Said) -> str:
    say = said_words(session)["ask"]
    if session.spot.home:
        return say["note"]
    return say["note_na" if said.result == "na" else "note_fail"]


def answered(session: Session, turn: Turn) -> list[Shown]:
    """Show what came of a text: why it was refused, or what somebody wanted to see."""
    say, lang = said_words(session)["say"], session.form.lang
    if turn.strange and (turn.near or session.spot.step == "jump"):
        text = say["no_item"].format(text=turn.told, choices=turn.near)
        return [Shown("warn", line) for line in broken(text, "  ")]
    if turn.strange:
        text = say["strange"].format(text=turn.told) if turn.told.strip() else say["press"]
        return [Shown("warn", line) for line in broken(text, "  ")]
    lines: list[Shown] = []
    for problem in turn.refused:
        text = f"{problem.code} {problem.message(lang)}"
        lines += [Shown("warn", line) for line in broken(text, "  ")]
        lines += [Shown("note", line) for line in broken(problem.remedy(lang), "  ")]
    if turn.show == "help":
        lines += help_(session)
    elif turn.show == "before":
        lines += before(session)
    elif turn.show == "open":
        lines += what_is_open(session)
    elif turn.fact is not None and turn.fact.field == "file":
        lines.append(Shown("good", f"  {say['attached'].format(file=tail(turn.fact.text))}"))
    elif turn.fact is not None and turn.fact.field == "confirmed":
        lines += _witnessed(turn.session, (turn.fact.checklist, turn.fact.item))
    return lines


def _witnessed(session: Session, key: Key) -> Iterator[Shown]:
    said = session.of(key)
    text = _second(session, key, said)
    yield from (Shown("good", line) for line in broken(text, "  "))
    if session.form.vain(key, said):
        yield from (Shown("warn", x) for x in broken(said_words(session)["say"]["vain"], "  "))


# --- the end --------------------------------------------------------------------------------------


def summary(session: Session) -> list[Shown]:
    """Show what is open, before anything is saved."""
    say = said_words(session)["say"]
    lines = [Shown("fact", ""), Shown("rule", "─" * COLUMNS), Shown("head", say["end"])]
    lines.append(Shown("rule", "─" * COLUMNS))
    for leaf in session.form.leaves.values():
        if any(key[0] == leaf.id for key in session.form.keys):
            title = f"{leaf.id}  {leaf.checklist.title.to(session.form.lang)}"
            score = _foretold(session, leaf)
            right = say["foretold"].format(score=score) if score else ""
            lines.append(Shown("item", both(f"  {title}", right)))
    return [*lines, Shown("fact", ""), *what_is_open(session)]


def what_is_open(session: Session) -> list[Shown]:
    """Name the items that are not answered, and those whose answer needs more."""
    say, form = said_words(session)["say"], session.form
    waiting = open_items(form, session.said)
    lacking = lacking_items(form, session.said)
    groups = {
        "unanswered": waiting,
        "no_note": [key for key, codes in lacking.items() if {*codes} & {*NOTE}],
        "no_evidence": [key for key, codes in lacking.items() if {*codes} & {EVIDENCE, VAIN}],
        "no_second": waiting_items(form, session.said),
    }
    lines: list[Shown] = []
    for name, keys in groups.items():
        if keys:
            lines.append(Shown("warn", f"  {say[name].format(number=len(keys))}"))
            lines += [Shown("note", line) for line in packed([item for _, item in keys], "    ")]
    return lines or [Shown("good", f"  {say['all_answered']}")]

"""`sopaudit explain`: what a word, id or code means, and how a number came about."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from sopaudit.cli.option import HandbookFolder, Lang, MappingFile, Output, Tables, formats
from sopaudit.cli.session import (
    SETTINGS,
    chosen_format,
    found,
    hand_over,
    opened,
    spoken,
    tell,
)
from sopaudit.cli.stop import PROBLEMS, Stop, unknown, usage
from sopaudit.terminal import wrapped

if TYPE_CHECKING:
    from sopaudit.criteria.handbook import Handbook
    from sopaudit.criteria.meaning import Meaning
    from sopaudit.report.proof.explained import Explained

FORMATS: Final = ("text", "json")
"""How an audit can be told."""


def explain(
    word: Annotated[
        str,
        typer.Argument(
            metavar="WORD|AUDIT",
            help="A problem code, an id or term of the handbook, a word of a scheme, or an audit. "
            "问题代码、手册编号、术语、评分词汇或一次检查。",
        ),
    ],
    item: Annotated[
        str | None,
        typer.Argument(metavar="[ITEM]", help="One item of the audit. 其中一个检查项。"),
    ] = None,
    every: Annotated[
        bool,
        typer.Option("--all", help="Tell full items one by one. 满分的检查项也逐项列出。"),
    ] = False,
    format_: Annotated[
        str | None,
        formats(FORMATS, "Of an audit (default: by the file name, else text). 检查的输出格式。"),
    ] = None,
    output: Output = None,
    handbook: HandbookFolder = None,
    table: Tables = None,
    mapping: MappingFile = None,
    lang: Lang = None,
) -> None:
    """Explain a code, an id, a word, or how a score came about. 解释。

    Of an audit: the tree from the answers to the grade with exact fractions, the words of the
    scheme that acted, how far the next grades are, each limit that bit or nearly did. Of an item:
    its branch, and what it did to the result.

    \b
    Examples:
      sopaudit explain H020
      sopaudit explain HTL-03-4
      sopaudit explain dispatch_form
      sopaudit explain 三包
      sopaudit explain coverage
      sopaudit explain section-percent
      sopaudit explain elapsed
      sopaudit explain audits/2026-10-cd
      sopaudit explain audits/2026-10-cd CK-HTL-B2
      sopaudit explain audits/2026-10-cd --format json -o why.json
    """
    from sopaudit.criteria.kind import KINDS
    from sopaudit.criteria.lexicon import lexicon, looked_up
    from sopaudit.criteria.meaning import meanings
    from sopaudit.criteria.words import scheme_words
    from sopaudit.problems import catalogue

    asked = _Asked(word, item, every, format_, output, handbook, table, mapping, lang)
    if table or item is not None or every or format_ is not None or output is not None:
        _story(asked)
        return
    if word.upper() in catalogue():
        _code(word.upper(), spoken(lang, handbook))
        return
    words = scheme_words()
    if word in words:
        _word(word, words[word], spoken(lang, handbook))
        return
    if word in KINDS:
        _kind(word, spoken(lang, handbook))
        if not _any_handbook(handbook):
            return
    elif (Path(word) / "audit.yaml").is_file() or not _any_handbook(handbook):
        _story(asked)
        return
    book, told = opened(found(handbook), lang)
    if (book.folder / "audits" / word / "audit.yaml").is_file():
        _story(asked)
        return
    senses = looked_up(book, word)
    if not senses and word not in KINDS:
        everything = [*meanings(book), *(entry.id for entry in lexicon(book)), *words]
        everything += [*KINDS, *catalogue()]
        zh = f"“{word}”不是问题代码、手册编号、术语、评分词汇，也不是检查文件夹。"
        en = (
            f"“{word}” is no problem code, no id or term of the handbook, no word of a scheme, "
            "no audit."
        )
        raise unknown(zh, en, word, everything)
    for n, sense in enumerate(senses):
        print(end="\n" if n or word in KINDS else "")
        _meaning(sense, book, told)
        _worked(sense.id, book, told)


def _any_handbook(handbook: Path | None) -> bool:
    here = Path.cwd()
    return handbook is not None or any(
        (folder / SETTINGS).is_file() for folder in (here, *here.parents)
    )


def _code(code: str, lang: str) -> None:
    from sopaudit.problems import INDENT, STAGES, example, in_general

    seen = example(code)
    print(f"{code} · {STAGES[code[0]][lang]}\n")
    _print(in_general(code, lang))
    _print(in_general(code, f"{lang}_do"))
    print()
    words = _CODE_WORDS[lang]
    _print(words["example"].format(place=seen["place"]))
    if "line" in seen:
        print(f"{INDENT}{seen['line']}\n{INDENT}{' ' * int(seen['caret'])}^")
    if seen[lang] != in_general(code, lang):
        _print(str(seen[lang]), INDENT)
    if "right" in seen:
        print()
        _print(words["right"])
        print(f"{INDENT}{seen['right']}")
    elif "fix" in seen:
        _print(words["fix"])


_CODE_WORDS: Final = {
    "zh": {
        "example": "例如 {place}：",
        "right": "sopaudit check --fix 会改成：",
        "fix": "sopaudit check --fix 能替您改好。",
    },
    "en": {
        "example": "For example, {place}:",
        "right": "sopaudit check --fix makes it:",
        "fix": "sopaudit check --fix mends it.",
    },
}


def _word(word: str, entry: dict[str, str], lang: str) -> None:
    print(f"{word}\n")
    _print(entry.get(lang, entry["en"]))
    print(f"\n    {entry['example']}")


def _kind(word: str, lang: str) -> None:
    from sopaudit.criteria.vocabulary import told

    kind, words = told(word, lang), _KIND_WORDS[lang]
    print(f"{word}\n")
    _print(kind.meaning)
    _print(words["subject"].format(kind.subject))
    if not kind.runs:
        _print(words["waits"])
    print()
    for setting in kind.settings:
        mark = words["required"] if setting.required else ""
        _print(f"{setting.name} {words['sort'].format(setting.sort, mark)}{setting.meaning}")
    for group in kind.either:
        _print(words["either"].format(", ".join(group)))
    print("\n" + "\n".join(f"    {line}" for line in kind.sample.splitlines()))


_KIND_WORDS: Final = {
    "zh": {
        "subject": "一例是：{}。",
        "waits": "目前还没有程序计算它；靠它回答的检查项保持未检查。",
        "sort": "（{}{}）：",
        "required": "，必填",
        "either": "至少写其中一个：{}。",
    },
    "en": {
        "subject": "One case is {}.",
        "waits": "No code runs it yet; items it answers stay unchecked.",
        "sort": "({}{}): ",
        "required": ", required",
        "either": "At least one of these is given: {}.",
    },
}


def _print(text: str, indent: str = "  ") -> None:
    """Print a paragraph in lines that fit a terminal."""
    for line in wrapped(text, indent):
        print(line)


def _meaning(meaning: "Meaning", book: "Handbook", lang: str) -> None:
    from sopaudit.criteria.field import Text

    print(f"{meaning.id}  {book.say(meaning.title, lang)}\n")
    for key, value in meaning.facts.items():
        if value:
            _print(f"{key}: {book.say(value, lang) if isinstance(value, Text) else value}")
    for name, title in meaning.inside:
        _print(f"{name}  {book.say(title, lang)}", "    ")
    if meaning.file is not None:
        print(f"  {meaning.file.as_posix()}")


class _Asked(NamedTuple):
    """What was asked about an audit."""

    audit: str
    item: str | None
    every: bool
    format: str | None
    output: Path | None
    handbook: Path | None
    table: list[str] | None
    mapping: Path | None
    lang: str | None


def _worked(word: str, book: "Handbook", lang: str) -> None:
    scheme = book.schemes.get(word)
    if scheme is not None and scheme.worked:
        from sopaudit.report.worked import worked_text

        print(f"\n{worked_text(scheme, lang)}")


def _story(asked: _Asked) -> None:
    from sopaudit.cli.examined import Asked, Evidence
    from sopaudit.report.proof.explained import explained
    from sopaudit.report.seen import seen_in_folder, seen_in_tables

    kind = chosen_format(asked.format, asked.output, FORMATS)
    words = Asked([asked.audit], asked.table or (), asked.mapping, asked.handbook, asked.lang)
    evidence = Evidence(words)
    for found_audit in evidence.examined():
        book, conclusion = found_audit.handbook, found_audit.conclusion
        seen = (
            seen_in_folder(found_audit.folder)
            if found_audit.folder
            else seen_in_tables(book, found_audit.frames, conclusion.audit)
        )
        told = explained(seen, conclusion, found_audit.frames)
        if not told.asked(asked.item):
            items = [i for c in book.checklists.values() for i in (c.id, *c.by_id)]
            if asked.item in items:
                raise usage(
                    f"“{asked.item}”还没有作答，没有可说明的。",
                    f"“{asked.item}” is not answered yet; there is nothing to explain.",
                )
            zh = f"检查表里没有“{asked.item}”这一项。"
            en = f"No checklist has an item “{asked.item}”."
            raise unknown(zh, en, asked.item or "", items)
        hand_over(_written(told, asked, evidence.lang, kind), kind, asked.output)
        tell(found_audit.problems, evidence.lang)
        if found_audit.problems:
            raise Stop(PROBLEMS)


def _written(told: "Explained", asked: _Asked, lang: str, kind: str) -> str:
    if kind == "json":
        from sopaudit.report.proof.json import proof_json

        return proof_json(told, item=asked.item)
    from sopaudit.report.proof.text import proof_text
    from sopaudit.report.proof.tree import BOXES, PLAIN

    signs = BOXES if asked.output is not None or _shows("├└│─") else PLAIN
    return proof_text(told, lang, item=asked.item, every=asked.every, signs=signs) + "\n"


def _shows(signs: str) -> bool:
    """Say whether the console has these signs."""
    try:
        signs.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True

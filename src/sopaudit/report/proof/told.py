"""A proof put into one language: labelled rows, each with its number and the word that acted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Final

from sopaudit.criteria.passage import Passage, Passages
from sopaudit.criteria.scheme import Scheme
from sopaudit.findings.proof import STEPS, Coverage, Node, Proof
from sopaudit.findings.score import ItemScore, Line, Score
from sopaudit.press.words import words
from sopaudit.reading.document import Loc
from sopaudit.report.derivation import Teller
from sopaudit.report.proof.number import bracketed, brief, exact
from sopaudit.report.sampled import SampleTeller
from sopaudit.report.seen import Speaker
from sopaudit.report.several.told import SeveralTeller


@dataclass(frozen=True)
class Said:
    """A sentence, and the word of the scheme it is about."""

    text: str
    passage: Passage | None = None


@dataclass(frozen=True)
class Row:
    """One node of a proof in words."""

    label: str
    figure: str = ""
    """The number, and of how many; empty for a step, whose sentence ends with it."""

    how: tuple[Said, ...] = ()
    """How the number came about."""

    parts: tuple["Row", ...] = ()
    tone: str = ""
    """`section` `item` `person` `folded` `step`; of a limit `bit` `held` `near` `clear`."""


_FULL: Final = 1
"""A single full item is named; several are only counted."""

_ANY: Final = float("inf")

_SPELT: Final = 4
"""Terms of a mean that are spelt out."""

_DIGITS: Final = 12
"""Of the long name of a file."""

_NAMED: Final = 6
"""Items that are named where they do not count."""


class ProofTeller:
    """Tells the proofs of one audit."""

    def __init__(self, speaker: Speaker, teller: Teller, *, every: bool = False) -> None:
        self.speaker = speaker
        self.teller = teller
        self.handbook = speaker.seen.handbook
        self.words = words(speaker.lang, "proof")
        self.passages = Passages(self.handbook)
        self.every = every
        """Items in full are told one by one."""

    def say(self, section: str, key: str, **values: object) -> str:
        """Fill a sentence of ours."""
        return self.words[section][key].format_map(values)

    def rows(self, score: Score, only: str | None = None) -> tuple[Row, ...]:
        """Tell the whole tree of a score: what it is made of, then the steps in their order.

        With `only` one item is told of all, with the sections it stands in.
        """
        proof = score.proof
        if proof is None:
            return ()
        items = {item.item: item for item in score.items}
        whole, *steps = proof.steps()
        parts = tuple(self._parts(whole.parts, score, items, only))
        if whole.value is None:
            nothing = self.teller.line(score.lines[-1], score)
            return (*parts, Row(self.words["step"]["total"], "", (Said(nothing),), tone="step"))
        said = Said(self._roll_up(whole), self._passage(score, whole.word))
        own = Row(self.words["step"]["total"], "", (said,), tone="step")
        return (
            *parts,
            *self._coverage(proof, score),
            own,
            *(self._step(node, score) for node in steps),
        )

    def scheme(self, score: Score) -> str:
        """Name the scheme of a score and the file it stands in."""
        scheme = self.handbook.schemes[score.scheme]
        file = self.passages.file(scheme.id)
        return self.say("tree", "scheme", id=scheme.id, edition=scheme.edition, file=file)

    def outside(self, score: Score) -> Row:
        """Name the posts a roll-up does not speak for."""
        listed = self.speaker.listed(score.outside)
        why = self.words["left"]["out_of_scope"]
        told = self.say("tree", "left", n=len(score.outside), why=why, items=listed)
        return Row(told, tone="folded")

    # --- sections and items -----------------------------------------------------------------------

    def _parts(
        self,
        nodes: Sequence[Node],
        score: Score,
        items: dict[str, ItemScore],
        only: str | None,
    ) -> Iterator[Row]:
        """Tell parts one by one; full items and those that do not count are folded."""
        folded: dict[str, list[Node]] = {}
        for node in nodes:
            if node.kind == "section":
                if only is None or any(inner.name == only for inner in node.all()):
                    yield self._section(node, score, items, only)
            elif only is not None:
                if node.name == only:
                    yield self._item(node, score, items[node.name], only=True)
            elif self.every or not (node.full or node.value is None):
                yield self._item(node, score, items[node.name])
            else:
                folded.setdefault(self._fold(node, items[node.name]), []).append(node)
        for why, some in folded.items():
            yield self._folded(why, some)

    @staticmethod
    def _fold(node: Node, item: ItemScore) -> str:
        if node.value is not None:
            return "full"
        cited = item.outcome == "no_points" and item.answer is None
        return "not_cited" if cited else item.outcome

    def _folded(self, why: str, nodes: Sequence[Node]) -> Row:
        names = [node.name for node in nodes]
        listed = self.speaker.listed(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
        if why != "full":
            told = self.say("tree", "left", n=len(nodes), why=self.words["left"][why], items=listed)
            return Row(told, tone="folded")
        key = "full_one" if len(nodes) == _FULL else "full"
        earned = sum((node.value or Fraction(0) for node in nodes), Fraction(0))
        told = self.say("tree", key, n=len(nodes), items=listed)
        if any(node.out_of is None for node in nodes):
            return Row(told, brief(earned), tone="folded")
        most = sum((node.out_of or Fraction(0) for node in nodes), Fraction(0))
        return Row(told, self._of(earned, most), tone="folded")

    def _section(
        self, node: Node, score: Score, items: dict[str, ItemScore], only: str | None
    ) -> Row:
        """Tell a section: what is in it, how it adds up, and what it is charged."""
        steps: list[Node] = []
        while node.rule in STEPS:
            steps.append(node)
            node = node.parts[0]
        last = steps[0] if steps else node
        name = self.teller.sections(score.checklist).get(node.name, node.name)
        scheme = self.handbook.schemes[score.scheme]
        how = []
        if node.word:
            how.append(Said(self._roll_up(node), self._passage(score, node.word)))
        parts = list(self._parts(node.parts, score, items, only))
        parts += [self._step(step, score) for step in reversed(steps)]
        if scheme.sections and last.weight != 1:
            name = f"{name}  {self.say('tree', 'weight', weight=brief(last.weight))}"
        return Row(
            name,
            self._figure(last),
            tuple(how),
            tuple(parts),
            "section",
        )

    def _item(self, node: Node, score: Score, item: ItemScore, *, only: bool = False) -> Row:
        """Tell an item: its answers, and how they make its number."""
        name = item.item
        if name in self.handbook.checklists and name not in self._by_id(score):
            name = f"{name}  {self.teller.title(name)}"
        figure = self._figure(node)
        records = SampleTeller(self.speaker).records
        how = [
            Said(self.teller.line(records.line(line, score.checklist, item.item), score), word)
            for line, word in self._lines(node, item, score)
        ]
        if node.value is None:
            acting = self._passage(score, node.parts[0].word if node.parts else ())
            how = [Said(self._uncounted(item), acting)]
        elif score.checklist in self.handbook.branches:
            figure, told = self._post(node)
            how = [Said(told, self._passage(score, node.parts[0].word))]
        sampled = SampleTeller(self.speaker).item(score.checklist, item.item)
        how += [Said(text) for text in sampled]
        people = zip(
            item.persons, self.teller.persons(item, score, self.speaker.named), strict=True
        )
        parts = (Row(self._exactly(told, person.earned), tone="person") for person, told in people)
        seen = (
            (*self._seen(score.checklist, item.item), *self._shown(score.checklist, item.item))
            if only
            else ()
        )
        return Row(name, figure, tuple(how), (*parts, *seen), "item")

    def _seen(self, checklist: str, item: str) -> Iterator[Row]:
        """Name the cases that did not conform, with what was noted of them."""
        said = self.speaker.words["answer"]
        for given in self.speaker.seen.answers(checklist, item):
            for case in given.cases:
                if case.failed:
                    whom = case.person or given.person
                    named = self.speaker.named(whom) if whom else ""
                    parts = (case.id, named, said[case.judged or "no"], case.note)
                    yield Row("  ".join(part for part in parts if part), tone="person")
        records = SampleTeller(self.speaker).records
        heard = records.said(checklist, item)
        if heard is None:
            return
        yield from (Row(told, tone="person") for told in records.rules(heard.records))
        for one in heard.records.offences:
            named = self.speaker.named(one.who) if one.who else ""
            parts = (one.case, one.rule, named, records.what(one))
            yield Row("  ".join(part for part in parts if part), tone="person")

    def _shown(self, checklist: str, item: str) -> Iterator[Row]:
        """Name the sheet an answer came from, what others said, and what there is to see."""
        known = self.handbook.checklists.get(checklist)
        if known is None or item not in known.by_id:
            return
        teller, scheme = SeveralTeller(self.speaker), self.handbook.schemes[known.scheme]
        for given in self.speaker.seen.seen(checklist, item):
            if given.source is not None:
                yield Row(
                    self.say("seen", "source", source=teller.name(given.source)), tone="person"
                )
            for said in teller.answers(scheme, known.by_id[item], given)[1:]:
                parts = (said.source, said.at, said.answer, said.note)
                told = "  ".join(part for part in parts if part)
                yield Row(self.say("seen", "other", told=told), tone="person")
            if given.files:
                named = [_file(file.file) for file in given.files]
                files = self.speaker.listed(named[:_NAMED])
                more = "…" if len(named) > _NAMED else ""
                told = self.say("seen", "files", n=len(named), files=f"{files}{more}")
                yield Row(told, tone="person")

    def _lines(
        self, node: Node, item: ItemScore, score: Score
    ) -> Iterator[tuple[Line, Passage | None]]:
        """Give each line of an item with the word that acted: on answers, then on all of them."""
        answers = [part for part in node.parts if part.value is not None]
        rounding = node.rule == "several.round"
        for line in item.lines:
            word: Loc = answers[0].word if answers and not rounding else ()
            if line.key in ("item.several", "item.persons"):
                word = node.parts[0].word if rounding else node.word
            elif line.key == "item.several_round":
                word = node.word
            yield line, self._passage(score, word)

    @staticmethod
    def _exactly(told: str, value: Fraction | None) -> str:
        """Put the fraction behind a sentence that ends with a number cut short."""
        if value is None or not told.endswith("…") or not told.endswith(brief(value)):
            return told
        return told.removesuffix(brief(value)) + exact(value)

    def _post(self, node: Node) -> tuple[str, str]:
        """Tell what a checklist brings into its roll-up: its number before rounding, by weight."""
        answer = node.parts[0]
        value = answer.given["value"]
        weight = answer.given["weight"]
        told = self.say("tree", "taken", value=exact(value), weight=brief(weight))
        return self._of(value, answer.given["points"]), told

    def _by_id(self, score: Score) -> dict[str, object]:
        known = self.handbook.checklists.get(score.checklist)
        return dict(known.by_id) if known else {}

    def _uncounted(self, item: ItemScore) -> str:
        said = self.speaker.words
        if item.outcome != "no_points":
            return said["outcome"].get(item.outcome, item.outcome)
        if item.answer is None:
            return said["outcome"]["not_cited"]
        word = item.answer.result or ""
        return f"{said['answer'].get(word, word)}  {said['outcome']['no_points']}"

    # --- numbers and steps ------------------------------------------------------------------------

    def _of(self, value: Fraction, most: Fraction) -> str:
        return self.say("tree", "of", value=bracketed(value), most=brief(most))

    def _figure(self, node: Node) -> str:
        if node.value is None:
            return ""
        if node.out_of is None or (node.out_of == 1 and node.kind != "item"):
            return exact(node.value)
        return self._of(node.value, node.out_of)

    def _roll_up(self, node: Node) -> str:
        """Say what was added up, and by what it was divided."""
        if node.rule in ("dropped", "empty", "nothing"):
            return self.say("roll_up", node.rule, value=brief(node.value or Fraction(0)))
        counted = [part for part in node.parts if part.value is not None]
        added = brief(sum((part.entered * part.weight for part in counted), Fraction(0)))
        line = sum((part.below * part.weight for part in counted), Fraction(0))
        if node.rule == "mean" and 1 < len(counted) <= _SPELT:
            terms = (f"{brief(part.weight)} × {brief(part.entered)}" for part in counted)
            added = self.say("roll_up", "terms", terms=" + ".join(terms))
        told = {"value": exact(node.value or Fraction(0)), "line": brief(line)}
        return self.say("roll_up", node.rule, added=added, **told)

    def _step(self, node: Node, score: Score) -> Row:
        """Tell one step on the way from the roll-up to the number shown."""
        given = {name: brief(value) for name, value in node.given.items()}
        before = brief(node.parts[0].value or Fraction(0))
        limit = node.word[1] if node.rule == "cap" and len(node.word) > 1 else None
        if isinstance(limit, int):
            found = self.handbook.schemes[score.scheme].limits[limit]
            given["limit"] = self.teller.limits(score.scheme).get(found.id or "", found.id or "")
        if "rate" in given:
            given["rate"] = brief(node.given["rate"] * 100)
        value = exact(node.value or Fraction(0))
        if node.rule == "round" and score.score is not None:
            value = score.score
        items = self.speaker.listed(node.items)
        held = node.rule == "adjust" and node.given["number"] > node.given.get("at_most", _ANY)
        key = "adjust_held" if held else node.rule
        how = self.say("how", key, **given, before=before, value=value, items=items)
        said = Said(how, self._passage(score, node.word))
        return Row(self.words["step"][node.rule], "", (said,), tone="step")

    def _coverage(self, proof: Proof, score: Score) -> Iterator[Row]:
        scheme = self.handbook.schemes[score.scheme]
        for told in proof.coverage:
            if told.label and told.enough:
                continue
            said = Said(self._covered(told, scheme, score), self._passage(score, ("coverage",)))
            yield Row(self.words["step"]["coverage"], "", (said,), tone="step")

    def _covered(self, told: Coverage, scheme: Scheme, score: Score) -> str:
        state = "scored" if told.enough or scheme.coverage is None else scheme.coverage.else_
        values = {
            "counted": told.counted,
            "of": told.of,
            "at_least": f"{brief(told.at_least * 100)} %",
            "state": self.speaker.words["coverage"][state],
        }
        if not told.label:
            return self.say("how", "coverage", **values)
        group = self.teller.sections(score.checklist).get(told.value, told.value)
        return self.say("how", "coverage_group", group=group, **values)

    def _passage(self, score: Score, word: Loc) -> Passage | None:
        return self.passages.find(score.scheme, word)


def _file(name: str) -> str:
    """Name a file in short: of a digest the beginning is enough."""
    path = PurePosixPath(name)
    if len(path.stem) > 2 * _DIGITS:
        return f"{path.stem[:_DIGITS]}…{path.suffix}"
    return path.name

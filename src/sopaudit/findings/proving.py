"""Builds the proof of one score from the run that worked it out.

Values of answers, items, groups and the total are those of the engine; only the steps between are
worked out here, so that a proof that fails to recompute shows a mistake on either side.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.scheme import PASS_MARK, SHARES, Adjust, Limit, Scheme
from sopaudit.criteria.section import Round
from sopaudit.findings.grading import Run
from sopaudit.findings.grouping import ONE, ZERO, Group
from sopaudit.findings.marking import Mark
from sopaudit.findings.placing import coverage, standing
from sopaudit.findings.proof import RULES, Kind, Node, Proof
from sopaudit.findings.score import STATES
from sopaudit.reading.document import Loc

Whom = Sequence[tuple[str, Answer]]
"""Whom each answer to an item is about, and the answer."""

_NO_NUMBERS: Final = frozenset(("answer", "rule", "earned", "possible"))


def proof(
    checklist: Checklist, run: Run, row: int, said: Mapping[str, Whom], caps: Sequence[int]
) -> Proof:
    """Prove the score of row `row`; `caps` are the limits in force there that cap it.

    `said` tells for items with persons whom their answers are about.
    """
    return _Prover(checklist, run, row, said).proof(caps)


class _Prover:
    def __init__(self, checklist: Checklist, run: Run, row: int, said: Mapping[str, Whom]) -> None:
        self.checklist = checklist
        self.run = run
        self.row = row
        self.said = said
        self.marking = run.marking
        self.scheme: Scheme = run.scheme
        self.codes = [int(code) for code in run.cells[row]]
        self.places = {rule.id: n for n, rule in enumerate(self.scheme.sections)}

    def proof(self, caps: Sequence[int]) -> Proof:
        """Prove it, from the answers to the number shown."""
        covered = tuple(coverage(self.run, self.row))
        given = STATES[int(self.run.scored.state[self.row])] != "not scored"
        if not given:
            bare = replace(self._group(self.marking.root), rule="dropped", value=None)
            return Proof(bare, None, covered)
        root = self._shown(self._total(), caps)
        placed = standing(self.run, self.row, root) if self.scheme.grades else None
        return Proof(root, placed, covered)

    # --- answers and items ------------------------------------------------------------------------

    def _item(self, n: int, group: Group) -> Node:
        """Prove item `n` as a part of its group."""
        item, mark = self.marking.items[n], self.run.marks[n][self.codes[n]]
        node = self._judged(n, mark)
        if not mark.counted:
            return replace(node, name=item.id)
        base, weight, by_share = mark.possible, ONE, group.roll_up in ("mean", "count")
        if by_share:
            base = mark.possible or item.weight
            without = self.marking.share(n, mark) is None
            if group.roll_up == "mean":
                weight = ZERO if without else item.weight
            else:
                weight = ZERO if without and mark.possible == 0 else ONE
        return replace(
            node,
            name=item.id,
            value=mark.earned,
            out_of=mark.possible if self.marking.bounded[n] else None,
            base=base,
            weight=weight,
            by_share=by_share,
            full=not mark.short,
        )

    def _judged(self, n: int, mark: Mark) -> Node:
        """Give the rule that makes the item of its answers, and the answers."""
        answers = self.run.kinds[self.codes[n]]
        whom = self.said.get(self.marking.items[n].id) or [("", answer) for answer in answers]
        bounded = self.marking.bounded[n]
        if len(answers) <= 1:
            person, answer = whom[0] if answers else ("", None)
            one = self._answer(n, mark, person, answer)
            return Node("item", "one" if mark.counted else mark.outcome, None, parts=(one,))
        if self.scheme.persons is not None:
            parts = tuple(self._answer(n, self.marking.mark(n, (a,)), p, a) for p, a in whom)
            return self._persons(mark, parts, bounded=bounded)
        if self.scheme.pick == "many":
            whom = [("", answer) for answer in {a.result: a for a in answers}.values()]
        parts = tuple(self._answer(n, self.marking.mark(n, (a,)), p, a) for p, a in whom)
        rule = "pick" if self.scheme.pick == "many" else self.scheme.several
        if not mark.counted:
            return Node("item", mark.outcome, None, parts=parts)
        word = "pick" if rule == "pick" else "several"
        node = Node("item", f"several.{rule}", None, bounded=bounded, word=(word,), parts=parts)
        # An answer that counts alone, beside some that do not apply, is not rounded.
        alone = sum(self.marking.mark(n, (answer,)).counted for _, answer in whom) <= 1
        if self.scheme.several_round is None or alone:
            return node
        return Node(
            "item",
            "several.round",
            None,
            given={"weight": self.marking.items[n].weight or ONE},
            round=self.scheme.several_round if self.marking.items[n].weight else None,
            word=("several_round",),
            parts=(replace(node, value=RULES[node.rule](node), kind="answer"),),
        )

    def _persons(self, mark: Mark, parts: tuple[Node, ...], *, bounded: bool) -> Node:
        if not mark.counted:
            return Node("item", mark.outcome, None, parts=parts)
        rule, given = f"persons.{self.scheme.persons}", {}
        if rule == "persons.pooled" and len(mark.told) > 1:
            key, values = mark.told[0]
            rule, given = key.replace("item.", "persons."), _numbers(values)
        elif rule == "persons.pooled":
            rule = "persons.mean" if bounded else "persons.added"
        return Node(
            "item", rule, None, given=given, bounded=bounded, word=("persons",), parts=parts
        )

    def _answer(self, n: int, mark: Mark, person: str, answer: Answer | None) -> Node:
        item = self.marking.items[n]
        node = Node(
            "answer",
            mark.outcome,
            None,
            name=person,
            answer=answer,
            bounded=self.marking.bounded[n],
            word=self._word(item.scoring, answer),
        )
        if not mark.counted:
            return node
        key, values = mark.told[-1]
        return replace(
            node,
            rule=key.removeprefix("item."),
            value=mark.earned,
            out_of=mark.possible if node.bounded else None,
            given=_numbers(values),
            full=not mark.short,
        )

    def _word(self, scoring: str | None, answer: Answer | None) -> Loc:
        """Say which word of the scheme judges an answer."""
        if answer is None:
            return ("unanswered",)
        named: Loc = ("answers", scoring) if self.scheme.named and scoring else ("answers",)
        table = self.scheme.sets.get(scoring or "") if self.scheme.named else self.scheme.sets[""]
        inside = isinstance(table, Mapping) and answer.result in table
        return (*named, answer.result or "") if inside else named

    # --- sections and the whole -------------------------------------------------------------------

    def _group(self, group: Group) -> Node:
        """Prove a section or the whole, before charges; without a value where nothing counted."""
        at = ("sections", self.places[group.id]) if group.id else ()
        inner = [self._section(child, group) for child in group.children]
        if not group.children and not group.id and group.roll_up in ("sum", "percent"):
            parts = tuple(self._parted(group))
        else:
            parts = (*(self._item(n, group) for n in group.items), *inner)
        added = self.run.added(group, exact=True, rows=[self.row])
        kind: Kind = "section" if group.id else "score"
        node = Node(kind, group.roll_up, None, group.id, word=(*at, "roll_up"), parts=parts)
        out_of = Fraction(added.out_of[0])
        there = bool(added.present[0])
        if group.roll_up in ("percent", "mean"):
            there = there and out_of > 0
        if not there:
            return node
        value = Fraction(added.value[0])
        if group.roll_up in SHARES:
            value = value / out_of if group.roll_up != "all" else RULES["all"](node)
            out_of = ONE
        bounded = all(part.out_of is not None for part in parts if part.value is not None)
        most = out_of if bounded or group.roll_up in SHARES else None
        return replace(node, value=value, out_of=most, base=out_of)

    def _section(self, group: Group, parent: Group) -> Node:
        """Prove a section as a part of another, with what is charged to it."""
        node, at = self._group(group), ("sections", self.places[group.id])
        own = group.roll_up == parent.roll_up == "count"
        weight = ONE if parent.roll_up == "count" else group.weight
        by_share = parent.roll_up in ("mean", "count") and not own
        if node.value is None:
            return self._empty(node, group, weight, by_share=by_share)
        rolled = self.run.rolled(group, exact=True, rows=[self.row])
        charged = self._charged(node, group, at)
        if charged is not node:
            charged = replace(charged, value=Fraction(rolled.value[0]))
        return replace(charged, weight=weight, by_share=by_share, base=Fraction(rolled.out_of[0]))

    def _empty(self, node: Node, group: Group, weight: Fraction, *, by_share: bool) -> Node:
        """Let a section in which nothing counted enter as `empty` says."""
        at: Loc = ("sections", self.places[group.id], "empty")
        if self.scheme.sections[self.places[group.id]].empty is None:
            at = ("empty",)
        node = replace(node, rule="dropped", word=at, weight=weight, by_share=by_share)
        if group.empty == "drop":
            return node
        full = ONE if by_share or group.roll_up in SHARES else group.full
        value = full if group.empty == "full" else ZERO
        return replace(node, rule="empty", value=value, base=full, given={"value": value})

    def _charged(self, node: Node, group: Group, at: Loc) -> Node:
        """Add surcharge and adjustments to what a section comes to."""
        if group.rate:
            rule = self.scheme.sections[self.places[group.id]].surcharge
            node = self._step(
                node,
                "surcharge",
                (*at, "surcharge"),
                {"rate": group.rate},
                rounding=rule.round if rule else None,
            )
        scale = self.scheme.best_of(group.roll_up) if group.roll_up in SHARES else ONE
        for n, adjust in enumerate(self.scheme.adjust):
            if adjust.each == "section":
                node = self._adjusted(node, adjust, n, group.inside, {"scale": scale})
        return node

    def _adjusted(
        self,
        node: Node,
        adjust: Adjust,
        n: int,
        inside: Iterable[int],
        more: Mapping[str, Fraction],
    ) -> Node:
        """Add the points of an adjustment, where it counts any answer."""
        counted = {i: self._number(adjust.count, i) for i in inside}
        number = sum(counted.values(), ZERO)
        if not number:
            return node
        given = {"number": number, "points": adjust.points, **more}
        if adjust.at_most is not None:
            given["at_most"] = Fraction(adjust.at_most)
        items = tuple(self.marking.items[i].id for i, times in counted.items() if times)
        return replace(self._step(node, "adjust", ("adjust", n), given), items=items)

    def _number(self, count: Mapping[str, str], n: int) -> Fraction:
        return self.marking.counted(count, n, self.run.kinds[self.codes[n]])

    def _parted(self, group: Group) -> Iterator[Node]:
        """Put items added up one by one under the sections of the sheet; the sum is the same."""
        titled = [section.id for section in self.checklist.sections]
        inside: dict[str, list[Node]] = {name: [] for name in titled}
        for n in group.items:
            home = inside.get(self.marking.items[n].section or "")
            if home is None:
                yield self._item(n, group)
            else:
                home.append(self._item(n, group))
        for name, parts in inside.items():
            counted = [part for part in parts if part.value is not None]
            if not parts:
                continue
            node = Node("section", "dropped", None, name, parts=tuple(parts))
            if counted:
                base = sum((part.base for part in counted), ZERO)
                bounded = all(part.out_of is not None for part in counted)
                value = sum((part.value or ZERO for part in counted), ZERO)
                most = base if bounded else None
                node = replace(node, rule="sum", value=value, base=base, out_of=most)
            yield node

    # --- the steps of the whole -------------------------------------------------------------------

    def _step(
        self,
        node: Node,
        rule: str,
        word: Loc,
        given: Mapping[str, Fraction],
        rounding: Round | None = None,
    ) -> Node:
        """Put one step on top of a node."""
        made = Node(
            node.kind,
            rule,
            None,
            node.name,
            given=given,
            round=rounding,
            word=word,
            parts=(node,),
        )
        return replace(made, value=RULES[rule](made), out_of=node.out_of, base=node.base)

    def _total(self) -> Node:
        """Go from the roll-up to the total, step by step."""
        scheme, totals = self.scheme, self.run.totals(exact=True, rows=[self.row])
        root = self.marking.root
        node = self._group(root)
        if not totals.present[0]:
            node = replace(node, rule="nothing", value=ZERO, word=("no_rows",))
        if scheme.roll_up in SHARES:
            node = self._step(node, "scale", ("scale",), {"scale": self.run.scale})
            node = replace(node, out_of=self.run.scale, base=self.run.scale)
        if scheme.start is not None:
            rule = "take" if scheme.take == "away" else "start"
            node = self._step(node, rule, ("start",), {"start": scheme.start})
            most = ZERO if rule == "take" else node.out_of
            node = replace(node, out_of=None if most is None else most + scheme.start)
        for n, adjust in enumerate(scheme.adjust):
            if adjust.each == "total":
                node = self._adjusted(node, adjust, n, range(len(self.codes)), {})
        for rule, bound in (("floor", scheme.floor), ("ceiling", scheme.ceiling)):
            if bound is not None:
                held = self._step(node, rule, (rule,), {rule: bound})
                node = held if held.value != node.value else node
        if scheme.ceiling is not None and node.out_of is not None:
            node = replace(node, out_of=min(node.out_of, scheme.ceiling))
        return replace(node, value=Fraction(totals.value[0]))

    def _shown(self, node: Node, caps: Sequence[int]) -> Node:
        """Cap the total where a limit says so, and round it."""
        for n in caps:
            cap = self.scheme.limits[n].score_at_most
            if cap is not None and cap < (node.value or ZERO):
                node = self._step(node, "cap", ("limits", n), {"cap": cap})
        if self.scheme.round is None:
            return node
        shown = self._step(node, "round", ("round",), {}, self.scheme.round)
        return replace(shown, value=int(self.run.scored.steps[self.row]) * self.scheme.round.to)


def _numbers(values: Mapping[str, Fraction | str]) -> dict[str, Fraction]:
    """Take the numbers a rule was given out of what it told."""
    return {name: Fraction(value) for name, value in values.items() if name not in _NO_NUMBERS}


def limit_word(scheme: Scheme, limit: Limit, n: int) -> Loc:
    """Say where a limit stands in its scheme; that of a pass mark stands in its section."""
    if n < len(scheme.limits):
        return ("limits", n)
    name = (limit.id or "").removeprefix(PASS_MARK)
    places = [m for m, rule in enumerate(scheme.sections) if rule.id == name]
    return ("sections", places[0], "pass_mark")

"""How to read the book, and the index of everything it names."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sopaudit.report.handbook.flow import node_title
from sopaudit.report.handbook.model import GuideSheet, IndexGroup, IndexSheet, Mark, Named, Said
from sopaudit.report.handbook.speaker import Speaker

SHAPES: Final = (
    "start", "step", "decision", "subflow", "fork", "paper", "continues", "end", "back",
)  # fmt: skip


def guide_sheet(speaker: Speaker) -> GuideSheet:
    """Write how to read the book; of posts and charts only where it has some."""
    handbook = speaker.handbook
    organisation = speaker.say(handbook.organisation.name)
    posts = (speaker.word("guide", "who", org=organisation), speaker.word("guide", "why"))
    shapes = SHAPES if handbook.workflows else ()
    severities = ("critical", "major", "minor", "observation", "improvement")
    return GuideSheet(
        id="guide",
        title=speaker.word("chapter", "guide"),
        paragraphs=(*(posts if handbook.posts else ()), speaker.word("guide", "ids")),
        shapes=tuple(Mark(shape, speaker.word("shape", shape)) for shape in shapes),
        methods=tuple(Mark(sign, speaker.say(text)) for sign, text in handbook.methods.items()),
        provenance=tuple(
            Mark(sign, speaker.say(text)) for sign, text in handbook.provenance.items()
        ),
        severities=tuple(
            Mark(
                severity,
                speaker.joined(
                    (
                        speaker.word("severity", severity),
                        speaker.word("severity_means", severity),
                    ),
                    " – ",
                ),
            )
            for severity in severities
        ),
    )


def index_sheet(speaker: Speaker) -> IndexSheet:
    """List every id of the handbook, kind by kind, by the order people look them up in."""
    groups = []
    seen: set[str] = set()
    for kind, entries in _named(speaker):
        # Of things of different kinds that share an id, the first is the one links lead to.
        new = {name: title for name, title in entries if name not in seen}
        seen |= new.keys()
        if new:
            told = tuple(Named(name, new[name]) for name in sorted(new, key=_natural))
            groups.append(IndexGroup(speaker.word("index", kind), told))
    return IndexSheet("index", speaker.word("chapter", "index"), tuple(groups))


_Entries = Iterable[tuple[str, Said]]


def _named(speaker: Speaker) -> Iterator[tuple[str, _Entries]]:
    """Give everything that has an id, kind by kind."""
    handbook, say = speaker.handbook, speaker.say
    flows, posts = handbook.workflows.values(), handbook.posts.values()
    checklists = handbook.checklists.values()
    yield "flow", ((flow.id, say(flow.title)) for flow in flows)
    yield "node", ((n.id, node_title(speaker, n)) for flow in flows for n in flow.nodes)
    yield "post", ((post.id, say(post.title)) for post in posts)
    steps = [step for post in posts for step in post.steps]
    yield "step", ((step.id, say(step.step)) for step in steps)
    yield "standard", ((s.id, say(s.standard)) for step in steps for s in step.standards)
    yield "forbidden", ((p.id, say(p.phrase)) for post in posts for p in post.forbidden)
    yield "checklist", ((checklist.id, say(checklist.title)) for checklist in checklists)
    yield "item", ((item.id, say(item.question)) for c in checklists for item in c.items)
    for kind, things in (
        ("branch", handbook.branches),
        ("rule", handbook.rules),
        ("kpi", handbook.kpis),
        ("form", handbook.forms),
        ("record", handbook.records_kept),
        ("table", handbook.tables),
        ("codes", handbook.codes),
    ):
        yield kind, ((name, say(thing.title)) for name, thing in things.items())


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort ids as people do: letters first, then their numbers as numbers."""
    parts = re.findall(r"\d+|\D+", name.casefold())
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)

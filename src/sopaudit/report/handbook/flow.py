"""A workflow as the book shows it: its charts, and the table of its boxes."""

from collections.abc import Callable

from sopaudit.criteria.workflow import Lane, Node, Workflow
from sopaudit.report.handbook.model import ChartPage, FlowSheet, NodeRow, Said, Way
from sopaudit.report.handbook.speaker import Speaker

Charts = Callable[[Workflow], tuple[ChartPage, ...]]
"""Draws the charts of a workflow."""


def flow_sheet(speaker: Speaker, flow: Workflow, charts: Charts) -> FlowSheet:
    """Write the sheet of a workflow."""
    return FlowSheet(
        id=flow.id,
        title=speaker.say(flow.title),
        purpose=speaker.say(flow.purpose),
        facts=speaker.facts(
            "flow",
            edition=speaker.plain(flow.edition),
            source=speaker.plain(flow.source),
            **{
                "from": speaker.plain(flow.effective_from),
                "until": speaker.plain(flow.effective_until),
            },
        ),
        charts=charts(flow),
        rows=tuple(_row(speaker, flow, node) for node in flow.nodes),
    )


def lane_title(speaker: Speaker, lane: Lane) -> Said:
    """Say what a lane is called: by itself, else by its post, else by what it is."""
    if lane.title is not None:
        return speaker.say(lane.title)
    if lane.post is not None and lane.post in speaker.handbook.posts:
        return speaker.post(lane.post)
    return speaker.plain(lane.id) if lane.kind == "post" else speaker.word("flow", lane.kind)


def node_title(speaker: Speaker, node: Node) -> Said:
    """Say what stands in a box; a fork or a join without words is called what it is."""
    return speaker.say(node.title) or speaker.word("shape", node.kind)


def _row(speaker: Speaker, flow: Workflow, node: Node) -> NodeRow:
    lanes = {lane.id: lane for lane in flow.lanes}
    named = flow.by_id
    # Who else may do it need not have a lane of its own.
    performing = [
        lane_title(speaker, lanes[name]) if name in lanes else speaker.post(name)
        for name in node.lanes
    ]
    title = node_title(speaker, node)
    if node.flow is not None and node.kind == "end":
        title = speaker.joined((title, speaker.word("flow", "to_flow", flow=node.flow)), " → ")
    return NodeRow(
        id=node.id,
        lane=speaker.joined(performing, " / "),
        kind=node.kind,
        kind_words=speaker.word("shape", node.kind),
        title=title,
        note=speaker.say(node.note),
        ways=tuple(
            Way(speaker.say(edge.label), edge.target, speaker.say(named[edge.target].title))
            for edge in flow.told_edges(speaker.handbook.workflows)
            if edge.source == node.id
        ),
        forms=tuple(speaker.form(form) for form in node.forms),
        events=(*node.events, *(event for choice in node.choices for event in choice.events)),
        limit=speaker.say(node.limit) or speaker.length(node.within),
        standards=node.standards,
        mark=node.provenance or "",
    )

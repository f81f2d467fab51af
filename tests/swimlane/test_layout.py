"""Charts are laid out as a reader of charts expects."""

from pathlib import Path
from typing import Any, Final

import yaml

from sopaudit.criteria.workflow import Workflow
from sopaudit.swimlane.drawing import Drawing, Line, Shown
from sopaudit.swimlane.face import Names
from sopaudit.swimlane.layout import lay_out

HERE: Final = Path(__file__).parents[1] / "golden" / "swimlane"


def small() -> Workflow:
    text = (HERE / "small.yaml").read_text(encoding="utf-8")
    return Workflow.model_validate(yaml.load(text, yaml.BaseLoader))  # noqa: S506 -- makes texts only


def box(drawing: Drawing, name: str) -> Shown:
    return next(b for b in drawing.boxes if b.id == name)


def line(drawing: Drawing, source: str, target: str) -> Line:
    return next(one for one in drawing.lines if (one.source, one.target) == (source, target))


def flow(*nodes: dict[str, Any], lanes: str = "ab") -> Workflow:
    """Make a workflow of steps; a node without a lane stands in the first."""
    return Workflow.model_validate(
        {
            "id": "W",
            "edition": "1",
            "title": "W",
            "lanes": [{"id": lane} for lane in lanes],
            "nodes": [{"lane": lanes[0], "title": node["id"], **node} for node in nodes],
        }
    )


def test_a_hand_off_is_one_level_line() -> None:
    drawing = lay_out(flow({"id": "1", "next": "2"}, {"id": "2", "lane": "b"}), lang="en")
    assert len(line(drawing, "1", "2").points) == 2
    assert box(drawing, "1").box.middle[1] == box(drawing, "2").box.middle[1]


def test_what_follows_in_the_same_lane_stands_straight_below() -> None:
    drawing = lay_out(flow({"id": "1", "next": "2"}, {"id": "2"}), lang="en")
    one, other = box(drawing, "1").box, box(drawing, "2").box
    assert one.middle[0] == other.middle[0]
    assert one.bottom < other.y


def test_from_left_to_right_time_runs_right() -> None:
    nodes = ({"id": "1", "next": "2"}, {"id": "2", "next": "3"}, {"id": "3", "lane": "b"})
    drawing = lay_out(flow(*nodes), lang="en", upright=False)
    one, two, three = (box(drawing, name).box for name in "123")
    assert one.right < two.x
    assert one.middle[1] == two.middle[1]
    assert two.middle[0] == three.middle[0]
    assert two.bottom < three.y


def test_a_move_up_the_file_in_a_circle_is_a_loop_back() -> None:
    drawing = lay_out(small(), lang="en")
    assert [(one.source, one.target) for one in drawing.lines if one.back] == [("W1.9", "W1.5")]


def test_an_answer_is_marked_y_or_n_and_its_other_words_follow() -> None:
    drawing = lay_out(small(), lang="zh")
    assert line(drawing, "W1.3", "W1.5").label == ("Y",)
    assert line(drawing, "W1.3", "W1.4").label == ("N",)
    assert "".join(line(drawing, "W1.9", "W1.E").label) == "Y 是，通知"


def test_words_stand_at_the_exit_of_their_decision() -> None:
    drawing = lay_out(small(), lang="en")
    for one in drawing.lines:
        if one.label_box:
            x, y = one.points[0]
            left, top = one.label_box.x, one.label_box.y
            assert abs(min(left - x, one.label_box.right - x, key=abs)) < 8
            assert abs(min(top - y, one.label_box.bottom - y, key=abs)) < 8


def test_lines_to_one_box_run_together_at_the_end() -> None:
    nodes = (
        {"id": "1", "kind": "fork", "parallel": ["2", "3", "4"]},
        {"id": "2", "next": "5"},
        {"id": "3", "lane": "b", "next": "5"},
        {"id": "4", "lane": "c", "next": "5"},
        {"id": "5"},
    )
    drawing = lay_out(flow(*nodes, lanes="abc"), lang="en")
    ends = {one.points[-1] for one in drawing.lines if one.target == "5"}
    assert len(ends) == 1


def test_parallel_branches_in_one_lane_stand_beside_each_other() -> None:
    drawing = lay_out(small(), lang="en")
    one, other = box(drawing, "W1.6").box, box(drawing, "W1.7").box
    assert one.middle[1] == other.middle[1]
    assert one.middle[0] != other.middle[0]


def test_forms_hang_from_their_box_and_limits_stand_at_its_foot() -> None:
    drawing = lay_out(small(), lang="zh", names=Names(forms={"intake": "接修单"}))
    shown = box(drawing, "W1.2")
    assert [paper.title for paper in shown.papers] == [("接修单",)]
    assert shown.papers[0].box.y == shown.box.bottom
    assert shown.limit == ("10 分钟内", "或：车间")
    assert shown.limit_box is not None
    assert shown.box.holds(shown.limit_box)


def test_a_limit_without_words_says_its_length_of_time() -> None:
    assert box(lay_out(small(), lang="zh"), "W1.9").limit == ("30分钟",)
    assert box(lay_out(small(), lang="en"), "W1.9").limit == ("30 minutes",)


def test_optional_sub_flow_and_end_say_so() -> None:
    drawing = lay_out(small(), lang="en")
    assert box(drawing, "W1.7").limit == ("optional",)
    assert box(drawing, "W1.4").limit == ("W2",)
    assert box(drawing, "W1.E").limit == ("to W3",)
    assert box(drawing, "W1.4").words == "W1.4 Quote; W2"


def test_an_exit_has_the_words_it_has_in_the_flow_behind() -> None:
    names = Names(exits={("W2", "accepted"): "接受"})
    drawing = lay_out(small(), lang="zh", names=names)
    assert line(drawing, "W1.4", "W1.5").label == ("接受",)
    assert line(drawing, "W1.4", "W1.E").label == ("declined",)


def test_a_lane_is_called_as_its_post_unless_it_has_a_title() -> None:
    bound = flow({"id": "1"}).model_copy(
        update={
            "lanes": Workflow.model_validate(
                {
                    "id": "W",
                    "edition": "1",
                    "title": "W",
                    "nodes": [{"id": "1", "lane": "x"}],
                    "lanes": [
                        {"id": "a", "post": "HTL"},
                        {"id": "b", "title": "Desk"},
                        {"id": "c"},
                    ],
                }
            ).lanes
        }
    )
    drawing = lay_out(bound, lang="en", names=Names(posts={"HTL": "Hotline"}))
    assert [lane.title for lane in drawing.lanes] == [("Hotline",), ("Desk",), ("c",)]


def test_moves_to_boxes_there_are_not_are_left_out() -> None:
    assert lay_out(flow({"id": "1", "next": "9"}), lang="en").lines == ()


def test_a_box_may_lead_back_to_itself() -> None:
    drawing = lay_out(flow({"id": "1", "next": "1"}), lang="en")
    assert drawing.lines[0].back
    assert len(drawing.lines[0].points) > 3


def test_a_chart_of_one_box_is_drawn() -> None:
    drawing = lay_out(flow({"id": "1"}), lang="en")
    assert drawing.boxes[0].box.bottom < drawing.height

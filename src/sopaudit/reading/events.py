"""YAML without guessing: text stays text, and every value knows its line and column.

The C parser's events are built into plain dicts and lists by a loop with a stack of its own, so a
file nested 50,000 deep cannot exhaust the interpreter, an alias cannot multiply, and one pass gives
data, places and mistakes. Scalars stay as they were typed: `no`, `17:30`, `010` and `1.10` mean
what the field that receives them says they mean.

Where the parser stops, or something slipped through that was meant otherwise, `diagnosis` mends
what is certain and reading goes on with the mended text, so that one run tells everything.
"""

from pathlib import Path
from typing import Any

import yaml

from sopaudit.problems import Place, Problem
from sopaudit.reading.diagnosis import ROUNDS, at_stop, slipped
from sopaudit.reading.document import DEPTH_LIMIT, Document, Map, Mark, Seq, document
from sopaudit.reading.encoding import decode, load
from sopaudit.reading.slipped import suspicious
from sopaudit.reading.stopping import STRANGER
from sopaudit.reading.typed import Scalar, Slip, StopError, Typed, told

# A PyYAML built without libyaml reads the same, about eight times more slowly.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path, shown: str | None = None) -> Document:
    """Read a YAML file; whatever is wrong with it stands in the document's `problems`."""
    shown = path.as_posix() if shown is None else shown
    raw = load(path, shown)
    return raw if isinstance(raw, Document) else read_bytes(raw, shown)


def read_bytes(raw: bytes, shown: str) -> Document:
    """Read YAML from memory; see `read`."""
    found, legible = decode(raw, shown)
    if not legible:
        return found
    data, slips = _read(found.text)
    problems = [told(slip, found.text, shown) for slip in slips]
    if data is None and not problems:
        problems = [Problem(Place(shown), "Y007")]
    return document(found, data, problems)


def _read(text: str) -> tuple[Any, list[Slip]]:
    """Build what a text holds, mending as long as that is certain; and list all slips."""
    typed, slips = Typed(text), list[Slip]()
    for _ in range(ROUNDS):
        builder = _Builder(typed)
        stop = builder.build()
        if stop is not None:
            found, better = at_stop(typed, stop, _stop)
        else:
            known = {(slip.code, slip.at) for slip in slips}
            found, better = slipped(typed, builder.scalars, known, _stop)
        slips += [typed.slip(slip) for slip in found]
        if better is None:
            break
        typed = better
    return builder.top, [*slips, *(typed.slip(slip) for slip in builder.slips)]


def _stop(typed: Typed) -> StopError | None:
    """Try how far a text can be read."""
    return _Builder(typed).build()


def scalars(text: str) -> list[Scalar]:
    """List the keys and single values of a text that can be read."""
    builder = _Builder(Typed(text), watching=True)
    builder.build()
    return builder.scalars


class _Builder:
    """Turn parser events into `Map`, `Seq` and `str`."""

    def __init__(self, typed: Typed, *, watching: bool = False) -> None:
        self.top: Any = None
        """What the text holds; None where it cannot be read to its end."""

        self.slips: list[Slip] = []
        """Equal keys; their places are those of the text as it reads now."""

        self.scalars: list[Scalar] = []
        """Where each key and value stands, if something about the text is suspicious."""

        self._typed = typed
        self._mark = typed.mark if typed.edits else None
        self._watching = watching or suspicious(typed.text)
        self._open: list[Map | Seq] = []
        self._begun: list[Any] = []
        self._keys: list[tuple[str, Mark, Any] | None] = []
        self._repeating: Map | None = None

    def build(self) -> StopError | None:
        """Read the text; where that cannot be done to its end, say where it stops."""
        try:
            self._build()
        except StopError as stop:
            found = stop
        except yaml.YAMLError as error:
            found = self._refused(error)
        else:
            return None
        self.top = None
        found.inside = tuple(event.start_mark.index for event in self._begun)
        return found

    def _refused(self, error: yaml.YAMLError) -> StopError:
        mark = getattr(error, "problem_mark", None)
        if mark is None:
            stranger = STRANGER.search(self._typed.text)
            return StopError(stranger.start() if stranger else 0)
        opened = getattr(error, "context_mark", None) or mark
        return StopError(mark.index, opened.index)

    def _build(self) -> None:
        documents = 0
        for event in yaml.parse(self._typed.text, Loader=_Loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _known("Y010", event)
            elif isinstance(event, yaml.AliasEvent):
                raise _known("Y008", event, name=f"*{event.anchor}")
            elif isinstance(event, yaml.CollectionEndEvent):
                self._open.pop()
                self._begun.pop()
                self._keys.pop()
            elif isinstance(event, yaml.NodeEvent):
                self._node(event)
        if self.top == "":
            self.top = None

    def _node(self, event: Any) -> None:  # noqa: ANN401 -- PyYAML's C events are untyped
        if event.anchor:
            raise _known("Y035", event, name=f"&{event.anchor}")
        if event.tag is not None:
            raise _known("Y009", event, tag=event.tag)
        mark = event.start_mark
        at = self._mark(mark.index) if self._mark else (mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.ScalarEvent):
            if self._watching:
                self._watch(event)
            self._place(event.value, at, event)
            return
        node = Map(at) if isinstance(event, yaml.MappingStartEvent) else Seq(at)
        self._place(node, at, event)
        self._open.append(node)
        self._begun.append(event)
        self._keys.append(None)
        if len(self._open) > DEPTH_LIMIT:
            raise _known("Y011", event, limit=str(DEPTH_LIMIT))

    def _place(self, value: Any, at: Mark, event: Any) -> None:  # noqa: ANN401
        if not self._open:
            self.top = value
            return
        parent = self._open[-1]
        if isinstance(parent, Seq):
            parent.append(value)
            parent.values_at.append(at)
            return
        key = self._keys[-1]
        if key is None:
            if not isinstance(value, str):
                raise _known("Y012", event)
            self._keys[-1] = (value, at, event.start_mark)
            return
        name, key_at, start = key
        self._keys[-1] = None
        if name in parent:
            # A dash forgotten makes all keys of an entry equal to those above: one mistake.
            if self._repeating is not parent:
                values = {"name": name, "first": str(parent.keys_at[name][0])}
                self.slips.append(Slip("Y013", start.index, values=values))
            self._repeating = parent
            return
        if self._repeating is parent:
            self._repeating = None
        parent[name] = value
        parent.keys_at[name] = key_at
        parent.values_at[name] = at

    def _watch(self, event: Any) -> None:  # noqa: ANN401
        role, flow = "top", False
        if self._open:
            flow = self._begun[-1].flow_style
            mapping = isinstance(self._open[-1], Map)
            role = "entry" if not mapping else "value" if self._keys[-1] else "key"
        start, end = event.start_mark.index, event.end_mark.index
        self.scalars.append(Scalar(start, end, event.value, event.implicit[0], role, flow))


def _known(code: str, event: Any, **values: str) -> StopError:  # noqa: ANN401
    at = event.start_mark.index
    return StopError(at, slip=Slip(code, at, values=values))

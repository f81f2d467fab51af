"""YAML without guessing: text stays text, and every value knows its line and column.

The C parser's events are built into plain dicts and lists by a loop with a stack of its own, so a
file nested 50,000 deep cannot exhaust the interpreter, an alias cannot multiply, and one pass gives
data, places and mistakes. Scalars stay as they were typed: `no`, `17:30`, `010` and `1.10` mean
what the field that receives them says they mean.

Where the parser stops, or something slipped through that was meant otherwise, `diagnosis` mends
what is certain and reading goes on with the mended text, so that one run tells everything.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sopaudit.problems import Place, Problem
from sopaudit.reading.document import DEPTH_LIMIT, Document, Map, Mark, Seq, document
from sopaudit.reading.encoding import decode, load
from sopaudit.reading.suspicion import suspicious

if TYPE_CHECKING:
    from sopaudit.reading.typed import Scalar, Slip, StopError, Typed

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
    builder = _Builder(found.text)
    if builder.build() is None and not (builder.scalars or builder.slips):
        data, problems = builder.top, list[Problem]()
    else:
        data, problems = _diagnosed(found.text, shown)
    if data is None and not problems:
        problems = [Problem(Place(shown), "Y007")]
    return document(found, data, problems)


def _diagnosed(text: str, shown: str) -> tuple[Any, list[Problem]]:
    """Build what a text holds, mending as long as that is certain; and tell all slips."""
    from sopaudit.reading.diagnosis import ROUNDS, at_stop, slipped
    from sopaudit.reading.typed import Slip, Typed, told

    typed, slips = Typed(text), list[Slip]()
    for _ in range(ROUNDS):
        builder = _of(typed)
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
    slips += [typed.slip(slip) for slip in builder.slips]
    return builder.top, [told(slip, text, shown) for slip in slips]


def _of(typed: "Typed") -> "_Builder":
    """Prepare to build what a text holds as it reads now, at the places where it was typed."""
    return _Builder(typed.text, typed.mark if typed.edits else None)


def _stop(typed: "Typed") -> "StopError | None":
    """Try how far a text can be read."""
    return _of(typed).build()


def scalars(text: str) -> "list[Scalar]":
    """List the keys and single values of a text that can be read."""
    builder = _Builder(text, watching=True)
    builder.build()
    return builder.scalars


class _Builder:
    """Turn parser events into `Map`, `Seq` and `str`."""

    def __init__(
        self, text: str, mark: Callable[[int], Mark] | None = None, *, watching: bool = False
    ) -> None:
        self.top: Any = None
        """What the text holds; None where it cannot be read to its end."""

        self.slips: list[Slip] = []
        """Equal keys; their places are those of the text as it reads now."""

        self.scalars: list[Scalar] = []
        """Where each key and value stands, if something about the text is suspicious."""

        self._text = text
        self._mark = mark
        self._watching = watching or suspicious(text)
        self._documents = 0
        self._holder: Map | Seq | None = None
        """What is being filled."""

        self._key: tuple[str, Mark, Any] | None = None
        """The key of the holder that waits for its value."""

        self._around: list[tuple[Map | Seq | None, tuple[str, Mark, Any] | None]] = []
        """The holders around that one, outermost first, with their keys."""

        self._begun: list[Any] = []
        self._repeating: Map | None = None

    def build(self) -> "StopError | None":
        """Read the text; where that cannot be done to its end, say where it stops."""
        try:
            found = self._build()
        except yaml.YAMLError as error:
            found = self._refused(error)
        if found is not None:
            self.top = None
            found.inside = tuple(event.start_mark.index for event in self._begun)
        elif self.top == "":
            self.top = None
        return found

    def _refused(self, error: yaml.YAMLError) -> "StopError":
        from sopaudit.reading.stopping import STRANGER
        from sopaudit.reading.typed import StopError

        mark = getattr(error, "problem_mark", None)
        if mark is None:
            stranger = STRANGER.search(self._text)
            return StopError(stranger.start() if stranger else 0)
        opened = getattr(error, "context_mark", None) or mark
        return StopError(mark.index, opened.index)

    def _build(self) -> "StopError | None":
        parser, find, watching = _Loader(self._text), self._mark, self._watching
        treated: dict[type, Callable[[Any], StopError | None]] = {
            yaml.MappingStartEvent: partial(self._begin, Map),
            yaml.SequenceStartEvent: partial(self._begin, Seq),
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.DocumentStartEvent: self._document,
            yaml.AliasEvent: self._alias,
        }
        scalar: Any = yaml.ScalarEvent
        try:
            for event in iter(parser.get_event, None):
                # Three of four events are scalars, which is why they are treated here.
                if type(event) is scalar:
                    if event.anchor or event.tag is not None:
                        return _marked(event)
                    mark = event.start_mark
                    at = find(mark.index) if find else (mark.line + 1, mark.column + 1)
                    if watching:
                        self._watch(event)
                    if self._key is None and type(self._holder) is Map:
                        self._key = (event.value, at, mark)
                    else:
                        self._put(event.value, at)
                elif (treat := treated.get(type(event))) and (stop := treat(event)):
                    return stop
        finally:
            parser.dispose()
        return None

    def _document(self, event: Any) -> "StopError | None":  # noqa: ANN401
        self._documents += 1
        return _known("Y010", event) if self._documents > 1 else None

    def _alias(self, event: Any) -> "StopError | None":  # noqa: ANN401
        return _known("Y008", event, name=f"*{event.anchor}")

    def _end(self, _: Any) -> None:  # noqa: ANN401
        self._holder, self._key = self._around.pop()
        self._begun.pop()

    def _begin(self, kind: type[Map | Seq], event: Any) -> "StopError | None":  # noqa: ANN401
        if event.anchor or event.tag is not None:
            return _marked(event)
        if self._key is None and type(self._holder) is Map:
            return _known("Y012", event)
        mark = event.start_mark
        at = self._mark(mark.index) if self._mark else (mark.line + 1, mark.column + 1)
        node = kind(at)
        self._put(node, at)
        self._around.append((self._holder, self._key))
        self._begun.append(event)
        self._holder, self._key = node, None
        deep = len(self._around) > DEPTH_LIMIT
        return _known("Y011", event, limit=str(DEPTH_LIMIT)) if deep else None

    def _put(self, value: Any, at: Mark) -> None:  # noqa: ANN401
        """Put a value under the key that waits for it, or at the end of a list."""
        holder = self._holder
        if self._key is not None and type(holder) is Map:
            name, key_at, start = self._key
            self._key = None
            if name in holder:
                self._twice(holder, name, start.index)
                return
            if self._repeating is holder:
                self._repeating = None
            holder[name] = value
            holder.keys_at[name] = key_at
            holder.values_at[name] = at
        elif type(holder) is Seq:
            holder.append(value)
            holder.values_at.append(at)
        else:
            self.top = value

    def _twice(self, holder: Map, name: str, at: int) -> None:
        """Tell an equal key; a dash forgotten makes all of an entry equal to those above."""
        if self._repeating is not holder:
            from sopaudit.reading.typed import Slip

            values = {"name": name, "first": str(holder.keys_at[name][0])}
            self.slips.append(Slip("Y013", at, values=values))
        self._repeating = holder

    def _watch(self, event: Any) -> None:  # noqa: ANN401
        from sopaudit.reading.typed import Scalar

        role, flow = "top", False
        if self._begun:
            flow = self._begun[-1].flow_style
            mapping = isinstance(self._holder, Map)
            role = "entry" if not mapping else "value" if self._key else "key"
        start, end = event.start_mark.index, event.end_mark.index
        self.scalars.append(Scalar(start, end, event.value, event.implicit[0], role, flow))


def _marked(event: Any) -> "StopError":  # noqa: ANN401
    """Say that a value has an anchor or a tag, which handbooks do without."""
    if event.anchor:
        return _known("Y035", event, name=f"&{event.anchor}")
    return _known("Y009", event, tag=event.tag)


def _known(code: str, event: Any, **values: str) -> "StopError":  # noqa: ANN401
    from sopaudit.reading.typed import Slip, StopError

    at = event.start_mark.index
    return StopError(at, slip=Slip(code, at, values=values))

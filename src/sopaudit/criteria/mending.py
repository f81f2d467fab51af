"""Making do with a file in which values are wrong, so that one run tells all that is to be mended.

A wrong value gives way to a stand-in that its model takes. What is made so serves to find further
mistakes and for nothing else.
"""

from copy import deepcopy
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sopaudit.reading.document import Document, Loc, follow
from sopaudit.reading.shape import mistakes

STAND_IN: Final = "x-unreadable"
"""Stands for a word that could not be read; nothing is ever said about it."""

_STAND_INS: Final = (STAND_IN, "1", None, "2000-01-01")
"""Tried one after the other; None takes the key away, so that its default holds."""

_HOLDERS: Final[dict[str, list[Any] | dict[str, Any]]] = {
    "tuple_type": [STAND_IN],
    "too_short": [STAND_IN],
    "dict_type": {},
    "model_type": {},
}
"""What stands in where a list or a mapping is wanted."""

_ROUNDS: Final = 12
"""A step without anything takes eight."""

Model = TypeVar("Model", bound=BaseModel)


def mended(document: Document, model: type[Model]) -> Model | None:
    """Fit a document into `model` with stand-ins for what is wrong.

    None where a whole part at the top is wrong, because it may be what all others point at.
    """
    data, tried = deepcopy(document.data), dict[Loc, int]()
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(data)
        except ValidationError as error:
            found = mistakes(error)
        if not all(_mend(data, detail, tried) for detail in found):
            break
    return None


def _mend(data: Any, detail: ErrorDetails, tried: dict[Loc, int]) -> bool:  # noqa: ANN401
    loc, kind = detail["loc"], detail["type"]
    trail = follow(data, loc)
    if kind == "missing":
        trail = follow(data, loc[:-1])
        trail.append((trail[-1][0][trail[-1][1]] if trail else data, loc[-1]))
    if not trail:
        return False
    holder, part = trail[-1]
    if len(trail) == 1 and (
        kind in _HOLDERS or (kind == "extra_forbidden" and not isinstance(data[part], str))
    ):
        return False
    if kind == "extra_forbidden":
        del holder[part]
        return True
    if kind in _HOLDERS:
        holder[part] = deepcopy(_HOLDERS[kind])
        return True
    path = tuple(part for _, part in trail)
    turn = tried.get(path, 0)
    tried[path] = turn + 1
    if turn == len(_STAND_INS):
        return False
    stand_in = _STAND_INS[turn]
    if stand_in is not None:
        holder[part] = stand_in
    elif isinstance(holder, dict):
        holder.pop(part, None)
    return True

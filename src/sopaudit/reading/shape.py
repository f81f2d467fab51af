"""Fitting what a file holds into a model, every mistake told at its place."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sopaudit.problems import Edit, Place, Problem, catalogue, choices
from sopaudit.reading.document import Document, Loc, follow

SHORT: Final = 40
"""Of what people wrote, so many characters fit into a sentence."""

Model = TypeVar("Model", bound=BaseModel)


def validated(document: Document, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """Fit a document into `model`; the second value lists every mistake, each at its place."""
    problems = list(document.problems)
    if document.data is None:
        return None, problems
    try:
        return model.model_validate(document.data), problems
    except ValidationError as error:
        details = mistakes(error)
    # A key with a letter wrong is told as what it is; that the right one is missing is no news.
    told = [detail for detail in details if detail["loc"] not in _misspelt(details)]
    found = [_shape(document, model, detail) for detail in told]
    # What was typed wrongly and mended has been told; that it does not fit either is no news.
    known = {problem.place for problem in problems}
    lost = {problem.place.line for problem in problems if problem.code == "Y042"}
    return None, problems + [
        problem
        for problem in found
        if problem.place not in known
        and not (problem.code in {"S004", "S015"} and problem.place.line in lost)
    ]


def mistakes(error: ValidationError) -> list[ErrorDetails]:
    """List what pydantic found, but for lists too short because their entries are wrong."""
    return [
        detail
        for detail in error.errors(include_url=False)
        if detail["type"] != "too_short" or not detail["input"]
    ]


def _misspelt(details: Sequence[ErrorDetails]) -> set[Loc]:
    """Find the keys that are missing because they stand there with a letter wrong."""
    from difflib import get_close_matches

    stray = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
    missing = [detail["loc"] for detail in details if detail["type"] == "missing"]
    return {
        loc
        for loc in missing
        if any(
            loc[:-1] == other[:-1] and get_close_matches(str(other[-1]), [str(loc[-1])], cutoff=0.7)
            for other in stray
        )
    }


# What pydantic calls a mistake, and what we call it. A type not listed here is told as S099,
# and a test keeps that from happening for the models of this package.
_SHAPES: Final = {
    "string_type": "S003",
    "string_too_short": "S004",
    "tuple_type": "S009",
    "list_type": "S009",
    "dict_type": "S010",
    "model_type": "S010",
    "model_attributes_type": "S010",
    "string_pattern_mismatch": "S011",
    "too_short": "S014",
    "literal_error": "S008",
}


def _shape(document: Document, model: type[BaseModel], detail: ErrorDetails) -> Problem:
    loc, kind = detail["loc"], detail["type"]
    context: dict[str, Any] = {k: str(v) for k, v in detail.get("ctx", {}).items()}
    trail = follow(document.data, loc)
    name = str(next((part for _, part in reversed(trail) if isinstance(part, str)), ""))
    if "lang" in context:
        loc = (*loc, context["lang"])
        trail = follow(document.data, loc)
    found = trail[-1][0][trail[-1][1]] if trail else document.data
    if kind == "extra_forbidden":
        known = _keys_at(model, loc[:-1])
        return document.problem("S001", loc, key=True, name=name, choices=choices(name, known))
    if kind == "missing":
        return document.problem("S002", loc[:-1], name=loc[-1])
    if isinstance(found, str) and not found.strip():
        return document.problem("S015" if "lang" in context else "S004", loc, name=name, **context)
    if kind == "literal_error":
        known = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        context["choices"] = choices(str(found), known)
    code = kind if kind in catalogue() else _SHAPES.get(kind, "S099")
    context = {"name": name, "found": _quoted(found), "message": detail["msg"], **context}
    if isinstance(found, str) and (meant := _meant(found)):
        context["meant"] = meant
        code = "S017" if found[0] in _QUOTES else "S018"
        told = document.problem(code, loc, **context)
        return told.with_edits(_instead(document, told.place, found, meant))
    return document.problem(code, loc, **context)


_QUOTES: Final = "“”‘’"


def _meant(found: str) -> str:
    """Write a word of Latin signs in half width and without Chinese quotes; else give nothing."""
    import re
    import unicodedata

    plain = unicodedata.normalize("NFKC", found.strip(_QUOTES)).replace("％", "%")
    return plain if plain != found and re.fullmatch(r"[\w.%/ :+-]+", plain, re.ASCII) else ""


def _instead(document: Document, place: Place, found: str, meant: str) -> tuple[Edit, ...]:
    """Put `meant` where `found` was typed."""
    from sopaudit.reading.typed import lines

    line = lines(document.text)[place.line - 1]
    at = line.text.find(found, place.column - 1)
    if at not in {place.column - 1, place.column}:
        return ()
    return (Edit(line.start + at, line.start + at + len(found), meant),)


def _quoted(found: object) -> str:
    """Show what stood there, short enough for one line."""
    if isinstance(found, dict | list):
        return "{…}" if isinstance(found, dict) else "[…]"
    text = str(found)
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def _keys_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """List the keys the mapping at `loc` may have, as they are written in YAML."""
    here: list[type[BaseModel]] = [model]
    for part in loc:
        inner = [m for h in here if (m := _field(h, part)) is not None]
        if inner:
            here = [leaf for field in inner for leaf in _models(field)] or here
    return [field.alias or name for m in here for name, field in m.model_fields.items()]


def _field(model: type[BaseModel], part: str | int) -> object | None:
    for name, field in model.model_fields.items():
        if part in (field.alias, name):
            return field.annotation
    return None


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """Find the models inside an annotation such as `tuple[Item, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)

"""JSON Schemas of YAML files, for editors: keys to offer, words beside them, mistakes to underline.

A schema is made from the model that reads the file, so both take the same. It differs where an
editor's YAML parser sees something else than we do (see `field.seen`), and it only looks at one
file: whether an id exists, and whether points add up, is for `sopaudit check`.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from sopaudit.criteria.field import number
from sopaudit.criteria.words import Words, key_words, scheme_words

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
"""What the language server of YAML editors knows best; later drafts gain us nothing."""


def json_schema(model: type[BaseModel], further: Words | None = None) -> dict[str, Any]:
    """Make the schema of the files `model` reads.

    `further` holds the words of models that stand in a layer above this one.
    """
    made = model.model_json_schema(ref_template="#/definitions/{model}", schema_generator=_Seen)
    parts = made.pop("$defs", {})
    words = {**key_words(), **(further or {})}
    words["Scheme"] = words["Scheme"] | scheme_words()
    for name, part in {**parts, model.__name__: made}.items():
        _describe(name, part, words)
    kinds: dict[str, JsonSchemaValue] = {}
    whole = _named({**made, "definitions": parts}, kinds, words)
    whole["definitions"] |= {name: kinds[name] for name in sorted(kinds)}
    return {"$schema": DRAFT, **whole}


class _Seen(GenerateJsonSchema):
    """Says what an editor may find where a model reads text."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 -- pydantic's
        """Give no titles, because hover texts say more."""
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Leave out what docstrings tell developers."""
        made = super().model_schema(schema)
        return {key: made[key] for key in made if key not in {"title", "description"}}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Take a key that may be left out as one that has a value where it stands."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Say no default, because editors would write it into every new entry."""
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Take any key, because YAML has no empty ones that would parse."""
        values = self.generate_inner(schema["values_schema"])
        return {"type": "object", "additionalProperties": values}

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """Take a number for text, as we do; the kinds of `field` say so themselves."""
        return {**super().str_schema(schema), "type": ["string", "number"]}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Take what any of the choices takes: a table of answers may look like named sets."""
        return _either(*map(self.generate_inner, schema["choices"].values()))

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        """List the words; one that looks like a number may stand there as one, too."""
        words = schema["expected"]
        if not all(number(word) is not None for word in words):
            return {"enum": words}
        quoted = {"type": "string", "pattern": f"^({'|'.join(words)})$"}
        return _either({"enum": [int(word) for word in words]}, quoted)


def _either(first: JsonSchemaValue, *others: JsonSchemaValue) -> JsonSchemaValue:
    """Take any of several shapes.

    The empty titles are there because the language server tells shapes apart by title, and where
    it cannot, it shows them all in place of the words beside the key.
    """
    return {"anyOf": [first, *({"title": "", **other} for other in others)]}


def _describe(model: str, part: JsonSchemaValue, words: Words) -> None:
    """Put its words beside each key of a model; lists are offered a whole entry to begin with."""
    for key, schema in part.get("properties", {}).items():
        said = words.get(model, {}).get(key) or words["any"].get(key)
        if said is None:
            raise KeyError(f"key_words.toml has nothing to say of {model}.{key}")
        told = _told(said)
        entry = schema.get("items", {}).get("$ref", "").rpartition("/")[2]
        if entry in words["snippets"]:
            snippet = words["snippets"][entry]
            label = f"{snippet['zh']} · {snippet['en']}"
            told["defaultSnippets"] = [{"label": label, "body": snippet["body"]}]
        part["properties"][key] = {**told, **schema}
    if part.get("additionalProperties") is True:
        part["additionalProperties"] = {**_told(words[model]["*"]), "type": ["string", "number"]}


def _told(entry: Mapping[str, Any]) -> JsonSchemaValue:
    """Tell what a key means, Chinese first, as text and as Markdown."""
    both = [entry["zh"], entry["en"]]
    told: JsonSchemaValue = {
        "description": "\n".join(both),
        "markdownDescription": "\n\n".join(both),
    }
    if "examples" in entry:
        told["examples"] = entry["examples"]
    if "example" in entry:
        told["markdownDescription"] += f"\n\n```yaml\n{entry['example']}\n```"
        value = entry["example"].partition(": ")[2]
        if value[0] in "{[":
            told["defaultSnippets"] = [{"label": value, "bodyText": value}]
    return told


def _named(value: Any, kinds: dict[str, JsonSchemaValue], words: Words) -> Any:  # noqa: ANN401
    """Move each kind of value to one place, `kinds`, and point there from where it is used."""
    if isinstance(value, list):
        return [_named(inner, kinds, words) for inner in value]
    if not isinstance(value, dict):
        return value
    rest = {key: _named(inner, kinds, words) for key, inner in value.items()}
    if isinstance(name := rest.get("kind"), str):
        rule = {key: rest[key] for key in rest if key not in {*_BESIDE, "kind"}}
        wrong = words["kinds"][name]
        kinds[name] = {**rule, "errorMessage": f"{wrong['zh']} {wrong['en']}"}
        _describe(name, kinds[name], words)
        rest["$ref"] = f"#/definitions/{name}"
    return {key: rest[key] for key in (*_BESIDE, "$ref") if key in rest} if "$ref" in rest else rest


_BESIDE: Final = ("title", "description", "markdownDescription", "examples")
"""What may stand beside a `$ref`: it is about the key, and no rule for the value."""

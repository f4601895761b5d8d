"""The JSON Schema of rule files, for editors: made from the same shapes that check them."""

from __future__ import annotations

import json
from typing import Any

from rules.source.schema_models import BookShape, ScenarioShape

_STATEMENTS: dict[str, Any] = {"type": "array", "items": {"$ref": "#/$defs/Statement"}}
_EXPRESSION: dict[str, Any] = {"type": ["string", "integer", "boolean"]}


def _block(head: dict[str, Any], *, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    inner = dict.fromkeys((*needed, *optional), _STATEMENTS)
    required = [*head, *needed]
    return {"type": "object", "properties": {**head, **inner}, "required": required, "additionalProperties": False}


STATEMENT: dict[str, Any] = {
    "title": "Statement",
    "description": "An assignment, let, draw, if, chance, each, in, end turn or deliver; see docs/language.md.",
    "anyOf": [
        {"type": "string"},
        _block({"let": {"type": "string"}}, needed=()),
        _block({"draw": {"type": "string"}}, needed=()),
        _block({"if": _EXPRESSION}, needed=("then",), optional=("else",)),
        _block({"chance": _EXPRESSION}, needed=("then",), optional=("else",)),
        _block({"each": {"type": "string"}}, needed=("do",)),
        _block({"in": {"type": "integer", "minimum": 1, "maximum": 12}}, needed=("do",)),
    ],
}


def json_schema() -> dict[str, Any]:
    """Return the schema of one rule file: any of the sections, or one scenario."""
    book = BookShape.model_json_schema(by_alias=True)
    scenario = ScenarioShape.model_json_schema(by_alias=True)
    definitions = _linked({**scenario.pop("$defs"), **book.pop("$defs")})
    definitions["Statement"] = STATEMENT
    book["properties"]["extends"] = {"type": "string", "description": "The rulebook that this one changes."}
    book["properties"]["family"] = {"type": "string", "description": "The family of this file's moves."}
    scenario["properties"] = {"scenario": {"type": "string"}, **scenario["properties"]}
    scenario["required"] = ["scenario", *scenario["required"]]
    changes = {"properties": dict.fromkeys(book["properties"], True), "additionalProperties": False}
    for part, title in ((book, "Rules"), (scenario, "One scenario")):
        part["title"] = title
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Commons & Chokepoints rule file",
        "if": {"required": ["scenario"]},
        "then": _linked(scenario),
        "else": {"if": {"required": ["extends"]}, "then": changes, "else": _linked(book)},
        "$defs": definitions,
    }


def _linked(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema in which lists of statements refer to the definition of a statement."""
    text = json.dumps(schema).replace('"items": {"title": "Statement"}', '"items": {"$ref": "#/$defs/Statement"}')
    linked: dict[str, Any] = json.loads(text, object_hook=_names_only)
    return linked


def _names_only(part: dict[str, Any]) -> dict[str, Any]:
    """A mapping of names takes nothing but names as keys."""
    return {**part, "additionalProperties": False} if "patternProperties" in part else part

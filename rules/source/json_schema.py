"""The JSON Schemas of rule files, doctrines, plans and claims, for editors: made from the shapes that check them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from rules.source.schema_models import BookShape, ScenarioShape

DRAFT = "https://json-schema.org/draft/2020-12/schema"

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
    """Return the schema of a rulebook's files: any of the sections, or one scenario. A file with ``extends`` may hold
    parts of what it changes.
    """
    book, scenario, definitions = _files()
    whole = {"if": {"required": ["scenario"]}, "then": scenario, "else": book}
    partial, parts = _overlay(book, scenario, definitions)
    return {
        "$schema": DRAFT,
        "title": "Commons & Chokepoints rule file",
        "if": {"required": ["extends"]},
        "then": partial,
        "else": whole,
        "$defs": {**definitions, **parts},
    }


def overlay_schema() -> dict[str, Any]:
    """Return the schema of an overlay's files: as those of a rulebook, but parts will do, and ``null`` removes."""
    book, scenario, definitions = _files()
    partial, parts = _overlay(book, scenario, definitions)
    return {"$schema": DRAFT, "title": "Commons & Chokepoints overlay", **partial, "$defs": {**definitions, **parts}}


def schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    """Return the schema of a file of one shape."""
    return {"$schema": DRAFT, **_names_only(_linked(model.model_json_schema(by_alias=True))), "title": title}


def _files() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return the schemas of a file of sections and of a file that is one scenario, and what both refer to."""
    book = BookShape.model_json_schema(by_alias=True)
    scenario = ScenarioShape.model_json_schema(by_alias=True)
    definitions = _linked({**scenario.pop("$defs"), **book.pop("$defs")})
    definitions["Statement"] = STATEMENT
    book["properties"]["extends"] = {"type": "string", "description": "The rulebook that this one changes."}
    book["properties"]["family"] = {"type": "string", "description": "The family of this file's moves."}
    scenario["properties"] = {"scenario": {"type": "string"}, **scenario["properties"]}
    scenario["required"] = ["scenario", *scenario["required"]]
    for part, title in ((book, "Rules"), (scenario, "One scenario")):
        part["title"] = title
    return _linked(book), _linked(scenario), definitions


def _overlay(
    book: dict[str, Any], scenario: dict[str, Any], definitions: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of an overlay's file, and what it refers to beyond what whole files do."""
    scenario = {**scenario, "properties": {**scenario["properties"], "extends": {"type": "string"}}}
    partial = {
        "if": {"required": ["scenario"]},
        "then": {**_part(scenario), "required": ["scenario"]},
        "else": _part(book),
    }
    parts = {f"{name}.part": _part(each) for name, each in definitions.items() if name != "Statement"}
    return partial, parts


def _part(schema: Any) -> Any:
    """Return a schema for a part of what another describes: nothing is needed, ``null`` removes an entry. Lists are
    replaced as wholes, so inside them nothing changes.
    """
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("required", "minProperties", "discriminator"):
            continue
        if key in ("properties", "patternProperties"):
            found[key] = {name: _or_none(_part(each)) for name, each in value.items()}
        elif key == "additionalProperties":
            found[key] = _or_none(_part(value)) if isinstance(value, dict) else value
        elif key in ("oneOf", "anyOf"):
            found["anyOf"] = [_part(each) for each in value]
        elif key == "$ref":
            found[key] = f"{value}.part" if not value.endswith("/Statement") else value
        else:
            found[key] = value
    return found


def _or_none(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _linked(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema in which lists of statements refer to the definition of a statement."""
    text = json.dumps(schema).replace('"items": {"title": "Statement"}', '"items": {"$ref": "#/$defs/Statement"}')
    hook: Callable[[dict[str, Any]], dict[str, Any]] = _names_only
    linked: dict[str, Any] = json.loads(text, object_hook=hook)
    return linked


def _names_only(part: dict[str, Any]) -> dict[str, Any]:
    """A mapping of names takes nothing but names as keys."""
    return {**part, "additionalProperties": False} if "patternProperties" in part else part

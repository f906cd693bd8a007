"""The JSON Schema of a plan file, made from the same table the loader reads by, so that editors complete and check."""

import json
from pathlib import Path
from typing import Any

from zdtui.plan.keys import ACTIONS, FORMAT_VERSION, TABLES, Key, Kind

SHIPPED = Path(__file__).with_name("plan.schema.json")
NAME_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
DURATION_PATTERN = r"^(0|(\d+(\.\d+)?\s*(ms|min|s|h|d)\s*)+)$"
SIZE_PATTERN = r"^(0|\d+(\.\d+)?\s*(B|kB|MB|GB|TB))$"
WINDOW_PATTERN = r"^([01]?\d|2[0-3]):[0-5]\d\s*[-–]\s*([01]?\d|2[0-3]):[0-5]\d(\s*UTC)?$"
ADDRESS_PATTERN = r"^https?://[^\s@/?#]+([/?#]\S*)?$"
TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean"]}
DURATION: dict[str, Any] = {"anyOf": [{"type": "string", "pattern": DURATION_PATTERN}, {"const": 0}]}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
SIZE: dict[str, Any] = {"anyOf": [{"type": "string", "pattern": SIZE_PATTERN}, {"const": 0}]}
WINDOW: dict[str, Any] = {"type": "string", "pattern": WINDOW_PATTERN}
OFF: dict[str, Any] = {"enum": ["off", "no", "none", False]}

SHAPES: dict[Kind, dict[str, Any]] = {
    Kind.VERSION: {"const": FORMAT_VERSION},
    Kind.TEXT: TEXT,
    Kind.NAME: {"type": "string", "pattern": NAME_PATTERN, "maxLength": 60},
    Kind.SQL: TEXT,
    Kind.ADDRESS: {"type": "string", "pattern": ADDRESS_PATTERN},
    Kind.FILE: TEXT,
    Kind.DURATION: DURATION,
    Kind.LIMIT_DURATION: {"anyOf": [*DURATION["anyOf"], OFF]},
    Kind.LIMIT_COUNT: {"anyOf": [COUNT, OFF]},
    Kind.LIMIT_SIZE: {"anyOf": [SIZE, OFF]},
    Kind.COUNT: COUNT,
    Kind.WINDOWS: {"anyOf": [WINDOW, {"type": "array", "items": WINDOW, "minItems": 1}]},
    Kind.TEXTS: {"anyOf": [TEXT, {"type": "array", "items": TEXT}]},
    Kind.COLUMNS: {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]},
    Kind.PAIRS: {"type": "object", "additionalProperties": SCALAR, "minProperties": 1},
    Kind.REASONS: {
        "type": "object",
        "propertyNames": {"pattern": NAME_PATTERN, "maxLength": 60},
        "additionalProperties": TEXT,
        "minProperties": 1,
    },
}


def plan_schema() -> dict[str, Any]:
    """The schema as a dict, in JSON Schema 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "zdtui plan",
        "description": "A plan file of zdtui, version 1. Reference: docs/plan-format.md",
        **_object("plan"),
        "$defs": {table: _object(table) for table in TABLES if table != "plan"},
    }


def schema_text() -> str:
    """The schema as the shipped file holds it."""
    return json.dumps(plan_schema(), indent=2, ensure_ascii=False) + "\n"


def _object(table: str) -> dict[str, Any]:
    keys = TABLES[table]
    described: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: {**_shape(key), "description": key.description} for key in keys},
        "required": [key.name for key in keys if key.required],
    }
    if table == "step":
        described["oneOf"] = [{"required": [action]} for action in ACTIONS]
    if table == "rollback":
        described["oneOf"] = [{"required": [key.name]} for key in keys if key.name != "transaction"]
    return described


def _shape(key: Key) -> dict[str, Any]:
    if key.kind is Kind.CHOICE:
        return {"enum": [*key.choices, *((True, False) if "off" in key.choices else ())]}
    if key.kind is Kind.OBJECT:
        reference = {"$ref": f"#/$defs/{key.of}"}
        return {"anyOf": [TEXT, reference]} if key.or_text else reference
    if key.kind is Kind.OBJECTS:
        return {"type": "array", "items": {"$ref": f"#/$defs/{key.of}"}, "minItems": 1}
    if key.kind is Kind.COUNT and key.positive:
        return COUNT | {"minimum": 1}
    return SHAPES[key.kind]

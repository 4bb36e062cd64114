"""A JSON Schema (2020-12) of model files, for editors that complete and check.

It is made from `keys.py`, so that an editor knows exactly what the loader knows
of keys. What words mean (a kind that is not declared) only the loader tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from latticework.model.keys import SECTIONS, Key, Sort
from latticework.model.scalars import TYPES

Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_SHORT = {"field", "term", "view", "stage", "end"}


def json_schema() -> Schema:
    """The schema of a model file as plain data."""
    sections = {_name(name): _section(keys) for name, keys in SECTIONS.items() if name != "model"}
    return {
        "$schema": DIALECT,
        "$id": "latticework.schema.json",
        "title": "A company's words",
        **_section(SECTIONS["model"]),
        "$defs": {
            **sections,
            "scalar": _SCALAR,
            "texts": {"anyOf": [_ref("scalar"), {"type": "array", "items": _ref("scalar")}]},
            "day": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "origin": _origin(),
            "field-line": _field_line(),
        },
    }


def _section(keys: Mapping[str, Key]) -> Schema:
    """One mapping: the keys it may hold and nothing else."""
    return {
        "type": "object",
        "properties": {name: _key(key) for name, key in keys.items()},
        "additionalProperties": False,
    }


def _key(key: Key) -> Schema:
    return _SHAPES[key.sort](key) | {"description": key.says}


def _named(key: Key) -> Schema:
    """Sections by name; null drops one that a pack brought."""
    allowed: list[Schema] = [_ref(_name(key.section)), {"type": "null"}]
    if key.section == "field":
        allowed.insert(0, _ref("field line"))
    elif key.section in _SHORT:
        allowed.insert(0, _ref("texts" if key.section == "end" else "scalar"))
    return {"type": "object", "additionalProperties": {"anyOf": allowed}}


def _stages(key: Key) -> Schema:
    named = {"anyOf": [_ref("scalar"), _ref("stage"), {"type": "null"}]}
    return {
        "anyOf": [
            {"type": "array", "items": _ref("scalar")},
            {"type": "object", "additionalProperties": named},
        ]
    }


def _origins(key: Key) -> Schema:
    shapes = [_ref("scalar"), _ref("origin")]
    return {"anyOf": [*shapes, {"type": "array", "items": {"anyOf": shapes}}]}


def _sections(key: Key) -> Schema:
    """A list of sections, whose required keys are required."""
    required = [name for name, each in SECTIONS[key.section].items() if each.required]
    item = {"allOf": [_ref(_name(key.section)), {"required": required}]}
    return {"type": "array", "items": item}


def _origin() -> Schema:
    return {
        "type": "object",
        "properties": {
            "from": {"type": "string", "description": "The name that a part is taken of."},
            "where": {"type": "string", "description": "The condition that the part meets."},
        },
        "required": ["from", "where"],
        "additionalProperties": False,
    }


def _field_line() -> Schema:
    """A field in one line; the type's name comes first."""
    examples = [
        "text",
        "text many",
        "number 0..10",
        "money range per quarter",
        "ratio range 0..1",
        "day range",
        "choice small | medium | large",
    ]
    words = "|".join((*TYPES, "flag"))
    return {"type": "string", "pattern": f"^({words})( .*)?$", "examples": examples}


def _words(key: Key) -> Schema:
    return {"type": "object", "additionalProperties": _ref("scalar")}


_SHAPES: Mapping[Sort, Callable[[Key], Schema]] = {
    Sort.TEXT: lambda key: _ref("scalar"),
    Sort.TEXTS: lambda key: _ref("texts"),
    Sort.DAY: lambda key: _ref("day"),
    Sort.YES_NO: lambda key: {"enum": [True, False, "yes", "no"]},
    Sort.COUNT: lambda key: {
        "type": ["integer", "string"],
        "minimum": 1,
        "pattern": "^[1-9][0-9]*$",
    },
    Sort.NUMBER: lambda key: {"type": ["number", "string"]},
    Sort.DURATION: lambda key: {"type": "string", "examples": ["90 days", "1 quarter"]},
    Sort.QUERY: lambda key: {"type": "string"},
    Sort.CHOICE: lambda key: {"enum": list(key.choices)},
    Sort.ORIGINS: _origins,
    Sort.STAGES: _stages,
    Sort.WORDS: _words,
    Sort.WORDS_BY_AREA: lambda key: {"type": "object", "additionalProperties": _words(key)},
    Sort.TEXTS_BY_NAME: lambda key: {"type": "object", "additionalProperties": _ref("texts")},
    Sort.SECTION: lambda key: _ref(_name(key.section)),
    Sort.SECTIONS: _sections,
    Sort.NAMED: _named,
}


def _name(section: str) -> str:
    return section.replace(" ", "-")


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{_name(name)}"}

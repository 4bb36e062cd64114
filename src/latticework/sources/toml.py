"""Source: toml."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time

from latticework.sources.source import source
from latticework.sources.tree import Fields, Items, Read, Said, Tree, unreadable

_TABLE = re.compile(r"\s*\[\[?\s*([^\]#]+?)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\-\"' ]+?)\s*=")


@source(reads=(".toml",))
def toml(text: str) -> Read:
    """TOML: tables and arrays of tables; numbers and days become text.

    TOML's own reader knows no lines, so a value's line is that of its key,
    found by looking again.
    """
    try:
        data = tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(problem))
        line, column = (int(found[1]), int(found[2])) if found else (0, 0)
        says = re.sub(r"\s*\(at .*\)$", "", str(problem))
        hint = "quote the text or mend the line"
        raise unreadable("SOURCE003", says, hint=hint, line=line, column=column) from None
    except RecursionError:
        raise unreadable("SOURCE004", "the file nests too deep", hint="nest less") from None
    return Read(_tree(data, (), _lines(text)))


def _lines(text: str) -> dict[tuple[str, ...], list[int]]:
    """The lines on which each dotted name stands, tables included."""
    lines: dict[tuple[str, ...], list[int]] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        found = _TABLE.match(line)
        if found:
            table = _parts(found[1])
            lines.setdefault(table, []).append(number)
        elif named := _KEY.match(line):
            lines.setdefault((*table, *_parts(named[1])), []).append(number)
    return lines


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in name.split("."))


def _tree(value: object, at: tuple[str, ...], lines: dict[tuple[str, ...], list[int]]) -> Tree:
    """A value with its lines; each one found is used once, in order."""
    waiting = lines.get(at, [])
    line = waiting.pop(0) if waiting and not isinstance(value, list) else 0
    if isinstance(value, dict):
        fields = Fields(line)
        for key, each in value.items():
            fields[key] = _tree(each, (*at, key), lines)
        return _lined(fields)
    if isinstance(value, list):
        plain = not any(isinstance(each, dict) for each in value)
        first = waiting.pop(0) if waiting and plain else 0
        items = Items(first)
        for each in value:
            tree = _tree(each, at if isinstance(each, dict) else (), lines)
            if isinstance(tree, Said):
                tree.line = first
            items.append(tree)
        return items
    if isinstance(value, bool):
        return Said("true" if value else "false", line)
    if isinstance(value, date | datetime | time):
        return Said(value.isoformat(), line)
    return Said(str(value), line)


def _lined(fields: Fields) -> Fields:
    """A table without a line of its own begins with its first value."""
    if not fields.line:
        lines = [each.line for each in fields.values() if each is not None and each.line]
        fields.line = min(lines, default=0)
    return fields

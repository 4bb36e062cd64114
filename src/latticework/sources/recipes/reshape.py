"""Rows as people lay them out, turned into one record for each thing.

A recipe's `shape` names steps that are taken in turn before anything is read:
blanks that mean "as above" are filled, cells of several texts become lists,
columns that are days become rows, and rows of one thing become one record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from latticework.base.findings import Finding, Place, warning
from latticework.base.near import did_you_mean
from latticework.sources.days import iso_of
from latticework.sources.recipes.periods import first_day
from latticework.sources.recipes.picks import spread
from latticework.sources.tree import Fields, Items, Read, Said, Tree, line_of

DATES = "dates"
"""Stands for the columns whose header is a day, a week, a month or a quarter."""

_BEFORE_ALL = ""


@dataclass(frozen=True, kw_only=True)
class FillDown:
    """A blank in one of these columns means the same as above.

    What stands in a column begins the ones named after it anew.
    """

    columns: tuple[str, ...]
    inside: str = ""


@dataclass(frozen=True, kw_only=True)
class ColumnsAsRows:
    """Each of these columns of a row becomes a row: its header and its value.

    `columns` are globs of headers, or DATES; `unless` globs of those that stay.
    A header, or what a glob's stars stand for, is written as its first day where
    it names one; `year` is for what names none.
    """

    columns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    name: str
    value: str
    year: str = ""
    inside: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows that say the same in these columns become one record.

    It says what its rows say, days apart: the latest one by the day in column
    `when`, or the first one. `into` is where the rows themselves stand in it, in that
    order. Without columns all rows are one record.
    """

    by: tuple[str, ...] = ()
    when: str = ""
    into: str
    year: str = ""
    inside: str = ""


@dataclass(frozen=True, kw_only=True)
class Split:
    """A text in one of these columns is a list, cut at any of the marks."""

    columns: tuple[str, ...]
    at: tuple[str, ...]
    inside: str = ""


Shape = FillDown | Split | ColumnsAsRows | Group
_Rows = list[Fields]


def reshaped(read: Read, shapes: Sequence[Shape]) -> Read:
    """What is said, after every step in turn, with findings of those that met nothing."""
    tree, findings = read.tree, list(read.findings)
    for shape in shapes:
        tree, found = _take(tree, shape)
        findings += found
    return Read(tree, tuple(findings))


def _take(tree: Tree, shape: Shape) -> tuple[Tree, tuple[Finding, ...]]:
    """One step for the rows of a file, or of each list in it."""
    if isinstance(tree, Items):
        return _shaped(tree, shape) if not shape.inside else (tree, ())
    if not isinstance(tree, Fields):
        return tree, ()
    out = Fields(tree.line, tree.column)
    findings: list[Finding] = []
    for name, value in tree.items():
        out[name] = value
        if isinstance(value, Items) and shape.inside in {"", name}:
            out[name], found = _shaped(value, shape)
            findings += found
    return out, tuple(findings)


def _shaped(items: Items, shape: Shape) -> tuple[Items, tuple[Finding, ...]]:
    rows = [each for each in items if isinstance(each, Fields)]
    out = Items(items.line, items.column)
    if not rows:
        return items, ()
    findings = list(_unknown(rows, shape))
    match shape:
        case FillDown():
            out.extend(_filled(rows, shape.columns))
        case Split():
            out.extend(_split(row, shape) for row in rows)
        case ColumnsAsRows():
            out.extend(_turned(rows, shape))
        case Group():
            grouped, lost = _grouped(rows, shape)
            out.extend(grouped)
            findings += lost
    return out, tuple(findings)


def _unknown(rows: _Rows, shape: Shape) -> Iterator[Finding]:
    """Findings for columns that no row has."""
    seen = dict.fromkeys(str(name) for row in rows for name in row)
    named: tuple[str, ...] = ()
    if isinstance(shape, FillDown | Split):
        named = shape.columns
    elif isinstance(shape, Group):
        named = (*shape.by, *((shape.when,) if shape.when else ()))
    elif not any(map(_naming(shape), seen)):
        named = shape.columns
    for each in named:
        if each not in seen:
            says = f"no row has a column '{each}'"
            hint = did_you_mean(each, seen, otherwise="mend 'shape:'; columns: " + ", ".join(seen))
            place = Place(line=rows[0].line)
            yield warning("SOURCE090", says, hint=hint, place=place, value=each)


# ---- blanks that mean "as above"


def _filled(rows: _Rows, columns: Sequence[str]) -> Iterator[Fields]:
    held: dict[str, Tree] = {}
    for row in rows:
        for at, column in enumerate(columns):
            if row.get(column) is not None:
                held = {name: held[name] for name in columns[:at] if name in held}
                held |= {name: row[name] for name in columns[at:] if row.get(name) is not None}
                break
        yield _with(row, {name: value for name, value in held.items() if row.get(name) is None})


def _with(row: Fields, more: dict[str, Tree]) -> Fields:
    """A row with further values in front."""
    out = Fields(row.line, row.column)
    out.update(more)
    out.update(row)
    return out


# ---- cells that are lists


def _split(row: Fields, shape: Split) -> Fields:
    marks = re.compile("|".join(map(re.escape, shape.at)))
    out = _with(row, {})
    for name in shape.columns:
        said = [each for each in spread(row.get(name)) if isinstance(each, Said)]
        parts = Items(line_of(row.get(name)))
        for each in said:
            texts = (part.strip() for part in marks.split(each))
            parts.extend(Said(text, each.line, each.column) for text in texts if text)
        if parts:
            out[name] = parts
    return out


# ---- columns that are rows


def _turned(rows: _Rows, shape: ColumnsAsRows) -> Iterator[Fields]:
    naming = _naming(shape)
    names = {name: naming(name) for row in rows for name in row}
    for row in rows:
        rest = Fields(row.line, row.column)
        rest.update((name, value) for name, value in row.items() if not names[name])
        turned = [name for name, value in row.items() if names[name] and value is not None]
        if not turned:
            yield rest
        for name in turned:
            line = line_of(row[name])
            out = _with(rest, {})
            out[shape.name] = Said(names[name], line)
            out[shape.value] = row[name]
            yield out


def _naming(shape: ColumnsAsRows) -> Callable[[str], str]:
    """From a header to what its row is called; empty for one that stays a column."""
    wanted = [] if DATES in shape.columns else [_glob(each) for each in shape.columns]
    unless = [_glob(each) for each in shape.unless]

    def name_of(header: str) -> str:
        if any(each.fullmatch(header) for each in unless):
            return ""
        if not wanted:
            return first_day(header, shape.year) or ""
        for each in wanted:
            if (found := each.fullmatch(header)) is not None:
                part = " ".join(group.strip() for group in found.groups() if group.strip())
                shown = part or header
                return first_day(shown, shape.year) or shown
        return ""

    return name_of


def _glob(glob: str) -> re.Pattern[str]:
    signs = {"*": "(.*)", "?": "."}
    return re.compile("".join(signs.get(each) or re.escape(each) for each in glob), re.I)


# ---- rows of one thing


def _grouped(rows: _Rows, shape: Group) -> tuple[_Rows, list[Finding]]:
    groups: dict[tuple[str, ...], _Rows] = {}
    findings = []
    for row in rows:
        key = tuple(" ".join(_text(row.get(name)).split()).casefold() for name in shape.by)
        if shape.by and not any(key):
            findings.append(_nameless(row, shape))
            continue
        groups.setdefault(key, []).append(_dated(row, shape))
    return [_joined(mine, shape) for mine in groups.values()], findings


def _dated(row: Fields, shape: Group) -> Fields:
    """A row whose day is written in ISO 8601, where it can be told."""
    said = row.get(shape.when) if shape.when else None
    if not isinstance(said, Said):
        return row
    shown = iso_of(said) or first_day(said, shape.year)
    out = _with(row, {})
    out[shape.when] = Said(shown, said.line, said.column) if shown else said
    return out


def _joined(rows: _Rows, shape: Group) -> Fields:
    """One record of its rows."""
    out = Fields(rows[0].line, rows[0].column)
    if shape.when:
        rows = sorted(rows, key=lambda row: _text(row.get(shape.when)) or _BEFORE_ALL)
    # Whoever speaks last wins where there are days, and else whoever speaks first.
    for row in rows if shape.when else reversed(rows):
        told = ((name, value) for name, value in row.items() if name != shape.when)
        out.update((name, value) for name, value in told if value is not None)
    held = Items(rows[0].line, rows[0].column)
    held.extend(row for row in rows if not shape.when or row.get(shape.when) is not None)
    out[shape.into] = held
    return out


def _text(tree: Tree) -> str:
    if isinstance(tree, Items):
        return " ".join(map(_text, tree))
    return str(tree) if isinstance(tree, Said) else ""


def _nameless(row: Fields, shape: Group) -> Finding:
    columns = " and ".join(f"'{name}'" for name in shape.by)
    says = f"the row is left out: nothing stands under {columns}"
    hint = "fill it in, or let 'fill down:' take it from above"
    return warning("SOURCE091", says, hint=hint, place=Place(line=row.line))

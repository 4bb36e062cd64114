"""A plain evaluator, one thing at a time, that the vectorised one must agree with."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from latticework.journal.changes import Change, Connect, Put, Retire
from latticework.model.model import End, Family, Field, Kind, Link, Model
from latticework.query import ast
from latticework.query.ast import Lack, Op, Quantity

PORT = Model(
    kinds=(
        Kind(name="item", many="items", family=Family.INTENT, fields=(Field(name="n", type="number"), Field(name="tag"))),
        Kind(name="crew", many="crews", family=Family.COLLABORATION, fields=(Field(name="n", type="number"),)),
    ),
    links=(
        Link(name="feeds", back="is fed by", ends=(End(source="any", targets=("any",)),)),
        Link(name="knows", back="is known to", ends=(End(source="any", targets=("any",)),)),
    ),
)  # fmt: skip
"""Items and crews that feed and know each other in every way."""

Three = tuple[bool, bool]
"""Whether it holds for sure, and whether it may."""


@dataclass
class Port:
    """What a fold over the changes leaves, in plain dictionaries."""

    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)
    edges: set[tuple[str, str, str]] = field(default_factory=set)

    def take(self, change: Change) -> None:
        match change:
            case Put(ref=ref, fields=fields):
                self.ever.add(ref)
                self.fields[ref] = self.fields.get(ref, {}) | {k: str(v) for k, v in fields.items()}
            case Retire(ref=ref):
                self.ever.add(ref)
                self.fields.pop(ref, None)
            case Connect(source=source, link=link, target=target):
                self.edges.add((source, link, target))


def holds(port: Port, condition: ast.Condition, thing: str) -> Three:
    """Whether a condition holds for a thing."""
    match condition:
        case ast.All(terms):
            found = [holds(port, each, thing) for each in terms]
            return all(sure for sure, _ in found), all(maybe for _, maybe in found)
        case ast.Either(terms):
            found = [holds(port, each, thing) for each in terms]
            return any(sure for sure, _ in found), any(maybe for _, maybe in found)
        case ast.Not(term):
            sure, maybe = holds(port, term, thing)
            return not maybe, not sure
        case ast.Possibly(term):
            return (holds(port, term, thing)[1],) * 2
        case ast.Lacks(ast.Name(name), lack):
            return (_lacks(port.fields[thing].get(name), lack),) * 2
        case ast.Linked(path, quantity, target):
            sure, maybe = _linked(port, path, target, thing, quantity)
            return (not maybe, not sure) if quantity is Quantity.NONE else (sure, maybe)
        case ast.Compare(ast.Name("tag"), op, ast.Literal(text)):
            same = port.fields[thing].get("tag", "\0").casefold() == text.casefold()
            return (same != (op is Op.IS_NOT),) * 2
        case ast.Compare(ast.Name(name), op, ast.Literal(text)):
            return compared(range_of(port.fields[thing].get(name)), op, float(text))
        case ast.Compare(ast.Call() as call, op, ast.Literal(text)):
            return compared(tallied(port, call, thing), op, float(text))
    raise NotImplementedError(condition)


def compared(value: tuple[float, float] | None, op: Op, limit: float) -> Three:
    """A range against a number; None is an absent value."""
    if op is Op.IS_NOT:
        sure, maybe = compared(value, Op.IS, limit)
        return not maybe, not sure
    if value is None:
        return False, False
    tests = {Op.LESS: float.__lt__, Op.MOST: float.__le__, Op.MORE: float.__gt__}
    tests |= {Op.LEAST: float.__ge__}
    low, high = value
    if op is Op.IS:
        return low == high == limit, low <= limit <= high
    ends = [tests[op](low, limit), tests[op](high, limit)]
    if math.inf in value or -math.inf in value:
        return all(ends), any(ends)
    return all(ends), any(ends)


def range_of(text: str | None) -> tuple[float, float] | None:
    """What a number field's text may mean."""
    if text is None:
        return None
    parts = text.split("–")
    try:
        return float(parts[0]), float(parts[-1])
    except ValueError:
        return -math.inf, math.inf


def _lacks(text: str | None, lack: Lack) -> bool:
    match lack:
        case Lack.MISSING:
            return text is None
        case Lack.UNKNOWN:
            return text == "unknown"
        case Lack.MISFIT:
            return (
                text is not None and text != "unknown" and range_of(text) == (-math.inf, math.inf)
            )


def _steps(port: Port, phrase: str, thing: str) -> tuple[set[str], set[str]]:
    """Where one step leads: things that exist, and things that do not."""
    name = {"is fed by": "feeds", "is known to": "knows"}.get(phrase)
    if name:
        ends = {s for s, link, t in port.edges if link == name and t == thing}
        return {each for each in ends if each in port.fields}, set()
    ends = {t for s, link, t in port.edges if link == phrase and s == thing}
    return {e for e in ends if e in port.fields}, {e for e in ends if e not in port.fields}


def _walked(port: Port, path: ast.Path, thing: str) -> tuple[set[str], list[set[str]]]:
    """The things a path reaches, and what is not there at each of its steps."""
    here, loose = {thing}, []
    for step in path.steps:
        reached: set[str] = set()
        missing: set[str] = set()
        frontier = set(here)
        while frontier:
            found = [_steps(port, step.phrase.text, each) for each in frontier]
            missing |= set().union(*(absent for _, absent in found))
            fresh = set().union(*(there for there, _ in found)) - reached
            reached |= fresh
            if not step.repeat:
                break
            frontier = fresh
        here = reached | here if step.repeat == "*" else reached
        loose.append(missing)
    return here, loose


def _is_target(port: Port, target: ast.Target, thing: str) -> Three:
    match target.head:
        case ast.Name(kind) if not thing.startswith(f"{kind}/"):
            return False, False
        case ast.Thing(ref) if ref != thing:
            return False, False
    if target.where is None:
        return True, True
    return holds(port, target.where, thing)


def _linked(
    port: Port, path: ast.Path, target: ast.Target, thing: str, quantity: Quantity
) -> Three:
    reached, loose = _walked(port, path, thing)
    if quantity is Quantity.UNKNOWN:
        return (any(each - port.ever for each in loose),) * 2
    found = [_is_target(port, target, each) for each in reached]
    sure, maybe = any(s for s, _ in found), any(m for _, m in found)
    for number, missing in enumerate(loose):
        if number < len(loose) - 1:
            maybe |= bool(missing - port.ever)
        elif isinstance(target.head, ast.Thing):
            maybe |= target.head.ref in missing
            sure |= target.head.ref in missing and len(loose) == 1
        else:
            kind = f"{target.head.text}/" if isinstance(target.head, ast.Name) else ""
            maybe |= any(each.startswith(kind) for each in missing - port.ever)
    return sure, maybe


def tallied(port: Port, call: ast.Call, thing: str) -> tuple[float, float] | None:
    """A tally by trying every choice of what may count and what it may be."""
    (over,) = call.arguments
    assert isinstance(over, ast.Over)
    reached, _ = _walked(port, over.path, thing)
    found = [(each, *_is_target(port, over.target, each)) for each in sorted(reached)]
    if over.field is None:
        return float(sum(s for _, s, _ in found)), float(sum(m for _, _, m in found))
    name = over.field.text
    ranges = [(range_of(port.fields[each].get(name)), sure) for each, sure, maybe in found if maybe]
    answers = list(_answers(call.name.text, [(r, sure) for r, sure in ranges if r is not None]))
    return (min(answers), max(answers)) if answers else None


def _answers(tally: str, values: list[tuple[tuple[float, float], bool]]) -> Iterator[float]:
    choices = [(low, high) if sure else (low, high, None) for (low, high), sure in values]
    for world in product(*choices):
        chosen = [each for each in world if each is not None]
        match tally:
            case "sum":
                # Both infinities in one sum: it may be anything, as either alone says.
                yield float(sum(chosen)) if not math.isnan(sum(chosen)) else 0.0
            case "min" if chosen:
                yield min(chosen)
            case "max" if chosen:
                yield max(chosen)

"""A dimension: the parts into which one word of the language puts things.

Each part is a condition of the query language, and what belongs to it is found
by asking that condition: so a part's query gives the things counted in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from latticework.base.findings import Refused, error
from latticework.model.model import STAGE, Kind
from latticework.query import ast
from latticework.query.ast import Lack, Op, Quantity
from latticework.query.extent import lookup_of
from latticework.query.people import names_people, people_kinds
from latticework.query.plan import FieldRead, Listed, Tallied
from latticework.query.walk import pairs_of
from latticework.views.groups import no_names
from latticework.views.lens.asked import Asked
from latticework.views.lens.bands import bands_of
from latticework.views.things import ids as ids_as_array
from latticework.views.things import things

if TYPE_CHECKING:
    from latticework.query.cells import Cells
    from latticework.query.truth import Mask

KIND = "kind"
MOST = 12
_LACKS = (("none", Lack.MISSING), ("unknown", Lack.UNKNOWN), ("does not fit", Lack.MISFIT))
_NO_VALUES: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One value of a dimension, and which of the things have it.

    `value` is what is recorded for a thing that is put here, `values` the same
    by kind where kinds say it differently. `bare` marks things without a value.
    `open` parts hold what cannot be recorded: bands, and what is left over.
    """

    name: str
    mask: Mask
    condition: ast.Condition | None = None
    head: ast.Head | None = None
    value: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    category: str = ""
    ref: str = ""
    bare: bool = False
    open: bool = False

    @property
    def count(self) -> int:
        """How many things there are."""
        return int(np.count_nonzero(self.mask))


@dataclass(frozen=True, kw_only=True, eq=False)
class Dimension:
    """The parts of some things by one word, and how a thing changes its part.

    `fields` are the fields that are written, by kind; `link` is the link whose
    edges are, `back` where the thing is its target.
    """

    word: str
    parts: tuple[Part, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    back: bool = False

    @property
    def overlaps(self) -> bool:
        """Whether a thing may stand in several parts."""
        masks = [each.mask for each in self.parts]
        return len(masks) > 1 and bool((np.sum(masks, axis=0) > 1).any())


@dataclass(frozen=True, kw_only=True)
class _Value:
    """A part before it is asked for."""

    name: str
    condition: ast.Condition
    value: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    category: str = ""
    ref: str = ""
    open: bool = False


def dimension_of(asked: Asked, words: str, *, most: int = MOST) -> Dimension:
    """The things of a query by `kind`, by a field, a link, or a reading in bands.

    Raises Refused for words that the model does not have (as a query does),
    VIEW032 for what leads to too many sorts of values, and VIEW039 for what
    names people.
    """
    if words.strip().casefold() == KIND:
        return _by_kind(asked, words.strip())
    operand = asked.operand(words)
    what = asked.measured(operand)
    here = frozenset(each.name for each in asked.kinds)
    if names_people(what, lookup_of(asked.graph.model), here):
        raise Refused([no_names(words.strip())])
    if isinstance(what, Listed):
        return _by_link(asked, words, operand, what, most)
    cells = asked.run.cells(what, asked.ids)
    staged = isinstance(what, FieldRead) and all(each.staged for each in what.sources)
    if staged:
        values: Iterable[_Value] = _stages(asked, operand)
    elif cells.texts.dtype == pl.List:
        values = _members(asked, operand, cells, most)
    elif cells.field.type in {"choice", "yes-no"}:
        values = _choices(asked, operand, cells)
    elif np.isnan(cells.low).all() or cells.field.type in {"text", "url"}:
        values = _texts(asked, operand, cells, most)
    else:
        values = _bands(asked, operand, cells, most)
    always = () if isinstance(what, Tallied) else _LACKS
    parts = _asked_for(asked, values, [(name, ast.Lacks(operand, lack)) for name, lack in always])
    fields = _written(asked, what) if isinstance(what, FieldRead) else {}
    return Dimension(word=words.strip(), parts=parts, fields=fields)


# Sorts of values -----------------------------------------------------------------------


def _by_kind(asked: Asked, word: str) -> Dimension:
    graph = asked.graph
    codes = graph.kind_codes[asked.ids]
    counts = np.bincount(codes, minlength=len(graph.kind_names))
    parts = tuple(
        Part(
            name=kind.many or kind.name,
            mask=codes == graph.kind_names.index(kind.name),
            head=ast.Name(kind.name),
        )
        for kind in asked.kinds
        if kind.name in graph.kind_names and counts[graph.kind_names.index(kind.name)]
    )
    return Dimension(word=word, parts=parts)


def _stages(asked: Asked, operand: ast.Operand) -> Iterator[_Value]:
    """A kind's own stages, or the categories that several kinds share."""
    kind = asked.sole_kind
    if kind is not None:
        for stage in kind.stages:
            condition = ast.Compare(operand, Op.IS, _literal(asked, stage.name))
            yield _Value(
                name=stage.name, condition=condition, value=stage.name, category=stage.category
            )
        return
    interface = asked.extent.interface
    shared = dict.fromkeys(interface.stages if interface else ())
    shared |= dict.fromkeys(stage.category for each in asked.kinds for stage in each.stages)
    for category in shared:
        if category:
            yield _Value(
                name=category,
                condition=ast.Compare(operand, Op.IS, _literal(asked, category)),
                value=category,
                values=_first_stages(asked.kinds, category),
                category=category,
            )


def _first_stages(kinds: Iterable[Kind], category: str) -> dict[str, str]:
    """For each kind the first of its stages that has a category."""
    found = {
        kind.name: next((e.name for e in kind.stages if e.category == category), "")
        for kind in kinds
    }
    return {kind: name for kind, name in found.items() if name}


def _choices(asked: Asked, operand: ast.Operand, cells: Cells) -> Iterator[_Value]:
    words = cells.field.choices if cells.field.type == "choice" else ("yes", "no")
    for word in words:
        condition = ast.Compare(operand, Op.IS, _literal(asked, word))
        yield _Value(name=word, condition=condition, value=word)


def _texts(asked: Asked, operand: ast.Operand, cells: Cells, most: int) -> Iterator[_Value]:
    for text in _frequent(cells.written(), most):
        condition = ast.Compare(operand, Op.IS, _literal(asked, text))
        yield _Value(name=text, condition=condition, value=text)


def _members(asked: Asked, operand: ast.Operand, cells: Cells, most: int) -> Iterator[_Value]:
    for text in _frequent(cells.texts.explode(), most):
        condition = ast.Compare(operand, Op.CONTAINS, ast.Literal(text, quoted=True))
        yield _Value(name=text, condition=condition, open=True)


def _frequent(texts: pl.Series, most: int) -> list[str]:
    """The most frequent texts, letter case aside, as they are mostly written."""
    frame = pl.DataFrame({"text": texts}).drop_nulls()
    frame = frame.filter(pl.col("text").str.strip_chars() != "")
    spelled = frame.group_by("text", maintain_order=True).len()
    spelled = spelled.sort("len", descending=True, maintain_order=True)
    folded = spelled.group_by(pl.col("text").str.to_lowercase().alias("fold"), maintain_order=True)
    found = folded.agg(pl.col("text").first(), pl.col("len").sum())
    return found.sort("len", descending=True, maintain_order=True)["text"].head(most).to_list()


def _bands(asked: Asked, operand: ast.Operand, cells: Cells, most: int) -> Iterator[_Value]:
    for name, terms in bands_of(cells, most):
        compared = tuple(ast.Compare(operand, op, ast.Literal(text)) for op, text in terms)
        yield _Value(name=name, condition=ast.all_of(compared), open=True)


def _by_link(asked: Asked, words: str, operand: ast.Operand, what: Listed, most: int) -> Dimension:
    """The things that a path leads to most often, each a part of its own; never a person."""
    if what.field is not None:
        says = f"'{words}' lists values of other things, which cannot be laid side by side"
        hint = "take the link alone, a field, or count(…), sum(…), max(…)"
        raise Refused([error("VIEW032", says, hint=hint, value=words)])
    path = operand.path if isinstance(operand, ast.Over) else _plain_path(operand)
    _, nodes = pairs_of(asked.graph, what.steps, asked.ids)
    people = [
        asked.graph.kind_names.index(each)
        for each in people_kinds(asked.graph.model)
        if each in asked.graph.kind_names
    ]
    nodes = nodes[~np.isin(asked.graph.kind_codes[nodes], people)]
    counts = np.bincount(nodes, minlength=asked.graph.size)
    wanted = np.argsort(-counts, kind="stable")[: min(most, np.count_nonzero(counts))]
    values = [
        _Value(
            name=each.title or each.ref,
            condition=ast.Linked(path, Quantity.SOME, ast.Target(ast.Thing(each.ref))),
            value=each.ref,
            ref=each.ref,
        )
        for each in things(asked.graph, ids_as_array(wanted.tolist()))
    ]
    lacks = [
        ("none", ast.Linked(path, Quantity.NONE)),
        ("not recorded", ast.Linked(path, Quantity.UNKNOWN)),
    ]
    parts = _asked_for(asked, values, lacks)
    ways = what.steps[0].ways if len(what.steps) == 1 and not what.steps[0].repeat else ()
    link, back = ways[0] if len(ways) == 1 else ("", False)
    return Dimension(word=words.strip(), parts=parts, link=link, back=back)


def _plain_path(operand: ast.Operand) -> ast.Path:
    assert isinstance(operand, ast.Name)
    return ast.Path((ast.Step(operand),))


# Parts ---------------------------------------------------------------------------------


def _asked_for(
    asked: Asked, values: Iterable[_Value], lacks: Iterable[tuple[str, ast.Condition]]
) -> tuple[Part, ...]:
    """Values that can be asked for, then those without one, then all others."""
    parts = []
    for each in values:
        mask = asked.mask(each.condition)
        if mask is not None:
            parts.append(
                Part(
                    name=each.name,
                    mask=mask,
                    condition=each.condition,
                    value=each.value,
                    values=each.values,
                    category=each.category,
                    ref=each.ref,
                    open=each.open,
                )
            )
    for name, condition in lacks:
        mask = asked.mask(condition)
        if mask is not None and mask.any():
            bare = name == "none"
            parts.append(Part(name=name, mask=mask, condition=condition, bare=bare, open=not bare))
    banded = any(isinstance(each.condition, ast.All) for each in parts if each.open)
    left = _left_over(parts, len(asked.ids), "across bands" if banded else "others")
    return (*parts, left) if left is not None else tuple(parts)


def _left_over(parts: list[Part], size: int, name: str) -> Part | None:
    """What surely belongs to no part, as a condition that finds exactly that."""
    taken = np.zeros(size, dtype=np.bool_)
    for each in parts:
        taken |= each.mask
    if taken.all():
        return None
    conditions = tuple(each.condition for each in parts if each.condition is not None)
    outside = tuple(ast.Possibly(ast.Not(each)) for each in conditions)
    condition = ast.all_of(outside) if outside else None
    return Part(name=name, mask=~taken, condition=condition, open=True)


def _written(asked: Asked, what: FieldRead) -> dict[str, str]:
    """By kind the field in which a value is recorded; kinds that work it out are left out."""
    plain = (each for each in what.sources if each.expression is None and each.column)
    kinds = {kind.name: kind for kind in asked.kinds}
    return {
        each.kind: kinds[each.kind].stage_field if each.staged else each.column
        for each in plain
        if each.kind in kinds and not each.field.many
    }


def _literal(asked: Asked, text: str) -> ast.Literal:
    """A value as a query says it: in quotes, unless it is one plain word."""
    from latticework.query.lexer import tokens_of

    if text.replace("-", "").isalpha():
        # "is" may be the beginning of a link's phrase: "is settled" by a ritual.
        tokens, findings = tokens_of(f"is {text}", asked.vocabulary)
        if not findings and len(tokens) == 2 and tokens[1].type == "NAME":
            return ast.Literal(text)
    return ast.Literal(text, quoted=True)


def is_stage(word: str) -> bool:
    """Whether a word asks for the stage."""
    return word.strip().casefold() == STAGE

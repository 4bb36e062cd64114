"""Titles in place of refs, where people read rather than type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from latticework.views.blocks import (
    Cell,
    Feed,
    Span,
    Table,
    Tree,
    Twig,
)
from latticework.views.visuals import Block

if TYPE_CHECKING:
    from latticework.graph.graph import Graph


def titled(block: Block, graph: Graph) -> Block:
    """The block with things called by their titles."""
    match block:
        case Feed():
            return titled_feed(block, graph)
        case Table():
            return titled_table(block, graph)
        case Tree():
            return replace(block, twigs=tuple(_bare_twig(each) for each in block.twigs))
        case _:
            return block


def titled_table(table: Table, graph: Graph) -> Table:
    """Titles come first and refs last; what links lead to goes by its title."""
    names = [column.name for column in table.columns]
    if "title" not in names:
        return table
    first = [0] if table.grouped else []
    first += [place for place, name in enumerate(names) if name == "title"]
    last = [place for place, name in enumerate(names) if name == "ref"]
    kept = {*first, *last}
    order = [*first, *(place for place in range(len(names)) if place not in kept), *last]
    bare = {
        span.ref
        for row in table.rows
        for place, each in enumerate(row)
        if place not in kept
        for span in each.spans
        if span.ref == span.text
    }
    titles = titles_of(graph, bare - {""})
    rows = (
        tuple(row[place] if place in kept else _titled_cell(row[place], titles) for place in order)
        for row in table.rows
    )
    columns = tuple(table.columns[place] for place in order)
    return replace(table, columns=columns, rows=tuple(rows))


def titled_feed(feed: Feed, graph: Graph) -> Feed:
    """The feed with things called by their titles, what holds latest first."""
    bare = {span.ref for line in feed.lines for span in line.says if span.ref == span.text != ""}
    titles = titles_of(graph, bare)
    lines = (replace(line, says=_told(line.says, titles)) for line in feed.lines)
    return replace(
        feed, lines=tuple(sorted(lines, key=lambda told: (-told.valid, -told.batch, told.number)))
    )


def titles_of(graph: Graph, refs: Iterable[str]) -> Mapping[str, str]:
    """Titles by ref, former refs too; refs that lead nowhere are left out."""
    from latticework.views.things import ids

    found = {ref: node for ref in refs if (node := graph.find(ref)) is not None}
    if not found:
        return {}
    texts = graph.column("title", ids(list(found.values()))).text.to_list()
    return {ref: title for ref, title in zip(found, texts, strict=True) if title}


def _told(says: tuple[Span, ...], titles: Mapping[str, str]) -> tuple[Span, ...]:
    """A sentence with titles; one that names a thing twice tells of its refs."""
    named = [titles[span.ref] for span in says if span.ref in titles]
    return says if len(named) > len(set(named)) else tuple(_called(span, titles) for span in says)


def _bare_twig(twig: Twig) -> Twig:
    """The twig without the refs that stand beside titles."""
    titles = {span.ref for span in twig.spans if span.ref and span.text != span.ref}
    spans = tuple(span for span in twig.spans if span.ref != span.text or span.ref not in titles)
    return replace(twig, spans=spans, twigs=tuple(_bare_twig(each) for each in twig.twigs))


def _titled_cell(cell: Cell, titles: Mapping[str, str]) -> Cell:
    return Cell(tuple(_called(span, titles) for span in cell.spans))


def _called(span: Span, titles: Mapping[str, str]) -> Span:
    title = titles.get(span.ref) if span.text == span.ref else None
    return replace(span, text=title) if title else span

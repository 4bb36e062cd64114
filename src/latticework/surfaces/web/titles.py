"""Titles in place of refs, where people read rather than type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from latticework.views.page import Block, Cell, Feed, Span

if TYPE_CHECKING:
    from latticework.graph.graph import Graph


def titled(block: Block, graph: Graph) -> Block:
    """The block with things called by their titles; only a feed needs it."""
    return titled_feed(block, graph) if isinstance(block, Feed) else block


def titled_feed(feed: Feed, graph: Graph) -> Feed:
    """The feed with things called by their titles, what holds latest first."""
    bare = {span.ref for line in feed.lines for span in line.says if span.ref == span.text != ""}
    titles = titles_of(graph, bare)
    lines = (replace(line, says=_told(line.says, titles)) for line in feed.lines)
    return replace(feed, lines=tuple(sorted(lines, key=lambda line: (-line.valid, line.number))))


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


def called(cell: Cell, titles: Mapping[str, str]) -> Cell:
    """The cell with titles in place of refs."""
    return Cell(tuple(_called(span, titles) for span in cell.spans))


def _called(span: Span, titles: Mapping[str, str]) -> Span:
    title = titles.get(span.ref) if span.text == span.ref else None
    return replace(span, text=title) if title else span

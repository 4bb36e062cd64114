"""What differs between two graphs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from latticework.graph.classes import classes_of
from latticework.graph.graph import Graph
from latticework.graph.log import EdgeLog
from latticework.graph.pairing import EdgePairing, Pairing, edge_pairing_of, pairing_of, seen_once
from latticework.graph.replay import cells_at, value_spots
from latticework.graph.tell import tell
from latticework.graph.timeline import Ints, Longs
from latticework.graph.values import Values
from latticework.model.model import Model

__all__ = ["Delta", "delta", "tell"]

CELLS = pl.Schema(
    {
        "ref": pl.String,
        "kind": pl.String,
        "title": pl.String,
        "field": pl.String,
        "before": pl.String,
        "after": pl.String,
    }
)
CHANGES = pl.List(
    pl.Struct({"field": pl.String, "before": pl.String, "after": pl.String}),
)
EDGES: dict[str, type[pl.String] | pl.List] = {
    "source": pl.String,
    "link": pl.String,
    "target": pl.String,
    "what": pl.String,
    "changes": CHANGES,
    "kind": pl.String,
    "title": pl.String,
    "target_title": pl.String,
}


@dataclass(frozen=True, kw_only=True)
class Delta:
    """One graph minus another, in the words of the later one.

    `nodes` have `what` new, gone or moved, with the former ref in `was`.
    `cells` are fields of things that exist after, as text, lists joined by
    commas. `edges` have `what` new, gone or changed, and the carried fields
    that changed. `classes` give each thing's classes: new, cut, elaborated,
    moved, restaged.
    """

    nodes: pl.DataFrame
    cells: pl.DataFrame
    edges: pl.DataFrame
    classes: pl.DataFrame
    model: Model = field(repr=False)

    def __len__(self) -> int:
        """How many differences there are."""
        return len(self.nodes) + len(self.cells) + len(self.edges)

    def tell(self, most: int = 200) -> tuple[str, ...]:
        """The same in sentences, no more than `most`."""
        return tell(self, most)


def delta(before: Graph, after: Graph, ids: Ints | None = None) -> Delta:
    """What is new, gone or otherwise in `after`, of everything or of `ids`.

    The graphs are of one log at two moments, or of two branches; things of
    two logs are matched by ref. `ids` number things of `after`.
    """
    pairs = pairing_of(before, after, ids)
    nodes = _nodes(pairs)
    cells = _cells(pairs)
    edges = _edges(pairs)
    return Delta(
        nodes=nodes,
        cells=cells,
        edges=edges,
        classes=classes_of(nodes, cells, edges, after),
        model=after.model,
    )


def _nodes(pairs: Pairing) -> pl.DataFrame:
    new = np.flatnonzero(pairs.alive_after & ~pairs.alive_before & pairs.wanted)
    gone = np.flatnonzero(pairs.alive_before & ~pairs.alive_after & pairs.wanted)
    moved = pairs.moved()
    parts = [
        pairs.named(new).with_columns(what=pl.lit("new"), was=pl.lit(None, pl.String)),
        pairs.named(gone).with_columns(what=pl.lit("gone"), was=pl.lit(None, pl.String)),
        pairs.named(moved).with_columns(what=pl.lit("moved"), was=pairs.former_refs(moved)),
    ]
    return pl.concat(parts).sort("what", "ref", maintain_order=True)


def _cells(pairs: Pairing) -> pl.DataFrame:
    """Fields whose values differ, of things that exist after."""
    after = pairs.after
    known = dict.fromkeys([*after.log.cells, *pairs.before.log.cells])
    parts = []
    for words, named in _fields(after, tuple(known)).items():
        spots = _touched(pairs, words)
        kinds = after.kind_codes[pairs.ids_after[spots]]
        spots = spots[np.isin(kinds, list(named))]
        spots, old, new = _differing(pairs, words, spots)
        names = pl.Series([named[code] for code in after.kind_codes[pairs.ids_after[spots]]])
        parts.append(
            pairs.named(spots).with_columns(
                field=names.cast(pl.String), before=old.as_texts(), after=new.as_texts()
            )
        )
    if not parts:
        return pl.DataFrame(schema=CELLS)
    cells = _stages_read(pl.concat(parts), after)
    return cells.sort("ref", "field", maintain_order=True)


def _stages_read(cells: pl.DataFrame, after: Graph) -> pl.DataFrame:
    """The cells with stages in the later model's words, less those that only look changed."""
    parts = [cells]
    for kind in after.model.kinds:
        staged = (pl.col("kind") == kind.name) & (pl.col("field") == kind.stage_field)
        rows = parts[0].filter(staged)
        if not kind.stages or not len(rows):
            continue
        words = pl.concat([rows["before"], rows["after"]]).drop_nulls().unique().to_list()
        names = [after.words.find_stage(kind, word) or word for word in words]
        read = rows.with_columns(pl.col("before", "after").replace(words, names))
        parts[0] = parts[0].filter(~staged)
        parts.append(read.filter(pl.col("before").ne_missing(pl.col("after"))))
    return pl.concat(parts)


def _fields(after: Graph, known: tuple[str, ...]) -> dict[tuple[str, ...], dict[int, str]]:
    """For the words that mean one field: that field's name by kind code."""
    found: dict[tuple[str, ...], dict[int, str]] = {}
    for code, kind in enumerate(after.kind_names):
        declared = after.model.kinds_by_name.get(kind)
        rest = dict.fromkeys(known)
        for name in declared.fields_by_name if declared else ():
            words = after.words.field_words(kind, name, known)
            if words:
                found.setdefault(words, {})[code] = name
            for word in words:
                rest.pop(word, None)
        for word in rest:
            found.setdefault((word,), {})[code] = word
    return found


def _touched(pairs: Pairing, words: tuple[str, ...]) -> Ints:
    """Things existing after, of which a field's value may differ."""
    if not pairs.one_log:
        return np.flatnonzero(pairs.alive_after & pairs.wanted).astype(np.int32)
    line = pairs.after.log.cells_of(words).line
    touched = pairs.alive_after & ~pairs.alive_before
    touched[line.subject[seen_once(line, pairs.before, pairs.after)]] = True
    return np.flatnonzero(touched & pairs.alive_after & pairs.wanted).astype(np.int32)


def _differing(pairs: Pairing, words: tuple[str, ...], spots: Ints) -> tuple[Ints, Values, Values]:
    """Those of the things whose values differ, and both values."""
    ids_before = np.where(pairs.alive_before[spots], pairs.ids_before[spots], -1)
    old = _values(pairs.before, words, ids_before.astype(np.int32))
    new = _values(pairs.after, words, pairs.ids_after[spots])
    differ = old.differ(new)
    picks = np.flatnonzero(differ).astype(np.int32)
    return spots[picks], old.gather(picks), new.gather(picks)


def _values(graph: Graph, words: tuple[str, ...], ids: Ints) -> Values:
    cells = graph.log.cells_of(words)
    rows = cells.line.at(graph.moment.valid, graph.number).rows_of(np.maximum(ids, 0))
    rows = np.where(ids >= 0, rows, np.int32(-1))
    return cells.values.gather(value_spots(cells.line.value, rows))


def _edges(pairs: Pairing) -> pl.DataFrame:
    known = tuple(dict.fromkeys([*pairs.after.log.edges, *pairs.before.log.edges]))
    rest = dict.fromkeys(known)
    parts = []
    for name in pairs.after.model.links_by_name:
        words = pairs.after.words.link_words(name, known)
        for word in words:
            rest.pop(word, None)
        parts.append(_link_edges(pairs, name, words))
    parts += [_link_edges(pairs, word, (word,)) for word in rest]
    if not parts:
        return pl.DataFrame(schema=pl.Schema(EDGES))
    return pl.concat(parts).sort("source", "link", "what", "target", maintain_order=True)


def _link_edges(pairs: Pairing, name: str, words: tuple[str, ...]) -> pl.DataFrame:
    """Edges of one link that differ; those of a thing that is gone go unsaid."""
    edges = edge_pairing_of(pairs, words)
    gone = np.flatnonzero(edges.before & ~edges.after & pairs.alive_after[edges.sources])
    new = np.flatnonzero(edges.after & ~edges.before)
    carried = _carried_changes(pairs, edges, name)
    kept = carried.filter(pl.Series(edges.before[carried["edge"].to_numpy()]))
    if not (len(gone) or len(new) or len(kept)):
        # Most links of most deltas: frames of no rows cost as much as those of some.
        return pl.DataFrame(schema=pl.Schema(EDGES))
    parts = [
        _edge_rows(pairs, edges, gone, "gone"),
        _edge_rows(pairs, edges, new, "new"),
        _edge_rows(pairs, edges, kept["edge"].to_numpy(), "changed"),
    ]
    rows = pl.concat(parts).join(carried, on="edge", how="left", maintain_order="left")
    return rows.with_columns(link=pl.lit(name)).select(
        pl.col(column).cast(dtype) for column, dtype in EDGES.items()
    )


def _edge_rows(pairs: Pairing, edges: EdgePairing, spots: Longs, what: str) -> pl.DataFrame:
    sources = pairs.named(edges.sources[spots]).rename({"ref": "source"})
    targets = pairs.named(edges.targets[spots]).select(target="ref", target_title="title")
    return pl.concat([sources, targets], how="horizontal").with_columns(
        edge=pl.Series(spots, dtype=pl.Int64), what=pl.lit(what)
    )


def _carried_changes(pairs: Pairing, edges: EdgePairing, link: str) -> pl.DataFrame:
    """For each edge that stands after, the carried fields that differ."""
    touched = np.flatnonzero(edges.touched & edges.after)
    parts = []
    for name, words in _carried_words(pairs, edges, link).items():
        old, new = (
            _carried(graph, log, words, np.where(on, numbers, -1)[touched].astype(np.int32))
            for graph, log, on, numbers in (
                (pairs.before, edges.log_before, edges.before, edges.numbers_before),
                (pairs.after, edges.log_after, edges.after, edges.numbers_after),
            )
        )
        differ = old.differ(new)
        parts.append(
            pl.DataFrame({"edge": touched, "before": old.as_texts(), "after": new.as_texts()})
            .with_columns(field=pl.lit(name))
            .filter(pl.Series(differ))
        )
    if not parts:
        return pl.DataFrame(schema={"edge": pl.Int64, "changes": CHANGES})
    changes = pl.struct("field", "before", "after").alias("changes")
    return pl.concat(parts).group_by("edge", maintain_order=True).agg(changes)


def _carried_words(pairs: Pairing, edges: EdgePairing, link: str) -> dict[str, tuple[str, ...]]:
    known = tuple(dict.fromkeys([*edges.log_after.fields, *edges.log_before.fields]))
    declared = pairs.after.model.links_by_name.get(link)
    found = {
        name: pairs.after.words.carried_words(link, name, known)
        for name in (declared.carries_by_name if declared else ())
    }
    read = {word for words in found.values() for word in words}
    return found | {word: (word,) for word in known if word not in read}


def _carried(graph: Graph, log: EdgeLog, words: tuple[str, ...], numbers: Ints) -> Values:
    cells = log.cells_of(words)
    if not len(log.sources):
        return cells.values.gather(numbers)
    spots = cells_at(log, cells, np.maximum(numbers, 0), graph.moment.valid, graph.number)
    return cells.values.gather(np.where(numbers >= 0, spots, np.int32(-1)))

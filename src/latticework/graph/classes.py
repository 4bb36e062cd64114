"""What sort of difference each changed thing shows."""

from __future__ import annotations

import polars as pl

from latticework.graph.graph import Graph
from latticework.graph.log import read_values
from latticework.graph.values import Values
from latticework.graph.words import field_of
from latticework.model.model import Field, Kind, Model, Shape

DROPPED = "dropped"
"""The category of stages in which a thing was given up."""

CLASSES = ("new", "cut", "restaged", "moved", "elaborated")
"""In the order in which they are told."""


def classes_of(
    nodes: pl.DataFrame, cells: pl.DataFrame, edges: pl.DataFrame, after: Graph
) -> pl.DataFrame:
    """A row per thing and class, in the order of CLASSES, then of refs.

    new: it began. cut: it is gone, or was given up. restaged: its stage is
    another. moved: its ref is another, or one link leads elsewhere.
    elaborated: a field was filled or narrowed, an edge drawn, a child gained.
    """
    begun = nodes.filter(pl.col("what") == "new").select("ref")
    gone = nodes.filter(pl.col("what") == "gone").select("ref")
    old_cells = cells.join(begun, on="ref", how="anti")
    old_edges = edges.join(begun.rename({"ref": "source"}), on="source", how="anti")
    stages = _stage_changes(old_cells, after)
    dropped = pl.col("category").eq_missing(pl.lit(DROPPED))
    parts = {
        "new": [begun],
        "cut": [gone, stages.filter(dropped)],
        "restaged": [stages.filter(~dropped)],
        "moved": [nodes.filter(pl.col("what") == "moved"), _led_elsewhere(old_edges)],
        "elaborated": [
            _filled(old_cells, stages),
            _narrowed(old_cells, after.model),
            _edges_drawn(old_edges),
            _children_gained(edges, after.model).join(begun, on="ref", how="anti"),
        ],
    }
    found = [
        pl.concat([part.select("ref") for part in each])
        .unique()
        .sort("ref")
        .with_columns(pl.lit(name).alias("class"))
        for name, each in parts.items()
    ]
    return pl.concat(found)


def _stage_changes(cells: pl.DataFrame, after: Graph) -> pl.DataFrame:
    """Cells that hold a stage which is another in the later model's words."""
    parts = []
    for kind in after.model.kinds:
        rows = cells.filter((pl.col("kind") == kind.name) & (pl.col("field") == kind.stage_field))
        if kind.stages and len(rows):
            words = pl.concat([rows["before"], rows["after"]]).drop_nulls().unique().to_list()
            names = [after.words.find_stage(kind, word) or word for word in words]
            categories = [_category(kind, name) for name in names]
            read = rows.with_columns(
                pl.col("before", "after").replace(words, names),
                category=pl.col("after").replace_strict(
                    words, categories, default=None, return_dtype=pl.String
                ),
            )
            parts.append(read.filter(pl.col("before").ne_missing(pl.col("after"))))
    if not parts:
        return cells.clear().with_columns(category=pl.lit(None, pl.String))
    return pl.concat(parts)


def _category(kind: Kind, stage: str) -> str | None:
    found = kind.stages_by_name.get(stage)
    return found.category or None if found else None


def _led_elsewhere(edges: pl.DataFrame) -> pl.DataFrame:
    """Sources of which one link lost a target and gained another."""
    ends = edges.filter(pl.col("what") != "changed").group_by("source", "link")
    both = ends.agg(pl.col("what").n_unique()).filter(pl.col("what") == 2)
    return both.select(ref="source")


def _filled(cells: pl.DataFrame, stages: pl.DataFrame) -> pl.DataFrame:
    """Things that say something in a field of which they said nothing."""
    plain = cells.join(stages.select("ref", "field"), on=["ref", "field"], how="anti")
    return plain.filter(pl.col("before").is_null() & pl.col("after").is_not_null())


def _narrowed(cells: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Things with a range inside the former one, or a value once unknown."""
    parts = []
    changed = cells.drop_nulls(["before", "after"])
    for kind, name in changed.select("kind", "field").unique().sort("kind", "field").iter_rows():
        declared = model.kinds_by_name.get(kind)
        read = declared and field_of(declared, name)
        if read and not read.many:
            rows = changed.filter((pl.col("kind") == kind) & (pl.col("field") == name))
            parts.append(rows.filter(_is_narrower(read, rows)))
    return pl.concat(parts) if parts else cells.clear()


def _is_narrower(declared: Field, rows: pl.DataFrame) -> pl.Series:
    old, new = (read_values(declared, Values(rows[end])) for end in ("before", "after"))
    known = old.unknown & ~new.unknown & ~new.misfit
    inside = (new.low >= old.low) & (new.high <= old.high)
    smaller = (new.high - new.low) < (old.high - old.low)
    return known | (inside & smaller).fill_null(False)


def _edges_drawn(edges: pl.DataFrame) -> pl.DataFrame:
    """Sources with a new edge, or an edge that says more."""
    said = pl.col("changes").list.eval(
        pl.element().struct.field("before").is_null()
        & pl.element().struct.field("after").is_not_null()
    )
    more = said.list.any().fill_null(False)
    return edges.filter((pl.col("what") == "new") | more).select(ref="source")


def _children_gained(edges: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Targets of new edges of links that go from child to parent."""
    upward = [each.name for each in model.links if each.shape in (Shape.ACYCLIC, Shape.TREE)]
    gained = edges.filter((pl.col("what") == "new") & pl.col("link").is_in(upward))
    return gained.select(ref="target")

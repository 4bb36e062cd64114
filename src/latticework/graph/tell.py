"""A delta in plain sentences, in the company's own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import polars as pl

from latticework.graph.words import field_of
from latticework.model.model import TITLE, Model

if TYPE_CHECKING:
    from latticework.graph.delta import Delta

FEW = 12
"""Beyond so many differences, counts come first."""

Row = Mapping[str, str | None]


def tell(delta: Delta, most: int = 200) -> tuple[str, ...]:
    """Sentences about what differs, no more than `most`; the last says what is left out.

    Where there are many, counts come first, and of new things only their
    edges are told.
    """
    counts = _counts(delta) if len(delta) > FEW else ()
    new = delta.nodes.filter(pl.col("what") == "new").select("ref")
    plain = delta.cells.join(new, on="ref", how="anti", maintain_order="left")
    cells = plain if counts else _less_new_titles(delta.cells, new)
    groups = _groups(delta.edges)
    changed = delta.edges.filter(pl.col("what") == "changed")
    whole = len(delta.nodes) + len(cells) + len(groups) + len(changed)
    sentences = chain(
        (_node(row) for row in delta.nodes.iter_rows(named=True)),
        (_cell(row, delta.model) for row in cells.iter_rows(named=True)),
        (_group(row) for row in groups.iter_rows(named=True)),
        (_changed(row) for row in changed.iter_rows(named=True)),
    )
    told = (*counts, *islice(sentences, most))
    if whole <= most:
        return told
    return (*told, f"… and {whole - most:,} more, not told here.")


def _less_new_titles(cells: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """A new thing is named by its title already."""
    return cells.filter(~(pl.col("ref").is_in(new["ref"].implode()) & (pl.col("field") == TITLE)))


def _counts(delta: Delta) -> tuple[str, ...]:
    """One sentence: how many things of each class, and of which kinds."""
    kinds = Counter(delta.nodes.filter(pl.col("what") == "new")["kind"].to_list())
    # A thing of several classes counts under the first of them, as it is drawn.
    firsts = delta.classes.unique("ref", keep="first", maintain_order=True)
    classes = Counter(firsts["class"].to_list())
    words = {
        "new": "new",
        "cut": "gone or given up",
        "restaged": "in another stage",
        "moved": "moved",
        "elaborated": "said more fully",
    }
    parts = [f"{classes[name]:,} {said}" for name, said in words.items() if classes[name]]
    told = [f"In all: {_listed(parts)}."] if parts else []
    if len(kinds) and classes["new"] > 1:
        numbers = [
            f"{count:,} {_plural(delta.model, kind, count)}" for kind, count in kinds.most_common()
        ]
        told.append(f"New are {_listed(numbers)}.")
    return tuple(told)


def _plural(model: Model, kind: str, count: int) -> str:
    found = model.kinds_by_name.get(kind)
    return found.many if found and found.many and count != 1 else kind


def _node(row: Row) -> str:
    thing = _thing(row)
    match row["what"]:
        case "new":
            return f"{thing} is new."
        case "gone":
            return f"{thing} is gone."
        case _:
            return f"{thing} now goes by {row['ref']} (before: {row['was']})."


def _cell(row: Row, model: Model) -> str:
    thing, name = _thing(row), row["field"]
    kind = model.kinds_by_name.get(row["kind"] or "")
    staged = kind and kind.stages and name == kind.stage_field and field_of(kind, name or "")
    before, after = row["before"], row["after"]
    if staged and before is not None and after is not None:
        return f"{thing} moved from {before} to {after}."
    if after is None:
        return f"{thing} has no {name} now (before: {before})."
    if before is None:
        return f"{thing} stands in {after}." if staged else f"{thing} has {name} {after}."
    return f"{thing} has {name} {after} (before: {before})."


def _groups(edges: pl.DataFrame) -> pl.DataFrame:
    """By source and link, where edges that began and ended lead."""
    ends = edges.filter(pl.col("what") != "changed")
    return ends.group_by("source", "link", maintain_order=True).agg(
        pl.col("kind").first(),
        pl.col("title").first(),
        pl.col("target_title").filter(pl.col("what") == "new").alias("new"),
        pl.col("target_title").filter(pl.col("what") == "gone").alias("gone"),
    )


def _group(row: Mapping[str, Any]) -> str:
    thing, link = _thing({**row, "ref": row["source"]}), row["link"]
    new, gone = (_listed(_quoted(each) for each in row[key]) for key in ("new", "gone"))
    if new:
        return f"{thing} now {link} {new}" + (f" (before: {gone})." if gone else ".")
    return f"{thing} no longer {link} {gone}."


def _changed(row: Mapping[str, Any]) -> str:
    thing, target = _thing({**row, "ref": row["source"]}), _quoted(row["target_title"])
    said = (_carried(each) for each in row["changes"] or ())
    return f"{thing} {row['link']} {target} with {_listed(said)}."


def _carried(change: Row) -> str:
    name, before, after = change["field"], change["before"], change["after"]
    if after is None:
        return f"no {name} (before: {before})"
    return f"{name} {after}" + (f" (before: {before})" if before is not None else "")


def _thing(row: Mapping[str, object]) -> str:
    kind = str(row["kind"] or "thing")
    return f"{kind[:1].upper()}{kind[1:]} {_quoted(row['title'] or row['ref'])}"


def _quoted(name: object) -> str:
    return f"‘{' '.join(str(name).split())}’"


def _listed(parts: Iterable[str]) -> str:
    every = list(parts)
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])} and {every[-1]}"

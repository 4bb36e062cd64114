"""What a lens lays things out by, where the reader has not chosen."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.base.findings import Refused, error
from latticework.model.model import STAGE
from latticework.query import ast
from latticework.query.extent import Extent
from latticework.query.format import format_query
from latticework.views.lens.asked import Asked
from latticework.views.lens.dimension import KIND

_PARTED = frozenset({"choice", "yes-no"})


def usual_dimensions(asked: Asked) -> tuple[str, str]:
    """Two words that say something of the things: stage, choices, links, the kind."""
    found = list(dict.fromkeys(words_for(asked)))
    if len(asked.kinds) > 1 and KIND not in found[:2]:
        found.insert(1, KIND)
    return (found[0], found[1]) if len(found) > 1 else ((found or [KIND])[0], KIND)


def usual_piles(asked: Asked) -> str:
    """The word whose values make the columns of a board; raises Refused (VIEW034)."""
    found = next(words_for(asked), "")
    if found:
        return found
    says = f"{asked.extent.word} has no stages, no choices and no links to make columns of"
    hint = "declare stages for it in the model, or name a field: by=FIELD"
    raise Refused([error("VIEW034", says, hint=hint, value=asked.extent.word)])


def words_for(asked: Asked) -> Iterator[str]:
    """Every word with few values: the stage, choices, links that lead to one, others."""
    if any(kind.stages for kind in asked.kinds):
        yield STAGE
    yield from _choices(asked.extent)
    names = set(asked.extent.names)
    links = [
        link
        for link in asked.graph.model.links
        if names & {kind for end in link.ends for kind in asked.graph.model.end_kinds(end.source)}
    ]
    yield from (_said(asked, link.name) for link in links if _leads_to_one(asked, link.name))
    yield from (_said(asked, link.name) for link in links if not _leads_to_one(asked, link.name))


def usual_words(asked: Asked) -> Iterator[str]:
    """What says most of a thing in little room: whose it is, until when, how it goes."""
    names = set(asked.extent.names)
    links = (each.name for each in asked.graph.model.links if _leads_to_one(asked, each.name))
    yield from (_said(asked, each) for each in links)
    fields = [each for kind in asked.kinds for each in kind.fields if each.type == "day"]
    yield from dict.fromkeys(_said(asked, e.name) for e in fields if len(names) == 1)
    yield from (_said(asked, each) for each in _choices(asked.extent))


def _choices(extent: Extent) -> Iterator[str]:
    shared = extent.interface.fields if extent.interface else ()
    own = () if extent.interface else tuple(f for kind in extent.kinds for f in kind.fields)
    staged = {kind.stage_field for kind in extent.kinds if kind.stages}
    for each in (*shared, *own):
        if each.type in _PARTED and not each.many and each.name not in staged:
            yield each.name


def _leads_to_one(asked: Asked, name: str) -> bool:
    model = asked.graph.model
    forward, _ = model.limits_of(model.links_by_name[name])
    return all(forward.get(kind) == 1 for kind in asked.extent.names if kind in forward) and any(
        kind in forward for kind in asked.extent.names
    )


def _said(asked: Asked, name: str) -> str:
    """A link as a query names it."""
    scope = ast.Scope(ast.Name(name))
    return format_query(ast.Query(scope=scope), asked.vocabulary)

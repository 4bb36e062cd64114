"""View: map."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.model.model import Family, Link, Model
from latticework.views.groups import FAMILY, groups_of
from latticework.views.page import Page, param, view
from latticework.views.reach import Reached, edges_among, reach, widened
from latticework.views.things import id_of, ids, things
from latticework.views.visuals import Dot, Map
from latticework.views.walk import way_of
from latticework.views.wording import dotted, many

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from latticework.graph.graph import Graph
    from latticework.views.things import Ids

MOST = 5000
FARTHEST = 6
OPENED = 1000
"""How many more there may be round things that were opened by hand."""

DEGREE = "links"
LAYOUTS = ("", "layered", "free")
"""How dots are laid: as fits the edges, along them, or by nearness alone."""

_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,2})?")
_MOST_LAYERED = 400
_FEW_BACKWARD = 0.08


@dataclass(frozen=True)
class Params:
    """What the reader may choose."""

    query: str = param("", "Which things, in the query language.", position=1)
    focus: str = param("", "Begin at these things instead: refs or titles, with commas.", rare=True)
    hops: int = param(1, "How many steps round them; 0 is none.", most=FARTHEST)
    open: str = param(
        "", "Also one step round these things: refs, with commas; twice is more.", rare=True
    )
    links: str = param("", "Only along these links, with commas between.", usual="all", rare=True)
    cluster: str = param(
        "",
        "Lay together by a field, stage, kind, family or a link.",
        offers="family kind stage parts links",
        usual="none",
    )
    colour: str = param(
        FAMILY, "Colour by family, kind, stage or a field.", offers="family kind stage parts"
    )
    size: str = param(
        "",
        "Size by a number field, or by 'links', how many there are.",
        offers="links numbers",
        usual="all alike",
        rare=True,
    )
    layout: str = param(
        "",
        "layered or free; empty is what fits the edges.",
        offers="layered free",
        usual="what fits",
        rare=True,
    )
    places: str = param("", "Where things were put by hand: ref x y, with semicolons.", rare=True)
    crowd: int = param(
        12,
        "Where more hang on one thing, half as many, the most linked of each kind; 0 is all.",
        rare=True,
    )
    rows: int = param(250, "How many things to draw; 0 is as many as can be.", rare=True, most=MOST)


@view(Params)
def map_(graph: Graph, params: Params) -> Page:
    """What is connected with what, some steps round a question or a thing?

    Every link counts in both directions, unless some are chosen. What a map
    has no room for is said, thing by thing, and can be opened from there.

      latticework map pillar
      latticework map --focus team/payments --links 'depends on' --hops 2
    """
    links = _links(graph.model, params)
    roots, title, query = _roots(graph, params)
    most = params.rows or MOST
    names = [link.name for link in links]
    found = reach(graph, roots, names, hops=params.hops, most=most, crowd=params.crowd)
    opened = [node for word in _words(params.open) if (node := graph.find(word)) is not None]
    found = widened(graph, found, ids(opened), names, most=min(most + OPENED, MOST))
    edges = edges_among(graph, found, names)
    dots = _dots(graph, found, params, _places(params.places))
    shown = tuple((source, target, names[link]) for source, target, link in edges)
    block = Map(
        dots=dots,
        edges=shown,
        focus=tuple(dot.ref for dot in dots[: found.roots]),
        layered=_is_layered(params, len(dots), edges),
        colour=params.colour,
        sized=params.size,
        clustered=params.cluster,
        joins=tuple(_joins(graph.model, {dot.kind for dot in dots})),
        note=_note(found, params.hops),
        empty=_EMPTY,
    )
    about = dotted(many(len(dots), "thing"), many(len(shown), "link"))
    return Page(title=title, subtitle=about, blocks=(block,), data=tuple(_data(block)), query=query)


_EMPTY = (
    "Nothing is here to be connected.",
    "Ask for a kind, such as 'team', or give a thing as the focus.",
)


def default_query(graph: Graph) -> str:
    """The few things that most others are for: the smallest linked-to kind of intent."""
    for family in (Family.INTENT, Family.COLLABORATION, *Family):
        counted = [
            (len(graph.ids_of(kind.name)), kind.name)
            for kind in graph.model.kinds
            if kind.family is family and not kind.people
        ]
        linked = [
            (count, name)
            for count, name in counted
            if count and any(len(graph.adjacency(each.name)) for each in graph.model.links_to(name))
        ]
        if linked:
            return min(linked)[1]
    return ""


def _links(model: Model, params: Params) -> list[Link]:
    """The links to follow; raises Refused with all that is wrong with the choices."""
    findings = []
    if params.layout not in LAYOUTS:
        says = f"'{params.layout}' is no layout of a map"
        findings.append(error("VIEW016", says, hint="give layered or free", value=params.layout))
    chosen: dict[str, Link] = {}
    for word in _words(params.links):
        try:
            link = way_of(model, word).link
            chosen[link.name] = link
        except Refused as refused:
            findings.extend(refused.findings)
    if findings:
        raise Refused(findings)
    return list(chosen.values()) or list(model.links)


def _places(text: str) -> dict[str, tuple[float, float]]:
    """Where each thing was put, by ref; raises Refused (VIEW019) with what is no place."""
    places, findings = {}, []
    for part in text.split(";"):
        match part.split():
            case []:
                continue
            case [ref, x, y] if _NUMBER.fullmatch(x) and _NUMBER.fullmatch(y):
                places[ref] = (float(x), float(y))
            case _:
                hint = "write a ref and two numbers, as in: team/payments 120 40"
                says = f"'{part.strip()}' puts nothing in a place"
                findings.append(error("VIEW019", says, hint=hint, value=part.strip()))
    if findings:
        raise Refused(findings)
    return places


def _words(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _roots(graph: Graph, params: Params) -> tuple[Ids, str, str]:
    """Where the map begins, what it is called, and the question asked."""
    words = _words(params.focus)
    if words:
        found = [id_of(graph, word) for word in words]
        named = things(graph, ids(found))
        return ids(found), ", ".join(each.title or each.ref for each in named[:3]), ""
    query = params.query.strip() or default_query(graph)
    if not query:
        return ids([]), "Map", ""
    from latticework.query.ask import ask
    from latticework.views.lens.worded import headed

    return ask(graph, query).ids, headed(query, graph), query


def _dots(
    graph: Graph,
    found: Reached,
    params: Params,
    places: Mapping[str, tuple[float, float]],
) -> tuple[Dot, ...]:
    named = things(graph, found.ids)
    kinds = [graph.kind_names[code] for code in graph.kind_codes[found.ids].tolist()]
    families = {kind.name: kind.family.value for kind in graph.model.kinds}
    groups = _first_of(graph, found.ids, params.cluster)
    hues = _first_of(graph, found.ids, "" if params.colour == FAMILY else params.colour)
    sizes, said = _sizes(graph, found, params.size)
    return tuple(
        Dot(
            ref=each.ref,
            title=each.title or each.ref,
            kind=kind,
            family=families.get(kind, "other"),
            stage=each.stage,
            category=each.category,
            group=group,
            hue=hue,
            size=size,
            said=words,
            depth=depth,
            more=more,
            missing=not alive,
            place=places.get(each.ref),
        )
        for each, kind, group, hue, size, words, depth, more, alive in zip(
            named,
            kinds,
            groups,
            hues,
            sizes,
            said,
            found.depths,
            found.more,
            graph.alive[found.ids].tolist(),
            strict=True,
        )
    )


def _first_of(graph: Graph, every: Ids, word: str) -> list[str]:
    """The first group of each thing, as a dot lies in one place; how many more there are."""
    if not word:
        return [""] * len(every)
    found = groups_of(graph, every, word)
    return [
        (each[0][0] + (f" +{len(each) - 1}" if len(each) > 1 else "")) if each else ""
        for each in found
    ]


def _sizes(graph: Graph, found: Reached, word: str) -> tuple[list[float], list[str]]:
    """The share of the largest value, whose area is what is seen; 0 where nothing is known."""
    import numpy as np

    if not word:
        return [0.0] * len(found.ids), [""] * len(found.ids)
    if word == DEGREE:
        values = np.asarray(found.degrees, dtype=np.float64)
        said = [many(each, "link") for each in found.degrees]
        return _shares(values), said
    from latticework.model.values import QUANTITIES

    typed = graph.column(word, found.ids)
    if typed.field.type not in QUANTITIES:
        fields = {
            each.name
            for kind in graph.model.kinds
            for each in kind.fields
            if each.type in QUANTITIES
        }
        from latticework.base.near import did_you_mean

        hint = did_you_mean(word, {*fields, DEGREE}, otherwise="give a number field, or 'links'")
        says = f"nothing here is sized by '{word}'"
        raise Refused([error("VIEW016", says, hint=hint, value=word)])
    low, high = (each.to_numpy().astype(np.float64) for each in (typed.low, typed.high))
    middle = np.where(np.isfinite(low) & np.isfinite(high), (low + high) / 2, np.nan)
    texts = [f"{word} {text}" if text else "" for text in typed.text.to_list()]
    return _shares(middle), texts


def _shares(values: NDArray[np.float64]) -> list[float]:
    import numpy as np

    known = np.where(np.isfinite(values) & (values > 0), values, 0.0)
    largest = float(known.max(initial=0.0))
    return [0.0] * len(values) if largest <= 0 else np.sqrt(known / largest).round(4).tolist()


def _joins(model: Model, kinds: set[str]) -> Iterator[tuple[str, str, str]]:
    """Links that may be drawn between things of these kinds."""
    for link in model.links:
        for end in link.ends:
            sources = sorted(kinds.intersection(model.end_kinds(end.source)))
            targets = {kind for each in end.targets for kind in model.end_kinds(each)}
            for target in sorted(targets & kinds):
                yield from ((source, link.name, target) for source in sources)


def _is_layered(params: Params, count: int, edges: Sequence[tuple[int, int, int]]) -> bool:
    """Whether a drawing along the edges fits: few dots, hardly an edge against the stream."""
    if params.layout or params.cluster:
        return params.layout == "layered"
    if not edges or count > _MOST_LAYERED:
        return False
    return _backward_share(count, edges) <= _FEW_BACKWARD


def _backward_share(count: int, edges: Sequence[tuple[int, int, int]]) -> float:
    """The share of edges that lie on a cycle."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    sources, targets, _ = (np.asarray(each) for each in zip(*edges, strict=True))
    ones = np.ones(len(sources), dtype=np.int8)
    matrix = coo_array((ones, (sources, targets)), shape=(count, count)).tocsr()
    _, parts = connected_components(matrix, directed=True, connection="strong")
    return float(np.mean((parts[sources] == parts[targets]) & (sources != targets)))


def _note(found: Reached, hops: int) -> str:
    if not found.left_out:
        return ""
    within = "" if not hops else f" within {many(hops, 'step')}"
    return (
        f"{found.left_out:,} further things{within} are not drawn; "
        "dots that lead to them say how many."
    )


def _data(block: Map) -> Iterator[Mapping[str, object]]:
    for source, target, link in block.edges:
        yield {
            "from": block.dots[source].ref,
            "from_title": block.dots[source].title,
            "link": link,
            "to": block.dots[target].ref,
            "to_title": block.dots[target].title,
        }

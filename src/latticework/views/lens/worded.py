"""A query as a heading says it: its kind in the plural."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from latticework.base.findings import Refused
from latticework.graph.graph import Graph
from latticework.model.model import Model
from latticework.query import ast
from latticework.query.extent import lookup_of
from latticework.query.format import format_query
from latticework.query.parse import parse
from latticework.query.words import vocabulary_of
from latticework.views.wording import plural_of


def worded(text: str, model: Model) -> str:
    """What a query asks about: `bet where stage is active limit 5` is "bets where stage is active".

    How it is shown and sorted is left out; what is no query stays as it is.
    """
    words = vocabulary_of(model)
    try:
        query = parse(text, words)
    except Refused:
        return text.strip()
    plain = replace(query, show=(), sort=(), group=None, limit=None)
    head = format_query(ast.Query(scope=ast.Scope(query.scope.head)), words)
    return _several(query.scope.head, model, head) + format_query(plain, words).removeprefix(head)


def headed(text: str, graph: Graph) -> str:
    """What a query asks about, at the beginning of a line: "Bets where stage is active".

    A query that is a ref alone is headed by the title of that thing.
    """
    said = worded(text, graph.model)
    node = graph.find(said) if "/" in said else None
    if node is not None:
        return str(graph.titles(np.array([node], dtype=np.int32))[0])
    return said[:1].upper() + said[1:]


def _several(head: ast.Head, model: Model, otherwise: str) -> str:
    match head:
        case ast.Anything():
            return "everything"
        case ast.Name(word):
            extent = lookup_of(model).find_extent(word)
            if extent is None or not (extent.interface or len(extent.kinds) == 1):
                return otherwise
            found = extent.interface or extent.kinds[0]
            return found.many or plural_of(found.name)
    return otherwise

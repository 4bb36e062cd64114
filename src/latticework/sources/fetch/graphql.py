"""Asking in GraphQL: what was asked for, or a finding with the server's own words."""

from __future__ import annotations

from collections.abc import Mapping

from latticework.sources.fetch import trouble
from latticework.sources.fetch.http import Client
from latticework.sources.fetch.shapes import Json, inner, named, text, things
from latticework.sources.fetch.trouble import Stopped


def ask(client: Client, path: str, query: str, variables: Mapping[str, object]) -> Json:
    """The data that answers a query; raises Stopped (FETCH022) where there is none.

    Parts that the server could not give are null in it, which is no reason to
    give up the rest.
    """
    answer = client.post(path, {"query": query, "variables": dict(variables)})
    body = named(answer)
    data = inner(body, "data")
    if not any(value is not None for value in data.values()):
        words = "; ".join(text(each.get("message")) for each in things(body.get("errors")))
        if words:
            told = client.hide(words)
            raise Stopped(trouble.refused_request(answer.url, answer.status, told))
        raise Stopped(trouble.odd_answer(answer.url, "data"))
    return data


def nodes(connection: object) -> list[Json]:
    """The things of a connection."""
    return things(inner(connection).get("nodes"))


def next_cursor(connection: object) -> str:
    """Where the next page of a connection begins; empty after the last."""
    info = inner(connection, "pageInfo")
    return text(info.get("endCursor")) if info.get("hasNextPage") is True else ""

"""Answering GraphQL by a schema: what is asked wrongly is refused, as by the real one."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import GraphQLSchema, build_schema, graphql_sync


def schema_of(text: str) -> GraphQLSchema:
    return build_schema(text)


def answered(schema: GraphQLSchema, root: object, asked: Mapping[str, object]) -> dict[str, object]:
    """The body that answers a query; `root` holds values, or functions of the arguments."""
    variables = asked.get("variables")
    assert isinstance(variables, dict)
    found = graphql_sync(schema, str(asked["query"]), root, variable_values=variables)
    body: dict[str, object] = {"data": found.data}
    if found.errors:
        body["errors"] = [{"message": each.message} for each in found.errors]
    return body


def page_of(found: list[dict[str, object]], first: int, after: str | None) -> dict[str, object]:
    """A connection: a page of things, and whether there are more."""
    start = int(after or 0)
    rest = start + first < len(found)
    info = {"hasNextPage": rest, "endCursor": str(start + first) if rest else None}
    return {"nodes": found[start : start + first], "pageInfo": info}

"""The call that tells what lines of text would make."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from latticework.base.findings import error
from latticework.base.near import did_you_mean
from latticework.surfaces.web.answer import NotThere
from latticework.surfaces.web.api.call import Asked, call
from latticework.surfaces.web.api.shapes import Said
from latticework.surfaces.web.drafts import Draft, drafts_of, lines_of
from latticework.views.wording import listed


class LinesSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind, and a line for each thing of it: a title, or an address."""

    kind: str
    lines: Annotated[str, Meta(max_length=200_000)]
    branch: str = ""


class Alike(Struct, frozen=True, kw_only=True):
    """A thing that bears a title already."""

    ref: str
    title: str


class DraftGiven(Struct, frozen=True, kw_only=True):
    """A thing that could be put: a ref that is free, fields, and what it may double."""

    ref: str
    fields: dict[str, Said]
    alike: list[Alike]


class DraftsGiven(Struct, frozen=True, kw_only=True):
    """What lines would make, in their order."""

    drafts: list[DraftGiven]


@call("POST /api/drafts", takes=LinesSent, gives=DraftsGiven, writes=False)
def draft_things(asked: Asked[Struct, LinesSent]) -> DraftsGiven:
    """What a list of titles or addresses would make; nothing is recorded."""
    branch = asked.body.branch or asked.look.branch
    graph = asked.site.workspace.graph(branch=branch)
    kind = graph.model.find_kind(asked.body.kind)
    if kind is None:
        names = tuple(graph.model.kinds_by_name)
        hint = did_you_mean(asked.body.kind, names, otherwise=f"there are: {listed(names)}")
        says = f"no kind is called '{asked.body.kind}'"
        raise NotThere(error("API016", says, hint=hint, value=asked.body.kind))
    return DraftsGiven(
        drafts=[_given(each) for each in drafts_of(graph, kind, lines_of(asked.body.lines))]
    )


def _given(draft: Draft) -> DraftGiven:
    fields: dict[str, Said] = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in draft.fields.items()
    }
    alike = [Alike(ref=each.ref, title=each.title) for each in draft.alike]
    return DraftGiven(ref=draft.ref, fields=fields, alike=alike)

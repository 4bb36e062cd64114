"""Calls for links to one page, for people without a way in."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from latticework.base.findings import error
from latticework.base.times import format_instant
from latticework.surfaces.out.shares import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    MOST_DAYS,
    USUAL_DAYS,
    Share,
    hosts_of,
    shares_of,
)
from latticework.surfaces.web.answer import NotThere
from latticework.surfaces.web.api.call import Asked, call
from latticework.surfaces.web.pages.sharing import shared_address


class ShareSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The address of the page to share, and for how many days.

    `frozen` keeps it as it is known now. `hosts` are sites that may show it in a frame.
    """

    of: Annotated[str, Meta(max_length=LONGEST_ADDRESS)]
    name: Annotated[str, Meta(max_length=LONGEST_NAME)] = ""
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)] = USUAL_DAYS
    frozen: bool = False
    hosts: list[str] = []


class ShareGiven(Struct, frozen=True, kw_only=True):
    """A link that was made: to what, by whom, until when; `opens` where it still does.

    `frozen` is as of when it is known, null where it follows the present. `key`
    names it without opening it. `link` is told once, when it is made.
    """

    key: str
    of: str
    name: str
    by: str
    made: str
    until: str
    frozen: str | None
    hosts: list[str]
    opens: bool
    link: str | None = None


class ShareList(Struct, frozen=True, kw_only=True):
    """Every link that was made, the latest first."""

    shares: list[ShareGiven]


@call("GET /api/shares", gives=ShareList, tagged=False)
def list_shares(asked: Asked[Struct, Struct]) -> ShareList:
    """Every link to a single page, and whether it still opens."""
    workspace = asked.site.workspace
    now = workspace.now()
    every = shares_of(workspace).every()
    return ShareList(shares=[_given(each, opens=each.opens(now)) for each in every])


@call("POST /api/shares", takes=ShareSent, gives=ShareGiven)
def share_page(asked: Asked[Struct, ShareSent]) -> ShareGiven:
    """Make a link to a page, live or frozen; whoever holds it reads that page and no other."""
    sent, workspace = asked.body, asked.site.workspace
    address, hosts = shared_address(sent.of), hosts_of(" ".join(sent.hosts))
    shares, now = shares_of(workspace), workspace.now()
    token = shares.make(
        address,
        name=sent.name,
        by=asked.site.person(asked.look),
        now=now,
        days=sent.days,
        frozen=sent.frozen,
        hosts=hosts,
    )
    made = shares.find(token, now)
    assert made is not None, "a share that was made just now opens"
    return _given(made, opens=True, link=f"{asked.look.origin}/s/{token}")


@call("DELETE /api/shares/{key}", gives=ShareGiven)
def end_share(asked: Asked[Struct, Struct]) -> ShareGiven:
    """Take a link back: it opens nothing from now on."""
    key, workspace = asked.path["key"], asked.site.workspace
    shares = shares_of(workspace)
    found = next((each for each in shares.every() if each.key == key), None)
    if found is None or not shares.end(key, workspace.now()):
        hint = "see what is shared at /api/shares"
        says = "no link of this key is open"
        raise NotThere(error("SHARE007", says, hint=hint, value=key))
    return _given(found, opens=False)


def _given(share: Share, *, opens: bool, link: str | None = None) -> ShareGiven:
    return ShareGiven(
        key=share.key,
        of=share.address,
        name=share.name,
        by=share.by,
        made=format_instant(share.made),
        until=format_instant(share.until),
        frozen=format_instant(share.frozen) if share.frozen else None,
        hosts=list(share.hosts),
        opens=opens,
        link=link,
    )

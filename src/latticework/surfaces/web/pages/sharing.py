"""Sharing: a link to one page, live or frozen, for people without a way in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from latticework.base.findings import Finding, Refused, error
from latticework.base.times import Instant, format_instant
from latticework.surfaces.out.bare import bare
from latticework.surfaces.out.drawing import drawings_of
from latticework.surfaces.out.forms import answer_in, form_of, forms_of
from latticework.surfaces.out.shares import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    MOST_DAYS,
    USUAL_DAYS,
    Share,
    hosts_of,
    shares_of,
)
from latticework.surfaces.out.shown import Shown, as_drawn, data_of, frozen, is_shown, shown
from latticework.surfaces.web.answer import Answer, Flow, NotThere
from latticework.surfaces.web.drawing import assets_of, date_words, draw, environment, version
from latticework.surfaces.web.guard import HEADERS
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.routes import Form, Given, deed, go, local, route
from latticework.surfaces.web.site import Site
from latticework.surfaces.web.titles import titled

if TYPE_CHECKING:
    from latticework.views.sight import Sight

_ALONE = {
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "referrer-policy": "no-referrer",
    "etag": "",
}
"""Said with every answer to a token: nobody keeps it, lists it, or tells it on."""

_UNKEPT = {"cache-control": "no-store"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A share as the list names it."""

    share: Share
    until: str
    made: str
    state: str


@route("/share")
def share_page(site: Site, look: Look, _: Given) -> Answer:
    """The form that makes a link to a page."""
    values = {"of": local(look.find("of") or "/"), "days": str(USUAL_DAYS)}
    return _form(site, look, values)


@deed("/do/share")
def share(site: Site, look: Look, _: Given, form: Form) -> Answer:
    """Make a link to a page; it is told once."""
    typed = {name: form.find(name) for name in ("of", "name", "data", "days", "hosts")}
    try:
        address, name, days, hosts = _read(typed)
    except Refused as refused:
        return _form(site, look, typed, findings=refused.findings)
    shares = shares_of(site.workspace)
    token = shares.make(
        address,
        name=name,
        by=site.person(look),
        now=site.workspace.now(),
        days=days,
        frozen=typed["data"] == "frozen",
        hosts=hosts,
    )
    made = shares.find(token, site.workspace.now())
    return _form(site, look, typed, made=made, link=f"{look.origin}/s/{token}")


@route("/shares")
def shares_page(site: Site, look: Look, _: Given) -> Answer:
    """Every link that was made, and which of them still open."""
    now = site.workspace.now()
    lines = tuple(_line(each, now) for each in shares_of(site.workspace).every())
    values = site.frame(
        look,
        site.sight(look),
        title="Shared",
        lines=lines,
        needs=("share",),
        writable=site.writable,
    )
    return Answer(body=draw("pages/shares.html", values), headers=_UNKEPT)


@deed("/do/unshare")
def unshare(site: Site, look: Look, _: Given, form: Form) -> Answer:
    """Take a link back: it opens nothing from now on."""
    if not shares_of(site.workspace).end(form.find("key"), site.workspace.now()):
        says = "this link was taken back already"
        raise Refused([error("SHARE007", says, hint="see the list at /shares")])
    return go(look.to("/shares"))


@route("/s/{token:str}")
def shared_page(site: Site, look: Look, given: Given) -> Answer:
    """The one page that a token opens, to read."""
    try:
        found, seen = _opened(site, look, given["token"])
        page = shown(site, seen, seen.path)
    except (Refused, NotThere) as problem:
        return _shut(look, problem.findings)
    is_framed = look.find("embed").casefold() == "yes"
    sheets, _ = assets_of(("share", *(type(each).__name__.lower() for each in page.page.blocks)))
    values = {
        "title": found.name or page.page.title,
        "heading": page.page.title,
        "subtitle": _subtitle(page, found),
        "company": page.sight.graph.model.company,
        "drawn": tuple(_blocks(site, page, seen)),
        "said": _said(found),
        "framed": is_framed,
        "forms": [] if is_framed else _exports(page, look),
    }
    return Answer(body=_alone(look, values, sheets), headers=_headers(found))


@route("/s/{token:str}/out/{form:str}")
def shared_out(site: Site, look: Look, given: Given) -> Answer | Flow:
    """The same page as a file."""
    try:
        form = form_of(given["form"])
        _, seen = _opened(site, look, given["token"])
        # Without an origin, no address of ours goes along.
        alone = replace(seen, path=look.path, origin="", query=())
        made = answer_in(form, as_drawn(shown(site, seen, seen.path)), alone)
    except (Refused, NotThere) as problem:
        return _shut(look, problem.findings)
    return replace(made, headers={**made.headers, **_ALONE})


def _alone(look: Look, values: Mapping[str, object], sheets: tuple[str, ...]) -> str:
    """A page with nothing of the company round it."""
    every = {"look": look, "sheets": sheets, "past": "", "version": version(), **values}
    return draw("pages/shared.html", every)


def _shut(look: Look, findings: tuple[Finding, ...]) -> Answer:
    """What a token says that opens nothing, in the same words whyever it does not."""
    sheets, _ = assets_of(("share",))
    values = {
        "title": "Nothing to read",
        "heading": "Nothing to read here",
        "subtitle": f"{findings[0].says}; {findings[0].hint}" if findings else "",
        "company": "",
        "drawn": (),
        "said": "",
        "framed": True,
        "forms": [],
    }
    return Answer(body=_alone(look, values, sheets), status=404, headers=_ALONE)


def _opened(site: Site, look: Look, token: str) -> tuple[Share, Look]:
    """A share and the look that it allows; raises NotThere (SHARE001) for any other token."""
    found = shares_of(site.workspace).find(token, site.workspace.now())
    if found is None:
        hint = "ask whoever sent it for a new one"
        raise NotThere(error("SHARE001", "this link opens nothing, or nothing any more", hint=hint))
    parts = urlsplit(found.address)
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    seen = Look(path=parts.path, query=query, theme=look.theme, origin=look.origin)
    if found.frozen:
        instant = format_instant(found.frozen)
        seen = frozen(seen, parts.path, at=instant, known=instant)
    return found, seen


def _blocks(site: Site, page: Shown, look: Look) -> list[str]:
    """Blocks as they are drawn for those who work here, with nothing to follow."""
    graph = page.sight.graph
    values = site.frame(look, page.sight, title=page.page.title, paged=True, past="past")
    template = environment().from_string("{{ block|blocks }}")
    each = (titled(block, graph) for block in page.page.blocks)
    return [bare(template.render({**values, "block": block})) for block in each]


def _exports(page: Shown, look: Look) -> list[tuple[str, str]]:
    drawn = bool(drawings_of(page.page.blocks))
    told = any(True for _ in data_of(as_drawn(page)))
    return [
        (each.name, f"{look.path}/out/{each.word}")
        for each in forms_of(drawn=drawn)
        if told or not each.rows
    ]


def _headers(found: Share) -> Mapping[str, str]:
    """As strict as elsewhere, but for sites that may show it in a frame."""
    policy = HEADERS["content-security-policy"]
    if not found.hosts:
        return _ALONE
    hosts = " ".join(("'self'", *found.hosts))
    return {
        **_ALONE,
        "content-security-policy": policy.replace(
            "frame-ancestors 'none'", f"frame-ancestors {hosts}"
        ),
        "x-frame-options": "",
    }


def _subtitle(page: Shown, found: Share) -> str:
    """What the page says below its title; of what is frozen, the head says since when."""
    said = page.page.subtitle
    return said.removesuffix(page.sight.words).rstrip(" ·") if found.frozen else said


def _said(found: Share) -> str:
    if found.frozen:
        return f"as known on {date_words(found.frozen)}"
    return "kept up to date"


def shared_address(of: str) -> str:
    """The address of a page of ours that may be shared; raises Refused (SHARE002)."""
    address = local(of or "/")
    path = urlsplit(address).path
    if not is_shown(path) or len(address) > LONGEST_ADDRESS:
        hint = "share a view, a thing, a question or SQL"
        raise Refused([error("SHARE002", f"'{path}' cannot be shared", hint=hint, value=path)])
    return address


def _read(typed: Mapping[str, str]) -> tuple[str, str, int, tuple[str, ...]]:
    """What a form asks for; raises Refused (SHARE002, 003, 004, 008) with all that is wrong."""
    findings: list[Finding] = []
    hosts: tuple[str, ...] = ()
    address = ""
    try:
        address = shared_address(typed["of"])
    except Refused as refused:
        findings.extend(refused.findings)
    days = typed["days"] or str(USUAL_DAYS)
    if not days.isascii() or not days.isdigit() or not 1 <= int(days[:6]) <= MOST_DAYS:
        hint = f"write a number from 1 to {MOST_DAYS}"
        findings.append(error("SHARE003", f"'{days}' is no number of days", hint=hint, value=days))
    if len(typed["name"]) > LONGEST_NAME:
        hint = f"write at most {LONGEST_NAME} letters"
        findings.append(error("SHARE008", "the name is too long", hint=hint))
    try:
        hosts = hosts_of(typed["hosts"])
    except Refused as refused:
        findings.extend(refused.findings)
    if findings:
        raise Refused(findings)
    return address, typed["name"], int(days), hosts


def _form(
    site: Site,
    look: Look,
    typed: Mapping[str, str],
    *,
    findings: tuple[Finding, ...] = (),
    made: Share | None = None,
    link: str = "",
) -> Answer:
    sight = site.sight(look)
    values = site.frame(
        look,
        sight,
        title="Share a page",
        typed={"name": "", "data": "live", "hosts": "", **typed},
        of=local(typed.get("of") or "/"),
        named=_named(site, look, sight, typed),
        can_share=is_shown(urlsplit(local(typed.get("of") or "/")).path),
        findings=findings,
        made=_line(made, sight.now) if made else None,
        link=link,
        most_days=MOST_DAYS,
        writable=site.writable,
        needs=("share", "picture"),
    )
    return Answer(
        body=draw("pages/share.html", values), status=400 if findings else 200, headers=_UNKEPT
    )


def _named(site: Site, look: Look, sight: Sight, typed: Mapping[str, str]) -> str:
    """What the page is called, as far as its address can be read."""
    parts = urlsplit(local(typed.get("of") or "/"))
    if not is_shown(parts.path) or parts.path.strip("/") == "sql":
        return parts.path
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    try:
        return shown(site, Look(path=parts.path, query=query), parts.path).page.title
    except (Refused, NotThere):
        return parts.path


def _line(each: Share, now: Instant) -> Line:
    state = "taken back" if each.ended else "open" if each.opens(now) else "past its end"
    return Line(share=each, until=date_words(each.until), made=date_words(each.made), state=state)

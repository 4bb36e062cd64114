"""The web application: addresses, and who answers them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from anyio import to_thread
from litestar import Litestar, Request, Response
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.enums import HttpMethod, ScopeType
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.response import Stream
from litestar.static_files import create_static_files_router
from litestar.types import Message, Receive, Scope, Send

from latticework.base.findings import Finding, Refused, error
from latticework.surfaces.web.answer import Answer, Flow, NotThere
from latticework.surfaces.web.api.call import Call, calls
from latticework.surfaces.web.api.listening import EVENTS
from latticework.surfaces.web.api.serving import REFUSED, answer_call
from latticework.surfaces.web.api.trouble import findings_given, problem_answer, status_of
from latticework.surfaces.web.drawing import STATIC
from latticework.surfaces.web.forms import form_of
from latticework.surfaces.web.guard import HEADERS, Guard, refuse_strangers
from latticework.surfaces.web.look import Look, look_of
from latticework.surfaces.web.pages.failure import failure
from latticework.surfaces.web.routes import FORM_ROOM, Deed, Read, deeds, routes
from latticework.surfaces.web.site import Site

if TYPE_CHECKING:
    from latticework.workspace import Workspace

Asked = Request[object, object, State]
Respond = Callable[[Asked, bytes], Response[Any]]
# Addresses of files carry a word that changes with them.
_FOR_GOOD = CacheControlHeader(max_age=31_536_000, immutable=True, private=True)
_SMALLER = CompressionConfig(
    backend="gzip",
    minimum_size=1_000,
    gzip_compress_level=4,
    exclude=["^/api/stream", "[.]woff2$"],
)
NOTHING = "Nothing is here"
_HEAD = "latticework.head"
"""Marks a request of which nobody reads the body."""

_YEAR_SECONDS = 31_536_000
_LOG = logging.getLogger("latticework.web")


class Door(Litestar):
    """The application behind its guard: strangers' host names get no answer."""

    guard: Guard = Guard()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]
        """Turn away other hosts' names; read HEAD as GET without a body."""
        if scope["type"] == ScopeType.HTTP:
            headers = dict(scope["headers"])
            if not self.guard.admits(headers.get(b"host", b"").decode("latin-1")):
                await _turn_away(send)
                return
            if scope["method"] == "HEAD":
                # A copy: the server goes by its own, and then sends no body.
                scope = {**scope, "method": HttpMethod.GET, _HEAD: True}  # type: ignore[assignment]
        await super().__call__(scope, receive, send)


def app_of(workspace: Workspace, *, guard: Guard | None = None, writable: bool = True) -> Litestar:
    """The application over an opened company; its readers may write, if `writable`."""
    site = Site(workspace, writable=writable)
    static = create_static_files_router(
        path="/static",
        directories=[STATIC],
        html_mode=False,
        cache_control=_FOR_GOOD,
        include_in_schema=False,
    )
    handlers: list[BaseRouteHandler] = [
        *(_page(path, each.read, site) for each in routes() for path in each.paths),
        *(_deed(each, site) for each in deeds()),
        *(_call(each, site) for each in calls()),
    ]

    def failed(request: Asked, problem: Exception) -> Response[str]:
        return _response(_failure(site, request, problem))

    door = Door(
        [*handlers, static],
        exception_handlers={HTTPException: failed, Exception: failed},
        before_send=[_send_headers],
        compression_config=_SMALLER,
        openapi_config=None,
        logging_config=None,
        request_max_body_size=FORM_ROOM,
    )
    door.guard = guard or Guard()
    return door


def _page(path: str, answer: Read, site: Site) -> BaseRouteHandler:
    """A route that answers in a worker thread, or says 304 where nothing changed."""

    def respond(request: Asked, _body: bytes) -> Response[Any]:
        look = _look(request)
        tag = site.tag(look)
        if request.headers.get("if-none-match") == tag:
            return Response("", status_code=304, headers=_caching(tag))
        key = (tag, request.scope["path"], request.scope["query_string"])
        drawn = site.drawn.find(key) or site.turns.take(
            lambda: answer(site, look, _params(request))
        )
        if isinstance(drawn, Flow):
            return _flowing(request, drawn, _caching(tag))
        site.drawn.keep(key, drawn)
        return _response(drawn, _caching(tag))

    return _route(path, "GET", respond, site)


def _deed(each: Deed, site: Site) -> BaseRouteHandler:
    """A route for a form of ours; what goes wrong is told with its findings."""

    def respond(request: Asked, body: bytes) -> Response[Any]:
        refuse_strangers(request.headers)
        if each.writes:
            site.refuse_reading_only()
        form = form_of(request.headers.get("content-type", ""), body)
        return _response(each.do(site, _look(request), _params(request), form))

    return _route(each.path, "POST", respond, site, room=each.room)


def _call(each: Call, site: Site) -> BaseRouteHandler:
    """A route for programs; what they read is tagged like pages are."""

    def respond(request: Asked, body: bytes) -> Response[Any]:
        look = _look(request)
        headers = None
        if each.tagged and each.gives != EVENTS:
            tag = site.tag(look)
            headers = _caching(tag)
            if request.headers.get("if-none-match") == tag:
                return Response("", status_code=304, headers=headers)
        elif not each.reads:
            refuse_strangers(request.headers)
        asked = (each, site, look, _params(request), body, request.headers)
        answer = site.turns.take(lambda: answer_call(*asked)) if each.reads else answer_call(*asked)
        if isinstance(answer, Flow):
            return _flowing(request, answer, headers or {"cache-control": "no-store"})
        return _response(answer, headers if answer.status < REFUSED else None)

    path = "/".join(_part(each) for each in each.path.split("/"))
    return _route(path, each.method, respond, site)


def _flowing(request: Asked, flow: Flow, kept: Mapping[str, str]) -> Response[Any]:
    """What is sent piece by piece; to who asks for no more than its head, that."""
    headers = {**kept, "x-accel-buffering": "no", **flow.headers}
    sort = flow.type.partition(";")[0]
    if _HEAD in request.scope:
        return Response("", media_type=sort, headers=headers)
    return Stream(flow.pieces(), media_type=sort, headers=headers)


def _route(
    path: str, method: str, respond: Respond, site: Site, *, room: int = FORM_ROOM
) -> BaseRouteHandler:
    """A route answered in a worker thread; what is refused is told with its findings."""

    def told(request: Asked, body: bytes) -> Response[Any]:
        try:
            return respond(request, body)
        except (Refused, NotThere) as refusal:
            return _response(_failure(site, request, refusal))

    @HTTPRouteHandler(
        path, http_method=[HttpMethod(method)], status_code=200, request_max_body_size=room
    )
    async def answer(request: Asked) -> Response[Any]:
        body = b"" if method == "GET" else await request.body()
        return await to_thread.run_sync(told, request, body)

    return answer


def _params(request: Asked) -> dict[str, str]:
    return {name: str(value) for name, value in request.path_params.items()}


def _part(part: str) -> str:
    """A part of an address as the application writes its patterns."""
    name = part.strip("{}")
    sort = "path" if name == "slug" else "str"
    return f"{{{name}:{sort}}}" if part.startswith("{") else part


def _look(request: Asked) -> Look:
    query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    cookies = SimpleCookie(request.headers.get("cookie", ""))
    path = request.scope["path"]
    look = look_of(path, tuple(query), {name: each.value for name, each in cookies.items()})
    return replace(look, origin=f"{request.scope['scheme']}://{request.headers.get('host', '')}")


def _failure(site: Site, request: Asked, problem: Exception) -> Answer:
    """What went wrong, in the words and the design of the rest."""
    title, status, findings = _told(request.scope["path"], problem)
    if request.scope["path"].startswith(("/api/", "/openapi")):
        known = status_of(each.code for each in findings)
        return problem_answer(findings_given(findings), known if status == 400 else status)
    return failure(site, _look(request), title=title, findings=findings, status=status)


def _told(path: str, problem: Exception) -> tuple[str, int, tuple[Finding, ...]]:
    match problem:
        case Refused():
            return "This cannot be answered", 400, problem.findings
        case NotThere():
            return NOTHING, 404, problem.findings
        case HTTPException() if problem.status_code == 404:
            hint = "go by the list of places, or ask for it above"
            return NOTHING, 404, (error("WEB001", f"no page lies at '{path}'", hint=hint),)
        case HTTPException() if problem.status_code < 500:
            says = f"the request is not one that is read here: {problem.detail}"
            hint = "pages are read with GET; forms are sent with POST to the addresses they name"
            return (
                "This cannot be answered",
                problem.status_code,
                (error("WEB002", says, hint=hint),),
            )
    _LOG.error("no answer to %s", path, exc_info=problem)
    hint = "the terminal that runs the server says more; report what it says"
    finding = error("WEB003", "the server met a mistake of its own", hint=hint)
    return "Something broke here", 500, (finding,)


def _caching(tag: str) -> dict[str, str]:
    return {"etag": tag, "cache-control": "private, no-cache", "vary": "cookie"}


def _response(answer: Answer, headers: dict[str, str] | None = None) -> Response[Any]:
    every = {**(headers or {"cache-control": "no-store"}), **answer.headers}
    # Text is sent with its charset anyway.
    sort = answer.type.partition(";")[0]
    body = answer.data or answer.body
    made: Response[Any] = Response(body, status_code=answer.status, media_type=sort, headers=every)
    for name, value in answer.cookies.items():
        age = _YEAR_SECONDS if value else 0
        made.set_cookie(name, quote(value), max_age=age, samesite="lax", httponly=True)
    return made


async def _send_headers(message: Message, _: Scope) -> None:
    if message["type"] == "http.response.start":
        # What an answer says of its own counts, and an empty value takes a line away.
        own = {name for name, _ in message["headers"]}
        lines = ((name.encode(), value.encode()) for name, value in HEADERS.items())
        said = [each for each in message["headers"] if each[1]]
        message["headers"] = [*said, *(each for each in lines if each[0] not in own)]


async def _turn_away(send: Send) -> None:
    body = b"WEB004 this server answers only to its own name (hint: open the address it printed)\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})

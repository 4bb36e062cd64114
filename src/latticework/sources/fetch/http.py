"""One polite client: limits obeyed, tries bounded, the token sent to one host alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from types import TracebackType
from typing import Self

import httpx

from latticework.base.times import Instant
from latticework.sources.fetch import trouble
from latticework.sources.fetch.fetcher import NOWHERE, Way
from latticework.sources.fetch.limits import (
    SECOND,
    instant_of_header,
    retry_after,
    until_whole,
)
from latticework.sources.fetch.outside import Outside
from latticework.sources.fetch.tokens import HIDDEN, Token
from latticework.sources.fetch.trouble import Stopped

TRIES = 5
LONGEST_BODY = 48_000_000
"""Bytes of one answer; what is kept of it must stay readable as a file."""

ANSWER_SECONDS = 300
MOST_REDIRECTS = 5
MOST_ASKED = 5_000
"""Requests for one page, with all that belongs to its things; more go in a circle."""

_CONNECT_SECONDS = 15.0
_AGENT = "latticework"
_PAUSE = 1.0
_LIMIT_PAUSE = 60.0
"""Seconds before a second try, doubled with each; where a limit says nothing, a minute is asked for."""

_LINK = re.compile(r'<([^<>]+)>\s*;[^,]*?rel="?([\w-]+)"?')
_LIMITED = {"ratelimited", "rate_limited"}
_UNKNOWN_TOKEN = {"authentication_error"}

Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said: JSON, and headers with their names in small letters."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: object

    def link(self, name: str) -> str:
        """The address of a `Link` header's relation, such as `next`; empty without."""
        pairs = (match.groups() for match in _LINK.finditer(self.headers.get("link", "")))
        return next((str(url) for url, word in pairs if word == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Again:
    """A try that did not do, and how long to wait before the next, where that was said."""

    stopped: Stopped
    wait: float | None = None
    base: float = _PAUSE


class Client:
    """Asks one host, in turn, as often and as fast as it allows.

    `begun` is the server's own instant when it first answered; `asked` are the
    addresses asked so far, never with a secret in them.
    """

    def __init__(self, way: Way, *, token: Token | None, outside: Outside) -> None:
        """Ready to ask; raises Stopped (FETCH023) for a site in the open."""
        self.site = way.site.rstrip("/")
        self._home = _origin(self.site)
        if way.site != NOWHERE and not _is_safe(self._home):
            raise Stopped(trouble.no_site(way.site))
        self._token = token
        self._takes_text = way.headers.get("accept", "").startswith("text/")
        # Longest first: a header holds the token, or what is made of it.
        secrets = {each for each in way.key.values() if token}
        secrets |= {token.reveal()} if token else set()
        self._secrets = sorted(secrets, key=len, reverse=True)
        self._outside = outside
        self._free_at: Instant = 0
        self.begun: Instant = 0
        self.asked: list[str] = []
        headers = {"user-agent": _AGENT, "accept": "application/json", **way.headers, **way.key}
        # A proxy of the environment has no part in what stays on this machine.
        trusts = not _is_loopback(self._home.host)
        timeout = httpx.Timeout(outside.timeout, connect=min(_CONNECT_SECONDS, outside.timeout))
        self._http = httpx.Client(headers=headers, timeout=timeout, trust_env=trusts)

    def __enter__(self) -> Self:
        """The client, closed at the end of the block."""
        return self

    def __exit__(
        self,
        sort: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, params: Params | None = None) -> Answer:
        """The answer to a question; `path` may be an address that the server gave."""
        return self._ask(self._request("GET", path, params, None))

    def post(self, path: str, body: object) -> Answer:
        """The answer to a question that is too long for an address."""
        return self._ask(self._request("POST", path, None, body))

    @property
    def has_token(self) -> bool:
        """Whether it asks in somebody's name."""
        return self._token is not None

    def hide(self, text: str) -> str:
        """A text without the token, should a server have repeated it."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def _request(
        self, method: str, path: str, params: Params | None, body: object
    ) -> httpx.Request:
        url = path if "://" in path else self.site + path
        if _origin(url) != self._home:
            raise Stopped(trouble.elsewhere(self.site, url))
        content = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"content-type": "application/json"}
        return self._http.build_request(
            method, url, params=params or None, content=content, headers=headers
        )

    def _ask(self, request: httpx.Request) -> Answer:
        """Try until it is answered, as often as is decent."""
        for number in range(TRIES):
            self._wait_until(self._free_at, request)
            found = self._redirected(request)
            if isinstance(found, Answer):
                self._note(found)
                return found
            if number == TRIES - 1:
                raise found.stopped
            self._wait(found, number, request)
        raise AssertionError("unreachable")

    def _redirected(self, request: httpx.Request) -> Answer | _Again:
        """Follow where the server points to, but never to another host."""
        for _ in range(MOST_REDIRECTS):
            found = self._tried(request)
            if isinstance(found, _Again) or found.status not in {301, 302, 303, 307, 308}:
                return found
            target = str(request.url.join(found.headers.get("location", "")))
            if _origin(target) != self._home:
                raise Stopped(trouble.elsewhere(_bare(request), self.hide(target)))
            request = self._http.build_request(
                request.method, target, content=request.content, headers=_kept(request)
            )
        raise Stopped(trouble.elsewhere(_bare(request), "itself, without end"))

    def _tried(self, request: httpx.Request) -> Answer | _Again:
        url = _bare(request)
        if len(self.asked) >= MOST_ASKED:
            raise Stopped(trouble.in_a_circle(url))
        self.asked.append(f"{request.method} {self.hide(request.url.raw_path.decode('ascii'))}")
        try:
            with_body = self._http.send(request, stream=True, follow_redirects=False)
            try:
                data = self._body(with_body, url)
            finally:
                with_body.close()
        except httpx.TimeoutException:
            return _Again(stopped=Stopped(trouble.too_slow(url)))
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError):
            return _Again(stopped=Stopped(trouble.cut_off(url)))
        except httpx.TransportError as problem:
            return _Again(stopped=Stopped(trouble.not_reached(url, str(problem))))
        return self._judged(with_body, data, url)

    def _body(self, response: httpx.Response, url: str) -> bytes:
        """The whole body, unless it has no end in bytes or in time."""
        end = self._outside.now() + ANSWER_SECONDS * SECOND
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > LONGEST_BODY:
                raise Stopped(trouble.too_large(url, LONGEST_BODY))
            if self._outside.now() > end:
                raise httpx.ReadTimeout("the answer drips")
        return b"".join(parts)

    def _judged(self, response: httpx.Response, data: bytes, url: str) -> Answer | _Again:
        """What an answer means: that it is one, that it may come later, or that it never will."""
        status = response.status_code
        headers = {name.lower(): value for name, value in response.headers.items()}
        body, is_json = _read(data)
        if self._takes_text and response.status_code == 200:
            body, is_json = data.decode("utf-8-sig", "replace"), True
        words = self.hide(_words_of(body) if is_json else "")
        codes = _codes_of(body)
        if _is_limited(status, headers, words, codes):
            return self._limited(headers, url)
        name = self._token.name if self._token else ""
        if status == 401 or codes & _UNKNOWN_TOKEN:
            raise Stopped(trouble.refused_token(url, name, words))
        if status == 403:
            raise Stopped(trouble.not_allowed(url, name, words))
        if status in {404, 410}:
            raise Stopped(trouble.not_there(url, words))
        if status >= 500 or status == 408:
            stopped = Stopped(trouble.server_trouble(url, status, words))
            return _Again(stopped=stopped, wait=retry_after(headers, self._outside.now()))
        if status >= 400:
            raise Stopped(trouble.refused_request(url, status, words))
        if not is_json and status == 200:
            return _Again(stopped=Stopped(trouble.no_json(url, headers.get("content-type", ""))))
        return Answer(url=url, status=status, headers=headers, body=body)

    def _limited(self, headers: Mapping[str, str], url: str) -> _Again:
        now = self._outside.now()
        wait = retry_after(headers, now)
        wait = until_whole(headers, now) if wait is None else wait
        until = 0 if wait is None else now + int(wait * SECOND)
        return _Again(
            stopped=Stopped(trouble.limited(url, until), until), wait=wait, base=_LIMIT_PAUSE
        )

    def _note(self, answer: Answer) -> None:
        """Remember when the server may be asked again, and its first instant."""
        now = self._outside.now()
        self.begun = self.begun or instant_of_header(answer.headers) or now
        wait = until_whole(answer.headers, now)
        self._free_at = now + int(wait * SECOND) if wait else 0

    def _wait(self, again: _Again, number: int, request: httpx.Request) -> None:
        chance = self._outside.chance()
        wait = again.wait
        if wait is None:
            # By chance, so that those who were refused together do not come back together.
            wait = again.base * 2**number * (1 + chance / 2)
        else:
            wait += chance
        self._wait_until(self._outside.now() + int(wait * SECOND), request)

    def _wait_until(self, when: Instant, request: httpx.Request) -> None:
        """Sleep, unless that would take longer than anybody waits."""
        wait = (when - self._outside.now()) / SECOND
        if wait <= 0:
            return
        if wait > self._outside.patience:
            raise Stopped(trouble.limited(_bare(request), when), when)
        if wait >= 2:
            self._outside.says(f"{request.url.host} wants us to wait {wait:,.0f} s")
        self._outside.sleep(wait)


@dataclass(frozen=True, slots=True)
class _Origin:
    scheme: str
    host: str
    port: int | None


def _origin(url: str) -> _Origin:
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return _Origin("", "", None)
    usual = {"http": 80, "https": 443}.get(found.scheme)
    return _Origin(found.scheme, found.host, found.port or usual)


def _is_safe(origin: _Origin) -> bool:
    """Whether nobody on the way can read a token: by its cipher, or as there is no way."""
    if not origin.host:
        return False
    return origin.scheme == "https" or (origin.scheme == "http" and _is_loopback(origin.host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _bare(request: httpx.Request) -> str:
    """The address without what is asked in it."""
    return str(request.url.copy_with(query=None, userinfo=b""))


def _kept(request: httpx.Request) -> dict[str, str]:
    kept = request.headers.get("content-type")
    return {"content-type": kept} if kept else {}


def _read(data: bytes) -> tuple[object, bool]:
    try:
        return json.loads(data), True
    except (ValueError, RecursionError):
        return None, False


def _is_limited(status: int, headers: Mapping[str, str], words: str, codes: set[str]) -> bool:
    if status == 429 or codes & _LIMITED:
        return True
    if status != 403:
        return False
    spent = headers.get("x-ratelimit-remaining") == "0"
    return "retry-after" in headers or spent or "rate limit" in words.casefold()


def _errors_of(body: object) -> list[dict[str, object]]:
    """The errors of a GraphQL answer."""
    found = body.get("errors") if isinstance(body, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _codes_of(body: object) -> set[str]:
    codes = set()
    for each in _errors_of(body):
        inner = each.get("extensions")
        told = [each.get("type"), *(inner.values() if isinstance(inner, dict) else ())]
        codes |= {word.casefold() for word in told if isinstance(word, str)}
    return codes


def _words_of(body: object) -> str:
    """What a server says went wrong, in whichever of the usual places."""
    if not isinstance(body, dict):
        return ""
    said = [each.get("message") for each in _errors_of(body)]
    messages = body.get("errorMessages")
    said += messages if isinstance(messages, list) else []
    said += [body.get(name) for name in ("message", "error_description", "error")]
    return "; ".join(each for each in said if isinstance(each, str) and each)

"""One client for all: limits are obeyed, tries bounded, the token goes to one host alone."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from tests.sources.fetch.asking import outside
from tests.sources.fetch.servers.serving import Clock, Reply, Request, Server

from latticework.base.findings import Finding
from latticework.sources.fetch import http
from latticework.sources.fetch.fetcher import Way
from latticework.sources.fetch.http import Answer, Client
from latticework.sources.fetch.tokens import Token
from latticework.sources.fetch.trouble import Stopped

SECRET = "tok-Zx81Qp77Lm20Rt55"
TOKEN = Token("PIER_TOKEN", SECRET)


class Echo(Server):
    """Answers with what was asked."""

    def answer(self, request: Request) -> Reply:
        return Reply(body={"path": request.path, "params": dict(request.params)})


@pytest.fixture
def echo(clock: Clock) -> Iterator[Echo]:
    with Echo(clock) as server:
        yield server


def test_a_wait_in_seconds_is_obeyed(echo: Echo, clock: Clock) -> None:
    echo.fail("/a", Reply(status=429, headers={"Retry-After": "7"}))
    assert _asked(echo, clock).status == 200
    assert clock.slept == [7.0]


def test_a_wait_until_a_date_is_obeyed(echo: Echo, clock: Clock) -> None:
    when = "Mon, 04 May 2026 09:01:30 GMT"
    echo.fail("/a", Reply(status=503, headers={"Retry-After": when}))
    assert _asked(echo, clock).status == 200
    assert clock.slept == [90.0]


def test_errors_of_the_server_are_tried_again_ever_later(echo: Echo, clock: Clock) -> None:
    echo.fail("/a", Reply(status=500), Reply(status=502))
    assert _asked(echo, clock).status == 200
    assert clock.slept == [1.0, 2.0]


def test_tries_are_bounded(echo: Echo, clock: Clock) -> None:
    echo.fail("/a", *[Reply(status=500, body={"message": "down"})] * 9)
    finding = _stopped(echo, clock)
    assert finding.code == "FETCH014"
    assert "down" in finding.says
    assert len(echo.asked) == http.TRIES


def test_a_limit_that_lasts_too_long_ends_with_when_it_is_over(echo: Echo, clock: Clock) -> None:
    echo.fail("/a", Reply(status=429, headers={"Retry-After": "3600"}))
    finding = _stopped(echo, clock)
    assert finding.code == "FETCH013"
    assert "2026-05-04T10:00:00Z" in finding.says
    assert clock.slept == []


def test_limits_again_and_again_end_it(echo: Echo, clock: Clock) -> None:
    echo.fail("/a", *[Reply(status=429, headers={"Retry-After": "5"})] * 9)
    assert _stopped(echo, clock).code == "FETCH013"
    assert clock.slept == [5.0] * (http.TRIES - 1)


def test_a_server_that_is_silent_is_given_up(echo: Echo, clock: Clock) -> None:
    echo.fail("/a", *[Reply(slow=0.6)] * http.TRIES)
    assert _stopped(echo, clock, timeout=0.1).code == "FETCH015"


def test_an_answer_that_is_cut_off_is_asked_for_again(echo: Echo, clock: Clock) -> None:
    echo.fail("/a", Reply(body={"half": "x" * 100_000}, cut=True))
    assert _asked(echo, clock).body == {"path": "/a", "params": {}}
    echo.fail("/a", *[Reply(body={"half": "x" * 100_000}, cut=True)] * http.TRIES)
    assert _stopped(echo, clock).code == "FETCH016"


def test_a_page_to_sign_in_is_told(echo: Echo, clock: Clock) -> None:
    page = Reply(text="<html>Sign in</html>", headers={"Content-Type": "text/html"})
    echo.fail("/a", *[page] * http.TRIES)
    finding = _stopped(echo, clock)
    assert finding.code == "FETCH017"
    assert "text/html" in finding.says


def test_a_host_that_is_not_there_is_told(clock: Clock) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    way = Way(site=f"http://127.0.0.1:{port}")
    with (
        Client(way, token=None, outside=outside(clock, {})) as client,
        pytest.raises(Stopped) as told,
    ):
        client.get("/a")
    assert told.value.findings[0].code == "FETCH018"


@pytest.mark.parametrize(
    ("status", "code"), [(401, "FETCH010"), (403, "FETCH011"), (404, "FETCH012"), (400, "FETCH022")]
)
def test_a_refusal_is_told_at_once_with_the_servers_words(
    echo: Echo, clock: Clock, status: int, code: str
) -> None:
    echo.fail("/a", Reply(status=status, body={"errorMessages": [f"not with {SECRET}"]}))
    finding = _stopped(echo, clock)
    assert finding.code == code
    assert "not with (hidden)" in finding.says
    assert SECRET not in str(finding)
    assert len(echo.asked) == 1


def test_the_token_follows_within_the_host_and_never_to_another(echo: Echo, clock: Clock) -> None:
    echo.fail("/a", Reply(status=301, headers={"Location": "/b?page=2"}))
    assert _asked(echo, clock).body == {"path": "/b", "params": {"page": "2"}}
    with Echo(clock) as other:
        echo.fail("/a", Reply(status=302, headers={"Location": f"{other.site}/a"}))
        assert _stopped(echo, clock).code == "FETCH019"
        assert other.asked == []


def test_the_next_page_is_of_the_same_host(echo: Echo, clock: Clock) -> None:
    with (
        Echo(clock) as other,
        _client(echo, clock) as client,
        pytest.raises(Stopped) as told,
    ):
        client.get(f"{other.site}/a")
    assert told.value.findings[0].code == "FETCH019"
    assert other.asked == []


def test_circles_end(echo: Echo, clock: Clock) -> None:
    echo.fail("/a", *[Reply(status=302, headers={"Location": "/a"})] * 9)
    assert _stopped(echo, clock).code == "FETCH019"


@pytest.mark.parametrize("site", ["http://jira.harbour.example", "ftp://x", "jira", "", "https://"])
def test_a_token_goes_nowhere_in_the_open(site: str, clock: Clock) -> None:
    with pytest.raises(Stopped) as told:
        Client(Way(site=site), token=TOKEN, outside=outside(clock, {}))
    assert told.value.findings[0].code == "FETCH023"


def test_an_answer_without_end_is_refused(
    echo: Echo, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "LONGEST_BODY", 10_000)
    echo.fail("/a", Reply(body="x" * 20_000))
    assert _stopped(echo, clock).code == "FETCH020"


def test_what_was_asked_is_told_without_the_token(echo: Echo, clock: Clock) -> None:
    with _client(echo, clock) as client:
        client.get("/a", {"q": f"by {SECRET}"})
        (asked,) = client.asked
        assert asked.startswith("GET /a?q=by")
        assert SECRET not in asked
    assert SECRET not in repr(TOKEN)


def test_the_servers_own_clock_is_when_it_began(echo: Echo, clock: Clock) -> None:
    with _client(echo, clock) as client:
        client.get("/a")
        first = client.begun
        clock.turn_to("2026-05-04T11:00:00Z")
        client.get("/a")
    assert client.begun == first
    assert first < clock.instant


def _client(server: Server, clock: Clock, *, timeout: float = 5.0) -> Client:
    way = Way(site=server.site, key={"authorization": f"Bearer {SECRET}"})
    return Client(way, token=TOKEN, outside=outside(clock, {}, timeout=timeout))


def _asked(server: Server, clock: Clock) -> Answer:
    with _client(server, clock) as client:
        return client.get("/a")


def _stopped(server: Server, clock: Clock, *, timeout: float = 5.0) -> Finding:
    with _client(server, clock, timeout=timeout) as client, pytest.raises(Stopped) as told:
        client.get("/a")
    return told.value.findings[0]

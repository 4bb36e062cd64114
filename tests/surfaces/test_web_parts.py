"""Parts of the web surface that need no company."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.base.findings import Place, Refused, error
from latticework.base.times import BEGINNING, DAY_MICROSECONDS, instant_of
from latticework.graph.timeline import Timeline
from latticework.surfaces.web.drawing import STATIC, is_address
from latticework.surfaces.web.guard import guard_of, host_of
from latticework.surfaces.web.look import Look, look_of, path_of
from latticework.surfaces.web.marked import pieces_of
from latticework.surfaces.web.pages.company import pieces_of as bar_of
from latticework.surfaces.web.strip import Days, days_of, strip_of

NOW = instant_of(datetime(2026, 3, 10, 12, tzinfo=UTC))
DAY = DAY_MICROSECONDS


def test_links_keep_the_moment_that_is_read() -> None:
    look = Look(path="/ask", query=(("q", "bet"), ("at", "2025-01-01"), ("branch", "idea")))
    assert look.to("/feed") == "/feed?at=2025-01-01&branch=idea"
    assert look.thing("bet/night-ferry") == "/thing/bet/night-ferry?at=2025-01-01&branch=idea"
    assert look.now == "/ask?q=bet&branch=idea"
    assert look.main == "/ask?q=bet&at=2025-01-01"


def test_a_slug_of_any_letters_survives_its_address() -> None:
    assert path_of('bet/a b"<script>\n?#/é') == (
        "/thing/bet/a%20b%22%3Cscript%3E%0A%3F%23%2F%C3%A9"
    )


def test_hidden_fields_are_escaped() -> None:
    look = Look(query=(("at", '"><script>'),))
    assert "<script" not in str(look.hidden())


def test_cookies_that_name_no_theme_count_for_nothing() -> None:
    look = look_of("/", (), {"theme": "dark", "density": "'><b>"})
    assert (look.theme, look.density) == ("dark", "")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_loopback_needs_no_leave(host: str) -> None:
    assert guard_of(host).admits("localhost:8710")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", ""])
def test_a_server_open_to_others_needs_leave(host: str) -> None:
    with pytest.raises(Refused, match="SERVE001"):
        guard_of(host)
    assert guard_of(host, anyone=True).admits("192.168.1.4:80")


@pytest.mark.parametrize(
    "header", ["evil.example", "localhost.evil.example:80", "", "127.0.0.1.nip.io"]
)
def test_a_rebound_name_is_no_name_of_ours(header: str) -> None:
    assert not guard_of("127.0.0.1").admits(header)
    assert not guard_of("0.0.0.0", anyone=True).admits(header)


def test_hosts_are_read_without_port_and_brackets() -> None:
    assert [host_of(each) for each in ("[::1]:80", "LOCALHOST:1", "a.b")] == [
        "::1",
        "localhost",
        "a.b",
    ]


def test_only_whole_addresses_of_pages_become_links() -> None:
    assert is_address("https://example.org/a?b=c#d")
    for text in ("javascript:alert(1)", "see https://example.org", "https://a b", 'http://"x', ""):
        assert not is_address(text)


def counted(valids: list[int]) -> Days:
    """Instants counted by day, those of two timelines together."""
    halves = (np.array(valids[::2], dtype=np.int64), np.array(valids[1::2], dtype=np.int64))
    none = np.zeros(0, dtype=np.int32)
    lines = [Timeline(subject=none, valid=half, number=none, value=none) for half in halves]
    return days_of(each.by_day for each in lines)


def test_the_strip_counts_every_dated_change_once() -> None:
    valids = np.array([BEGINNING, NOW, NOW - 40 * DAY, NOW - 40 * DAY, NOW - 300 * DAY])
    strip = strip_of(counted(valids.tolist()), now=NOW, at=None)
    assert strip is not None
    assert sum(bar.count for bar in strip.bars) == 4
    assert [bar.tense for bar in strip.bars][-1] == "here"
    assert strip.bars[-1].day.isoformat() == "2026-03-10"
    assert strip.needle is None


def test_a_company_without_days_has_no_strip() -> None:
    assert strip_of(counted([BEGINNING, BEGINNING]), now=NOW, at=None) is None


@given(
    st.lists(st.integers(NOW - 30_000 * DAY, NOW + 2_000 * DAY), min_size=1, max_size=30),
    st.none() | st.integers(NOW - 90_000 * DAY, NOW + 90_000 * DAY) | st.just(BEGINNING),
)
def test_bars_stand_side_by_side_within_the_strip(valids: list[int], at: int | None) -> None:
    strip = strip_of(counted(valids), now=NOW, at=at)
    if strip is None:
        return
    places = [bar.x for bar in strip.bars]
    assert places == sorted(places)
    assert all(0 <= bar.x < 100 and 0 <= bar.y <= 24 and bar.height <= 24 for bar in strip.bars)
    assert len(strip.bars) <= 400
    assert strip.needle is None or 0 <= strip.needle <= 100
    assert all(0 <= label.x < 100 for label in strip.labels)


def test_the_words_that_a_finding_means_are_marked() -> None:
    finding = error("QUERY001", "no", place=Place(line=1, column=11, end=16))
    pieces = pieces_of("bet where stagge is x", [finding])
    assert [piece.text for piece in pieces if piece.wrong] == ["stagg"]
    assert "".join(piece.text for piece in pieces) == "bet where stagge is x"


@given(st.text(max_size=60), st.integers(0, 80), st.integers(0, 80), st.integers(0, 4))
def test_marking_never_loses_a_character(text: str, column: int, end: int, line: int) -> None:
    finding = error("QUERY001", "no", place=Place(line=line, column=column, end=end))
    assert "".join(piece.text for piece in pieces_of(text, [finding])) == text


def test_a_bar_of_stages_fills_its_width() -> None:
    counts = {("Idea", "proposed"): 1, ("Doing", "active"): 2, ("Pilot", "active"): 1}
    bar = bar_of(counts)
    assert [piece.category for piece in bar] == ["proposed", "active"]
    assert bar[1].x == 25.0
    assert bar[-1].x + bar[-1].width == pytest.approx(100, abs=1)


TEXT_ON_GROUND = [
    (text, ground)
    for ground in ("paper", "raised", "sunk")
    for text in ("ink", "ink-soft", "ink-faint", "accent", "bad", "warn", "good", "notice")
] + [
    ("accent", "accent-soft"),
    ("on-accent", "accent"),
    ("ink", "mark"),
    ("bad", "bad-soft"),
    ("good", "good-soft"),
    ("ink", "warn-soft"),
    *(
        (family, ground)
        for family in ("context", "intent", "collaboration", "investment", "change", "voices")
        for ground in ("paper", "sunk")
    ),
]


@pytest.mark.parametrize("time", ["now", "past"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_has_contrast_of_aa(theme: str, time: str) -> None:
    colours = _colours(theme, past=time == "past")
    for text, ground in TEXT_ON_GROUND:
        ratio = _contrast(colours[text], colours[ground])
        assert ratio >= 4.5, f"{text} on {ground} in {theme}, {time}: {ratio:.2f}"
    for ground in ("paper", "raised", "sunk"):
        assert _contrast(colours["edge"], colours[ground]) >= 3, f"edge on {ground} in {theme}"


def _colours(theme: str, *, past: bool) -> dict[str, str]:
    sheet = (STATIC / "tokens.css").read_text("utf-8")
    present, _, before = sheet.partition(":root[data-past]")
    pattern = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
    place = 1 if theme == "light" else 2
    found = {match[1]: match[place + 1] for match in pattern.finditer(present)}
    if past:
        found |= {match[1]: match[place + 1] for match in pattern.finditer(before)}
    return found


def _contrast(first: str, second: str) -> float:
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

"""Whatever a file holds, a reader answers with values or with a finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.base.findings import Finding
from latticework.sources.source import sources
from latticework.sources.tree import UnreadableError

HERE = Path(__file__).parent
RECORDED = {
    name: tuple(
        each.read_text(encoding="utf-8")
        for each in sorted((HERE / name).glob("*"))
        if each.suffix in {".csv", ".json"}
    )
    for name in sources()
    if (HERE / name).is_dir()
}
SCRAPS = st.sampled_from(
    [
        "",
        '"',
        ",",
        "{",
        "}",
        "[",
        "]",
        ":",
        "null",
        "true",
        "\n",
        "\x00",
        "é",
        "Sprint@1[id=",
        "3/4/26",
    ]
)


@st.composite
def spoilt(draw: st.DrawFn, texts: tuple[str, ...]) -> str:
    """A recording with a few stretches taken out, doubled or replaced."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        text = text[:start] + draw(SCRAPS) + text[start:end] * draw(st.integers(0, 2)) + text[end:]
    return text


def told(name: str, text: str) -> tuple[Finding, ...]:
    """What a reader finds in a text, whether it can be read or not."""
    try:
        return sources()[name].read(text).findings
    except UnreadableError as problem:
        return (problem.finding,)


@pytest.mark.parametrize("name", sorted(RECORDED))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_spoilt_recording_is_read_or_told(name: str, data: st.DataObject) -> None:
    assert all(each.says and each.hint for each in told(name, data.draw(spoilt(RECORDED[name]))))


@pytest.mark.parametrize("name", sorted(sources()))
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_read_or_told(name: str, text: str) -> None:
    assert all(each.says for each in told(name, text))

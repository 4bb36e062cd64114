"""Whatever a file holds, a reader answers with values or with a finding."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.base.findings import Finding, Refused
from latticework.model.load import load_or_refuse
from latticework.model.model import Model
from latticework.sources.intakes.files import Files
from latticework.sources.proposing.propose import proposal_of
from latticework.sources.recipes.recipe import load_recipe
from latticework.sources.source import sources
from latticework.sources.tree import UnreadableError

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
RECIPES = tuple(
    each for each in sorted(EXAMPLES.glob("*/*.recipe.yaml")) if (HERE / each.parent.name).is_dir()
)
RECORDED = {
    name: tuple(
        each.read_text(encoding="utf-8")
        for each in sorted((HERE / name).rglob("*"))
        if each.suffix in {".csv", ".json", ".md", ".yaml", ".ics"} and each.name != "README.md"
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
        "[[",
        "]]",
        "::",
        "---\n",
        "- [ ] ",
        "| | |\n|-|-|\n",
        "RRULE:FREQ=DAILY\n",
        "DTSTART:20260101T090000\n",
    ]
)


@st.composite
def spoilt(draw: st.DrawFn, texts: tuple[str, ...], scraps: st.SearchStrategy[str] = SCRAPS) -> str:
    """A recording with a few stretches taken out, doubled or replaced."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        text = text[:start] + draw(scraps) + text[start:end] * draw(st.integers(0, 2)) + text[end:]
    return text


def refused(act: Callable[[], object]) -> tuple[Finding, ...]:
    """What a call is refused for; nothing where it is not."""
    try:
        act()
    except Refused as problem:
        return problem.findings
    return ()


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


@cache
def model_of(folder: Path) -> Model:
    """The model of an example."""
    return load_or_refuse((folder / "latticework.yaml").read_text(encoding="utf-8"))


@cache
def recorded_for(path: Path) -> tuple[tuple[str, str], ...]:
    """The names and texts of the recordings that a recipe reads."""
    recipe = load_recipe(path.read_text(encoding="utf-8"), model=model_of(path.parent))
    folder = HERE / path.parent.name
    names = (each.relative_to(folder).as_posix() for each in sorted(folder.rglob("*.*")))
    wanted = [name for name in names if recipe.reads_file(name) and name != "README.md"]
    return tuple((name, (folder / name).read_text(encoding="utf-8")) for name in wanted)


WORDS = st.sampled_from(
    [
        *("kinds:", "from:", "key:", "fields:", "links:", "history:", "turns:", "shape:", "fetch:"),
        *("above", "it", " or ", " | ", "day", "split", '"', "{", "}", "[", "]", "- ", "\n", "  "),
        *("&a ", "*a", "!!str ", "null", "~", "x:", "words:", "gone:", "match: {by: x}", "1970"),
    ]
)


@pytest.mark.parametrize("path", RECIPES, ids=lambda each: each.name)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_spoilt_recipe_is_understood_or_told(path: Path, data: st.DataObject) -> None:
    text = data.draw(spoilt((path.read_text(encoding="utf-8"),), WORDS))
    found = refused(lambda: load_recipe(text, model=model_of(path.parent)))
    assert all(each.code and each.says and each.hint for each in found)


@pytest.mark.parametrize(
    "path", [each for each in RECIPES if recorded_for(each)], ids=lambda each: each.name
)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_recipe_takes_a_spoilt_recording_or_tells(path: Path, data: st.DataObject) -> None:
    recorded = dict(recorded_for(path))
    name = data.draw(st.sampled_from(sorted(recorded)))
    recipe = load_recipe(path.read_text(encoding="utf-8"), model=model_of(path.parent))
    files = Files(recipe)
    taken = files.take(name, name, data.draw(spoilt((recorded[name],))).encode("utf-8", "replace"))
    found = [taken] if isinstance(taken, Finding) else [*taken.findings, *files.unmet()]
    assert all(each.code and each.says for each in found)


@pytest.mark.parametrize("name", sorted(RECORDED))
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_spoilt_sample_is_proposed_for_or_told(name: str, data: st.DataObject) -> None:
    ending = sources()[name].reads[0] if sources()[name].reads else ".json"
    sample = data.draw(spoilt(RECORDED[name])).encode("utf-8", "replace")
    found = refused(lambda: proposal_of(sample, f"sample{ending}", model_of(EXAMPLES / name)))
    assert all(each.code and each.says for each in found)

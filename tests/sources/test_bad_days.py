"""Hostile and broken intakes become findings; nothing else is lost."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pygit2
import pytest
from tests.sources.harbour import WISHES, Commit, history, intake, noon, recipe, told

from latticework.base.findings import Refused
from latticework.sources.intakes.intake import Beforehand
from latticework.sources.intakes.read import read

GOOD = {"wishes/good/wish.yaml": "title: Good\n"}
BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (BOMB.encode(), "YAML004"),
        (b"a: " + b"[" * 300 + b"]" * 300, "YAML004"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe" * 50, "SOURCE002"),
        (b"title: a\x00b\n", "YAML003"),
        (b"title: T\nsize: " + b"x" * 2_000_000, "SOURCE016"),
        (b"title: {deep: er}\n", "SOURCE011"),
        (b"just a text\n", ""),
        (b"", ""),
    ],
    ids=["bomb", "deep", "binary", "control", "long", "shape", "text", "empty"],
)
def test_a_bad_file_is_a_finding_and_the_others_come_in(
    tmp_path: Path, bad: bytes, code: str
) -> None:
    history(tmp_path, [Commit({**GOOD, "wishes/bad/wish.yaml": bad})])
    batches, taken = intake(WISHES, tmp_path)
    assert told(batches).nodes["wish/good"] == {"title": "Good"}
    assert {each.code for each in taken.findings} == ({code} if code else set())
    assert all(each.hint and each.place.file for each in taken.findings)


def test_names_in_any_script_with_quotes_slashes_and_lines_come_in_whole(tmp_path: Path) -> None:
    name = "日本/ 'ö' \"x\"\n\U0001f6a2"
    quoted = 'title: "日本/ \'ö\' \\"x\\"\\n🚢"\nwho: "@日本 語"\n'
    history(tmp_path, [Commit({"wishes/größe'x\"/wish.yaml": quoted})])
    batches, _ = intake(WISHES, tmp_path)
    now = told(batches)
    assert now.nodes["wish/grösse-x"]["title"] == name
    assert "person/日本-語" in now.nodes


def bundled(folder: Path) -> Path:
    """A bundle of one wish that is open, then done."""
    texts = ["title: Good\nstatus: open\n", "title: Good\nstatus: done\n"]
    commits = [Commit({"wishes/a/wish.yaml": text}, day) for day, text in enumerate(texts, start=1)]
    history(folder / "bare", commits)
    bundle = folder / "wishes.bundle"
    command = ["git", "-C", str(folder / "bare"), "bundle", "create", "-q", str(bundle), "main"]
    subprocess.run(command, check=True, capture_output=True)
    return bundle


def test_a_bundle_is_read_like_the_repository_it_holds(tmp_path: Path) -> None:
    bundle = bundled(tmp_path)
    assert intake(WISHES, bundle)[0] == intake(WISHES, tmp_path / "bare")[0]


def test_a_broken_bundle_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    bundle = bundled(tmp_path)
    whole = bundle.read_bytes()
    for broken in (whole[: len(whole) // 2], whole[:-30] + bytes(30)):
        bundle.write_bytes(broken)
        with pytest.raises(Refused) as refused:
            read(recipe(WISHES), bundle, Beforehand(now=noon(1)))
        (finding,) = refused.value.findings
        assert finding.code == "SOURCE031"
        assert "bundle" in finding.hint


def test_a_broken_object_is_a_finding_and_the_rest_comes_in(tmp_path: Path) -> None:
    texts = ["title: A\n", "title: B\n", "title: C\n"]
    commits = [Commit({"wishes/a/wish.yaml": text}, day) for day, text in enumerate(texts, 1)]
    repository = history(tmp_path, commits)
    broken = (
        repository[repository.head.target]
        .peel(pygit2.Commit)
        .parents[0]
        .tree["wishes/a/wish.yaml"]
        .id
    )
    path = tmp_path / "objects" / str(broken)[:2] / str(broken)[2:]
    path.chmod(0o600)
    path.write_bytes(b"rubbish")
    batches, taken = intake(WISHES, tmp_path)
    assert told(batches).nodes["wish/a"] == {"title": "C"}
    (finding,) = taken.findings
    assert (finding.code, finding.place.file) == ("SOURCE034", "wishes/a/wish.yaml")


def test_a_place_without_anything_to_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.bin").write_text("hello")
    for place in (tmp_path / "absent", tmp_path / "note.bin"):
        with pytest.raises(Refused, match="SOURCE031"):
            read(recipe(WISHES), place, Beforehand(now=noon(1)))

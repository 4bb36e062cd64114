"""Claims about recipes, models and sources that are not what they should be."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pygit2
import pytest
from tests.bad_days import yard
from tests.bad_days.yard import Run, kindly, proven

MUCH = 100_000_000
BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9)
)
BINARY = b"\x89PNG\r\n\x1a\n\x00\xff\xfe" * 50


@pytest.fixture(scope="session")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of four commits."""
    return yard.long_history(tmp_path_factory.mktemp("little"), 4)


@pytest.fixture(scope="session")
def bundle(little: Path) -> Path:
    """The same as a bundle."""
    return yard.bundle_of(little, little.parent / "little.bundle")


# Bundles and repositories --------------------------------------------------------------


def test_broken_bundles_are_refused_and_the_whole_one_comes_in_after(
    company: Path, recipe: Path, bundle: Path, tmp_path: Path, run: Run
) -> None:
    whole = bundle.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    broken = {
        "half": whole[: len(whole) // 2],
        "end": whole[:-30],
        "head": whole[:40],
        "name": whole[:20],
        "object": bytes(flipped),
    }
    for name, data in broken.items():
        path = tmp_path / f"{name}.bundle"
        path.write_bytes(data)
        told = kindly(run("-C", company, "import", recipe, "--from", path), "SOURCE031")
        assert str(path) in told, told
        assert "git bundle verify" in told, told
    assert run("-C", company, "import", recipe, "--from", bundle).code == 0
    proven(company)


@pytest.mark.parametrize("data", [b"", b"hello", BINARY], ids=["empty", "text", "binary"])
def test_a_file_that_is_no_bundle_is_told_by_name(
    company: Path, recipe: Path, data: bytes, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "wishes.bundle"
    path.write_bytes(data)
    words = ("-C", company, "import", recipe, "--from", path)
    kindly(run(*words), "SOURCE031", f"'{path}' is no git bundle", "name a git repository")


def test_nothing_where_the_source_should_lie_is_told(company: Path, recipe: Path, run: Run) -> None:
    said = run("-C", company, "import", recipe, "--from", company / "no" / "where")
    kindly(said, "SOURCE031", "nothing lies at", "name a git repository")


def lost(repository: Path, name: pygit2.Oid, data: bytes | None) -> None:
    """Break one object of a repository, or take it away."""
    path = repository / "objects" / str(name)[:2] / str(name)[2:]
    path.chmod(0o644)
    path.unlink()
    if data is not None:
        path.write_bytes(data)


def test_broken_objects_are_told_and_a_mended_repository_comes_in(
    company: Path, recipe: Path, little: Path, tmp_path: Path, run: Run
) -> None:
    whole = pygit2.Repository(str(little))
    second = whole.head.peel(pygit2.Commit).parents[0].parents[0]
    words = ("-C", company, "import", recipe, "--from")
    for number, (name, data) in enumerate(
        [(second.id, None), (second.id, b"rot"), (second.tree_id, None), (second.tree_id, b"rot")]
    ):
        broken = Path(shutil.copytree(little, tmp_path / f"broken{number}"))
        lost(broken, name, data)
        kindly(run(*words, broken), "SOURCE034", str(second.id)[:10], "git fsck")
        proven(company)
    assert run(*words, little).code == 0
    proven(company)


def test_a_file_whose_content_is_broken_is_left_out_and_told(
    company: Path, recipe: Path, little: Path, tmp_path: Path, run: Run
) -> None:
    broken = Path(shutil.copytree(little, tmp_path / "broken"))
    tip = pygit2.Repository(str(broken)).head.peel(pygit2.Commit)
    blob = (tip.tree / "wishes/w3/wish.yaml").id
    lost(broken, blob, b"rot")
    said = run("-C", company, "import", recipe, "--from", broken)
    for words in ("SOURCE034", "wishes/w3/wish.yaml", "git fsck", str(tip.id)[:10]):
        assert words in said.out, said
    assert "3 rows" in run("-C", company, "ask", "wish").out
    proven(company)


# Files that are too much ---------------------------------------------------------------

BAD_FILES: Mapping[str, tuple[bytes, str]] = {
    "bomb": (BOMB.encode(), "YAML004"),
    "field": (b"title: " + b"x" * MUCH, "SOURCE001"),
    "file": (b"title: T\n" + b"# a remark of some length\n" * (MUCH // 26), "SOURCE001"),
    "binary": (BINARY, "SOURCE002"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_too_much_is_left_out_and_the_others_come_in(
    company: Path, recipe: Path, name: str, tmp_path: Path, run: Run
) -> None:
    data, code = BAD_FILES[name]
    for path, content in {
        "wishes/bad/wish.yaml": data,
        "wishes/good/wish.yaml": b"title: G",
    }.items():
        (tmp_path / "files" / path).parent.mkdir(parents=True)
        (tmp_path / "files" / path).write_bytes(content)
    said = run("-C", company, "import", recipe, "--from", tmp_path / "files")
    assert code in said.out, said.out
    assert "wishes/bad/wish.yaml" in said.out
    assert "hint: " in said.out
    assert "Brought in 1 change" in said.out
    assert "1 row" in run("-C", company, "ask", "wish").out
    proven(company)


def test_a_field_of_a_hundred_megabytes_in_a_history_is_left_out(
    company: Path, recipe: Path, tmp_path: Path, run: Run
) -> None:
    files = {**yard.wish(1), "wishes/bad/wish.yaml": b"title: " + b"x" * MUCH}
    said = run("-C", company, "import", recipe, "--from", yard.one_wish(tmp_path / "r", files))
    assert "SOURCE001" in said.out
    assert "wish/w1" in run("-C", company, "ask", "wish").out
    proven(company)


# Recipes -------------------------------------------------------------------------------


def test_a_recipe_that_fits_no_file_says_what_it_sought_and_saw(
    company: Path, little: Path, tmp_path: Path, run: Run
) -> None:
    recipe = yard.recipe_file(tmp_path, yard.WISHES.replace("wishes/**", "whishes/**"))
    said = run("-C", company, "import", recipe, "--from", little)
    assert said.code == 0
    for words in ("Nothing new", "no file fits 'whishes/**/wish.yaml'", "wishes/w0/wish.yaml"):
        assert words in said.out, said.out


@pytest.mark.parametrize("form", ["history", "folder"])
def test_a_recipe_that_meets_nothing_in_its_files_says_what_they_hold(
    company: Path, little: Path, tmp_path: Path, run: Run, form: str
) -> None:
    text = yard.WISHES.replace("kinds:\n  wish:\n", "kinds:\n  wish:\n    from: items.wish\n")
    (tmp_path / "wishes" / "a").mkdir(parents=True)
    (tmp_path / "wishes" / "a" / "wish.yaml").write_text("title: A\nnumber: 1\n", encoding="utf-8")
    place = little if form == "history" else tmp_path
    said = run("-C", company, "import", yard.recipe_file(tmp_path, text), "--from", place)
    assert said.code == 0
    for words in ("SOURCE037", "no wish was found at 'items.wish'", "holds: title, number"):
        assert words in said.out, said.out


@pytest.mark.parametrize("name", ["bomb", "long", "binary", "missing", "folder", "empty"])
def test_a_recipe_that_cannot_be_read_is_told_once(
    company: Path, little: Path, tmp_path: Path, run: Run, name: str
) -> None:
    told = unreadable(tmp_path, name, run, "-C", company, "import", "{}", "--from", little)
    assert told.count("error") == 1 or name == "empty", told


def unreadable(folder: Path, name: str, run: Run, *words: str | Path) -> str:
    """What a command says of a file that is a bomb, long, binary, missing or a folder."""
    path = folder / f"{name}.yaml"
    match name:
        case "bomb":
            path.write_text(BOMB, encoding="utf-8")
        case "long":
            path.write_bytes(b"company: " + b"x" * MUCH)
        case "binary":
            path.write_bytes(BINARY)
        case "folder":
            path.mkdir()
        case "empty":
            path.write_text("", encoding="utf-8")
    said = run(*(path if each == "{}" else each for each in words))
    code = {"bomb": "YAML004", "long": "YAML004", "empty": ""}.get(name, "WORK004")
    told = kindly(said, code, "hint: ")
    assert str(path) in told, told
    assert len(told) < 1500, "the file is not repeated"
    return told


# Models --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bomb", "long", "binary", "missing", "folder"])
def test_a_model_that_cannot_be_read_begins_and_changes_nothing(
    company: Path, tmp_path: Path, run: Run, name: str
) -> None:
    unreadable(tmp_path, name, run, "init", tmp_path / "new", "--model", "{}")
    assert not (tmp_path / "new").exists()
    if name == "folder":
        (tmp_path / "folder.yaml").rmdir()
    for verb in ("preview", "apply"):
        told = unreadable(tmp_path, name, run, "-C", company, "model", verb, "{}")
        assert "Nothing changes" not in told
        if name == "folder":
            (tmp_path / "folder.yaml").rmdir()
    assert len(yard.entries(company)) == 1
    proven(company)


@pytest.mark.parametrize("what", ["binary", "missing", "folder"])
def test_a_company_without_a_sound_model_file_still_answers_and_exports_its_journal(
    full_company: Path, tmp_path: Path, run: Run, what: str
) -> None:
    model = full_company / "latticework.yaml"
    model.unlink()
    if what == "binary":
        model.write_bytes(BINARY)
    elif what == "folder":
        model.mkdir()
    assert f"{yard.WISHED} rows" in run("-C", full_company, "ask", "wish limit 300").out
    told = kindly(run("-C", full_company, "export", tmp_path / "out"), "WORK004", "backup")
    assert "safe in the journal" in told
    assert not (tmp_path / "out").exists()
    assert run("-C", full_company, "export", tmp_path / "out.jsonl").code == 0
    assert run("restore", tmp_path / "out.jsonl", tmp_path / "again").code == 0
    assert yard.entries(tmp_path / "again") == yard.entries(full_company)

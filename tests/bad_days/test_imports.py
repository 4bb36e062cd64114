"""Claims about imports that are cut off, crowded out or overtaken."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.bad_days import yard
from tests.bad_days.yard import Run, kindly, proven
from tests.conftest import STORES

from latticework.base.findings import Refused
from latticework.graph import cache
from latticework.journal.changes import Batch, Put
from latticework.journal.store import Store
from latticework.workspace import Workspace, importing

SMALL_PORTIONS = "from latticework.workspace import importing\nimporting.APPENDED = 20"
SHARED = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
UrlOf = Callable[[str], str]


def head_of(company: Path) -> int:
    with Workspace.open(company) as workspace:
        return workspace.store.head().number


def grown(company: Path, process: object, past: int) -> int:
    """Wait until a portion after an entry is acknowledged."""
    deadline = time.monotonic() + 60
    with Workspace.open(company) as workspace:
        while (head := workspace.store.head().number) <= past:
            assert time.monotonic() < deadline, process
            time.sleep(0.005)
        return head


def test_an_import_that_was_killed_goes_on_where_it_ended(
    company: Path, filled: Path, wishes: Path, recipe: Path, run: Run
) -> None:
    words = ("-C", company, "import", recipe, "--from", wishes)
    for _ in range(2):
        process = yard.begun(*words, before=SMALL_PORTIONS)
        acknowledged = grown(company, process, head_of(company))
        process.send_signal(signal.SIGKILL)
        assert yard.ended(process).code == -signal.SIGKILL
        assert head_of(company) >= acknowledged
        proven(company)
    assert head_of(company) < head_of(filled), "each was killed in the middle"
    assert run(*words).code == 0
    assert yard.entries(company) == yard.entries(filled)
    assert "Nothing new" in run(*words).out
    proven(company)


def fill(disk: Path) -> None:
    """Leave no room on a disk."""
    with (disk / "ballast").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1024))


def test_a_full_disk_stops_an_import_that_goes_on_once_there_is_room(
    small_disk: Path, template: Path, filled: Path, wishes: Path, recipe: Path, run: Run
) -> None:
    company = yard.copied(template, small_disk / "harbour")
    words = ("-C", company, "import", recipe, "--from", wishes)
    kindly(yard.apart(*words, before=SMALL_PORTIONS), "STORE003", "full", "make room")
    fill(small_disk)
    kindly(run("-C", company, "put", "wish/x", f"title={'x' * 60_000}"), "STORE003", "make room")
    kindly(run("-C", company, "export", small_disk / "out"), "make room")
    assert not (small_disk / "out").exists()
    kindly(run("init", small_disk / "new", "--model", template / "latticework.yaml"), "STORE003")
    roomy = yard.copied(company, small_disk.parent / "roomy")
    proven(roomy)
    kept = yard.entries(roomy)
    assert run("-C", roomy, "import", recipe, "--from", wishes).code == 0
    assert yard.entries(roomy)[: len(kept)] == kept
    assert yard.entries(roomy) == yard.entries(filled)


def test_what_a_full_disk_began_is_begun_anew_once_there_is_room(
    small_disk: Path, template: Path, run: Run
) -> None:
    words = ("init", small_disk / "new", "--model", template / "latticework.yaml")
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(200 * 1024))
    kindly(run(*words), "make room")
    ballast.unlink()
    assert run(*words).code == 0
    proven(small_disk / "new")


LIMITED = "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
LIMITED += "resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))\n"


def test_a_limit_on_file_sizes_stops_import_and_export_kindly(
    company: Path, full_company: Path, wishes: Path, recipe: Path
) -> None:
    words = ("-C", company, "import", recipe, "--from", wishes)
    limited = LIMITED.format(60_000) + SMALL_PORTIONS
    kindly(yard.apart(*words, before=limited), "STORE003", "make room")
    proven(company)
    target = full_company.parent / "out"
    said = yard.apart("-C", full_company, "export", target, before=LIMITED.format(70_000))
    kindly(said, "WORK006", "make room")
    assert not target.exists()
    assert not list(target.parent.glob(".export-*"))
    proven(full_company)


def test_a_cache_on_a_full_disk_costs_nothing(
    small_disk: Path, full_company: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cache.open_graph.__kwdefaults__, "small", 1)
    place = full_company / ".latticework" / "cache"
    place.rmdir()
    place.symlink_to(small_disk)
    fill(small_disk)
    said = run("-C", full_company, "ask", "wish where status is done limit 1")
    assert (said.code, said.err) == (0, "")
    assert f"1 row of {yard.COMMITS - 1}" in said.out
    assert [each.name for each in small_disk.iterdir()] == ["ballast"]
    (small_disk / "ballast").unlink()
    assert run("-C", full_company, "ask", "wish where status is done limit 1") == said


@pytest.mark.parametrize("sort", SHARED)
def test_one_source_imported_twice_at_once_is_recorded_once(
    sort: str,
    new_url: UrlOf,
    filled: Path,
    wishes: Path,
    recipe: Path,
    tmp_path: Path,
    run: Run,
) -> None:
    company = yard.begin(tmp_path / "shared", store_url=new_url(sort))
    words = ("-C", company, "import", recipe, "--from", wishes)
    both = [yard.begun(*words, before=SMALL_PORTIONS) for _ in range(2)]
    said = sorted((yard.ended(each) for each in both), key=lambda each: each.code)
    assert said[0].code == 0, said
    if said[1].code:
        kindly(said[1], "STORE005", "another import of 'wishes'", "import again")
    assert run(*words).code == 0
    assert yard.entries(company) == yard.entries(filled)
    proven(company)


def test_an_import_overtaken_in_the_middle_records_nothing_twice(
    company: Path, filled: Path, wishes: Path, recipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "APPENDED", 20)
    other = Workspace.open(company)
    done: list[int] = []

    def overtake(step: int, _total: int | None) -> None:
        if step == 10:
            done.append(other.import_recipe(recipe, wishes).changes)

    with Workspace.open(company) as workspace, pytest.raises(Refused) as refused:
        workspace.import_recipe(recipe, wishes, progress=overtake)
    other.close()
    (finding,) = refused.value.findings
    assert finding.code == "STORE005"
    assert done
    assert done[0] > 0
    assert yard.entries(company) == yard.entries(filled)
    proven(company)


def test_a_folder_imported_twice_at_once_is_recorded_once(
    company: Path, recipe: Path, tmp_path: Path
) -> None:
    for path, text in {**yard.wish(1), **yard.wish(2)}.items():
        (tmp_path / "files" / path).parent.mkdir(parents=True)
        (tmp_path / "files" / path).write_text(text, encoding="utf-8")
    other = Workspace.open(company)
    first = iter([True])

    def overtake(_step: int, _total: int | None) -> None:
        if next(first, False):
            other.import_recipe(recipe, tmp_path / "files")

    with Workspace.open(company) as workspace, pytest.raises(Refused, match="STORE005"):
        workspace.import_recipe(recipe, tmp_path / "files", progress=overtake)
    recorded = yard.entries(company)
    assert other.import_recipe(recipe, tmp_path / "files").changes == 0
    assert yard.entries(company) == recorded
    other.close()


@pytest.mark.parametrize("sort", STORES)
def test_only_batches_of_the_same_source_and_branch_overtake(store: Store) -> None:
    def batch(source: str) -> Batch:
        return Batch(changes=(Put("wish/a", {"title": "A"}),), source=source)

    seen = store.append([batch("wishes")], now=1).last
    store.append([batch("boats"), batch("")], now=2)
    store.start_branch("quiet", now=3)
    store.append([batch("wishes")], now=4, branch="quiet")
    last = store.append([batch("wishes")], now=5, resumes=seen).last
    with pytest.raises(Refused, match="another import of 'wishes'"):
        store.append([batch("wishes")], now=6, resumes=seen)
    assert store.head().number == last
    assert store.append([batch("wishes")], now=7, resumes=last).first > last
    assert store.verify() == ()


def test_two_sources_are_imported_at_once(
    company: Path, filled: Path, wishes: Path, recipe: Path, tmp_path: Path
) -> None:
    others = yard.recipe_file(
        tmp_path, yard.WISHES.replace("recipe: wishes", "recipe: hopes"), "hopes.recipe.yaml"
    )
    both = [
        yard.begun("-C", company, "import", each, "--from", wishes, before=SMALL_PORTIONS)
        for each in (recipe, others)
    ]
    assert [yard.ended(each).code for each in both] == [0, 0]
    mine = [entry for entry in yard.entries(company) if entry[4] == "wishes"]
    assert mine == [entry for entry in yard.entries(filled) if entry[4] == "wishes"]
    proven(company)


def test_a_branch_imports_what_main_imports_at_the_same_time(
    company: Path, wishes: Path, recipe: Path
) -> None:
    with Workspace.open(company) as workspace:
        workspace.start_branch("quiet")
    done: list[int] = []

    def on(branch: str) -> None:
        with Workspace.open(company) as workspace:
            done.append(workspace.import_recipe(recipe, wishes, branch=branch).changes)

    threads = [threading.Thread(target=on, args=(branch,)) for branch in ("main", "quiet")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(done)) == 1, done
    assert len(done) == 2
    proven(company)


@pytest.mark.postgres
def test_a_server_that_goes_away_in_the_middle_loses_nothing_acknowledged(
    postgres_server: str,
    new_url: UrlOf,
    filled: Path,
    wishes: Path,
    recipe: Path,
    tmp_path: Path,
    run: Run,
) -> None:
    company = yard.begin(tmp_path / "far", store_url=new_url("postgres"))
    name = f"latticework-{tmp_path.name}"[:60]
    before = f"import os\nos.environ['PGAPPNAME'] = {name!r}\n{SMALL_PORTIONS}"
    words = ("-C", company, "import", recipe, "--from", wishes)
    process = yard.begun(*words, before=before)
    acknowledged = grown(company, process, 1)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        ending = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        )
        connection.execute(ending, (name,))
    said = yard.ended(process)
    if said.code:
        kindly(said, "STORE001", "check that it runs", "again")
        assert head_of(company) >= acknowledged
    proven(company)
    assert run(*words).code == 0
    assert yard.entries(company) == yard.entries(filled)


def test_a_server_that_is_not_there_is_told(company: Path, recipe: Path, run: Run) -> None:
    settings = company / ".latticework" / "workspace.toml"
    settings.write_text('store = "postgresql://dee:secret@127.0.0.1:1/harbour"\n', encoding="utf-8")
    for words in (["ask", "wish"], ["put", "wish/a", "title=A"], ["verify"], ["import", recipe]):
        told = kindly(run("-C", company, *words), "STORE001", "check that it runs")
        assert "secret" not in told

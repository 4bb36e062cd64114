"""Nine years of a large project's public history, counted twice.

Once by asking the company that `examples/kubernetes` builds, once straight from
git with a YAML library, without any code of ours.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from latticework.workspace.importing import Imported
from latticework.workspace.workspace import Workspace

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "kubernetes"
DATA = Path(os.environ.get("LATTICEWORK_REALDATA", ROOT.parent / "shared" / "data"))
NEW_YEAR = "2022-01-01T00:00:00Z"
LISTS = ("sigs", "workinggroups", "committees", "usergroups")

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def data() -> Path:
    """The folder of bundles; skips without it, or fails where it is required."""
    if not (DATA / "groups.bundle").exists():
        lacks = (
            f"the public git histories do not lie at {DATA}; put groups.bundle and"
            " enhancements.bundle there, or set LATTICEWORK_REALDATA to their folder"
        )
        if os.environ.get("REQUIRE_REALDATA") == "1":
            pytest.fail(lacks)
        pytest.skip(lacks)
    return DATA


class Company:
    """The workspace with both histories, and what each import said."""

    def __init__(self, folder: Path, data: Path) -> None:
        text = (EXAMPLE / "latticework.yaml").read_text()
        self.workspace = Workspace.init(folder, model_text=text)
        self.data = data
        began = time.monotonic()
        self.imports = {name: self.bring(name) for name in ("groups", "enhancements")}
        self.seconds = time.monotonic() - began

    def bring(self, name: str) -> Imported:
        """Import one of the histories."""
        place = str(self.data / f"{name}.bundle")
        return self.workspace.import_recipe(EXAMPLE / f"{name}.recipe.yaml", place)

    def refs(self, query: str, at: str | None = None) -> set[str]:
        """The refs that answer a question."""
        return {str(row["ref"]) for row in self.workspace.ask(query, at=at).to_dicts()}


@cache
def built(folder: Path, data: Path) -> Company:
    """The company, imported once for all modules that read it."""
    folder.mkdir()
    return Company(folder, data)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Company:
    return built(tmp_path_factory.getbasetemp() / "kubernetes", data)


class Git:
    """A clone that is read by git alone."""

    def __init__(self, folder: Path, bundle: Path) -> None:
        self.folder = folder
        self._run("clone", "--quiet", "--bare", "--branch", "main", str(bundle), str(folder))

    def _run(self, *words: str) -> str:
        done = subprocess.run(["git", *words], check=True, capture_output=True)
        return done.stdout.decode()

    def git(self, *words: str) -> str:
        return self._run("-C", str(self.folder), *words)

    def commit(self, before: str = "") -> str:
        """The last first-parent commit, or the last one up to an instant."""
        bound = [f"--before={before}"] if before else []
        return self.git("rev-list", "--first-parent", "-1", *bound, "main").strip()

    def files(self, commit: str) -> dict[str, dict[str, object]]:
        """Every readable file of a commit by its path, scalars as text."""
        names = self.git("ls-tree", "-r", "--name-only", commit).split("\n")
        return {name: load(self.git("show", f"{commit}:{name}")) for name in names if name}


@cache
def load(text: str) -> dict[str, object]:
    """The first YAML document of a text, scalars as text."""
    found = next(iter(yaml.load_all(text, Loader=yaml.CBaseLoader)), None)
    return found if isinstance(found, dict) else {}


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Git:
    return Git(tmp_path_factory.mktemp("git") / "groups", data / "groups.bundle")


@pytest.fixture(scope="module")
def proposals(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Git:
    return Git(tmp_path_factory.mktemp("git") / "proposals", data / "enhancements.bundle")


def name_of(path: str) -> str:
    """The ref of the proposal whose file this is."""
    return f"enhancement/{path.split('/')[-2].lower()}"


def groups_in(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every group of the one file."""
    return [each for name in LISTS for each in document.get(name) or []]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("at", "every", "done"), [("", 656, 290), (NEW_YEAR, 358, 114)])
def test_proposals_are_as_many_as_in_git(
    company: Company, proposals: Git, at: str, every: int, done: int
) -> None:
    files = proposals.files(proposals.commit(at))
    words = Counter(str(each.get("status")) for each in files.values())
    assert (len(files), words["implemented"]) == (every, done)
    assert company.refs("enhancement", at or None) == {name_of(path) for path in files}
    finished = {name_of(path) for path, each in files.items() if each["status"] == "implemented"}
    assert company.refs("enhancement where status is implemented", at or None) == finished
    assert company.refs("bet where stage is done", at or None) == finished


def test_groups_subprojects_and_meetings_are_as_many_as_in_git(
    company: Company, groups: Git
) -> None:
    (document,) = groups.files(groups.commit()).values()
    every = groups_in(document)
    subprojects = sum(len(each.get("subprojects") or ()) for each in every)  # type: ignore[arg-type]
    meetings = sum(len(each.get("meetings") or ()) for each in every)  # type: ignore[arg-type]
    assert (len(every), subprojects, meetings) == (35, 236, 72)
    assert company.refs("group") == {f"group/{each['dir']}" for each in every}
    assert len(company.refs("subproject")) == subprojects
    assert len(company.refs("meeting")) == meetings


@pytest.mark.parametrize(
    "day", ["2018-01-15", "2019-07-01", "2020-06-30", "2022-03-03", "2024-02-29", "2026-08-20"]
)
def test_who_led_which_group_on_a_day_agrees_with_git(
    company: Company, groups: Git, day: str
) -> None:
    (document,) = groups.files(groups.commit(f"{day}T23:59:59Z")).values()
    leading: dict[str, set[str]] = {}
    for group in groups_in(document):
        offices = group.get("leadership") or {}
        assert isinstance(offices, dict)
        lists = [offices.get("chairs"), offices.get("tech_leads"), group.get("leads")]
        handles = {lead["github"].lower() for each in lists for lead in each or []}  # type: ignore[attr-defined]
        leading[f"group/{group['dir']}"] = {f"person/{handle}" for handle in handles}
    assert company.refs("group", day) == leading.keys()
    graph = company.workspace.graph(at=day)
    for ref, people in leading.items():
        assert set(graph.node(ref).links.get("led by", ())) == slugs(people)


def slugs(refs: set[str]) -> set[str]:
    """Handles as refs have them."""
    return {ref.replace("_", "-").strip("-") for ref in refs}


def matured(proposals: Git, year: int) -> set[str]:
    """Proposals whose file said alpha at some time of a year and stable later in it."""
    log = proposals.git("log", "--first-parent", "--reverse", "-M", "--format=@%ct", "--raw")
    starts = datetime(year, 1, 1, tzinfo=UTC).timestamp()
    ends = datetime(year + 1, 1, 1, tzinfo=UTC).timestamp()
    at = 0
    said: dict[str, str] = {}
    left_alpha: dict[str, int] = {}
    found: set[str] = set()
    for line in log.splitlines():
        if line.startswith("@"):
            at = int(line[1:])
        if not line.startswith(":"):
            continue
        head, *paths = line.split("\t")
        blob, sort = head.split()[3:]
        both: tuple[dict[str, Any], ...] = (said, left_alpha)
        for known in both:
            if paths[0] in known and len(paths) > 1:
                known[paths[1]] = known.pop(paths[0])
        found = {paths[-1] if path == paths[0] else path for path in found}
        word = None if sort == "D" else stage_of(proposals, blob)
        if word is None:
            continue
        path = paths[-1]
        if said.get(path) == "alpha" and word != "alpha":
            left_alpha[path] = at
        if word == "stable" and starts <= left_alpha.get(path, -1) and starts <= at < ends:
            found.add(path)
        said[path] = str(word)
    return {name_of(path) for path in found}


def stage_of(proposals: Git, blob: str) -> object:
    """The stage that a file's content states."""
    try:
        return load(proposals.git("cat-file", "blob", blob)).get("stage")
    except yaml.YAMLError:
        return None


def test_proposals_that_went_from_alpha_to_stable_agree_with_git(
    company: Company, proposals: Git
) -> None:
    for year in (2021, 2023):
        told = company.refs(f"enhancement where maturity went from alpha to stable in {year}")
        ours = {str(company.workspace.graph().node(ref).ref) for ref in matured(proposals, year)}
        assert told == ours
        assert told


def test_what_changed_in_a_group_between_two_days_agrees_with_git(
    company: Company, groups: Git
) -> None:
    chairs = []
    for day in ("2023-01-01", "2024-01-01"):
        (document,) = groups.files(groups.commit(f"{day}T23:59:59Z")).values()
        (group,) = [each for each in groups_in(document) if each["dir"] == "sig-network"]
        offices = group["leadership"]
        leads = [*offices["chairs"], *offices.get("tech_leads", [])]  # type: ignore[index]
        chairs.append({f"person/{lead['github'].lower()}" for lead in leads})
    delta = company.workspace.diff("2023-01-01", "2024-01-01", "group/sig-network")
    edges = delta.edges.filter(
        (delta.edges["source"] == "group/sig-network") & (delta.edges["link"] == "led by")
    )
    told = {what: set(edges.filter(edges["what"] == what)["target"]) for what in ("new", "gone")}
    assert told == {"new": chairs[1] - chairs[0], "gone": chairs[0] - chairs[1]}
    assert chairs[0] != chairs[1]


def test_check_finds_the_dirt_that_is_known_to_be_there(company: Company) -> None:
    told = "\n".join(str(each) for each in company.workspace.check())
    for dirt in ("2023-14-05", "2025-30-01", "imlpemented", "group/sig-xyz", "yyyy-mm-dd", "NNNN"):
        assert dirt in told, dirt
    assert "still holds words of the template" in told
    repeated = [each for each in company.workspace.check() if each.code == "FIELD003"]
    assert any("2133" in str(each) for each in repeated)


def test_importing_again_writes_nothing_and_is_quick(company: Company) -> None:
    before = company.workspace.store.head().number
    began = time.monotonic()
    again = [company.bring(name) for name in company.imports]
    seconds = time.monotonic() - began
    assert [each.changes for each in again] == [0, 0]
    assert company.workspace.store.head().number == before
    assert seconds < 10


def test_every_value_tells_its_file_line_and_commit(company: Company, proposals: Git) -> None:
    ref = "enhancement/2221-remove-dockershim"
    entries = company.workspace.graph().history(ref)
    assert len(entries) > 10
    for entry in entries:
        via = entry.change.via if entry.change else None
        assert via is not None
        assert via.source == "enhancements"
        assert len(via.revision) == 40
        fields = getattr(entry.change, "fields", {})
        if entry.change and "status" in fields and via.line:
            text = proposals.git("show", f"{via.revision}:{via.file}").splitlines()
            assert text[via.line - 1].startswith(f"status: {fields['status']}")


def test_a_renamed_folder_keeps_its_history(company: Company) -> None:
    graph = company.workspace.graph()
    assert str(graph.node("enhancement/1985-remove-dockershim").ref) == (
        "enhancement/2221-remove-dockershim"
    )
    assert str(graph.node("group/sig-product-management").ref) == str(
        graph.node("group/sig-pm").ref
    )


def test_the_journal_verifies_after_both_imports(company: Company) -> None:
    assert not company.workspace.verify()

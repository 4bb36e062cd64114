"""A recipe proposed for a sample can be loaded and tried as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.sources.companies import RECORDINGS, Example

from latticework.base.findings import Refused
from latticework.model.model import Model
from latticework.sources.proposing import usual
from latticework.sources.proposing.propose import proposal_of, propose
from latticework.sources.proposing.usual import usual_of
from latticework.sources.recipes.recipe import load_recipe
from latticework.sources.source import sources
from latticework.sources.tree import plain
from latticework.sources.yaml import read_recipe
from latticework.workspace import Workspace
from latticework.workspace.bringing import add_words, bring, draft_of_file, try_bringing


def words_of(text: str) -> Any:
    """The kinds that words for a model declare."""
    said = plain(read_recipe(text, "")[0])
    assert isinstance(said, dict)
    return said["kinds"]


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("jira", "cloud.csv"),
        ("jira", "cloud.json"),
        ("github", "rest.json"),
        ("linear", "export.csv"),
    ],
)
def test_a_proposed_recipe_brings_the_sample_in(name: str, sample: str, tmp_path: Path) -> None:
    harbour = Example(name, tmp_path)
    text = propose((RECORDINGS / name / sample).read_bytes(), sample, harbour.company.model)
    recipe = load_recipe(text, model=harbour.company.model)
    assert recipe.format == name
    harbour.recipe = tmp_path / "proposed.recipe.yaml"
    harbour.recipe.write_text(text, encoding="utf-8")
    harbour.give(sample)
    assert harbour.take().changes
    assert harbour.take().changes == 0


def test_a_proposal_maps_what_is_alike_and_names_the_rest(tmp_path: Path) -> None:
    harbour = Example("jira", tmp_path)
    sample = (RECORDINGS / "jira" / "cloud.csv").read_bytes()
    text = propose(sample, "cloud.csv", harbour.company.model)
    assert "key: key" in text
    assert "title: summary" in text
    assert "points: custom.Story Points" in text
    assert "In Progress: In progress" in text
    assert "# Waiting for parts: one of To do, In progress, Done, Dropped (1 records)" in text
    assert "is part of: {issue: parent}" in text
    assert "#   custom.Team health: in 1 records, such as 'good'" in text


def test_a_sample_without_records_is_refused(tmp_path: Path) -> None:
    model = Example("jira", tmp_path).company.model
    with pytest.raises(Refused, match="SOURCE060"):
        propose(b"", "nothing.csv", model)


def test_what_cannot_be_read_is_told_with_its_file_and_row(tmp_path: Path) -> None:
    model = Example("jira", tmp_path).company.model
    with pytest.raises(Refused) as refused:
        propose(b'id,name\n1,"a\n', "open.csv", model)
    (finding,) = refused.value.findings
    assert (finding.code, finding.place.file, finding.place.line) == ("SOURCE003", "open.csv", 2)


@pytest.mark.parametrize(
    ("name", "sample", "kinds"),
    [
        ("jira", "cloud.csv", ["issue", "epic", "sprint"]),
        ("linear", "graphql.json", ["issue", "cycle", "update"]),
        ("trello", "board.json", ["card"]),
        ("asana", "sheet.csv", ["task"]),
    ],
)
def test_kinds_that_a_model_lacks_are_drafted_and_work(
    name: str, sample: str, kinds: list[str], tmp_path: Path
) -> None:
    """A company of the starter pack, which knows people and no issues."""
    file = RECORDINGS / name / sample
    with Workspace.init(tmp_path / "new") as company:
        drafted = draft_of_file(company, file)
        said = words_of(drafted.words)
        assert [name for name, kind in said.items() if "family" in kind] == kinds
        with pytest.raises(Refused, match="RECIPE003"):
            load_recipe(drafted.recipe, model=company.model)
        add_words(company, drafted.words)
        assert company.model.kinds_by_name.keys() >= set(kinds)
        load_recipe(drafted.recipe, model=company.model)
        assert draft_of_file(company, file).words == ""


def test_stages_of_a_draft_are_the_words_of_the_sample_in_their_categories(
    tmp_path: Path,
) -> None:
    sheet = b"id,name,status\n1,Ferry,Doing\n2,Raft,Erledigt\n3,Boat,\xd0\x93\xd0\xbe\xd1\x82\xd0\xbe\xd0\xb2\xd0\xbe\n4,Tug,Someday\n5,Oar,Idea\n"
    words = proposal_of(sheet, "boats.csv", Model()).words
    stages = words_of(words)["boat"]["stages"]
    assert stages == {
        "Idea": "proposed",
        "Doing": "active",
        "Someday": "active",
        "Erledigt": "done",
        "Готово": "done",
    }


def test_a_sheet_is_told_by_its_values() -> None:
    sheet = (
        "ref,title,owner,when,price,share,size,tags,depends on\n"
        "A,One,Ada,3 Feb 2026,EUR 12k,40%,3,red;blue,\n"
        "B,Two,Ben,2026-02-04,€3M,5 %,2.5,red,A\n"
        "C,Three,Ada,,EUR 5,,4,blue;red,A\n"
    )
    drafted = proposal_of(sheet.encode(), "things.csv", Model())
    said = words_of(drafted.words)["thing"]
    assert said["fields"] == {
        "when": "day",
        "price": "money",
        "share": "ratio",
        "size": "number",
        "tags": "text many",
        "raw": "text",
    }
    assert 'tags: "tags | split \\";\\""' in drafted.recipe
    assert "depends on: {thing: depends on}" in drafted.recipe
    assert "is done by: {person: owner}" in drafted.recipe
    assert "mentioned in: thing.owner" in drafted.recipe


def test_a_history_is_mapped_where_the_sample_has_one(tmp_path: Path) -> None:
    harbour = Example("jira", tmp_path)
    sample = (RECORDINGS / "jira" / "cloud.json").read_bytes()
    text = propose(sample, "cloud.json", harbour.company.model)
    assert "is done by: {what: assignee, before: before id, after: after id}" in text
    assert "stage: status" in text.partition("turns:")[2]
    assert "history:" not in propose(
        (RECORDINGS / "jira" / "cloud.csv").read_bytes(), "cloud.csv", harbour.company.model
    )


def test_what_is_known_of_sources_is_of_sources() -> None:
    folder = Path(usual.__file__).parent / "known"
    names = {each.stem for each in folder.glob("*.yaml")} - {"plain"}
    assert names <= set(sources())
    for name in names:
        known = usual_of(name)
        assert known is not None
        kinds = {each.name for each in known.kinds}
        assert {to for kind in known.kinds for link in kind.links for to in link.to} <= kinds


def test_a_place_named_for_a_kind_that_is_missing_leads_to_no_other_kind(tmp_path: Path) -> None:
    harbour = Example("gitlab", tmp_path)
    told = '[{"iid": 1, "title": "Ferry", "state": "opened", "epic_iid": 7, "web_url": "U/1"'
    told += ', "epic": {"id": 7, "iid": 7, "title": "Night", "url": "/groups/a/-/epics/7"}}]'
    text = propose(
        told.replace("U", "https://git.example/a/b/-/issues").encode(),
        "issues.json",
        harbour.company.model,
    )
    assert "issue:" in text
    assert "issue: epic" not in text


JUNK = {"username", "name", "by", "when", "text", "gid", "resource type", "id", "epic title"}
"""What somebody else's fields of people, comments and containers are called."""


@pytest.mark.parametrize(
    ("sample", "kinds", "ties"),
    [
        ("gitlab/rest.json", {"issue", "epic", "release", "sprint", "person"}, {"is done by"}),
        ("gitlab/graphql.json", {"issue", "release", "sprint", "person"}, {"is blocked by"}),
        ("gitlab/export.csv", {"issue", "release", "person"}, {"is done by", "aims at"}),
        ("asana/api.json", {"task", "project", "goal", "person"}, {"is served by"}),
        (
            "linear/graphql.json",
            {"issue", "project", "goal", "cycle", "team", "update"},
            {"serves", "tells of"},
        ),
        ("linear/export.csv", {"issue", "project", "cycle"}, {"contributes to", "is blocked by"}),
        ("github/rest.json", {"issue", "release", "person"}, {"aims at"}),
        ("shortcut/stories.csv", {"story", "project", "sprint", "team"}, {"is part of"}),
        ("backstage/catalog-info.yaml", {"component", "api", "system", "team"}, {"provides"}),
        ("icalendar/team.ics", {"ritual", "person"}, {"gathers"}),
    ],
)
def test_a_new_company_gets_kinds_with_titles_and_links_and_no_junk(
    sample: str, kinds: set[str], ties: set[str], tmp_path: Path
) -> None:
    """A company of the starter pack and somebody's first export."""
    file = RECORDINGS / sample
    with Workspace.init(tmp_path / "new") as company:
        drafted = draft_of_file(company, file)
        parts = words_of(drafted.recipe)
        assert parts.keys() >= kinds
        drawn = {phrase for part in parts.values() for phrase in _said(part).get("links", {})}
        assert drawn >= ties
        fields = {
            name for kind in words_of(drafted.words).values() for name in kind.get("fields", {})
        }
        assert not fields & JUNK
        tried = try_bringing(company, drafted.recipe, drafted.words, file)
        assert tried.imported is not None
        assert not [each for each in tried.findings if each.code in {"SOURCE012", "SOURCE013"}]
        bring(company, drafted.recipe, drafted.words, file)
        for kind in kinds:
            refs = company.ask(kind).refs
            assert refs, kind
            assert all(company.graph().node(ref).fields.get("title") for ref in refs)


def test_what_all_issues_say_alike_is_no_field_and_an_epic_may_be_blocked(tmp_path: Path) -> None:
    """An export of all fields: ranks, the project's lead, a segment that all name."""
    head = "Summary,Issue key,Issue Type,Status,Created,Project lead,Custom field (Rank),Custom field (Segment),Custom field (Area),Outward issue link (Blocks)"
    rows = [
        f"Boat {n},HAR-{n},{'Epic' if n == 1 else 'Story'},To Do,03/Feb/26 09:12 AM,Ada,0|i{n}:,Sea,{'NS'[n % 2]},{'HAR-1' if n == 2 else ''}"
        for n in range(1, 31)
    ]
    export = tmp_path / "all.csv"
    export.write_text("\n".join([head, *rows]), encoding="utf-8")
    with Workspace.init(tmp_path / "new") as company:
        drafted = draft_of_file(company, export)
        assert words_of(drafted.words)["issue"]["fields"] == {
            "sort": "text",
            "area": "text",
            "raw": "text",
        }
        bring(company, drafted.recipe, drafted.words, export)
        assert [str(end) for end in company.graph().node("issue/har-2").links["blocks"]] == [
            "epic/har-1"
        ]
        assert "Rank: 0|i2:" in company.graph().node("issue/har-2").fields["raw"]


def _said(part: Any) -> dict[str, Any]:
    """What all parts of a kind say together."""
    parts = part if isinstance(part, list) else [part]
    return {name: value for each in parts for name, value in each.items()}


def test_words_of_a_choice_are_mapped_to_those_that_mean_the_same(tmp_path: Path) -> None:
    """Health as Linear says it, of today and of before."""
    with Workspace.init(tmp_path / "new") as company:
        recipe = draft_of_file(company, RECORDINGS / "linear" / "graphql.json").recipe
    assert "atRisk: shaky  # a guess" in recipe
    assert "onTrack: fine  # a guess" in recipe


def test_what_is_not_known_yet_hides_no_type_and_days_are_turned() -> None:
    sheet = "feature,due,budget\nFerry,30/06/2026,€2k\nRaft,01/07/2026,tbd\nTug,Q4 2026,€1k\n"
    drafted = proposal_of(sheet.encode(), "roadmap.csv", Model())
    assert words_of(drafted.words)["feature"]["fields"] == {
        "due": "day",
        "budget": "money",
        "raw": "text",
    }
    assert 'due | day \\"day first\\"' in drafted.recipe


def test_several_sheets_name_the_same_people(tmp_path: Path) -> None:
    book = {"bets": "bet,owner\nFerry,Ada\n", "goals": "goal,owner\nGrow,Ben\n"}
    folder = tmp_path / "sheets"
    folder.mkdir()
    for name, text in book.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with Workspace.init(tmp_path / "new") as company:
        drafted = draft_of_file(company, folder)
        tried = try_bringing(company, drafted.recipe, drafted.words, folder)
    parts = words_of(drafted.recipe)
    assert parts["person"]["mentioned in"] == ["bet.owner", "goal.owner"]
    assert parts["goal"]["where"] == {"file": "goals*.csv"}
    assert tried.imported is not None
    assert {each.kind: each.new for each in tried.imported.kinds} == {
        "bet": 1,
        "goal": 1,
        "person": 2,
    }

"""GitLab's exports and answers say the same of an issue, and its events tell the past."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.companies import RECORDINGS, Example

from latticework.sources.gitlab import gitlab
from latticework.sources.gitlab_words import hours_of, key_of_address, scope_of
from latticework.sources.source import source_for
from latticework.sources.tree import Fields, Said, plain

GITLAB = RECORDINGS / "gitlab"
FERRY = "harbour/pier#1"


def text(name: str) -> str:
    return (GITLAB / name).read_text(encoding="utf-8")


def told(said: str, name: str = "issues", key: str = "key") -> dict[str, dict[str, object]]:
    """Things by their key, places forgotten."""
    tree = gitlab.read(said).tree
    assert isinstance(tree, Fields)
    things = plain(tree[name])
    assert isinstance(things, list)
    return {each[key]: each for each in things}


@pytest.fixture
def harbour(tmp_path: Path) -> Example:
    return Example("gitlab", tmp_path)


@pytest.mark.parametrize("name", ["rest.json", "graphql.json", "export.csv", "old.csv"])
def test_an_export_and_an_answer_are_told_by_what_they_hold(name: str) -> None:
    found = source_for(text(name), name)
    assert found is not None
    assert found.name == "gitlab"


@pytest.mark.parametrize("name", ["rest.json", "graphql.json", "export.csv"])
def test_rest_graphql_and_export_agree_on_an_issue(name: str) -> None:
    ferry = told(text(name))[FERRY]
    said = {each: ferry[each] for each in ("title", "weight", "estimated hours", "epic", "due")}
    assert said == {
        "title": "Night ferry",
        "weight": "5",
        "estimated hours": "12.5",
        "epic": "harbour&5",
        "due": "2026-06-30",
    }
    scoped = ferry["scoped"]
    assert isinstance(scoped, dict)
    assert scoped["priority"] == "high"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://gitlab.com/a/b/c/-/issues/12", "a/b/c#12"),
        ("https://gitlab.com/a/b/issues/12", "a/b#12"),
        ("https://gitlab.com/a/b/-/work_items/12", "a/b#12"),
        ("/groups/a/b/-/epics/5", "a/b&5"),
        ("https://gitlab.com/groups/a/-/work_items/5", "a&5"),
        ("https://gitlab.com/a/b/-/milestones/5", ""),
        ("https://gitlab.com/ada", ""),
    ],
)
def test_a_key_is_read_off_an_address(address: str, key: str) -> None:
    assert key_of_address(address) == key


@pytest.mark.parametrize(
    ("label", "scope"),
    [
        ("a::b", ("a", "b")),
        ("a::b::c", ("a::b", "c")),
        ("plain", ("", "")),
        ("::b", ("", "")),
        ("a::", ("", "")),
    ],
)
def test_a_scoped_label_has_a_scope_and_a_value(label: str, scope: tuple[str, str]) -> None:
    assert scope_of(label) == scope


def test_seconds_become_hours_and_nothing_stays_nothing() -> None:
    assert [hours_of(Said(each)) for each in ("45000", "3600", "100", "0", "1h")] == [
        "12.5",
        "1",
        "0.03",
        None,
        None,
    ]


def test_an_old_export_has_the_same_names_and_times_in_utc() -> None:
    (rope,) = told(text("old.csv")).values()
    assert (rope["key"], rope["created"]) == ("harbour/quay#9", "2019-01-05T09:00:00Z")


def test_several_people_in_one_cell_are_told_apart_and_unknown_columns_stay() -> None:
    ferry = told(text("export.csv"))[FERRY]
    assert ferry["assignees"] == ["ada", "ben"]
    assert ferry["people"] == [
        {"username": "ada", "name": "Ada Byron"},
        {"username": "ben", "name": "Ben Okri"},
    ]
    assert ferry["Cost centre"] == "77"


def test_widgets_are_laid_flat_and_unknown_ones_stay() -> None:
    issues = told(text("graphql.json"))
    assert issues[FERRY]["iteration"] == {"id": "53", "name": "2026-02-16 – 2026-03-01"}
    assert issues[FERRY]["children"] == ["harbour/pier#8"]
    assert issues["harbour/pier#8"]["parent"] == FERRY
    assert (issues["harbour/pier#8"]["status"], issues["harbour/pier#8"]["progress"]) == (
        "Done",
        "100",
    )


def test_an_issue_in_a_list_of_links_is_a_mention_and_no_issue() -> None:
    linked = '[{"iid": 1, "title": "Rope", "state": "opened", "created_at": "2026-01-01", '
    linked += '"link_type": "blocks", "web_url": "https://gitlab.com/a/b/-/issues/1"}]'
    (finding,) = gitlab.read(linked).findings
    assert finding.code == "SOURCE070"


def test_a_sheet_without_addresses_is_told() -> None:
    findings = gitlab.read("Title,Created At (UTC)\nRope,2026-01-01 09:00:00\n").findings
    assert [each.code for each in findings] == ["SOURCE051"]


def test_links_told_at_both_ends_are_one_edge_each(harbour: Example) -> None:
    harbour.give("rest.json")
    harbour.take()
    ferry = harbour.said("issue/harbour-pier-1")
    assert ferry["is blocked by"] == ["issue/harbour-pier-2"]
    assert ferry["relates to"] == ["issue/harbour-pier-3"]
    assert "is related to" not in ferry
    assert harbour.said("issue/harbour-pier-3")["is related to"] == ["issue/harbour-pier-1"]
    assert "blocks" not in ferry


def test_epics_hold_epics_and_issues(harbour: Example) -> None:
    harbour.give("rest.json")
    harbour.take()
    assert harbour.said("issue/harbour-pier-1")["is part of"] == ["epic/harbour-5"]
    assert harbour.said("epic/harbour-5")["is part of"] == ["epic/harbour-4"]
    assert harbour.said("epic/harbour-5")["title"] == "Nights"
    assert not [each for each in harbour.company.check() if each.severity > 1]


def test_events_are_replayed(harbour: Example) -> None:
    harbour.give("rest.json")
    taken = harbour.take()
    assert not [each for each in taken.findings if each.severity > 1 or each.code == "SOURCE040"]
    then = harbour.said("issue/harbour-pier-1", "2026-01-11")
    assert (then["stage"], then["weight"], then["labels"]) == (
        "Waiting",
        "3",
        ("workflow::ready", "idea"),
    )
    assert (then["aims at"], "priority" in then) == (["milestone/11"], False)
    begun = harbour.said("issue/harbour-pier-1", "2026-02-05")
    assert (begun["stage"], begun["priority"], begun["aims at"]) == (
        "Under way",
        "high",
        ["milestone/12"],
    )
    assert harbour.said("issue/harbour-pier-1", "2026-02-11")["stage"] == "Done"
    now = harbour.said("issue/harbour-pier-1")
    assert (now["stage"], now["is planned for"]) == ("Under way", ["iteration/53"])
    assert "is planned for" not in begun


def test_a_label_without_an_event_of_its_coming_was_there_from_the_start(harbour: Example) -> None:
    harbour.give("rest.json")
    harbour.take()
    assert harbour.said("issue/harbour-pier-2", "2026-01-07")["stage"] == "Under way"
    assert harbour.said("issue/harbour-pier-2", "2026-02-21")["stage"] == "Done"


def test_events_that_lie_beside_their_issues_are_joined_to_them() -> None:
    issue = '{"id": 7, "iid": 1, "title": "Rope", "state": "closed", "created_at": "2026-01-01T09:00:00Z", '
    issue += '"web_url": "https://gitlab.com/a/b/-/issues/1", "labels": []}'
    event = '{"id": 1, "user": {"name": "Ada"}, "created_at": "2026-02-01T09:00:00Z", '
    event += '"resource_type": "Issue", "resource_id": 7, "state": "closed"}'
    history = told(f"[{issue}]\n[{event}]")["a/b#1"]["history"]
    assert history == [
        {
            "when": "2026-02-01T09:00:00Z",
            "by": "Ada",
            "field": name,
            "before": "opened",
            "after": "closed",
        }
        for name in ("state", "status")
    ]


def test_an_export_knows_when_an_issue_was_closed_and_not_where_it_stood(harbour: Example) -> None:
    harbour.give("export.csv")
    harbour.take()
    assert "stage" not in harbour.said("issue/harbour-pier-2", "2026-02-19")
    assert harbour.said("issue/harbour-pier-2", "2026-02-21")["stage"] == "Done"
    assert harbour.said("issue/harbour-pier-1")["aims at"] == ["milestone/summer"]


def test_an_epic_of_another_group_is_found_by_its_number() -> None:
    words = '"title": "E", "state": "opened", "labels": [], "created_at": "2026-01-01", '
    below = f'{{"id": 2, "iid": 1, "parent_id": 1, "parent_iid": 7, {words}'
    below += '"web_url": "https://gitlab.com/groups/a/b/-/epics/1"}'
    above = f'{{"id": 1, "iid": 7, {words}"web_url": "https://gitlab.com/groups/a/-/epics/7"}}'
    assert told(f"[{below}, {above}]", "epics")["a/b&1"]["parent"] == "a&7"


def test_a_status_of_its_own_stands_since_the_last_update() -> None:
    issue = '{"iid": 1, "title": "Rope", "state": "OPEN", "updatedAt": "2026-03-01T09:00:00Z", '
    issue += '"webUrl": "https://gitlab.com/a/b/-/work_items/1", "resource_state_events": [], '
    issue += '"widgets": [{"type": "STATUS", "status": {"name": "In progress"}}]}'
    assert told(issue)["a/b#1"]["history"] == [
        {"when": "2026-03-01T09:00:00Z", "field": "status", "after": "In progress"}
    ]

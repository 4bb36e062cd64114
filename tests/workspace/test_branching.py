"""What is tried on a branch reaches the parent only by a merge."""

from __future__ import annotations

import pytest

from latticework.base.findings import Refused
from latticework.journal.changes import Put
from latticework.workspace import Workspace


def owner(harbour: Workspace, branch: str = "main") -> object:
    return harbour.graph(branch=branch).node("bet/ferry").fields.get("owner")


def start(harbour: Workspace) -> None:
    harbour.append([Put("bet/ferry", {"title": "Night ferry", "owner": "ada"})])
    harbour.start_branch("what-if", by="ada", why="to try")


def test_a_branch_with_no_change_has_an_empty_delta(harbour: Workspace) -> None:
    start(harbour)
    told = harbour.compare("what-if")
    assert told.nodes.is_empty()
    assert told.cells.is_empty()
    assert told.edges.is_empty()


def test_neither_line_sees_the_others_entries(harbour: Workspace) -> None:
    start(harbour)
    harbour.append([Put("bet/ferry", {"owner": "bo"})], branch="what-if")
    harbour.append([Put("bet/ferry", {"title": "Day ferry"})])
    assert (owner(harbour), owner(harbour, "what-if")) == ("ada", "bo")
    assert harbour.graph(branch="what-if").node("bet/ferry").title == "Night ferry"


def test_a_merge_brings_the_branchs_changes_in(harbour: Workspace) -> None:
    start(harbour)
    harbour.append([Put("bet/ferry", {"owner": "bo"})], branch="what-if", by="bo", why="swap")
    harbour.append([Put("bet/ferry", {"title": "Day ferry"})])
    harbour.merge("what-if", by="ada")
    node = harbour.graph().node("bet/ferry")
    assert (node.title, node.fields["owner"]) == ("Day ferry", "bo")
    last = harbour.graph().history("bet/ferry")[-1]
    assert last.by == "bo"
    assert "what-if" in last.why


def test_a_conflict_refuses_the_merge_and_tells_both_values(harbour: Workspace) -> None:
    start(harbour)
    harbour.append([Put("bet/ferry", {"owner": "bo"})], branch="what-if", by="bo")
    harbour.append([Put("bet/ferry", {"owner": "cy"})], by="cy")
    with pytest.raises(Refused) as refused:
        harbour.merge("what-if")
    (finding,) = refused.value.findings
    assert finding.code == "STORE005"
    assert "bo" in str(finding)
    assert "cy" in str(finding)
    assert "on 'what-if'" in finding.says
    assert "on 'main'" in finding.says
    assert owner(harbour) == "cy"


@pytest.mark.parametrize(("kept", "then"), [("what-if", "bo"), ("main", "cy")])
def test_a_conflict_is_settled_by_naming_the_branch_whose_word_holds(
    harbour: Workspace, kept: str, then: str
) -> None:
    start(harbour)
    harbour.append(
        [Put("bet/ferry", {"owner": "bo", "due": "2026-12-01"})], branch="what-if", by="bo"
    )
    harbour.append([Put("bet/ferry", {"owner": "cy"})], by="cy")
    [clash] = harbour.meet("what-if").merge.clashes
    harbour.merge("what-if", keep={clash.key: kept})
    node = harbour.graph().node("bet/ferry")
    assert (node.fields["owner"], str(node.fields["due"])) == (then, "2026-12-01")


def test_a_merge_of_nothing_but_the_parents_word_writes_nothing(harbour: Workspace) -> None:
    start(harbour)
    harbour.append([Put("bet/ferry", {"owner": "bo"})], branch="what-if")
    harbour.append([Put("bet/ferry", {"owner": "cy"})])
    head = harbour.store.head().number
    [clash] = harbour.meet("what-if").merge.clashes
    receipt = harbour.merge("what-if", keep={clash.key: "main"})
    assert (receipt.last, harbour.store.head().number) == (head, head)
    with pytest.raises(Refused, match="WORK007"):
        harbour.merge("what-if")


def test_a_choice_of_no_branch_settles_nothing(harbour: Workspace) -> None:
    start(harbour)
    harbour.append([Put("bet/ferry", {"owner": "bo"})], branch="what-if")
    harbour.append([Put("bet/ferry", {"owner": "cy"})])
    [clash] = harbour.meet("what-if").merge.clashes
    with pytest.raises(Refused, match="STORE005"):
        harbour.merge("what-if", keep={clash.key: "elsewhere"})


def test_a_branch_is_merged_again_only_with_something_new(harbour: Workspace) -> None:
    start(harbour)
    harbour.append([Put("bet/ferry", {"owner": "bo"})], branch="what-if")
    harbour.merge("what-if")
    with pytest.raises(Refused) as refused:
        harbour.merge("what-if")
    assert refused.value.findings[0].code == "WORK007"
    harbour.append([Put("bet/ferry", {"owner": "dee"})], branch="what-if")
    harbour.merge("what-if")
    assert owner(harbour) == "dee"


def test_a_dropped_branch_is_gone_and_its_name_free(harbour: Workspace) -> None:
    start(harbour)
    harbour.append([Put("bet/ferry", {"owner": "bo"})], branch="what-if")
    assert owner(harbour, "what-if") == "bo"
    harbour.drop_branch("what-if")
    with pytest.raises(Refused):
        harbour.graph(branch="what-if")
    harbour.start_branch("what-if")
    assert owner(harbour, "what-if") == "ada"
    assert harbour.verify() == ()


def test_an_unknown_branch_names_close_ones(harbour: Workspace) -> None:
    start(harbour)
    with pytest.raises(Refused) as refused:
        harbour.merge("whatif")
    assert "what-if" in refused.value.findings[0].hint

"""Words that hold since an earlier day, or since ever."""

import pytest
from tests.workspace.conftest import MODEL, Clock

from latticework.base.findings import Refused
from latticework.journal.changes import Connect, Put
from latticework.workspace import Workspace

QUEST = MODEL.replace("  bet:\n", "  quest:\n    was: bet\n").replace("bets", "quests")
VENTURE = MODEL.replace("  bet:\n", "  venture:\n    was: [quest, bet]\n").replace(
    "bets", "ventures"
)


@pytest.fixture
def grown(harbour: Workspace, clock: Clock) -> Workspace:
    """A ferry that serves a pillar, told a year after it began."""
    harbour.append([Put("pillar/reach"), Put("bet/ferry", {"owner": "Ada"})], valid="2025-01-10")
    harbour.append([Connect("bet/ferry", "serves", "pillar/reach")], valid="2025-01-20")
    clock.turn_to("2026-03-01")
    return harbour


def refs(workspace: Workspace, query: str, at: str | None = None) -> list[str]:
    return list(workspace.ask(query, at=at).refs)


def test_without_a_day_the_past_keeps_its_words(grown: Workspace) -> None:
    grown.apply_model(QUEST)
    assert refs(grown, "quest serving pillar/reach") == ["quest/ferry"]
    assert refs(grown, "bet serving pillar/reach", at="2025-06-01") == ["bet/ferry"]
    hint = "'quest' is a word of the model since 2026-03-01; on the day asked about, say 'bet'"
    with pytest.raises(Refused, match=hint):
        grown.ask("quest", at="2025-06-01")
    with pytest.raises(Refused, match=hint):
        grown.ask("quest at 2025-06-01")


def test_fields_and_links_of_later_words_are_named_as_they_were(grown: Workspace) -> None:
    text = MODEL.replace("owner: text", "keeper: {type: text, was: owner}")
    text = text.replace("serves: {", "lifts: {was: serves, ")
    grown.apply_model(text.replace("is served by", "is lifted by"))
    assert refs(grown, "bet where keeper = Ada and lifts pillar/reach") == ["bet/ferry"]
    with pytest.raises(Refused) as refused:
        grown.ask("bet where keeper = Ada and lifts pillar/reach", at="2025-06-01")
    says = [each.hint.partition("say ")[2] for each in refused.value.findings]
    assert says == ["'owner'", "'serves'"]


def test_before_anything_was_known_the_hint_says_when_the_journal_begins(
    grown: Workspace,
) -> None:
    with pytest.raises(Refused, match="the journal begins on 2026-01-10"):
        grown.ask("bet", known="2025-12-31")


def test_what_was_put_under_words_taken_back_is_not_lost(grown: Workspace) -> None:
    """A bet was a quest for a day."""
    renamed = grown.apply_model(QUEST).batches[0]
    grown.append([Put("quest/raft", {"owner": "Bo"})])
    grown.undo(renamed)
    assert refs(grown, "bet") == ["bet/ferry", "bet/raft"]


def test_words_since_always_are_the_words_of_every_moment(grown: Workspace) -> None:
    grown.apply_model(QUEST, valid="always")
    for at in (None, "2025-06-01"):
        assert refs(grown, "quest serving pillar/reach", at=at) == ["quest/ferry"]
    assert refs(grown, "quest", at="2024-01-01") == []


def test_words_since_a_day_hold_from_that_day_on(grown: Workspace) -> None:
    grown.apply_model(QUEST, valid="2025-02-01")
    assert refs(grown, "bet", at="2025-01-31") == ["bet/ferry"]
    assert refs(grown, "quest", at="2025-02-02") == ["quest/ferry"]
    assert refs(grown, "quest") == ["quest/ferry"]


def test_models_said_for_later_days_give_way_to_one_since_an_earlier_day(
    grown: Workspace, clock: Clock
) -> None:
    """A bet is a quest since March; in April somebody says it always was a venture."""
    grown.apply_model(QUEST)
    clock.turn_to("2026-04-01")
    grown.apply_model(VENTURE, valid="always")
    for at in ("2025-06-01", "2026-03-15", None):
        assert refs(grown, "venture serving pillar/reach", at=at) == ["venture/ferry"]
    assert grown.graph(known="2026-03-15").model.kinds_by_name.keys() == {"pillar", "quest"}


def test_said_from_now_on_it_can_still_be_said_for_always(grown: Workspace) -> None:
    grown.apply_model(QUEST)
    assert grown.apply_model(QUEST).batches == ()
    assert grown.apply_model(QUEST, valid="always").batches != ()
    assert refs(grown, "quest", at="2025-06-01") == ["quest/ferry"]
    assert grown.apply_model(QUEST, valid="always").batches == ()


def test_undo_gives_each_time_its_words_back(grown: Workspace, clock: Clock) -> None:
    grown.apply_model(QUEST)
    clock.turn_to("2026-04-01")
    grown.apply_model(VENTURE, valid="always")
    grown.undo()
    assert refs(grown, "bet", at="2025-06-01") == ["bet/ferry"]
    assert refs(grown, "quest") == ["quest/ferry"]


def test_a_split_since_a_past_day_is_refused(grown: Workspace) -> None:
    text = MODEL + "  wager: {family: intent, was: {from: bet, where: owner = Ada}}\n"
    with pytest.raises(Refused) as refused:
        grown.apply_model(text, valid="2025-02-01")
    assert {each.code for each in refused.value.findings} == {"EVOLVE008"}
    grown.apply_model(text)
    assert refs(grown, "wager") == ["wager/ferry"]
    assert refs(grown, "bet", at="2025-06-01") == ["bet/ferry"]


def test_the_beginning_cannot_be_taken_back(harbour: Workspace) -> None:
    with pytest.raises(Refused) as refused:
        harbour.undo()
    assert {each.code for each in refused.value.findings} == {"UNDO005"}
    with pytest.raises(Refused, match="UNDO005"):
        harbour.undo(1)

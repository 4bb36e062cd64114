"""Talk is found by its shape, whatever a company calls it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from latticework.graph.little import company_of
from latticework.model.load import load_or_refuse
from latticework.views.talk import mentioned, pieces_of, talk_of, title_for, watching_of

PEOPLE = "kinds: {member: {family: collaboration, people: yes}, bet: {family: intent}}\n"
TALKING = load_or_refuse(f"company: Quay\nuses: [talk]\n{PEOPLE}")


def test_a_company_may_call_its_comments_what_it_likes() -> None:
    """Quay takes notes."""
    renamed = "kinds: {note: {was: comment}, bet: {family: intent}}\n"
    talk = talk_of(load_or_refuse(f"company: Quay\nuses: [talk]\n{renamed}"))
    assert talk
    assert (talk.kind.name, talk.text, talk.about.name) == ("note", "text", "is about")


def test_people_of_any_kind_may_watch_and_be_mentioned() -> None:
    """Quay has members."""
    link = watching_of(TALKING)
    talk = talk_of(TALKING)
    assert link
    assert TALKING.end_kinds("anyone") == ("member",)
    assert [each.name for each in TALKING.links_from("member")] == [link.name]
    assert talk
    assert talk.mentions


def test_a_company_without_the_pack_has_no_talk() -> None:
    """Nothing stands aside."""
    model = load_or_refuse(f"company: Quay\n{PEOPLE}")
    assert talk_of(model) is None
    assert watching_of(model) is None


def test_only_people_are_mentioned_each_once() -> None:
    """Ada by slug, by name and by ref; a bet, an address for mail and a stranger are none."""
    words = "{member: {family: collaboration, people: yes}, bet: {family: intent}}"
    things = "member/ada: {title: Ada Reed}\nbet/x: {title: X}\n"
    graph = company_of(f"model: {{uses: [talk], kinds: {words}}}\n{things}")
    text = "@ada, @Ada-Reed and @member/ada. Not @bet/x, not me@ada, not @zoe"
    assert mentioned(graph, text) == ("member/ada",)


@given(st.text(alphabet="ab@ .-/\nπ", max_size=60))
def test_the_pieces_of_a_comment_are_the_comment(text: str) -> None:
    """Nothing is lost between mentions."""
    assert "".join(words for words, _ in pieces_of(text)) == text


@given(st.text(max_size=300))
def test_a_comment_is_called_by_one_short_line(text: str) -> None:
    """However long it is."""
    title = title_for(text)
    assert len(title) <= 74
    assert "\n" not in title

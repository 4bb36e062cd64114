"""A recipe as a table: what is chosen there becomes a small change of the text."""

from __future__ import annotations

from latticework.model.load import load
from latticework.model.model import Model
from latticework.sources.proposing.mapping import Row, remapped, tables_of
from latticework.sources.proposing.sample import read_sample

SHEET = read_sample(
    b"id,name,state,who,under,tags\n1,Ferry,wip,Ada,,a;b\n2,Raft,done,Ben,1,b;a\n", "s.csv"
)
RECIPE = """\
recipe: s   # of the harbour
reads: s.csv
kinds:
  boat:
    key: id
    fields:
      title: name
      stage: {from: state, words: {wip: Afloat}}   # as they say
    links:
      is sailed by: [{person: who}, {person: tags}]
"""


def model() -> Model:
    """Boats with stages, sailed by people."""
    found = load(
        "kinds:\n"
        "  person: {family: collaboration, many: people, people: yes}\n"
        "  boat:\n"
        "    family: intent\n"
        "    fields: {size: number, labels: text many}\n"
        "    stages: {Planned: proposed, Afloat: active, Done: done}\n"
        "    links:\n"
        "      is sailed by: {to: person, back: sails}\n"
        "      is part of: {to: boat, back: holds}\n"
    )
    assert found.is_sound
    return found.model


def row_of(text: str, path: str) -> Row:
    [table] = tables_of(SHEET, text, model())
    return next(row for row in table.rows if row.path == path)


def choose(text: str, name: str, value: str, *, seen: str = RECIPE) -> str:
    return remapped(text, seen, SHEET, model(), {name: value})


def test_the_table_says_what_the_text_says() -> None:
    uses = {path: row_of(RECIPE, path).use for path in ("id", "name", "state", "who", "under")}
    assert uses == {
        "id": "key",
        "name": "field:title",
        "state": "field:stage",
        "who": "link:is sailed by > person",
        "under": "",
    }
    assert [(word.theirs, word.ours) for word in row_of(RECIPE, "state").words] == [
        ("wip", "Afloat"),
        ("done", "Done"),
    ]


def test_a_choice_changes_its_line_and_leaves_remarks_alone() -> None:
    text = choose(RECIPE, "use:boat:under", "link:is part of > boat")
    assert "# of the harbour" in text
    assert "# as they say" in text
    assert row_of(text, "under").use == "link:is part of > boat"
    assert row_of(choose(text, "use:boat:under", "", seen=text), "under").use == ""


def test_one_of_two_places_of_a_link_is_taken_away_alone() -> None:
    text = choose(RECIPE, "use:boat:who", "")
    assert "is sailed by: {person: tags}" in text
    assert row_of(text, "tags").use == "link:is sailed by > person"


def test_a_list_in_a_cell_is_cut_where_the_field_holds_many() -> None:
    text = choose(RECIPE, "use:boat:tags", "field:labels")
    assert "split" in text
    assert row_of(text, "tags").use == "field:labels"


def test_a_word_is_mapped_and_let_go() -> None:
    text = choose(RECIPE, "word:boat:stage:done", "Planned")
    assert {w.theirs: w.ours for w in row_of(text, "state").words}["done"] == "Planned"
    gone = choose(text, "word:boat:stage:wip", "", seen=text)
    assert {w.theirs: w.ours for w in row_of(gone, "state").words}["wip"] == ""


def test_what_was_written_by_hand_is_not_put_back_by_a_menu_nobody_touched() -> None:
    written = RECIPE.replace("title: name", "title: who")
    chosen = {"use:boat:name": "field:title", "use:boat:under": "link:is part of > boat"}
    text = remapped(written, RECIPE, SHEET, model(), chosen)
    assert "title: who" in text
    assert "is part of" in text


def test_each_of_several_parts_of_a_kind_has_a_table_of_its_own() -> None:
    text = (
        "kinds:\n  boat:\n"
        "    - {mentioned in: boat.under, key: it}\n"
        "    - key: id\n      where: {state: wip}\n      fields: {title: name}   # afloat\n"
        "    - key: id\n      unless: {state: wip}\n      fields: {title: name}\n"
    )
    names = [table.rows[1].name for table in tables_of(SHEET, text, model())]
    assert names == ["use:boat#1:name", "use:boat#2:name"]
    chosen = remapped(text, text, SHEET, model(), {"use:boat#2:tags": "field:labels"})
    assert "fields: {title: name, labels: tags}" in chosen.splitlines()[-1]
    assert "# afloat" in chosen


def test_a_place_that_tells_since_when_is_not_said_to_be_left() -> None:
    text = "valid: {first: who, then: under}\n" + RECIPE
    row = row_of(text, "under")
    assert (row.use, row.choices[-1].says) == ("when", "since when it holds")
    assert (row_of(text, "who").use, row_of(text, "who").also) == (
        "link:is sailed by > person",
        ("since when it holds",),
    )

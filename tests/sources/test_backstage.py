"""A catalog's entities, in one file or many, with refs in all their forms."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.companies import RECORDINGS, Example

from latticework.base.findings import Severity
from latticework.sources.backstage import backstage
from latticework.sources.source import source_for
from latticework.sources.tree import Items, plain

CATALOG = RECORDINGS / "backstage"


def entities(name: str) -> dict[str, dict[str, object]]:
    """Entities of a recording by their id, places forgotten."""
    told = plain(backstage.read((CATALOG / name).read_text(encoding="utf-8")).tree)
    assert isinstance(told, list)
    return {each["id"]: each for each in told}


@pytest.fixture
def harbour(tmp_path: Path) -> Example:
    return Example("backstage", tmp_path)


def test_every_document_of_a_file_is_an_entity() -> None:
    assert list(entities("catalog-info.yaml")) == [
        "component:default/booking",
        "api:default/booking-api",
        "component:shore/lamps",
        "system:default/tickets",
        "domain:default/travel",
        "resource:default/tickets-db",
    ]


def test_short_refs_get_the_default_kind_and_the_namespace_of_who_says_them() -> None:
    found = entities("catalog-info.yaml")
    booking, lamps = found["component:default/booking"], found["component:shore/lamps"]
    assert booking["owned by"] == {"group": ["crew"]}
    assert booking["consumes"] == {"api": ["tide-api"]}
    assert booking["depends on"] == {
        "resource": ["tickets-db"],
        "component": ["shore/lamps", "lamps-lib"],
    }
    assert lamps["owned by"] == {"user": ["Ada"]}
    assert lamps["part of"] == {"component": ["shore/pier"]}
    assert found["domain:default/travel"]["owned by"] == {"group": ["fleet"]}


def test_relations_of_an_answer_are_the_same_as_those_of_a_file() -> None:
    pier = entities("answer.json")["component:shore/pier"]
    assert pier["owned by"] == {"group": ["crew"]}
    assert pier["has part"] == {"component": ["shore/lamps"]}
    assert pier["depends on"] == {"resource": ["tickets-db"]}


def test_what_is_no_entity_or_no_ref_is_told_with_its_line() -> None:
    read = backstage.read((CATALOG / "catalog-info.yaml").read_text(encoding="utf-8"))
    assert [(each.code, each.place.line) for each in read.findings] == [
        ("SOURCE071", 65),
        ("SOURCE070", 67),
    ]
    assert isinstance(read.tree, Items)
    assert [each.line for each in read.tree if each][:2] == [2, 30]


def test_a_catalog_asks_for_its_reader_whatever_its_ending() -> None:
    for name in ("catalog-info.yaml", "answer.json"):
        found = source_for((CATALOG / name).read_text(encoding="utf-8"), name)
        assert found is not None
        assert found.name == "backstage"
    other = source_for("apiVersion: apps/v1\nkind: Deployment\n", "x.yaml")
    assert other is not None
    assert other.name == "yaml"


def test_a_catalog_becomes_things_and_links(harbour: Example) -> None:
    harbour.give("catalog-info.yaml", "people.yaml", "answer.json")
    taken = harbour.take()
    assert not [each for each in taken.findings if each.severity is Severity.ERROR]
    booking = harbour.said("component/booking")
    assert booking["title"] == "Booking"
    assert booking["stage"] == "production"
    assert booking["repository"] == "harbour/booking"
    assert booking["is owned by"] == ["team/crew"]
    assert booking["is part of"] == ["system/tickets"]
    assert booking["depends on"] == ["component/shore-lamps", "resource/tickets-db"]
    lamps = harbour.said("component/shore-lamps")
    assert (lamps["is owned by"], lamps["is part of"]) == (["person/ada"], ["component/shore-pier"])
    assert harbour.said("team/crew")["is part of"] == ["team/fleet"]
    assert harbour.said("team/crew")["has"] == ["person/ada"]
    assert any("tide-api" in str(each) for each in harbour.company.check())


def test_importing_a_catalog_twice_changes_nothing(harbour: Example) -> None:
    harbour.give("catalog-info.yaml", "people.yaml", "answer.json")
    assert harbour.take().changes
    assert harbour.take().changes == 0

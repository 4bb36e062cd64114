"""What stands under `fetch:` is checked whole, and a token never belongs there."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
from tests.sources.fetch.asking import plan, refused

from latticework.base.findings import Refused
from latticework.model.load import load
from latticework.sources.fetch.fetcher import Asked, Page, Way, fetcher, fetchers
from latticework.sources.fetch.jira import JiraSettings
from latticework.sources.fetch.plan import GENERAL, plan_of
from latticework.sources.fetch.tokens import Token, looks_like_token, secrets_of
from latticework.sources.recipes.recipe import load_recipe
from latticework.sources.source import sources
from latticework.sources.yaml import yaml

MODEL = load("kinds: {issue: {family: intent, many: issues}}").model


def test_settings_are_read_by_their_words() -> None:
    found = plan(
        "{from: jira, site: https://h.atlassian.net, project: [A, B], page size: 50, token: T,"
        " every: 15m, whole every: 2d, without: emailAddress}"
    )
    assert isinstance(found.settings, JiraSettings)
    assert found.settings.project == ("A", "B")
    assert found.settings.page_size == 50
    assert (found.every, found.whole_every) == (900, 172_800)
    assert found.without == ("emailAddress",)


def test_everything_wrong_is_told_at_once() -> None:
    codes = refused("{from: jira, pages: 5, page size: many, every: often}")
    assert codes == ["FETCH002"] * 4
    assert refused("{from: jiro}") == ["FETCH001"]
    assert refused("{site: x}") == ["FETCH001"]
    assert refused("jira") == ["FETCH001"]
    assert refused("{from: jira, site: [a, b]}") == ["FETCH002"]
    assert refused("{from: linear, history: perhaps}") == ["FETCH002"]
    assert refused("{from: jira, site: {a: b}}") == ["FETCH002"]


def test_a_span_is_a_minute_at_least_and_may_be_never() -> None:
    assert refused("{from: linear, every: 0m}") == ["FETCH002"]
    assert plan("{from: linear, whole every: never}").whole_every == 0
    assert plan("{from: linear, every: every 2 hours}").every == 7_200


@pytest.mark.parametrize(
    "token",
    [
        "ghp_Zx81Qp77Lm20Rt55VwKd30Bn64Ys19aa",
        "glpat-Zx81Qp77Lm20Rt55Vw",
        "lin_api_Zx81Qp77Lm20Rt55VwKd30Bn64Ys19",
        "ATATT3xFfGF0Zx81Qp77Lm20Rt55VwKd30",
        "NjQyMTkzODQ1Njc4OpZx81Qp77Lm20Rt55",
        "8f14e45fceea167a5a36dedd4bea2543",
    ],
)
def test_a_token_in_a_recipe_is_found_and_not_repeated(token: str) -> None:
    for word in ("token", "site"):
        findings = plan_of(yaml.read(f"{{from: jira, {word}: '{token}'}}").tree, "x.yaml")[1]
        if word == "token" or token[:3] in {"ghp", "glp", "lin", "ATA"}:
            assert [each.code for each in findings] == ["FETCH003"]
        assert all(token not in str(each) + each.value for each in findings)


@pytest.mark.parametrize(
    "name", ["JIRA_TOKEN", "jira-cloud", "HARBOUR_GITLAB_TOKEN_2026", "pier/jira", ""]
)
def test_the_name_of_a_token_is_none(name: str) -> None:
    assert not looks_like_token(name)


@pytest.mark.parametrize(
    "site", ["https://ada:secret@h.example", "https://h.example/?t=glpat-Zx81Qp77Lm20Rt55Vw"]
)
def test_a_secret_in_an_address_is_found(site: str) -> None:
    assert refused(f"{{from: jira, site: '{site}'}}") == ["FETCH003"]


def test_what_only_begins_like_a_token_is_none() -> None:
    plan("{from: jira, site: 'https://h.example', jql: 'labels = task-management and sk-1 = 2'}")


def test_a_recipe_with_a_fetcher_needs_no_globs_and_no_format() -> None:
    text = "recipe: pier\nfetch: {from: github, repository: a/b}\nkinds: {issue: {key: key}}\n"
    recipe = load_recipe(text, model=MODEL)
    assert recipe.reads_file("0001.json")
    assert recipe.format == "github"
    assert recipe.fetch is not None
    assert recipe.fetch.fetcher.name == "github"


def test_what_is_wrong_with_a_fetcher_is_told_with_the_rest_of_a_recipe() -> None:
    text = "recipe: pier\nfetch: {from: github}\nkinds: {isue: {key: key}}\n"
    with pytest.raises(Refused) as told:
        load_recipe(text, file="pier.yaml", model=MODEL)
    assert {each.code for each in told.value.findings} == {"FETCH002", "RECIPE003"}
    assert all(each.place.line for each in told.value.findings)


@pytest.mark.parametrize("each", fetchers().values(), ids=lambda each: each.name)
def test_every_fetcher_says_what_it_is_and_takes(each: object) -> None:
    found = fetchers()[each.name]  # type: ignore[attr-defined]
    assert found.summary.endswith(".")
    assert len(found.summary) <= 72
    assert found.source in sources()
    for setting_ in found.settings:
        assert setting_.says.endswith(".")
        assert setting_.name not in GENERAL


def test_a_fetcher_without_words_for_its_settings_is_refused() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Mute:
        site: str = ""

    with pytest.raises(TypeError, match="site"):

        @fetcher(settings=Mute, source="jira", way=lambda _, __: Way(site=""))
        def mute(asked: Asked[Mute]):  # type: ignore[no-untyped-def]
            """Say nothing."""
            yield Page(body=[], things=0, position="")


def test_tokens_come_from_the_environment_and_then_from_the_keyring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A keyring stands in for the library, which need not be installed."""
    kept = {("latticework", "HERE"): "from the ring", ("latticework", "THERE"): "ring"}
    ring, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    ring.get_password = lambda service, name: kept.get((service, name))  # type: ignore[attr-defined]
    errors.KeyringError = RuntimeError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", ring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    find = secrets_of({"HERE": " from the environment\n", "EMPTY": ""})
    assert find("HERE") == "from the environment"
    assert find("THERE") == "ring"
    assert find("EMPTY") is None


def test_without_a_keyring_only_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert secrets_of({})("ANY") is None


def test_a_token_does_not_show_itself() -> None:
    assert "secret" not in f"{Token('NAME', 'secret')!r} {Token('NAME', 'secret')}"

"""Every reading says what the little companies of its own page say it says."""

from __future__ import annotations

import re
from datetime import date

import pytest
import yaml

from latticework.analysis.reading import Reading, read_all, readings
from latticework.base.findings import Refused
from latticework.graph.graph import Graph
from latticework.graph.little import company_of

TODAY = date(2026, 11, 15)
FENCE = re.compile(r"```yaml (company|reads)\n(.*?)```", re.DOTALL)
EVERY = [pytest.param(each, id=each.name) for each in readings().values()]


def _examples(reading: Reading) -> list[tuple[str, dict[str, dict[str, str]]]]:
    found = FENCE.findall(reading.doc)
    companies = [text for word, text in found if word == "company"]
    reads = [yaml.load(text, Loader=yaml.BaseLoader) for word, text in found if word == "reads"]
    assert len(companies) == len(reads)
    return list(zip(companies, reads, strict=True))


def _reads(graph: Graph, name: str, about: str) -> str:
    found = next(each for each in read_all(graph, TODAY) if each.bound.name == name)
    assert found.answer is not None, found.findings
    if about == "whole":
        return found.answer.whole_text
    if about == "says":
        return found.answer.says
    if about in found.answer.names:
        return found.answer.text(found.answer.names.index(about))
    row = found.answer.find_row(graph.id_of(about))
    return "no row" if row is None else found.answer.text(row)


@pytest.mark.parametrize("reading", EVERY)
def test_examples_hold(reading: Reading) -> None:
    examples = _examples(reading)
    assert examples, f"{reading.name} shows no example"
    for text, reads in examples:
        graph = company_of(text)
        for name, figures in reads.items():
            said = {about: _reads(graph, name, about) for about in figures}
            assert said == figures


@pytest.mark.parametrize("reading", EVERY)
def test_every_figure_says_why(reading: Reading) -> None:
    for text, _ in _examples(reading):
        for read in read_all(company_of(text), TODAY):
            assert read.answer is not None, read.findings
            sentences = [read.answer.about_whole().sentence]
            sentences += [read.answer.about(row).sentence for row in range(len(read.answer.ids))]
            for sentence in sentences:
                assert sentence.endswith(".")
                assert "nan" not in sentence.split()


@pytest.mark.parametrize("reading", EVERY)
def test_reading_lies_in_the_file_of_its_name(reading: Reading) -> None:
    assert reading.module.rpartition(".")[2] == reading.name.replace("-", "_")


@pytest.mark.parametrize("reading", EVERY)
def test_summary_fits_a_help_line(reading: Reading) -> None:
    assert reading.summary.endswith("?")
    assert len(reading.summary) <= 72


@pytest.mark.parametrize("reading", EVERY)
def test_an_empty_company_is_read_without_a_failure(reading: Reading) -> None:
    for text, _ in _examples(reading):
        model = next(iter(yaml.safe_load_all(text)))["model"]
        for read in read_all(company_of(yaml.safe_dump({"model": model})), TODAY):
            assert read.answer is not None, read.findings
            assert read.answer.about_whole().sentence


def _refusals(given: str) -> list[str]:
    graph = company_of(f"model: {{readings: {{loose: {given}}}}}")
    (read,) = (each for each in read_all(graph, TODAY) if each.bound.name == "loose")
    assert read.answer is None
    return [each.code for each in read.findings]


def test_a_reading_that_is_not_known_is_told_with_its_place() -> None:
    assert _refusals("{computes: shear}") == ["READING001"]


def test_parameters_that_do_not_fit_are_all_told() -> None:
    assert _refusals("{computes: share, with: {whom: bet, of: [bet, goal]}}") == [
        "READING002",
        "READING002",
        "READING002",
    ]


def test_words_that_the_model_lacks_are_told() -> None:
    assert _refusals("{computes: share, with: {of: wagon, where: serves nothing}}") == [
        "READING003"
    ]
    assert _refusals("{computes: share, with: {of: bet, where: servs nothing}}") == ["READING003"]


def test_no_finding_ever_escapes_as_another_exception() -> None:
    graph = company_of("model: {readings: {loose: {computes: share, with: {of: 'bet where ('}}}}")
    try:
        found = list(read_all(graph, TODAY))
    except Refused:  # pragma: no cover
        pytest.fail("a reading that cannot be asked stopped the others")
    assert any(each.findings for each in found)

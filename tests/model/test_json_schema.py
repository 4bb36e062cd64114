"""The schema that editors use."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from tests.model.test_format import HARBOUR_IN_PYTHON, HARBOUR_IN_YAML

import latticework
from latticework.model.format import format_model
from latticework.model.json_schema import json_schema
from latticework.model.keys import SECTIONS
from latticework.model.load import load_or_refuse

SCHEMA = json_schema()
CHECKER = jsonschema.Draft202012Validator(SCHEMA)
STARTER = Path(latticework.__file__).parent / "packs" / "starter"


class Reader(yaml.CSafeLoader):
    """Reads as editors do: days stay text."""


Reader.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in pairs if not tag.endswith(":timestamp")]
    for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def complaints(text: str) -> list[str]:
    data = yaml.load(text, Loader=Reader)
    return [each.json_path for each in CHECKER.iter_errors(data)]


def test_it_is_a_schema_and_plain_json() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def test_every_key_of_the_loader_is_described() -> None:
    definitions = SCHEMA["$defs"]
    assert isinstance(definitions, dict)
    for section, keys in SECTIONS.items():
        found = SCHEMA if section == "model" else definitions[section.replace(" ", "-")]
        assert set(found["properties"]) == set(keys)
        assert all(each["description"] for each in found["properties"].values())


@pytest.mark.parametrize("file", sorted(STARTER.glob("*.yaml")), ids=lambda path: path.name)
def test_the_starter_pack_keeps_it(file: Path) -> None:
    assert complaints(file.read_text()) == []


def test_a_full_example_keeps_it_as_written_and_as_formatted() -> None:
    assert complaints(HARBOUR_IN_YAML) == []
    spelled = format_model(HARBOUR_IN_PYTHON)
    assert load_or_refuse(spelled) == HARBOUR_IN_PYTHON
    assert complaints(spelled) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("compny: x", "$"),
        ("kinds: {epic: {famly: intent}}", "$.kinds.epic"),
        ("kinds: {epic: {family: intend}}", "$.kinds.epic"),
        ("kinds: {epic: {fields: {gut: numbr}}}", "$.kinds.epic"),
        ("silences: [{rule: BET001}]", "$.silences[0]"),
        ("kinds: {epic: {expires: soon}}", "$.kinds.epic"),
    ],
)
def test_mistakes_break_it(text: str, where: str) -> None:
    assert set(complaints(text)) == {where}

"""What only mentions a thing takes nothing from the record it has of its own."""

from __future__ import annotations

import json
from pathlib import Path

from tests.sources.harbour import intake, told

RECIPE = """
recipe: boats
reads: "*.json"
kinds:
  wish: {from: wishes, key: id, fields: {title: name}}
  team:
    - from: teams
      key: id
      fields: {title: name, mission: mission}
    - {mentioned in: wish.team, key: id, fields: {title: name}}
"""
TEAMS = [{"id": "north", "name": "North", "mission": "Ferries"}]
WISHES = [
    {"id": "W-1", "name": "Lights", "team": {"id": "north", "name": "The north"}},
    {"id": "W-2", "name": "Rope", "team": {"id": "south", "name": "South"}},
]


def test_a_thing_told_whole_keeps_its_fields_where_others_mention_it(tmp_path: Path) -> None:
    (tmp_path / "all.json").write_text(json.dumps({"teams": TEAMS, "wishes": WISHES}))
    now = told(intake(RECIPE, tmp_path)[0])
    assert now.nodes["team/north"] == {"title": "North", "mission": "Ferries"}
    assert now.nodes["team/south"] == {"title": "South"}

"""Source: asana."""

from __future__ import annotations

from latticework.sources.asana_json import read_answers
from latticework.sources.asana_sheet import header_line, read_sheet
from latticework.sources.json import json
from latticework.sources.source import source
from latticework.sources.tree import Read

_OPENERS = ("{", "[")
_COLUMNS = ("section/column", "assignee email", "(dependencies)")


def _fits(text: str) -> bool:
    if text.lstrip().startswith(_OPENERS):
        return '"gid"' in text and '"resource_' in text
    return header_line(text) is not None and any(each in text.casefold() for each in _COLUMNS)


@source(fits=_fits)
def asana(text: str) -> Read:
    """Tasks, projects, goals of Asana: an export (CSV), or answers (JSON).

    `tasks` have `key`, `title`, `about`, `sort`, `section`, `phase` (open,
    completed), `status` (completed, else its section), `assignee.name`,
    `assignee.id`, `people`, `start`, `due`, `tags`, `projects` (`id`, `name`),
    `parent` (a key; `parent title` where a title names several tasks, or none
    here), `subtasks`, `blocks`, `blocked by`, `custom` (values by name),
    `created`, `updated`, `completed`, `url`. `projects`, `portfolios`, `goals`
    have an `id`, a `name`, an `owner`, a `health`, `start` and `due`; portfolios
    `items`, goals `subgoals`, `work`, `metric` and `period`. Stories and status
    updates become `history`: `when`, `by`, `field`, `before`, `after`; an
    export knows no more of the past than the day a task was completed.
    """
    if text.lstrip().startswith(_OPENERS):
        return read_answers(json.read(text))
    return read_sheet(text)

"""Source: jira."""

from __future__ import annotations

from latticework.sources.jira_json import issues_of_json
from latticework.sources.jira_sheet import issues_of_sheet
from latticework.sources.json import json
from latticework.sources.source import source
from latticework.sources.tree import Read


def _fits(text: str) -> bool:
    first = text.partition("\n")[0].casefold()
    return "issue key" in first or "ключ" in first or '"issuetype"' in text


@source(fits=_fits)
def jira(text: str) -> Read:
    """Issues of Jira: an export (CSV), or a search with change logs (JSON).

    Whatever the file's shape, language and age, an issue has the same names:
    `key`, `id`, `type`, `summary`, `description` (Markdown), `status`,
    `priority`, `parent` (a key), `labels`, `components`, `fix versions`,
    `sprints`, `assignee.name`, `assignee.id`, `people` (all who are named),
    `links.outward.Blocks` and `links.inward.Blocks` (keys), `created`,
    `updated`, `resolved`, `due`, `project.key`, and custom fields under
    `custom`. A search with change logs has `history`: `when`, `by`, `field`,
    `before`, `after`, and for people `before id` and `after id`.
    """
    if text.lstrip()[:1] in {"{", "["}:
        return issues_of_json(json.read(text))
    return issues_of_sheet(text)

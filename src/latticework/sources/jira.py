"""Source: jira."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.sources.content import BEGINNING, Content, beginning_of, text_in
from latticework.sources.jira_json import issues_of_json, issues_of_long_json
from latticework.sources.jira_sheet import issues_of_long_sheet, issues_of_sheet
from latticework.sources.json import json
from latticework.sources.json_stream import is_listed
from latticework.sources.source import source
from latticework.sources.tree import Read


def _fits(text: str) -> bool:
    first = text.partition("\n")[0].casefold()
    return "issue key" in first or "ключ" in first or '"issuetype"' in text


def _portions(content: Content, size: int) -> Iterator[Read]:
    with content.open() as file:
        begun = beginning_of(file.read(BEGINNING)).lstrip()[:1]
    if begun not in {"{", "["}:
        yield from issues_of_long_sheet(content, size)
    elif is_listed(content):
        yield from issues_of_long_json(content, size)
    else:
        yield issues_of_json(json.read(text_in(content)))


@source(fits=_fits, portions=_portions)
def jira(text: str) -> Read:
    """Issues of Jira: an export (CSV), or a search with change logs (JSON).

    Whatever the file's shape, language and age, an issue has the same names:
    `key`, `id`, `type`, `summary`, `description` (Markdown), `status`,
    `priority`, `parent` (a key), `labels`, `components`, `fix versions`,
    `sprints`, `assignee.name`, `assignee.id`, `people` (all who are named),
    `links.outward.Blocks` and `links.inward.Blocks` (keys), `created`,
    `updated`, `resolved`, `due`, `project.key`, and custom fields under
    `custom`. A search with change logs has `history`: `when`, `by`, `field`,
    `before`, `after`, and for people `before id` and `after id`. Exports, and
    searches of which the answers stand one after another, are taken in portions,
    however long they are.
    """
    if text.lstrip()[:1] in {"{", "["}:
        return issues_of_json(json.read(text))
    return issues_of_sheet(text)

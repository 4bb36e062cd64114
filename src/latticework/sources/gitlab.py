"""Source: gitlab."""

from __future__ import annotations

from latticework.sources.gitlab_json import read_answers
from latticework.sources.gitlab_sheet import read_sheet
from latticework.sources.json import json
from latticework.sources.source import source
from latticework.sources.tree import Read

_OPENERS = ("{", "[")
_MARKS = ('"web_url"', '"webUrl"', '"references"', '"workItemType"', '"group_id"')


def _fits(text: str) -> bool:
    if text.lstrip().startswith(_OPENERS):
        return '"iid"' in text and any(each in text for each in _MARKS)
    first = text.partition("\n")[0].casefold()
    return "created at (utc)" in first and "url" in first


@source(fits=_fits)
def gitlab(text: str) -> Read:
    """Issues, epics and more of GitLab: an export (CSV), REST or GraphQL.

    `issues` and `epics` have `key` (as in `harbour/pier#12`, `harbour&5`),
    `title`, `about`, `sort`, `state` (opened, closed), `status` (closed, or what
    GitLab's status says, or a label `workflow::…`, `status::…` or `stage::…`),
    `labels`, `scoped` (of the label `a::b` the value `b` by `a`), `author`,
    `assignees` (user names), `milestone` and `iteration` (`id`, `name`),
    `weight`, `estimated hours`, `spent hours`, `health`, `start`, `due`,
    `epic` or `parent` (keys), `relations.blocks`, `relations.blocked by`,
    `relations.related` (and `related back` at the other end), `created`,
    `updated`, `closed`, `url`; resource events are `history`: `when`, `by`,
    `field`, `before`, `after`. `milestones`, `iterations` have `id`, `name`,
    `start`, `due`, `state`. `people` in each are all who are named (`username`,
    `name`). What GitLab only draws or counts is left out.
    """
    if text.lstrip().startswith(_OPENERS):
        return read_answers(json.read(text))
    return read_sheet(text)

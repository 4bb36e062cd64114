"""Source: trello."""

from __future__ import annotations

from collections.abc import Iterator

from latticework.base.findings import Place, warning
from latticework.sources.json import json
from latticework.sources.recipes.picks import spread
from latticework.sources.source import source
from latticework.sources.tree import Fields, Items, Read, Tree, line_of
from latticework.sources.trello_board import Board

_MARKS = ('"idList"', '"idBoard"', '"idMemberCreator"', '"idOrganization"', '"shortLink"')


def _fits(text: str) -> bool:
    return text.lstrip().startswith(("{", "[")) and sum(each in text for each in _MARKS) > 1


@source(fits=_fits)
def trello(text: str) -> Read:
    """Boards of Trello as exported in JSON; lists are stages.

    `cards` have `key` (as in a card's address), `title`, `about`, `status` (its
    list), `archived` (`card`, or `list` where its list is), `labels`, `members`
    (user names), `start`, `due`, `due complete`, `checklists` (`name` and
    `items`), `custom` (values by name), `attachments`, `relates` (keys of
    cards that are attached), `comments`, `board`, `created`, `updated`, `url`.
    From the board's actions they have `history`: `when`, `by`, `field`,
    `before`, `after`, and `begins`: since when it reaches. `lists`, `boards`
    and `members` have an `id` and a `name`. What only draws the board (covers,
    badges, places, limits) is left out, everything unknown stays under its own name.
    """
    read = json.read(text)
    findings = list(read.findings)
    out = Fields(1, 1)
    for tree in _boards(read.tree):
        board = Board(tree)
        for name, told in (
            ("cards", board.cards()),
            ("lists", board.lists()),
            ("boards", [board.itself()]),
            ("members", board.members()),
        ):
            items = out.setdefault(name, Items(tree.line))
            assert isinstance(items, Items)
            items.extend(told)
        findings += board.cut_short()
    if not out:
        hint = "open the board's menu, choose 'Print, export and share', then 'Export as JSON'"
        place = Place(line=line_of(read.tree) or 1)
        findings.append(warning("SOURCE070", "no board stands here", hint=hint, place=place))
    return Read(out or None, tuple(findings))


def _boards(tree: Tree) -> Iterator[Fields]:
    """Boards that stand alone or in a list."""
    for each in spread(tree):
        if isinstance(each, Fields) and isinstance(each.get("cards"), Items):
            yield each

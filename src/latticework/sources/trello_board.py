"""One board of Trello on its way to the shape all sources share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from latticework.base.findings import Finding, Place, warning
from latticework.sources.recipes.picks import spread
from latticework.sources.shaping import (
    at,
    day_at,
    first_of,
    keep,
    keep_rest,
    listed,
    text_at,
    turn,
    words,
)
from latticework.sources.tree import Fields, Items, Said, Tree, line_of

_ID = re.compile(r"[0-9a-f]{24}")
_CARD_ADDRESS = re.compile(r"https://trello\.com/c/(\w+)")
_MADE = {"createCard", "copyCard", "convertToCardFromCheckItem", "emailCard"}
_ARRIVED = "moveCardToBoard"
_TURNS = {
    "name": "title",
    "desc": "about",
    "due": "due",
    "start": "start",
    "dueComplete": "due complete",
    "closed": "archived",
    "idList": "status",
}
_COMING = {
    "addMemberToCard": "members",
    "removeMemberFromCard": "members",
    "addLabelToCard": "labels",
    "removeLabelFromCard": "labels",
}
_PLAIN = {
    "number": "idShort",
    "title": "name",
    "about": "desc",
    "updated": "dateLastActivity",
    "due complete": "dueComplete",
}
_SAID = words(
    "id shortLink shortUrl url closed idList idBoard idLabels labels idMembers idChecklists "
    "checklists customFieldItems attachments due start name desc"
)
"""Of a card: told under other names."""
_DRAWN = words(
    "badges cover descData limits manualCoverAttachment idAttachmentCover subscribed nodeId "
    "pos email dueReminder idMembersVoted stickers checkItemStates isTemplate pinned pluginData"
)
"""Of a card: says how it is drawn, or to whom."""
_OF_BOARD = words(
    "id cards lists members memberships labels checklists customFields actions name desc closed "
    "shortLink dateLastActivity idShort idOrganization"
)
_BOARD_DRAWN = words(
    "limits labelNames prefs pluginData powerUps descData nodeId subscribed starred pinned "
    "shortUrl ixUpdate idTags templateGallery creationMethod datePluginDisable premiumFeatures "
    "enterpriseOwned idEnterprise idBoardSource dateLastView type"
)


class Board:
    """A board, and what its parts are called."""

    def __init__(self, tree: Fields) -> None:
        """Look up what is named by number elsewhere."""
        self._tree = tree
        self._lists = _by_id(tree.get("lists"))
        self._labels = _by_id(tree.get("labels"))
        self._customs = _by_id(tree.get("customFields"))
        self._checklists = _grouped(tree.get("checklists"), "idCard")
        actions = [each for each in spread(tree.get("actions")) if text_at(each, "date")]
        self._people = dict(_everybody(tree, actions))
        self._actions = _grouped(listed(actions), "data", "card", "id")
        self._oldest = min((text_at(each, "date") for each in actions), default="")

    def itself(self) -> Fields:
        """The board without what stands on it."""
        out = Fields(self._tree.line, self._tree.column)
        for ours, *theirs in (
            ("key", "shortLink", "id"),
            ("name", "name"),
            ("about", "desc"),
            ("updated", "dateLastActivity"),
        ):
            keep(out, ours, first_of(self._tree, *theirs))
        keep(out, "created", made(self._tree))
        keep(out, "archived", _yes(self._tree, "closed", "board"))
        keep_rest(out, self._tree, _OF_BOARD | _BOARD_DRAWN)
        return out

    def lists(self) -> Iterator[Fields]:
        """The lists, archived ones too."""
        for each in spread(self._tree.get("lists")):
            out = Fields(line_of(each))
            keep(out, "id", at(each, "id"))
            keep(out, "name", at(each, "name"))
            keep(out, "board", first_of(self._tree, "shortLink", "id"))
            keep(out, "archived", _yes(each, "closed", "list"))
            yield out

    def members(self) -> Iterator[Fields]:
        """Everybody on the board, with their role, and whoever else is named."""
        roles = {
            text_at(each, "idMember"): at(each, "memberType")
            for each in spread(self._tree.get("memberships"))
        }
        for each in self._people.values():
            out = Fields(line_of(each))
            keep(out, "username", first_of(each, "username", "id"))
            keep(out, "name", first_of(each, "fullName", "username", "id"))
            keep(out, "role", roles.get(text_at(each, "id")))
            yield out

    def cards(self) -> Iterator[Fields]:
        """The cards, archived ones too."""
        for each in spread(self._tree.get("cards")):
            if isinstance(each, Fields):
                yield self._card(each)

    def cut_short(self) -> Iterator[Finding]:
        """A finding where cards are older than the history that the board holds."""
        cut = [
            each
            for each in spread(self._tree.get("cards"))
            if self._oldest and self._begins(each)[1]
        ]
        if not cut:
            return
        cards = "1 card is" if len(cut) == 1 else f"{len(cut):,} cards are"
        says = f"the history reaches back to {self._oldest[:10]}, and {cards} older"
        hint = (
            "an export holds the newest 1,000 actions; ask the API for those 'before' it, and "
            "put them under 'actions', or take it that the time before is not known"
        )
        yield warning("SOURCE071", says, hint=hint, place=Place(line=line_of(cut[0])))

    # ---- a card

    def _card(self, tree: Fields) -> Fields:
        out = Fields(tree.line, tree.column)
        keep(out, "key", first_of(tree, "shortLink", "id"))
        for ours, theirs in _PLAIN.items():
            keep(out, ours, at(tree, theirs))
        for name in ("due", "start"):
            keep(out, name, day_at(tree, name))
        keep(out, "created", made(tree))
        keep(out, "url", first_of(tree, "shortUrl", "url"))
        keep(out, "status", self._list_name(at(tree, "idList")))
        keep(out, "archived", self._archived(tree))
        keep(out, "labels", listed(self._label_names(tree), tree.line))
        people = (self._user(each) for each in spread(at(tree, "idMembers")))
        keep(out, "members", listed((each for each in people if each), tree.line))
        keep(out, "checklists", listed(self._checks(tree), tree.line))
        keep(out, "custom", self._custom(tree))
        self._attach(out, tree)
        keep(out, "board", first_of(self._tree, "name", "shortLink"))
        if self._oldest:
            self._tell_past(out, tree)
        keep_rest(out, tree, _SAID | _DRAWN | set(_PLAIN.values()))
        return out

    def _list_name(self, key: Tree, shown: Tree = None) -> Tree:
        """A list by its present name, so that one renamed is still the same stage."""
        known = at(self._lists.get(str(key)), "name")
        return known if known is not None else shown if shown is not None else key

    def _archived(self, tree: Fields) -> Tree:
        """Whether the card is out of sight: by itself, or with its list."""
        listed_in = self._lists.get(text_at(tree, "idList"))
        return _yes(tree, "closed", "card") or _yes(listed_in, "closed", "list")

    def _label_names(self, tree: Fields) -> Iterator[Tree]:
        """Labels by name; those without one by their colour."""
        labels = list(spread(at(tree, "labels"))) or [
            self._labels.get(str(each)) for each in spread(at(tree, "idLabels"))
        ]
        names = (first_of(each, "name", "color") for each in labels)
        return (each for each in names if isinstance(each, Said))

    def _user(self, key: Tree) -> Tree:
        """Somebody's user name; the number where they have left the board."""
        known = first_of(self._people.get(str(key)), "username")
        return known if known is not None else key if isinstance(key, Said) else None

    def _checks(self, tree: Fields) -> Iterator[Fields]:
        lists = self._checklists.get(text_at(tree, "id")) or spread(at(tree, "checklists"))
        for each in lists:
            out = Fields(line_of(each))
            keep(out, "name", at(each, "name"))
            keep(out, "items", listed(self._check_items(each), out.line))
            yield out

    def _check_items(self, tree: Tree) -> Iterator[Fields]:
        for each in spread(at(tree, "checkItems")):
            out = Fields(line_of(each))
            keep(out, "name", at(each, "name"))
            keep(out, "state", at(each, "state"))
            keep(out, "due", day_at(each, "due"))
            keep(out, "member", self._user(at(each, "idMember")))
            yield out

    def _custom(self, tree: Fields) -> Fields:
        """Values of custom fields under the names people know."""
        out = Fields(tree.line)
        for each in spread(at(tree, "customFieldItems")):
            key = text_at(each, "idCustomField")
            name = text_at(self._customs.get(key), "name") or key
            keep(out, name, self._custom_value(key, each))
        return out

    def _custom_value(self, key: str, tree: Tree) -> Tree:
        chosen = text_at(tree, "idValue")
        for each in spread(at(self._customs.get(key), "options")):
            if chosen and chosen in (text_at(each, "id"), text_at(each, "_id")):
                return at(each, "value", "text")
        value = at(tree, "value")
        return first_of(value, "text", "number", "checked") or day_at(value, "date")

    def _attach(self, out: Fields, tree: Fields) -> None:
        """Addresses that are attached; those of other cards as links to them."""
        for each in spread(at(tree, "attachments")):
            address = at(each, "url")
            if not isinstance(address, Said):
                continue
            card = _CARD_ADDRESS.match(address)
            said = Said(card[1], address.line) if card else address
            items = out.setdefault("relates" if card else "attachments", Items(address.line))
            if isinstance(items, Items) and said not in items:
                items.append(said)

    # ---- its past

    def _tell_past(self, out: Fields, tree: Fields) -> None:
        """What the board's actions say of a card."""
        mine = self._actions.get(text_at(tree, "id"), [])
        turns = [each for action in mine for each in self._turns(action)]
        out["history"] = listed(turns, tree.line) or Items(tree.line)
        keep(out, "begins", self._begins(tree)[0])
        comments = (_comment(each) for each in mine if text_at(each, "type") == "commentCard")
        keep(out, "comments", listed(comments, tree.line))

    def _begins(self, tree: Tree) -> tuple[Tree, bool]:
        """Since when the actions tell of a card, and whether it is older than that."""
        mine = self._actions.get(text_at(tree, "id"), [])
        arrived = [at(each, "date") for each in mine if text_at(each, "type") == _ARRIVED]
        if arrived:
            return max(arrived, key=str), False
        born = made(tree)
        is_whole = any(text_at(each, "type") in _MADE for each in mine)
        if born is None or is_whole or str(born)[:19] >= self._oldest[:19]:
            return born, False
        return Said(self._oldest, line_of(tree)), True

    def _turns(self, action: Tree) -> Iterator[Fields]:
        """One action: a turn for each field it speaks of; others under their own name."""
        when = at(action, "date")
        by = first_of(action, "memberCreator.fullName", "memberCreator.username")
        sort = text_at(action, "type")
        for field, before, after in self._said_by(sort, at(action, "data"), action):
            yield turn(line_of(action), when, by, field, before, after)

    def _said_by(self, sort: str, data: Tree, action: Tree) -> Iterator[tuple[str, Tree, Tree]]:
        if sort == "updateCard":
            for name in _names(at(data, "old")):
                yield self._updated(name, data)
        elif sort in _COMING:
            field = _COMING[sort]
            value = first_of(data, "label.name", "label.color")
            if field == "members":
                user = self._user(first_of(data, "idMember", "member.id"))
                value = first_of(action, "member.username") or user
            yield (field, None, value) if sort.startswith("add") else (field, value, None)
        elif sort == "updateCustomFieldItem":
            custom = text_at(data, "customField", "id")
            name = text_at(data, "customField", "name") or custom
            before = self._custom_value(custom, at(data, "old"))
            after = self._custom_value(custom, at(data, "customFieldItem"))
            yield f"custom.{name}", before, after
        elif sort != "commentCard" and sort not in _MADE:
            yield sort, None, first_of(data, "checkItem.name", "attachment.name", "checklist.name")

    def _updated(self, name: str, data: Tree) -> tuple[str, Tree, Tree]:
        """What one field of a card was, and is from then on."""
        old, new = at(data, "old"), at(data, "card")
        field = _TURNS.get(name, name)
        if name == "idList":
            before, after = at(data, "listBefore"), at(data, "listAfter")
            return (
                field,
                self._list_name(first_of(old, "idList"), at(before, "name")),
                self._list_name(first_of(new, "idList") or at(after, "id"), at(after, "name")),
            )
        if name == "closed":
            return field, _yes(old, name, "card"), _yes(new, name, "card")
        if name in {"due", "start"}:
            return field, day_at(old, name), day_at(new, name)
        return field, at(old, name), at(new, name)


def made(tree: Tree) -> Said | None:
    """When a thing was made: its number begins with the seconds, in hex digits."""
    key = text_at(tree, "id")
    if not _ID.fullmatch(key):
        return None
    born = datetime.fromtimestamp(int(key[:8], 16), UTC)
    return Said(born.isoformat().replace("+00:00", "Z"), line_of(tree))


def _yes(tree: Tree, name: str, word: str) -> Said | None:
    """A word where something is true."""
    said = at(tree, name)
    return Said(word, line_of(said)) if said == "true" else None


def _names(tree: Tree) -> Iterable[str]:
    return tree if isinstance(tree, Fields) else ()


def _comment(action: Tree) -> Fields:
    out = Fields(line_of(action))
    keep(out, "by", first_of(action, "memberCreator.fullName", "memberCreator.username"))
    keep(out, "when", at(action, "date"))
    keep(out, "text", at(action, "data", "text"))
    return out


def _everybody(tree: Fields, actions: list[Tree]) -> Iterator[tuple[str, Tree]]:
    """Everybody by number; told best where they are on the board or did something."""
    cards = [each for card in spread(tree.get("cards")) for each in spread(at(card, "idMembers"))]
    bare = [Fields(line_of(each)) for each in cards]
    for out, key in zip(bare, cards, strict=True):
        keep(out, "id", key)
    doers = [at(each, name) for each in actions for name in ("memberCreator", "member")]
    for person in (*bare, *doers, *spread(tree.get("members"))):
        if text_at(person, "id"):
            yield text_at(person, "id"), person


def _by_id(tree: Tree) -> dict[str, Tree]:
    return {text_at(each, "id"): each for each in spread(tree)}


def _grouped(tree: Tree, *names: str) -> dict[str, list[Tree]]:
    """Values by what stands below these names."""
    found: dict[str, list[Tree]] = {}
    for each in spread(tree):
        found.setdefault(text_at(each, *names), []).append(each)
    return found

"""What a source usually holds, and how it is called: content in `known/`, one file each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from latticework.sources.proposing.sample import fold, folded
from latticework.sources.tree import Tree, plain
from latticework.sources.yaml import read_recipe

PLAIN = "plain"


@dataclass(frozen=True, kw_only=True)
class UsualField:
    """A field as it is drafted, where its values stand, and what turns it."""

    name: str
    pick: str
    type: str = ""
    called: tuple[str, ...] = ()
    turns: Mapping[str, str] | Sequence[str] | str = ""
    draft: bool = True
    unless_kind: str = ""

    @property
    def words(self) -> frozenset[str]:
        """Every word for it."""
        return folded((self.name, *self.called))


@dataclass(frozen=True, kw_only=True)
class UsualLink:
    """A link as it is drafted: to what, and where the keys of that stand."""

    name: str
    to: tuple[str, ...]
    pick: str
    back: str = ""
    called: tuple[str, ...] = ()
    turns: Mapping[str, str] | Sequence[str] | str = ""
    draft: bool = True

    @property
    def words(self) -> tuple[str, ...]:
        """Every phrase for it, its own first."""
        return (self.name, *self.called)


@dataclass(frozen=True, kw_only=True)
class UsualKind:
    """Records of one sort.

    `start` is the list in which they stand, `file` a glob for its files where others hold
    other sorts; `mentions` are places where records
    of other kinds name them. `stage` is the place of the word for how far they
    are and `stage_turns` what turns it, `category` the place of a word that is
    the same at every company. A kind that is `like` another stands in its list, where `where` says so.
    What is `ours` is a table that a company gave out: each column is a field of that name.
    """

    name: str
    called: tuple[str, ...] = ()
    family: str = "intent"
    many: str = ""
    people: bool = False
    draft: bool = True
    ours: bool = False
    start: str = ""
    file: str = ""
    mentions: tuple[str, ...] = ()
    key: str = ""
    stage: str = ""
    stage_turns: str = ""
    category: str = ""
    like: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: tuple[UsualField, ...] = ()
    links: tuple[UsualLink, ...] = ()
    history: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Usual:
    """All that a source usually holds, and since when it says that it is so.

    `aside` are places that are no field of their own: they are read otherwise,
    or hardly say a thing.
    """

    kinds: tuple[UsualKind, ...]
    aside: tuple[str, ...] = ()
    valid: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Role:
    """What a column leads to when it has one of these names."""

    named: frozenset[str]
    called: tuple[str, ...]
    to: str = ""
    link: str = ""
    back: str = ""


@dataclass(frozen=True, kw_only=True)
class PlainWords:
    """Words by which the columns of any sheet are known."""

    keys: tuple[str, ...]
    titles: tuple[str, ...]
    stages: tuple[str, ...]
    same: tuple[frozenset[str], ...]
    links: tuple[Role, ...]
    within: tuple[Role, ...]
    kinds: Mapping[str, UsualKind]
    categories: Mapping[str, str]
    unsaid: frozenset[str]
    noise: frozenset[str]
    meant: tuple[frozenset[str], ...]


@cache
def usual_of(source: str) -> Usual | None:
    """What a source usually holds; None where nobody wrote it down."""
    text = files("latticework.sources.proposing").joinpath("known", f"{source}.yaml")
    if source == PLAIN or not text.is_file():
        return None
    said = _mapping(plain(read_recipe(text.read_text(encoding="utf-8"), source)[0]))
    kinds = {name: _mapping(each) for name, each in _mapping(said["kinds"]).items()}
    made = (
        _kind(name, {**kinds.get(_text(each, "like"), {}), **each}) for name, each in kinds.items()
    )
    return Usual(
        kinds=tuple(made), aside=_texts(said.get("aside")), valid=_words(said.get("valid"))
    )


@cache
def plain_words() -> PlainWords:
    """The words for sheets that no source knows."""
    text = files("latticework.sources.proposing").joinpath("known", f"{PLAIN}.yaml")
    tree: Tree = read_recipe(text.read_text(encoding="utf-8"), PLAIN)[0]
    said = _mapping(plain(tree))
    categories = _mapping(said["categories"])
    return PlainWords(
        keys=_texts(said["keys"]),
        titles=_texts(said["titles"]),
        stages=_texts(said["stages"]),
        same=_groups(said["same"]),
        links=_roles(said["links"]),
        within=_roles(said["within"]),
        kinds={name: _kind(name, _mapping(each)) for name, each in _mapping(said["kinds"]).items()},
        unsaid=folded(_texts(said["unsaid"])),
        noise=frozenset(_texts(said["noise"])),
        meant=_meant(said["meant"]),
        categories={
            fold(word): name for name, words in categories.items() for word in _texts(words)
        },
    )


def category_of(word: str) -> str:
    """The category to which a word for a stage usually belongs; empty where unknown."""
    return plain_words().categories.get(fold(word), "")


def means_the_same(one: str, other: str) -> bool:
    """Whether two words of a choice say the same, such as 'at risk', 'amber' and 'atRisk'."""
    words = {_run(one), _run(other)}
    return any(words <= each for each in plain_words().meant)


def _run(word: str) -> str:
    """A word with its parts run together, as some sources write them; a sign as it is."""
    return fold(word).replace(" ", "") or word.strip()


def same_words(word: str) -> frozenset[str]:
    """A field's name with whatever else people say for it."""
    own = fold(word)
    return frozenset({own}).union(*(each for each in plain_words().same if own in each))


def _groups(said: object) -> tuple[frozenset[str], ...]:
    assert isinstance(said, list)  # ours, and tested
    return tuple(folded(_texts(each)) for each in said)


def _meant(said: object) -> tuple[frozenset[str], ...]:
    assert isinstance(said, list)  # ours, and tested
    return tuple(frozenset(map(_run, _texts(each))) for each in said)


def _roles(said: object) -> tuple[Role, ...]:
    assert isinstance(said, list)  # ours, and tested
    return tuple(_role(_mapping(each)) for each in said)


def _role(said: Mapping[str, object]) -> Role:
    return Role(
        named=folded(_texts(said["named"])),
        called=_texts(said.get("called")),
        to=_text(said, "to"),
        link=_text(said, "link"),
        back=_text(said, "back"),
    )


def _kind(name: str, said: Mapping[str, object]) -> UsualKind:
    return UsualKind(
        name=name,
        called=_texts(said.get("called")),
        family=_text(said, "family") or "intent",
        many=_text(said, "many"),
        people=_text(said, "people") == "yes",
        draft=_text(said, "draft") != "no",
        start=_text(said, "from"),
        mentions=_texts(said.get("mentioned in")),
        key=_text(said, "key"),
        stage=_text(said, "stage"),
        stage_turns=_text(said, "stage turns"),
        category=_text(said, "category"),
        like=_text(said, "like"),
        where={path: _texts(words) for path, words in _mapping(said.get("where")).items()},
        fields=tuple(
            _field(key, _mapping(each)) for key, each in _mapping(said.get("fields")).items()
        ),
        links=tuple(
            _link(key, _mapping(each)) for key, each in _mapping(said.get("links")).items()
        ),
        history=_words(said.get("history")),
    )


def _field(name: str, said: Mapping[str, object]) -> UsualField:
    return UsualField(
        name=name,
        pick=_text(said, "from"),
        type=_text(said, "type"),
        called=_texts(said.get("called")),
        turns=_turns(said.get("turns")),
        draft=_text(said, "draft") != "no",
        unless_kind=_text(said, "unless kind"),
    )


def _link(name: str, said: Mapping[str, object]) -> UsualLink:
    return UsualLink(
        name=name,
        to=_texts(said.get("to")),
        pick=_text(said, "from"),
        back=_text(said, "back"),
        called=_texts(said.get("called")),
        turns=_turns(said.get("turns")),
        draft=_text(said, "draft") != "no",
    )


def _turns(said: object) -> Mapping[str, str] | tuple[str, ...] | str:
    if isinstance(said, dict):
        return _words(said)
    return _texts(said) if isinstance(said, list) else str(said or "")


def _mapping(said: object) -> Mapping[str, object]:
    assert said is None or isinstance(said, dict)  # ours, and tested
    return said or {}


def _words(said: object) -> dict[str, str]:
    return {name: str(value) for name, value in _mapping(said).items()}


def _texts(said: object) -> tuple[str, ...]:
    if said is None:
        return ()
    return tuple(str(each) for each in said) if isinstance(said, list) else (str(said),)


def _text(said: Mapping[str, object], name: str) -> str:
    return str(said.get(name) or "")

"""Who works at the example company: its teams as the story tells, and people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random

import yaml

from latticework.base.refs import slug_of
from latticework.base.times import BEGINNING, day_of
from latticework.demo.telling import FIRST_DAY, FOLDER, LAST_DAY, Told
from latticework.journal.changes import Batch, Connect, Disconnect, Put, Retire

_KINDS_OF_TEAMS = ("squad", "team")


@dataclass(frozen=True, slots=True)
class Area:
    """Words from which one area's everyday work is composed."""

    objects: tuple[str, ...]
    who: tuple[str, ...]
    unlock: tuple[str, ...]
    sayings: tuple[str, ...]
    bets: tuple[str, ...]
    goals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """All word lists, read from `words.yaml`."""

    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    crafts: tuple[str, ...]
    areas: Mapping[str, Area]
    squads: tuple[Mapping[str, str], ...]
    lists: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Team:
    """A team: where it stands and from when to when it works."""

    slug: str
    title: str
    area: str
    begins: date
    ends: date = LAST_DAY + timedelta(days=1)
    heir: str = ""

    @property
    def ref(self) -> str:
        """Its ref in today's words."""
        return f"team/{self.slug}"

    def works_on(self, day: date) -> bool:
        """Whether the team exists on a day."""
        return self.begins <= day < self.ends


@cache
def words() -> Words:
    """The word lists of the example company."""
    text = (FOLDER / "words.yaml").read_text(encoding="utf-8")
    raw = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  it makes texts only
    areas = {
        name: Area(**{key: tuple(each) for key, each in area.items()})
        for name, area in raw["areas"].items()
    }
    people = raw["people"]
    apart = {"people", "areas", "squads"}
    return Words(
        first_names=tuple(people["first"]),
        last_names=tuple(people["last"]),
        crafts=tuple(people["crafts"]),
        areas=areas,
        squads=tuple(raw["squads"]),
        lists={name: tuple(each) for name, each in raw.items() if name not in apart},
    )


def tell_squads() -> Iterator[Told]:
    """Teams that the story does not speak of begin."""
    for each in words().squads:
        day = date.fromisoformat(each["from"])
        ref = f"team/{each['slug']}"
        fields = {"title": each["title"], "mission": each["mission"]}
        fields |= {"stage": "forming" if day > FIRST_DAY else "steady", "formed": day.isoformat()}
        yield Told(day, "Ines Larkbarrow", "a team begins", Put(ref, fields))
        place = Connect(ref, "is part of", f"scope/{each['scope']}")
        yield Told(day, "Ines Larkbarrow", "a team begins", place)
        if day > FIRST_DAY:
            settled = Put(ref, {"stage": "steady"})
            yield Told(day + timedelta(days=120), "Ines Larkbarrow", "the team stands", settled)


@dataclass
class _Found:
    """What the story says of one team, while it is being read."""

    title: str
    begins: date
    area: str = ""
    ends: date = LAST_DAY + timedelta(days=1)
    heir: str = ""


def teams_in(story: Iterable[Batch]) -> tuple[Team, ...]:
    """Every team of the story and the lists, with its area and its days."""
    found: dict[str, _Found] = {}
    for batch in story:
        valid = batch.valid if batch.valid is not None else BEGINNING
        for change in batch.changes:
            _note(found, day_of(valid), change)
    for each in words().squads:
        begins = date.fromisoformat(each["from"])
        found[each["slug"]] = _Found(each["title"], begins, each["scope"])
    return tuple(
        Team(slug, each.title, each.area, each.begins, each.ends, each.heir)
        for slug, each in found.items()
        if each.area
    )


def _note(found: dict[str, _Found], day: date, change: object) -> None:
    match change:
        case Put(ref=ref, fields=fields) if _is_team(ref):
            slug = ref.partition("/")[2]
            if slug == "front-door":
                return
            known = found.setdefault(slug, _Found(str(fields.get("title", slug)), day))
            if fields.get("stage") == "closed":
                known.ends = day
        case Connect(source=source, link="is part of", target=target) if _is_team(source):
            known = found[source.partition("/")[2]]
            known.area = known.area or target.partition("/")[2]
        case Connect(source=source, link="replaces", target=target) if _is_team(source):
            found[target.partition("/")[2]].heir = source.partition("/")[2]


def _is_team(ref: str) -> bool:
    return ref.partition("/")[0] in _KINDS_OF_TEAMS


@dataclass
class People:
    """Everybody who ever worked here, told by what happened to them."""

    random: Random
    teams: Sequence[Team]
    _names: set[str] = field(default_factory=set)

    def tell(self) -> Iterator[Told]:
        """Each team's first members, then who joins, moves and leaves."""
        for team in self.teams:
            for _ in range(self.random.randint(5, 9)):
                yield from self._life(team)

    def _life(self, team: Team) -> Iterator[Told]:
        """One person joins a team, may move once, may leave."""
        random = self.random
        begins = max(team.begins, FIRST_DAY)
        first = (
            begins if random.random() < 0.6 else begins + timedelta(days=random.randint(20, 700))
        )
        if first >= min(team.ends, LAST_DAY):
            return
        name = self._name()
        ref = f"person/{slug_of(name)}"
        craft = random.choice(words().crafts)
        joined = first if first > begins else first - timedelta(days=random.randint(10, 1500))
        why = "joins" if first > begins else "everybody written down"
        fields = {"title": name, "craft": craft, "joined": joined.isoformat()}
        yield Told(first, "Ines Larkbarrow", why, Put(ref, fields))
        role = "speaks for the team" if random.random() < 0.12 else craft
        edge = Connect(ref, "works in", team.ref, {"share": "100%", "role": role})
        yield Told(first, "Ines Larkbarrow", why, edge)
        yield from self._afterwards(ref, team, first)

    def _afterwards(self, ref: str, team: Team, since: date) -> Iterator[Told]:
        """The next team where the first one closes, then perhaps the last day."""
        random = self.random
        day = since + timedelta(days=random.randint(90, 900))
        by = "Ines Larkbarrow"
        if team.ends <= LAST_DAY:
            day = team.ends
            heirs = [each for each in self.teams if each.slug == team.heir] or [team]
            to = random.choice(heirs)
            yield from _moves(ref, team, to, day, by, "the team was closed")
        elif random.random() < 0.25:
            others = [each for each in self.teams if each.works_on(day) and each is not team]
            if others and day < LAST_DAY:
                yield from _moves(ref, team, random.choice(others), day, by, "wanted a change")
        if random.random() < 0.12:
            last = day + timedelta(days=random.randint(60, 600))
            yield Told(last, by, "leaves", Retire(ref))

    def _name(self) -> str:
        """A name nobody here bears yet."""
        while True:
            name = f"{self.random.choice(words().first_names)} {self.random.choice(words().last_names)}"
            if name not in self._names:
                self._names.add(name)
                return name


def _moves(ref: str, old: Team, new: Team, day: date, by: str, why: str) -> Iterator[Told]:
    yield Told(day, by, why, Disconnect(ref, "works in", old.ref))
    yield Told(day, by, why, Connect(ref, "works in", new.ref, {"share": "100%"}))

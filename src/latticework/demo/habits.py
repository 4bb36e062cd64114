"""What teams keep up: rituals, artifacts, agreements, theses, inputs and readings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from latticework.base.refs import slug_of
from latticework.demo.cast import Team, words
from latticework.demo.seasons import LEADERS
from latticework.demo.telling import FIRST_DAY, LAST_DAY, Told
from latticework.journal.changes import Connect, Put, Value

CODES_BEGIN = date(2026, 2, 16)
_OPERATIONS = "Ines Larkbarrow"
_USES = ("learn", "learn", "follow", "commit")
_CADENCES = ("1 week", "1 week", "1 week", "2 weeks", "2 weeks", "1 month", "every tuesday")
_HEALTHS = ("fine", "fine", "fine", "shaky", "stuck")
_MOTIONS = ("tending", "finding-out", "growing", "moving-house", "asked-for")


def tell_habits(random: Random, teams: Sequence[Team]) -> Iterator[Told]:
    """What each team keeps up, and the codes that finance gave all of them."""
    for team in teams:
        begins = max(team.begins, FIRST_DAY)
        yield from _input(random, team, begins)
        yield from _stream(random, team, begins)
        yield from _ritual(random, team, begins + timedelta(days=random.randint(5, 60)))
        yield from _agreements(random, team, begins + timedelta(days=random.randint(20, 200)))
        yield from _money(random, team, begins)
        yield from _waits(random, team, teams, begins + timedelta(days=30))
    yield from _codes(random, teams)


def _put(day: date, by: str, why: str, ref: str, /, **fields: Value) -> Told:
    return Told(day, by, why, Put(ref, fields))


def _connect(day: date, by: str, source: str, link: str, target: str, **carried: Value) -> Told:
    return Told(day, by, "", Connect(source, link, target, carried))


def _input(random: Random, team: Team, begins: date) -> Iterator[Told]:
    """What the team can move, and its readings every few weeks."""
    area = words().areas[team.area]
    by, ref = LEADERS[team.area], f"input/{team.slug}"
    unlock, thing = random.choice(area.unlock), random.choice(area.objects)
    title = f"{unlock} by way of the {thing}"
    fields: dict[str, Value] = {"title": title[:1].upper() + title[1:], "idea": unlock}
    fields |= {"lag": random.choice(("2–4 weeks", "1 month", "1–2 quarters")), "focus": "no"}
    if random.random() < 0.85:
        fields |= {"use": random.choice(_USES)}
    yield _put(begins, by, "what the team can move", ref, **fields)
    yield _connect(begins, by, ref, "is owned by", team.ref)
    driver = random.choice(("trust", "at-hand", "calm-benches", "next-thing", "full-journeys"))
    why = {"sign": random.choice(("up", "down")), "confidence": f"{random.randint(3, 8)}0%"}
    yield _connect(begins, by, ref, "drives", f"driver/{driver}", **why)
    if random.random() < 0.6:
        day = begins + timedelta(days=random.randint(40, 300))
        yield _put(day, by, "attention goes here", ref, focus="yes")
    level, day = random.randint(20, 70), begins + timedelta(days=random.randint(3, 30))
    last = min(team.ends, LAST_DAY) - timedelta(days=random.choice((0, 0, 0, 120)))
    while day < last:
        yield _put(day, by, "a reading", ref, reading=f"{level}%")
        level = max(3, min(97, level + random.randint(-5, 7)))
        day += timedelta(days=random.randint(25, 45))


def _again(random: Random, team: Team, since: date, every: int) -> Iterator[date]:
    """Days on which something is touched again, until the team ends or forgets it."""
    day, last = since, min(team.ends, LAST_DAY)
    while random.random() < 0.93:
        day += timedelta(days=every + random.randint(-every // 4, every // 4))
        if day >= last:
            return
        yield day


def _stream(random: Random, team: Team, begins: date) -> Iterator[Told]:
    """The work that never ends while the team is there."""
    area, by = words().areas[team.area], LEADERS[team.area]
    thing = random.choice(area.objects)
    title = random.choice(words().lists["workstreams"]).format(thing)
    title = f"{title[:1].upper()}{title[1:]} ({team.title})"
    ref = f"workstream/{slug_of(title)}"
    yield _put(begins, by, "goes on", ref, title=title, stage="running", begins=begins.isoformat())
    yield _connect(begins, by, ref, "is owned by", team.ref)
    if random.random() < 0.85:
        pillar = random.choice(("kept-word", "good-trade", "mend-first"))
        yield _connect(begins, by, ref, "serves", f"pillar/{pillar}")
    yield _connect(begins, by, ref, "follows", "motion/tending")
    motion = random.choice(_MOTIONS)
    share = f"{random.randint(2, 8)}0%"
    yield _connect(begins, by, team.ref, "follows", f"motion/{motion}", share=share)
    for day in _again(random, team, begins, 75):
        yield _put(day, by, "weekly word", ref, health=random.choice(_HEALTHS))


def _ritual(random: Random, team: Team, day: date) -> Iterator[Told]:
    """A ritual with what is read in it, more or less well described."""
    by = LEADERS[team.area]
    name = f"{random.choice(words().lists['rituals'])} of {team.title}"
    ref = f"ritual/{slug_of(name)}"
    fields: dict[str, Value] = {"title": name[:1].upper() + name[1:], "stage": "running"}
    fields |= {"length": random.choice(("30 minutes", "1 hour", "90 minutes"))}
    if random.random() < 0.85:
        fields |= {"purpose": random.choice(words().lists["purposes"])}
    if random.random() < 0.7:
        fields |= {"decides": random.choice(("what waits", "what ends", "who helps whom"))}
    if random.random() < 0.9:
        fields |= {"cadence": random.choice(_CADENCES)}
    yield _put(day, by, "we meet", ref, **fields)
    yield _connect(day, by, ref, "is owned by", team.ref)
    yield _connect(day, by, team.ref, "takes part in", ref)
    yield _connect(day, by, ref, "reviews", f"input/{team.slug}")
    for later in _again(random, team, day, 170):
        length = random.choice(("30 minutes", "45 minutes", "1 hour"))
        yield _put(later, by, "we looked at how we meet", ref, length=length)
    for _ in range(random.choice((1, 1, 2))):
        title = f"{team.title}: {random.choice(words().lists['artifacts'])}"
        artifact = f"artifact/{slug_of(title)}"
        address = f"https://wrenfold.example/{slug_of(title)}"
        yield _put(day, by, "what we use", artifact, title=title, stage="used", address=address)
        yield _connect(day, by, team.ref, "makes", artifact)
        if random.random() < 0.75:
            yield _connect(day, by, ref, "reads", artifact)
        for later in _again(random, team, day, 95):
            horizon = random.choice(("1 month", "1 quarter", "2 quarters"))
            yield _put(later, by, "brought up to date", artifact, horizon=horizon)


def _agreements(random: Random, team: Team, day: date) -> Iterator[Told]:
    """Promises, most of them with a day on which they are looked at again."""
    for says in random.sample(words().lists["agreements"], random.choice((0, 1, 1, 2))):
        by = LEADERS[team.area]
        title = f"{says} ({team.title})"
        ref = f"agreement/{slug_of(title)}"
        fields: dict[str, Value] = {"title": title, "says": says.lower(), "stage": "kept"}
        fields |= {"because": random.choice(words().lists["because"])}
        again = day + timedelta(days=random.choice((180, 365)))
        if random.random() < 0.85:
            fields |= {"review": again.isoformat()}
        yield _put(day, by, "agreed", ref, begins=day.isoformat(), **fields)
        yield _connect(day, by, ref, "binds", team.ref)
        while "review" in fields and again < LAST_DAY and random.random() < 0.75:
            following = again + timedelta(days=random.choice((180, 365)))
            said = random.random() < 0.85
            news = {"review": following.isoformat()} if said else {"stage": "ended"}
            yield _put(again, by, "looked at again", ref, **news)
            if not said:
                break
            again = following


def _money(random: Random, team: Team, begins: date) -> Iterator[Told]:
    """Size and cost every half-year, and why the cost comes back."""
    size, day = random.randint(4, 9), begins
    while day < min(team.ends, LAST_DAY):
        low = size * random.randint(24, 30)
        cost = f"EUR {low}k–{int(low * random.uniform(1.08, 1.3))}k"
        people = f"{size}–{size + 1}" if random.random() < 0.3 else str(size)
        yield _put(day, "Sunniva Ashlock", "money talk", team.ref, size=people, cost=cost)
        size = max(3, min(12, size + random.choice((-1, 0, 0, 1, 1))))
        day += timedelta(days=182)
    if random.random() > 0.7:
        return
    unlock = random.choice(words().areas[team.area].unlock)
    because = f"{unlock}; {random.choice(words().lists['because'])}"
    ref, day = f"thesis/{team.slug}", begins + timedelta(days=random.randint(10, 250))
    fields: dict[str, Value] = {"title": f"Why {team.title} pays", "because": because}
    fields |= {"benefit": random.choice(("grow", "keep", "save", "enable", "protect"))}
    fields |= {"lag": random.choice(("1–2 quarters", "1 year", "1–3 years")), "stage": "held"}
    fields |= {"confidence": f"{random.randint(2, 5)}0–{random.randint(6, 9)}0%"}
    again = day + timedelta(days=365)
    yield _put(
        day, "Sunniva Ashlock", "written with finance", ref, **fields, review=again.isoformat()
    )
    yield _connect(day, "Sunniva Ashlock", ref, "backs", team.ref)
    if random.random() < 0.7:
        later = (again + timedelta(days=365)).isoformat()
        yield _put(again, "Sunniva Ashlock", "looked at again", ref, review=later)


def _waits(random: Random, team: Team, teams: Sequence[Team], day: date) -> Iterator[Told]:
    """Whom the team has to wait for; the ground is needed by most."""
    others = [each for each in teams if each is not team and each.works_on(day)]
    weights = [4 if each.area == "ground" else 1 for each in others]
    chosen = dict.fromkeys(random.choices(others, weights, k=random.choice((0, 1, 1, 2, 3))))
    for other in chosen:
        why = random.choice(words().areas[other.area].objects)
        yield _connect(day, LEADERS[team.area], team.ref, "depends on", other.ref, why=why)


def _codes(random: Random, teams: Sequence[Team]) -> Iterator[Told]:
    """Finance numbers the teams by hand, and gives two of them the same number."""
    living = [each for each in teams if each.works_on(CODES_BEGIN)]
    for number, team in enumerate(living, start=100):
        code = f"WR-{number - 1 if number in {111, 124} else number}"
        yield _put(CODES_BEGIN, "Sunniva Ashlock", "codes for the books", team.ref, code=code)

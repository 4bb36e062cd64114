"""Two and a half years of everyday work, composed from word lists."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from latticework.base.refs import slug_of
from latticework.demo.cast import Area, Team, words
from latticework.demo.telling import FIRST_DAY, LAST_DAY, TAKEOVER, Told
from latticework.journal.changes import Connect, Disconnect, Put, Value

QUARTERS = tuple(
    date(year, month, 1)
    for year in (2024, 2025, 2026)
    for month in (1, 4, 7, 10)
    if date(2024, 4, 1) <= date(year, month, 1) <= LAST_DAY
)
LEADERS = {
    "owners": "Maud Fenwright",
    "workshops": "Runa Stonebeck",
    "makers": "Pia Hazelgate",
    "parts": "Pia Hazelgate",
    "roads": "Teo Pebblecote",
    "money": "Sunniva Ashlock",
    "care": "Lev Quillmoor",
    "ground": "Odran Millrace",
}
_PILLARS = {
    "owners": ("mend-first", "kept-word"),
    "workshops": ("good-trade",),
    "makers": ("makers-answer",),
    "parts": ("good-trade", "makers-answer"),
    "roads": ("kept-word", "mend-first"),
    "money": ("kept-word", "good-trade"),
    "care": ("kept-word",),
    "ground": ("kept-word", "good-trade"),
}
_DRIVERS = ("trust", "at-hand", "calm-benches", "next-thing", "full-journeys")
_METRICS = ("kept-days", "second-repair", "bench-income", "maker-share", "mended-at-once")
# Days as people type them when nobody looks.
_SOILED_DAYS = ("tbd", "end of year", "2026-13", "Q3/25", "soon", "2025-02-30", "31.3.2026")
_SOILED_STAGES = {"running": "runing", "delivered": "deliverd", "planned": "palnned"}


@dataclass
class Season:
    """A team's work in one quarter, told change by change.

    `titles` holds every title given so far, so that composed ones differ.
    """

    random: Random
    team: Team
    quarter: date
    titles: set[str]
    goals: list[str] = field(default_factory=list)
    bets: list[str] = field(default_factory=list)

    @property
    def area(self) -> Area:
        """The words of the team's area."""
        return words().areas[self.team.area]

    @property
    def by(self) -> str:
        """Who speaks for the area."""
        leader = LEADERS[self.team.area]
        early = leader == "Runa Stonebeck" and self.quarter < TAKEOVER
        return "Maud Fenwright" if early else leader

    def tell(self) -> Iterator[Told]:
        """Goals, what was noticed, what was bet on, and work besides."""
        if self.random.random() < 0.45:
            yield from self._goal()
        if self.random.random() < 0.62:
            yield from self._opportunity()
        for _ in range(self.random.choice((0, 0, 1))):
            yield from self.project(self.random.choice(self._aims()), self._day(0, 60))

    # What we want --------------------------------------------------------------------

    def _goal(self) -> Iterator[Told]:
        """A goal for a quarter or two, and how it closes."""
        random, day = self.random, self._day(0, 14)
        title, ref = self._named("goal", "goals", self.area.goals)
        due = self._quarter_word(random.choice((0, 1, 1, 2)))
        yield self._put(day, "goals of the quarter", ref, title=title, due=self._soiled(due))
        yield self._put(day, "goals of the quarter", ref, stage="pursued", health="fine")
        yield from self._owned(day, ref)
        share = {"share": random.choice(("100%", "50%", "20–40%", "60%"))}
        if random.random() < 0.93:
            pillar = f"pillar/{random.choice(_PILLARS[self.team.area])}"
            yield self._connect(day, ref, "serves", pillar, share | {"why": self._because()})
        if random.random() < 0.7:
            yield self._connect(day, ref, "builds on", self._lasting())
        self.goals.append(ref)
        yield from self._healths(ref, day, 40, times=random.randint(0, 3))
        yield from self._goal_closes(ref, day + timedelta(days=random.randint(80, 200)))

    def _goal_closes(self, ref: str, day: date) -> Iterator[Told]:
        luck = self.random.random()
        if luck < 0.12:
            return
        stage = "met" if luck < 0.55 else "missed" if luck < 0.85 else "dropped"
        outcome = self._learned() if self.random.random() < 0.85 else None
        yield self._put(day, "the quarter closes", ref, stage=stage, outcome=outcome)

    # What we noticed, weighed and bet on ---------------------------------------------

    def _opportunity(self) -> Iterator[Told]:
        """Insights, an opportunity, and perhaps options, a decision and a bet."""
        random, day = self.random, self._day(0, 40)
        title, ref = self._named("opportunity", "opportunities")
        fields = {"could": title.lower(), "unlocks": random.choice(self.area.unlock)}
        fields |= {"value": random.choice(("low", "some", "high", "unknown")), "stage": "noticed"}
        yield self._put(day, "noticed on a visit", ref, title=title, **fields)
        yield from self._owned(day, ref)
        for _ in range(random.choice((0, 1, 1, 2))):
            seen = max(FIRST_DAY, day - timedelta(days=random.randint(0, 20)))
            insight = yield from self._insight(seen)
            yield self._connect(day, ref, "comes from", insight)
        luck, later = random.random(), day + timedelta(days=random.randint(14, 50))
        if luck < 0.5:
            yield self._put(later, "somebody looks into it", ref, stage="explored")
            yield from self._options(ref, title, later + timedelta(days=random.randint(10, 40)))
        elif luck < 0.75:
            yield self._put(later, "not now", ref, stage="passed")

    def _insight(self, day: date) -> Generator[Told, None, str]:
        title, ref = self._named("insight", "insights")
        saying = self.random.choice(self.area.sayings)
        source = f"talk with {self.random.choice(self.area.who)}"
        fields = {"seen": day.strftime("%Y-%m"), "source": source, "words": saying}
        yield self._put(day, "noticed on a visit", ref, title=title, **fields)
        return ref

    def _options(self, opportunity: str, title: str, day: date) -> Iterator[Told]:
        """Ways to take it, and what was decided."""
        random = self.random
        count = random.choice((1, 2, 3, 3))
        ways = random.sample(words().lists["options"][:-1], count)
        names = [*ways, "Do nothing"] if count > 1 else ways
        refs = []
        for name in names:
            option = f"option/{opportunity.partition('/')[2]}-{slug_of(name)}"
            cost = "0" if name == "Do nothing" else self._money(10, 120)
            fields = {"cost": cost, "forgoes": self._one_of("forgoes"), "stage": "open"}
            yield self._put(day, "options", option, title=f"{title}: {name.lower()}", **fields)
            yield self._connect(day, option, "comes from", opportunity)
            refs.append(option)
        if random.random() < 0.9:
            yield from self._decided(opportunity, title, refs, day + timedelta(days=14))

    def _decided(
        self, opportunity: str, title: str, options: Sequence[str], day: date
    ) -> Iterator[Told]:
        """One option chosen, the others refused, and a bet where it was not nothing."""
        chosen, *refused = self.random.sample(options, len(options))
        ref = self._ref("decision", title)
        why = "decided"
        review = (day + timedelta(days=self.random.randint(120, 400))).strftime("%Y-%m")
        fields = {"title": f"{title}, decided", "taken": day.isoformat(), "review": review}
        yield self._put(day, why, ref, **fields, because=self._because(), stage="standing")
        yield from self._owned(day, ref)
        yield self._connect(day, ref, "chose", chosen, {"why": self._because()})
        yield self._put(day, why, chosen, stage="chosen")
        for each in refused:
            yield self._put(day, why, each, stage="refused")
            if self.random.random() < 0.9:
                yield self._connect(day, ref, "refused", each, {"why": self._one_of("forgoes")})
        yield self._put(day, why, opportunity, stage="taken")
        if self.random.random() < 0.6:
            again = day + timedelta(days=self.random.randint(120, 300))
            later = (again + timedelta(days=self.random.randint(200, 400))).strftime("%Y-%m")
            yield self._put(again, "looked at again", ref, review=later)
        if not chosen.endswith("do-nothing"):
            yield from self._bet(chosen, opportunity, day + timedelta(days=7))

    def _bet(self, option: str, opportunity: str, day: date) -> Iterator[Told]:
        """A bet, or a quest at the workshops, and the work that serves it."""
        if day > LAST_DAY:
            return
        quest = self.team.area == "workshops" and day >= TAKEOVER
        kind, templates = ("quest", "quests") if quest else ("bet", "bets")
        title, ref = self._named(kind, templates, self.area.bets)
        yield from self._quest(ref, title, day) if quest else self._plain_bet(ref, title, day)
        yield from self._owned(day, ref, unless_careless=0.97)
        if self.random.random() < 0.9:
            aims = self.random.sample(self._aims(), 2 if self.random.random() < 0.3 else 1)
            for aim in aims:
                share = {"share": self.random.choice(("100%", "50%", "30–60%", "unknown"))}
                yield self._connect(day, ref, "serves", aim, share | {"why": self._because()})
        yield self._connect(day, ref, "comes from", option)
        if self.random.random() < 0.7:
            yield self._connect(day, ref, "should move", self._input(), self._promise())
        if self.random.random() < 0.5:
            yield from self._question(ref, day)
        ends = day + timedelta(days=self.random.randint(150, 420))
        work = yield from self._work(ref, day, ends)
        yield from self._bet_ends(ref, ends, work, quest=quest)

    def _plain_bet(self, ref: str, title: str, day: date) -> Iterator[Told]:
        random, by = self.random, "a bet is made"
        because = (
            f"we believe that {random.choice(self.area.unlock)} follows because {self._because()}"
        )
        review = (day + timedelta(days=random.randint(60, 150))).strftime("%Y-%m")
        fields: dict[str, Value] = {"title": title, "stage": "shaping"}
        kept = {
            "hypothesis": (because, 0.92),
            "unless": (self._one_of("stops"), 0.75),
            "confidence": (self._ratio(), 0.9),
            "cost": (self._money(20, 400), 0.95),
            "review": (review, 0.9),
            "due": (self._soiled(self._quarter_word(random.randint(2, 4))), 0.9),
            "value": (random.choice(("low", "some", "high", "unknown")), 0.8),
        }
        fields |= {key: value for key, (value, odds) in kept.items() if random.random() < odds}
        yield self._put(day, by, ref, **fields)
        began = day + timedelta(days=random.randint(5, 40))
        yield self._put(began, "work begins", ref, stage="running", health="fine")
        for step in range(1, random.randint(2, 5)):
            again = began + timedelta(days=60 * step + random.randint(-9, 9))
            later = (again + timedelta(days=70)).strftime("%Y-%m")
            news = {"confidence": self._ratio(), "health": self._health()}
            yield self._put(again, "reviewed", ref, **news, review=later)

    def _quest(self, ref: str, title: str, day: date) -> Iterator[Told]:
        random, why = self.random, "a crew sets out"
        low = random.randint(2, 8)
        fields: dict[str, Value] = {"title": title, "stage": "Sketched"}
        fields |= {"hunch": f"{random.choice(self.area.unlock)}, because {self._because()}"}
        fields |= {"gut": f"{low}–{low + random.randint(0, 2)}", "budget": self._money(15, 250)}
        fields |= {"campfire": (day + timedelta(days=random.randint(40, 120))).strftime("%Y-%m")}
        if random.random() < 0.7:
            fields |= {"turn back if": self._one_of("stops")}
        yield self._put(day, why, ref, **fields)
        yield self._put(day + timedelta(days=14), why, ref, stage="On the bench")
        for step in range(1, random.randint(1, 4)):
            again = day + timedelta(days=14 + 55 * step)
            low = max(0, min(8, low + random.randint(-2, 2)))
            later = (again + timedelta(days=60)).strftime("%Y-%m")
            yield self._put(again, "by the campfire", ref, gut=f"{low}–{low + 2}", campfire=later)

    def _bet_ends(self, ref: str, day: date, work: Sequence[str], *, quest: bool) -> Iterator[Told]:
        """Settled with a lesson, dropped, or left running past its time."""
        luck = self.random.random()
        if luck < 0.15:
            return
        settled = luck < 0.65
        learned = self._learned() if self.random.random() < 0.85 else None
        if quest:
            stage = "Handed back" if settled else "Scrapped"
            yield self._put(day, "by the campfire", ref, stage=stage, tale=learned)
            return
        stage = "settled" if settled else "dropped"
        fields = {"stage": stage, "learned": learned, "came true": _came_true(ref, day, stage)}
        yield self._put(day, "looked at together", ref, **fields)
        if not settled:
            for each in work:
                # Work outlives the reason for it unless somebody looks.
                if self.random.random() < 0.7:
                    yield self._put(day, "its bet was dropped", each, stage="dropped")

    # Work ----------------------------------------------------------------------------

    def _work(self, bet: str, begins: date, ends: date) -> Generator[Told, None, list[str]]:
        """Projects and experiments for a bet; returns refs still running at its end."""
        running: list[str] = []
        for _ in range(self.random.randint(1, 4)):
            day = begins + timedelta(days=self.random.randint(5, 160))
            running += yield from self.project(bet, day)
        for _ in range(self.random.choice((0, 1, 1, 2))):
            yield from self._experiment(bet, begins + timedelta(days=self.random.randint(3, 120)))
        return [each for each in running if begins < ends]

    def project(self, serves: str, day: date) -> Generator[Told, None, list[str]]:
        """A project from plan to end; returns its ref in a list if it never ended."""
        random = self.random
        title, ref = self._named("project", "projects")
        ends = day + timedelta(days=random.randint(30, 170))
        fields = {"title": title, "stage": "planned", "begins": day.strftime("%Y-%m")}
        fields |= {"ends": self._soiled(ends.isoformat()), "cost": self._money(5, 90)}
        yield self._put(day, "planned", ref, **fields)
        yield from self._owned(day, ref)
        if random.random() < 0.93:
            yield self._connect(day, ref, "serves", self._misspelt(serves), {})
        began = day + timedelta(days=random.randint(3, 30))
        running = self._soiled_stage("running")
        yield self._put(began, "work begins", ref, stage=running, health="fine")
        yield from self._healths(ref, began, 30, times=random.randint(0, 3))
        if random.random() < 0.25:
            moved = ends + timedelta(days=random.randint(20, 60))
            yield self._put(
                ends - timedelta(days=5), "later than hoped", ref, ends=moved.isoformat()
            )
            ends = moved
        luck = random.random()
        if luck < 0.1:
            return [ref]
        stage = "delivered" if luck < 0.85 else "dropped"
        yield self._put(ends, "work ends", ref, stage=self._soiled_stage(stage))
        if stage == "delivered" and random.random() < 0.6:
            yield from self._release(title, ref, ends)
        return []

    def _experiment(self, serves: str, day: date) -> Iterator[Told]:
        random = self.random
        title, ref = self._named("experiment", "experiments")
        ends = day + timedelta(days=random.randint(14, 60))
        fields: dict[str, Value] = {"title": title, "stage": "running"}
        fields |= {"begins": day.isoformat(), "radius": random.choice(self.area.who)}
        if random.random() < 0.9:
            fields |= {"measure": f"{random.choice(self.area.unlock)}, counted by hand"}
        if random.random() < 0.92:
            fields |= {"ends": self._soiled(ends.isoformat())}
        if random.random() < 0.8:
            fields |= {"stop": self._one_of("stops"), "proceed": "the opposite, twice"}
        yield self._put(day, "a try begins", ref, **fields)
        yield from self._owned(day, ref)
        yield self._connect(day, ref, "serves", serves, {})
        if random.random() < 0.88:
            verdict = random.choice(("stop", "keep", "keep", "extend", "widen"))
            later = ends + timedelta(days=random.randint(0, 20))
            yield self._put(later, "the try ended", ref, stage="decided", verdict=verdict)

    def _release(self, title: str, project: str, day: date) -> Iterator[Told]:
        ref = self._ref("release", title)
        out = day + timedelta(days=self.random.randint(0, 21))
        reaches = self.random.choice(self.area.who)
        fields = {"title": f"{title}, out", "stage": "out", "day": out.isoformat()}
        yield self._put(out, "it goes out", ref, **fields, reaches=reaches)
        yield self._connect(out, ref, "comes from", project)
        if self.random.random() < 0.4:
            seen = out + timedelta(days=self.random.randint(30, 110))
            yield from self._impact(title, ref, seen)

    def _impact(self, title: str, release: str, day: date) -> Iterator[Told]:
        ref = self._ref("impact", title)
        verdicts = ("more", "as expected", "less", "less", "none", "cannot tell", "cannot tell")
        fields = {"title": f"{title}, looked at", "seen": day.strftime("%Y-%m")}
        fields |= {"verdict": self.random.choice(verdicts), "found": self._learned()}
        yield self._put(day, "we look at what changed", ref, **fields)
        yield self._connect(day, ref, "comes from", release, {"confidence": self._ratio()})
        if self.random.random() < 0.6:
            yield self._connect(day, ref, "moved", self._input(), {"confidence": self._ratio()})

    def _question(self, bet: str, day: date) -> Iterator[Told]:
        title, ref = self._named("question", "questions")
        fields = {"title": f"{title}?", "stage": "asked", "prior": self._ratio()}
        fields |= {"allows": f"to go on or stop with {self.random.choice(self.area.unlock)}"}
        yield self._put(day, "asked", ref, **fields)
        # A quest asks its questions by the campfire; the link knows bets only.
        if bet.startswith("bet/") and self.random.random() < 0.85:
            yield self._connect(day, ref, "informs", bet)
        if self.random.random() < 0.6:
            yield from self._owned(day, ref)
            later = day + timedelta(days=self.random.randint(20, 150))
            answer = {"stage": "answered", "sure": self._ratio()}
            yield self._put(later, "answered well enough", ref, **answer)

    # Small parts ---------------------------------------------------------------------

    def _put(self, day: date, why: str, ref: str, /, **fields: Value) -> Told:
        said = {key: value for key, value in fields.items() if value is not None}
        return Told(day, self.by, why, Put(ref, said))

    def _connect(
        self,
        day: date,
        source: str,
        link: str,
        target: str,
        fields: Mapping[str, Value] | None = None,
    ) -> Told:
        return Told(day, self.by, "", Connect(source, link, target, fields or {}))

    def _owned(self, day: date, ref: str, *, unless_careless: float = 0.94) -> Iterator[Told]:
        """An owner at most times; the heir takes over when the team closes."""
        if self.random.random() > unless_careless:
            return
        yield self._connect(day, ref, "is owned by", self.team.ref)
        ends = self.team.ends
        if self.team.heir and day < ends <= LAST_DAY and self.random.random() < 0.8:
            why = "handed over"
            yield Told(ends, self.by, why, Disconnect(ref, "is owned by", self.team.ref))
            heir = f"team/{self.team.heir}"
            yield Told(ends, self.by, why, Connect(ref, "is owned by", heir))

    def _healths(self, ref: str, day: date, every: int, *, times: int) -> Iterator[Told]:
        for step in range(1, times + 1):
            again = day + timedelta(days=every * step + self.random.randint(-6, 6))
            yield self._put(again, "weekly word", ref, health=self._health())

    def _named(self, kind: str, templates: str, written: Sequence[str] = ()) -> tuple[str, str]:
        """A title that nothing bears yet, and the ref that goes with it."""
        title = self._title(templates, written)
        # One in sixty is written down twice, as happens in every company.
        if self.random.random() > 1 / 60:
            self.titles.add(title.casefold())
        return title, self._ref(kind, title)

    def _title(self, templates: str, written: Sequence[str]) -> str:
        """One written for the area, a composed one when they are used up."""
        left = [each for each in written if each.casefold() not in self.titles]
        if left:
            return self.random.choice(left)
        title = ""
        for _ in range(40):
            title = self._compose(self.random.choice(words().lists[templates]))
            if title.casefold() not in self.titles:
                return title
        return f"{title}, {self.quarter.year}"

    def _ref(self, kind: str, title: str) -> str:
        slug = slug_of(title)
        ref, number = f"{kind}/{slug}", 2
        while ref in self.titles:
            ref, number = f"{kind}/{slug}-{number}", number + 1
        self.titles.add(ref)
        return ref

    def _compose(self, template: str) -> str:
        thing = self.random.choice(self.area.objects)
        text = template.format(thing, who=self.random.choice(self.area.who))
        return text[:1].upper() + text[1:]

    def _aims(self) -> list[str]:
        """Goals of the team, newest first, else a pillar; one at least."""
        pillars = [f"pillar/{each}" for each in _PILLARS[self.team.area]]
        return [*self.goals[-2:], *self.random.sample(pillars, 1), f"driver/{self._driver()}"]

    def _lasting(self) -> str:
        luck = self.random.random()
        if luck < 0.5:
            return self._input()
        return (
            f"driver/{self._driver()}" if luck < 0.75 else f"metric/{self.random.choice(_METRICS)}"
        )

    def _input(self) -> str:
        return f"input/{self.team.slug}"

    def _driver(self) -> str:
        return self.random.choice(_DRIVERS)

    def _promise(self) -> dict[str, Value]:
        delay = self.random.choice(("2–6 weeks", "1–2 quarters", "1 quarter", "2–4 quarters"))
        much = self.random.choice(("a tenth", "5–10%", "noticeably", "by half"))
        sign = self.random.choice(("up", "up", "down"))
        return {"sign": sign, "much": much, "delay": delay, "confidence": self._ratio(whole=True)}

    def _because(self) -> str:
        return self._one_of("because")

    def _learned(self) -> str:
        return self._one_of("learned")

    def _one_of(self, name: str) -> str:
        return self.random.choice(words().lists[name])

    def _health(self) -> str:
        return self.random.choices(("fine", "shaky", "stuck"), (60, 28, 12))[0]

    def _ratio(self, *, whole: bool = False) -> str:
        low = self.random.randrange(10, 80, 5)
        if whole or self.random.random() < 0.3:
            return f"{low}%"
        return f"{low}–{min(95, low + self.random.randrange(10, 40, 5))}%"

    def _money(self, least: int, most: int) -> str:
        low = self.random.randint(least, most)
        if self.random.random() < 0.1:
            return self.random.choice(("unknown", "about EUR 50k", "EUR 30k"))
        return f"EUR {low}k–{int(low * self.random.uniform(1.2, 2.2)) + 1}k"

    def _quarter_word(self, later: int) -> str:
        month = self.quarter.month - 1 + 3 * later
        return f"{self.quarter.year + month // 12}-Q{month % 12 // 3 + 1}"

    def _day(self, least: int, most: int) -> date:
        first = max(self.quarter, FIRST_DAY, self.team.begins)
        return first + timedelta(days=self.random.randint(least, most))

    def _soiled(self, day: str) -> str:
        return self.random.choice(_SOILED_DAYS) if self.random.random() < 0.015 else day

    def _soiled_stage(self, stage: str) -> str:
        return _SOILED_STAGES.get(stage, stage) if self.random.random() < 0.012 else stage

    def _misspelt(self, ref: str) -> str:
        if self.random.random() > 0.012 or len(ref) < 12:
            return ref
        return ref[:-3] + ref[-2] + ref[-3] + ref[-1]


def tell_seasons(random: Random, teams: Sequence[Team]) -> Iterator[Told]:
    """Every team's work, quarter after quarter."""
    titles: set[str] = set()
    goals: dict[str, list[str]] = {each.slug: [] for each in teams}
    for quarter in QUARTERS:
        for team in teams:
            if team.works_on(max(quarter, FIRST_DAY)):
                season = Season(random, team, quarter, titles, goals[team.slug])
                yield from season.tell()


def _came_true(ref: str, day: date, stage: str) -> Value:
    """Whether a bet's hypothesis held, where anybody says; drawn apart from all else."""
    if day < TAKEOVER:
        return None
    words: tuple[Value, ...] = ("yes", "yes", "yes", "partly", "partly", "no", None)
    if stage == "dropped":
        words = ("no", "no", "no", "partly", None, None, None)
    return Random(ref).choice(words)

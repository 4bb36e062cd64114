"""An opened company as the pages need it: sights, findings, the frame round a page."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import quote

from markupsafe import Markup

from latticework.base.findings import Finding, Refused, error
from latticework.base.times import FOREVER, Instant, day_of
from latticework.journal.changes import Change, Entry
from latticework.journal.store import Ends, Head, Receipt
from latticework.model.model import Family, Kind, Model
from latticework.surfaces.person import present_person
from latticework.surfaces.sights import sight_of
from latticework.surfaces.web.against import Against, against_of, marks_of
from latticework.surfaces.web.api.once import once_of
from latticework.surfaces.web.api.watch import Watch
from latticework.surfaces.web.before import Before, before_of, has_figures
from latticework.surfaces.web.drawing import assets_of, date_words, environment, version
from latticework.surfaces.web.drawn import Drawn
from latticework.surfaces.web.look import Look
from latticework.surfaces.web.navigation import branch_lines, iso_day, named_days, places, short_day
from latticework.surfaces.web.recent import Dates, dates_of, later_in, lines_of, recent_entries
from latticework.surfaces.web.saved import own_written
from latticework.surfaces.web.strip import Strip, days_of, strip_of
from latticework.surfaces.web.turns import Turns

if TYPE_CHECKING:
    from latticework.graph.delta import Delta
    from latticework.graph.graph import Graph
    from latticework.query.rows import Rows
    from latticework.sources.proposing.held import Held
    from latticework.surfaces.web.recent import Longs
    from latticework.views.sight import Sight
    from latticework.views.visuals import Block
    from latticework.workspace import Workspace

    Blocks = Iterable[Block]

KEPT = 4
"""How many moments stay at hand; each holds a graph."""

MOST_SIDES = 100
"""How many navigations stay at hand: one for each place, moment and reader."""

MINUTE = 60_000_000
QUARTER = 15 * MINUTE
HOUR = 60 * MINUTE

STEADY = (
    "/ask",
    "/kinds/",
    "/thing/",
    *(f"/views/{name}" for name in ("board", "tree", "timeline", "map", "matrix", "spread")),
)
"""Pages that say nothing younger than the last entry; days begin at a quarter in every zone."""

V = TypeVar("V")


@dataclass(frozen=True, kw_only=True)
class KindLine:
    """A kind as the navigation names it."""

    path: str
    many: str
    count: int


class Shelf(Generic[V]):
    """The few values used last; each is made once, whoever asks first."""

    def __init__(self, room: int) -> None:
        """Keep at most `room` values."""
        self._room = room
        self._kept: OrderedDict[Hashable, V] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> V | None:
        """The value under a key, if it is at hand."""
        return self._kept.get(key)

    def take(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value under a key, made now if it is not at hand."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)
        return made


class Site:
    """What all pages share; safe to use from several threads."""

    def __init__(self, workspace: Workspace, *, writable: bool = True) -> None:
        """Look at one company; whoever reaches it may write, if it is `writable`."""
        self.workspace = workspace
        self._findings: Shelf[tuple[Finding, ...]] = Shelf(KEPT)
        self._dates: Shelf[Dates] = Shelf(KEPT)
        self._past: Shelf[Sight] = Shelf(KEPT)
        self._later: Shelf[Longs] = Shelf(KEPT)
        self._pinned: Shelf[Rows] = Shelf(KEPT)
        self._strips: Shelf[Strip | None] = Shelf(KEPT)
        self._sides: Shelf[Markup] = Shelf(MOST_SIDES)
        self._compared: Shelf[tuple[Delta, dict[str, str]]] = Shelf(KEPT)
        self.worded: Shelf[Graph] = Shelf(KEPT)
        self.drawn = Drawn()
        self.turns = Turns()
        self.writable = writable
        self.watch = Watch(workspace.store)
        self.once = once_of(workspace.store, workspace.folder.inner)

    @cached_property
    def held(self) -> Held:
        """Files that somebody is bringing in, as they were read."""
        from latticework.sources.proposing.held import Held

        return Held()

    def sight(self, look: Look) -> Sight:
        """The company as this reader looks at it; raises Refused (TIME001).

        A moment of the past stays at hand, as links keep readers in it.
        """
        if not look.at:
            return self._sight(look)
        head = self.workspace.store.head(look.branch).number
        key = (look.branch, look.at, look.known, head)
        return replace(self._past.take(key, lambda: self._sight(look)), now=self.workspace.now())

    def pinned(self, key: Hashable, make: Callable[[], Rows]) -> Rows:
        """The answer to a question of which a reader may want further rows."""
        return self._pinned.take(key, make)

    def _sight(self, look: Look) -> Sight:
        """The same, with findings that are judged once per head, moment and day."""
        sight = sight_of(
            self.workspace, at=look.at or None, known=look.known or None, branch=look.branch
        )
        when = (look.at, look.known, day_of(sight.now, sight.zone))
        key = (sight.branch, sight.graph.head, *when)
        judged, alone = sight.findings, sight.judged

        def about(node: int) -> tuple[Finding, ...]:
            """Of what was found of all, where that is at hand; judged alone otherwise."""
            found = self._findings.find(key)
            if found is None and alone is not None:
                return alone(node)
            names = sight.graph.names_of(node)
            return tuple(each for each in found or () if each.place.ref in names)

        return replace(
            sight,
            findings=lambda: self._findings.take(key, judged),
            judged=about,
            entries=lambda most: self._entries(sight, most),
        )

    def tag(self, look: Look) -> str:
        """A word that changes whenever an answer may: by entry, time, reader, style.

        What holds only from a later instant counts from then on. Pages say
        "3 minutes ago", so theirs changes by the minute too; more seldom where
        nothing was recorded for an hour, and ages are in hours.
        """
        ends = self.workspace.store.ends()
        # A branch that is not there is told of by whoever asks for it.
        head = ends.heads.get(look.branch) or self.workspace.store.head(look.branch)
        now = self.workspace.now()
        parts = (
            head.number,
            head.digest[:16],
            head.redactions,
            self._begun(look.branch, head, now),
            self._beside(ends),
            _beat(look, ends, now),
            own_written(self, self.person(look)),
            version(),
            look.theme,
            look.density,
            look.folded,
            quote(look.who),
        )
        return '"' + "-".join(str(part) for part in parts if part) + '"'

    def _begun(self, branch: str, head: Head, now: Instant) -> int:
        """How many of the changes that were to hold from later on hold by now."""
        key = (branch, head.number, head.digest)
        later = self._later.take(key, lambda: later_in(self.workspace.graph(branch=branch)))
        return int(later.searchsorted(now, side="right")) + 1 if len(later) else 0

    def _beside(self, ends: Ends) -> str:
        """A word for where every other branch stands, and for the model file as it lies there."""
        heads = (
            f"{each.name}.{each.merged}.{ends.heads[each.name].number}" for each in ends.branches
        )
        try:
            written = str(self.workspace.folder.model_file.stat().st_mtime_ns)
        except OSError:
            written = ""
        return sha256("/".join([written, *heads]).encode()).hexdigest()[:12]

    def record(
        self,
        look: Look,
        changes: Iterable[Change],
        *,
        why: str = "",
        valid: str = "",
        base: int | None = None,
    ) -> Receipt:
        """Append changes in the reader's name to the branch that is read.

        `valid` is the day since which they are so; now without one. Raises Refused: WEB006 where the reader stands in the past, which is
        not written from a page, and whatever stands against the changes.
        """
        self.refuse_past(look)
        by = self.person(look)
        return self.workspace.append(
            changes, by=by, why=why, valid=valid or None, branch=look.branch, base=base
        )

    def refuse_past(self, look: Look) -> None:
        """Raise Refused (WEB006) where the reader stands in the past."""
        if look.at or look.known:
            hint = "go back to now; to say that something was so since a day, give the day itself"
            raise Refused([error("WEB006", "the past is read here, not written", hint=hint)])

    def refuse_reading_only(self) -> None:
        """Raise Refused (WEB007) where this server only shows the company."""
        if not self.writable:
            hint = "whoever runs the server may start it so that its readers may write"
            raise Refused([error("WEB007", "this server only shows the company", hint=hint)])

    def person(self, look: Look) -> str:
        """Who signs: the name the reader gave, else whoever runs the server."""
        return look.who or present_person()

    def against(self, look: Look, sight: Sight, asked: str = "") -> Against | None:
        """What the page's moment is compared with, where it is; raises Refused (TIME001).

        `asked` is the question of a page whose address leaves it out.
        """
        if not look.against:
            return None
        then = sight.graph_at(look.against)
        key = (look.branch, look.at, look.known, look.against, sight.graph.head)
        delta, marks = self._compared.take(key, lambda: _compared(then, sight.graph))
        return against_of(look, sight, marks, then, delta, asked)

    def before(self, look: Look, blocks: Blocks, build: Callable[[Sight], Blocks]) -> Before | None:
        """The figures of blocks at the moment that they are compared with, where they are."""
        if not look.against or not has_figures(blocks):
            return None
        elsewhen = tuple(pair for pair in look.query if pair[0] not in {"at", "against"})
        then = replace(look, query=(*elsewhen, ("at", look.against)))
        try:
            return before_of(build(self.sight(then)))
        except Refused:
            # What could not be asked then stood nowhere.
            return before_of(())

    def strip(self, look: Look, sight: Sight) -> Strip | None:
        """The company's life in bars."""
        at = sight.graph.moment.valid if look.at else None
        graph = sight.graph
        counted = graph.keep(
            ("web", "days"), lambda: days_of(each.by_day for each in lines_of(graph))
        )
        today = day_of(sight.now)
        return self._strips.take(
            (sight.branch, graph.head, at, look.known, today),
            lambda: strip_of(counted, now=sight.now, at=at),
        )

    def _side(self, look: Look, sight: Sight, current: str) -> Markup:
        """The navigation: drawn once for each place, moment and reader."""
        graph, person = sight.graph, self.person(look)
        when = (sight.branch, graph.head, graph.moment.valid if look.at else day_of(sight.now))
        key = (*when, look.to(""), current, look.folded, person)
        values = {
            "look": look,
            "company": graph.model.company or "A company",
            "places": places(),
            "current": current,
            "person": person,
        }

        def make() -> Markup:
            families = families_of(graph)
            more = {"families": families, "waiting": waiting_of(sight)}
            html = environment().get_template("side.html").render(values | more)
            return Markup(html)  # noqa: S704  the template escaped what it was given

        return self._sides.take(key, make)

    def _entries(self, sight: Sight, most: int) -> tuple[Entry, ...]:
        dates = self._dates_of(sight)
        return recent_entries(self.workspace.store, dates, sight.graph, most, sight.branch)

    def _dates_of(self, sight: Sight) -> Dates:
        return self._dates.take((sight.branch, sight.graph.head), lambda: dates_of(sight.graph))

    def frame(self, look: Look, sight: Sight, **values: object) -> dict[str, object]:
        """What the base template asks for, and the page's own values."""
        graph = sight.graph
        strip = self.strip(look, sight)
        moment = graph.moment
        shown_day = moment.valid if look.at and moment.valid < FOREVER else sight.now
        title = str(values.get("title", ""))
        today = day_of(sight.now, sight.zone)
        compared = ("against",) if look.against else ()
        sheets, islands = assets_of(("shell", *compared, *_names_in(values)))
        return {
            "look": look,
            "path": look.path,
            "company": graph.model.company or "A company",
            "title": title or graph.model.company or "A company",
            "version": version(),
            "current": look.path,
            "side": self._side(look, sight, str(values.get("current", look.path))),
            "kind_paths": graph.keep(("web", "kind_paths"), lambda: kind_paths(graph.model)),
            "question": "",
            "placeholder": placeholder_of(graph.model),
            "strip": strip,
            "day": day_of(shown_day, sight.zone).isoformat(),
            "moment": short_day(day_of(shown_day, sight.zone)) if look.at else "Now",
            "today": today.isoformat(),
            "from_day": iso_day(look.find("from")),
            "to_day": iso_day(look.find("to")) or today.isoformat(),
            "named_days": named_days(today, graph.model.moments),
            "branches": branch_lines(self.workspace.store, look),
            "first_day": "",
            "past": _past_words(look, moment.valid, sight.now),
            "since": _since(look, sight),
            "head": graph.head,
            "person": self.person(look),
            "against": self.against(look, sight, str(values.get("asks", ""))),
            "back_then": None,
            "sheets": sheets,
            "islands": islands,
            "alternates": (),
            "drawings": (),
            "rule_names": graph.keep(("web", "rules"), lambda: rule_names(graph.model)),
            "sorts": None,
            "paged": False,
            **values,
        }


def waiting_of(sight: Sight) -> int:
    """How many fields wait for a decision between a source and us."""
    return sight.graph.keep(("web", "waiting"), lambda: len(sight.conflicts()))


def _compared(then: Graph, now: Graph) -> tuple[Delta, dict[str, str]]:
    from latticework.graph.delta import delta

    found = delta(then, now)
    return found, marks_of(found)


def _names_in(values: Mapping[str, object]) -> Iterator[str]:
    """Names of the blocks of a page, and of the further assets that it asks for."""
    needs, blocks = values.get("needs", ()), values.get("blocks", ())
    if isinstance(needs, tuple) and isinstance(blocks, list | tuple):
        yield from needs
        yield from (type(each).__name__.lower() for each in blocks)


def families_of(graph: Graph) -> tuple[tuple[str, tuple[KindLine, ...]], ...]:
    """Kinds in their families, with how many things there are of each."""
    lines = {family: list[KindLine]() for family in Family}
    for kind in graph.model.kinds:
        if not kind.aside:
            lines[kind.family].append(kind_line(graph, kind))
    return tuple((family.value, tuple(kinds)) for family, kinds in lines.items() if kinds)


def kind_line(graph: Graph, kind: Kind) -> KindLine:
    """One kind and how many things there are of it."""
    return KindLine(
        path=kind_path(kind.name), many=kind.many or kind.name, count=len(graph.ids_of(kind.name))
    )


def kind_path(name: str) -> str:
    """The address of a kind's page."""
    return f"/kinds/{quote(name, safe='')}"


def kind_paths(model: Model) -> dict[str, str]:
    """Where each kind's page lies, by its name and its plural."""
    each = ((word, kind) for kind in model.kinds for word in (kind.many, kind.name) if word)
    return {word: kind_path(kind.name) for word, kind in each}


def rule_names(model: Model) -> dict[str, str]:
    """What rules are called, by code: those of everybody, then the model's own."""
    from latticework.analysis.judge import rules

    ours = {rule.code: rule.name for rule in rules().values()}
    own = {rule.code: rule.name for rule in model.rules if rule.name}
    return {code: name.replace("-", " ").replace("_", " ") for code, name in (ours | own).items()}


def placeholder_of(model: Model) -> str:
    """A question in the company's own words, for the empty query box."""
    intended = [each for each in model.kinds if each.family is Family.INTENT and each.stages]
    for kind in sorted(intended, key=lambda each: not each.provides):
        return f"{kind.name} where stage is active"
    return f"{model.kinds[0].name}" if model.kinds else "Ask the company"


def _past_words(look: Look, valid: Instant, now: Instant) -> str:
    if not look.at and not look.known:
        return ""
    if not look.at:
        return "as it stands now"
    tense = "as it is expected to stand on" if valid > now else "as it stood at the end of"
    return f"{tense} {date_words(valid)}"


def _since(look: Look, sight: Sight) -> str:
    if not look.at or sight.graph.moment.valid >= sight.now:
        return ""
    return look.to("/diff", at="", from_=look.at, to="now")


def _beat(look: Look, ends: Ends, now: Instant) -> int:
    """A number that changes as often as the ages and days that a page may say."""
    if look.path.startswith("/api"):
        return day_of(now).toordinal()
    last = max(each.known for each in ends.heads.values())
    quiet = look.path.startswith(STEADY) and now - last > HOUR
    return now // QUARTER if quiet else now // MINUTE

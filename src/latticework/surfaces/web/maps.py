"""Where the dots of a map lie and how their edges run: geometry for SVG and for the island."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from latticework.model.model import STAGE, Family
from latticework.surfaces.web.layers import layers_of
from latticework.views.visuals import Dot, Map

MOST_DRAWN = 300
"""Dots of a drawing without scripts; the island draws all."""

LETTER = 6.1
LONGEST = 34
RADIUS, LARGEST = 5.0, 16.0
MARGIN = 36.0
HUES = 8
_CATEGORIES = ("proposed", "active", "done", "dropped")
_FAMILIES = tuple(each.value for each in Family)

Place = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A dot in its place. `tone` is the class that colours it, `label` a cut title.

    `words` tells whether there is room for the label; `beside` that it stands
    to the right of the dot rather than below it.
    """

    dot: Dot
    x: float
    y: float
    radius: float
    tone: str
    label: str
    words: bool
    beside: bool
    focus: bool

    @property
    def mark(self) -> str:
        """The outline of its family's mark, round the place."""
        return outline(self.dot.family, self.x, self.y, self.radius)

    @property
    def hollow(self) -> bool:
        """What is not yet or no longer so is drawn as an outline."""
        return self.dot.category in {"proposed", "dropped"} or self.dot.missing

    @property
    def text_x(self) -> float:
        """Where the label stands."""
        return round(self.x + self.radius + 6, 1) if self.beside else self.x

    @property
    def text_y(self) -> float:
        """The label's base line."""
        return round(self.y + (4 if self.beside else self.radius + 13), 1)


@dataclass(frozen=True, kw_only=True)
class Line:
    """An edge's path, what it says, and whether it closes a cycle."""

    path: str
    says: str
    against: bool
    source: int
    target: int


@dataclass(frozen=True, kw_only=True)
class Region:
    """A cluster's outline and heading."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A whole map, ready to be drawn; `data` is the same for the island."""

    width: int
    height: int
    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]
    regions: tuple[Region, ...]
    legend: tuple[tuple[str, str, int], ...]
    families: tuple[str, ...]
    left_out: int
    data: dict[str, object]


@lru_cache(maxsize=16)
def plan_of(block: Map) -> Plan:
    """The drawing of a map; the same map lies the same."""
    edges = [(source, target) for source, target, _ in block.edges]
    labels = [_label(dot) for dot in block.dots]
    places, bends, against = _laid(block, edges, labels)
    places, width, height, shift = _from_corner(places, labels, block.layered)
    bends = {at: [(x + shift[0], y + shift[1]) for x, y in each] for at, each in bends.items()}
    places, bends, width, height = _put(block, places, bends, (width, height))
    tones = _tones(block)
    drawn = len(block.dots) if len(block.dots) <= MOST_DRAWN else MOST_DRAWN
    spots = _spots(block, places, labels, tones, drawn)
    return Plan(
        width=width,
        height=height,
        spots=spots,
        lines=tuple(_lines(block, spots, bends, against)),
        regions=tuple(_regions(block, places, drawn)),
        legend=_legend(block, tones),
        families=tuple(each for each in _FAMILIES if any(dot.family == each for dot in block.dots)),
        left_out=len(block.dots) - drawn,
        data=_data(block, places, tones, bends, against),
    )


def _laid(
    block: Map, edges: Sequence[tuple[int, int]], labels: Sequence[str]
) -> tuple[list[Place], dict[int, list[Place]], frozenset[int]]:
    if block.layered:
        widths = [RADIUS * 2 + 12 + LETTER * (len(each) + 4) for each in labels]
        found = layers_of(widths, edges)
        return found.places, found.bends, found.against
    from latticework.surfaces.web.nearness import nearness_of

    groups = [dot.group or "none" for dot in block.dots] if block.clustered else ()
    return nearness_of(len(block.dots), edges, groups), {}, frozenset()


def _from_corner(
    places: Sequence[Place], labels: Sequence[str], layered: bool
) -> tuple[list[Place], int, int, Place]:
    """All moved so that the drawing begins at its corner, labels included."""
    if not places:
        return [], 0, 0, (0.0, 0.0)
    half = 0.0 if layered else 60.0
    left = min(x for x, _ in places) - MARGIN - half
    top = min(y for _, y in places) - MARGIN
    moved = [(round(x - left, 1), round(y - top, 1)) for x, y in places]
    over = [x + LETTER * (len(label) + 4) for (x, _), label in zip(moved, labels, strict=True)]
    width = max(over) if layered else max(x for x, _ in moved) + half
    height = max(y for _, y in moved)
    return moved, round(width + MARGIN), round(height + MARGIN), (-left, -top)


def _put(
    block: Map, places: list[Place], bends: dict[int, list[Place]], size: tuple[int, int]
) -> tuple[list[Place], dict[int, list[Place]], int, int]:
    """Dots where people have put them; their edges go straight, the drawing grows."""
    put = {at: dot.place for at, dot in enumerate(block.dots) if dot.place is not None}
    if not put:
        return places, bends, *size
    moved = [put.get(at, place) for at, place in enumerate(places)]
    edges = enumerate(block.edges)
    straight = {at for at, (source, target, _) in edges if source in put or target in put}
    width = max(size[0], *(round(x + LETTER * LONGEST + MARGIN) for x, _ in put.values()))
    height = max(size[1], *(round(y + MARGIN) for _, y in put.values()))
    return moved, {at: way for at, way in bends.items() if at not in straight}, width, height


def _label(dot: Dot) -> str:
    return dot.title if len(dot.title) <= LONGEST else f"{dot.title[: LONGEST - 1].rstrip()}…"


# Colours -------------------------------------------------------------------------------


def _tones(block: Map) -> list[str]:
    """The class that colours each dot."""
    if block.colour == "family":
        return [f"family-{dot.family}" for dot in block.dots]
    if block.colour == STAGE:
        return [
            f"tone-{dot.category if dot.category in _CATEGORIES else 'none'}" for dot in block.dots
        ]
    common = Counter(dot.hue for dot in block.dots if dot.hue)
    ordered = sorted(common, key=lambda hue: (-common[hue], hue))[:HUES]
    names = {hue: f"hue-{place}" for place, hue in enumerate(ordered)}
    return [names.get(dot.hue, "hue-none") for dot in block.dots]


def _legend(block: Map, tones: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
    """What each colour means: the class, its word, how many there are."""
    counts = Counter(tones)
    words: dict[str, str] = {}
    for dot, tone in zip(block.dots, tones, strict=True):
        if block.colour == "family":
            word = dot.family
        elif block.colour == STAGE:
            word = dot.category or "no stage"
        else:
            word = dot.hue if tone != "hue-none" else ("other" if dot.hue else "none")
        words.setdefault(tone, word)
    order = sorted(counts, key=lambda tone: (tone == "hue-none", -counts[tone], tone))
    return tuple((tone, words[tone], counts[tone]) for tone in order)


# Dots ----------------------------------------------------------------------------------


def _spots(
    block: Map, places: Sequence[Place], labels: Sequence[str], tones: Sequence[str], drawn: int
) -> tuple[Spot, ...]:
    focus = set(block.focus)
    roomy = _with_words(block, places, labels, drawn)
    return tuple(
        Spot(
            dot=dot,
            x=places[at][0],
            y=places[at][1],
            radius=_radius(dot, focus),
            tone=tones[at],
            label=labels[at],
            words=at in roomy,
            beside=block.layered,
            focus=dot.ref in focus,
        )
        for at, dot in enumerate(block.dots[:drawn])
    )


def _radius(dot: Dot, focus: set[str]) -> float:
    base = RADIUS + (LARGEST - RADIUS) * dot.size
    base = base if len(focus) <= MOST_DRAWN else base * 0.75
    return round(base + (1.5 if dot.ref in focus and not dot.size else 0), 1)


def _with_words(
    block: Map, places: Sequence[Place], labels: Sequence[str], drawn: int
) -> frozenset[int]:
    """The dots whose labels meet no other label: those nearer the focus, then larger, first."""
    if block.layered:
        return frozenset(range(drawn))
    taken: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}
    for x, y in places[:drawn]:
        for cell in {(int(column // 120), int(y // 40)) for column in (x - 6, x + 6)}:
            taken.setdefault(cell, []).append((x - 6, y - 6, x + 6, y + 6))
    kept = set()
    busy = Counter(end for source, target, _ in block.edges for end in (source, target))
    order = sorted(
        range(drawn), key=lambda at: (block.dots[at].depth, -block.dots[at].size, -busy[at], at)
    )
    for at in order:
        (x, y), half = places[at], LETTER * len(labels[at]) / 2 + 4
        box = (x - half, y + 6, x + half, y + 24)
        cells = [
            (column, row)
            for column in range(int(box[0] // 120), int(box[2] // 120) + 1)
            for row in range(int(box[1] // 40), int(box[3] // 40) + 1)
        ]
        near = (each for cell in cells for each in taken.get(cell, ()))
        if any(box[0] < c and a < box[2] and box[1] < d and b < box[3] for a, b, c, d in near):
            continue
        kept.add(at)
        for cell in cells:
            taken.setdefault(cell, []).append(box)
    return frozenset(kept)


def outline(family: str, x: float, y: float, radius: float) -> str:
    """The mark of a family as a path: its shape tells it apart without colour."""
    r = radius
    if family == "intent":
        d = r * 1.22
        return f"M{x:g} {y - d:g}l{d:g} {d:g}-{d:g} {d:g}-{d:g}-{d:g}Z"
    if family == "investment":
        s = r * 0.92
        return f"M{x - s:g} {y - s:g}h{2 * s:g}v{2 * s:g}h{-2 * s:g}Z"
    if family == "change":
        t = r * 1.2
        return f"M{x:g} {y - t:g}l{t:g} {1.8 * t:g}h{-2 * t:g}Z"
    if family == "voices":
        w, h = r * 1.1, r * 0.8
        return f"M{x - w:g} {y - h:g}h{2 * w:g}v{1.7 * h:g}h{-w:g}l{-w * 0.6:g} {w * 0.6:g}v{-w * 0.6:g}h{-w * 0.4:g}Z"
    return f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0Z"


def sign_of(family: str) -> str:
    """The mark of a family as the legend draws it, round the origin."""
    return outline(family, 0.0, 0.0, 4.5)


# Edges ---------------------------------------------------------------------------------


def _lines(
    block: Map,
    spots: Sequence[Spot],
    bends: Mapping[int, Sequence[Place]],
    against: frozenset[int],
) -> Iterator[Line]:
    """Edges between dots that are drawn; several between two lie beside each other."""
    seen: Counter[tuple[int, int]] = Counter()
    for number, (source, target, says) in enumerate(block.edges):
        if source >= len(spots) or target >= len(spots):
            continue
        pair = (min(source, target), max(source, target))
        turn = seen[pair]
        seen[pair] += 1
        first, then = spots[source], spots[target]
        if source == target:
            path = _loop(first, turn)
        elif block.layered:
            path = _stream(first, then, bends.get(number, []), number in against, turn)
        else:
            path = _straight(first, then, turn)
        yield Line(
            path=path,
            says=f"{first.dot.title} {says} {then.dot.title}",
            against=number in against,
            source=source,
            target=target,
        )


def _loop(spot: Spot, turn: int) -> str:
    size = spot.radius + 9 + 5 * turn
    x, y, r = spot.x, spot.y, spot.radius
    return (
        f"M{x - r * 0.6:g} {y - r:g}C{x - size:g} {y - r - size:g} "
        f"{x + size:g} {y - r - size:g} {x + r * 0.6:g} {y - r:g}"
    )


def _stream(first: Spot, then: Spot, bends: Sequence[Place], against: bool, turn: int) -> str:
    """From the left of the source, past its bends, to the right of the target's label."""
    right = then.text_x + LETTER * len(then.label) + (20 if then.dot.more else 6)
    shift = 3.0 * turn
    if against or first.x <= then.x:
        # Against the stream: round below, so that nobody takes it for a step of it.
        x1, x2 = first.x, then.x
        low = max(first.y, then.y) + 22 + shift
        return f"M{x1:g} {first.y + first.radius:g}C{x1:g} {low:g} {x2:g} {low:g} {x2:g} {then.y + then.radius + 2:g}"
    points = [(first.x - first.radius - 2, first.y + shift), *bends, (right, then.y + shift)]
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = (x1 + x2) / 2
        path += f"C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
    return path


def _straight(first: Spot, then: Spot, turn: int) -> str:
    dx, dy = then.x - first.x, then.y - first.y
    far = max((dx * dx + dy * dy) ** 0.5, 1.0)
    ux, uy = dx / far, dy / far
    x1, y1 = first.x + ux * (first.radius + 2), first.y + uy * (first.radius + 2)
    x2, y2 = then.x - ux * (then.radius + 4), then.y - uy * (then.radius + 4)
    if not turn:
        return f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
    side = 14.0 * ((turn + 1) // 2) * (1 if turn % 2 else -1)
    mx, my = (x1 + x2) / 2 - uy * side, (y1 + y2) / 2 + ux * side
    return f"M{x1:.1f} {y1:.1f}Q{mx:.1f} {my:.1f} {x2:.1f} {y2:.1f}"


def _regions(block: Map, places: Sequence[Place], drawn: int) -> Iterator[Region]:
    if not block.clustered or block.layered:
        return
    groups: dict[str, list[Place]] = {}
    for dot, place in zip(block.dots[:drawn], places, strict=False):
        groups.setdefault(dot.group or "none", []).append(place)
    for name, found in groups.items():
        left, top = min(x for x, _ in found) - 44, min(y for _, y in found) - 34
        right, bottom = max(x for x, _ in found) + 44, max(y for _, y in found) + 30
        yield Region(
            name=name,
            x=round(left, 1),
            y=round(top, 1),
            width=round(right - left, 1),
            height=round(bottom - top, 1),
        )


# The island ----------------------------------------------------------------------------


def _data(
    block: Map,
    places: Sequence[Place],
    tones: Sequence[str],
    bends: Mapping[int, Sequence[Place]],
    against: frozenset[int],
) -> dict[str, object]:
    """All dots and edges in short rows, as `islands/map/scene.ts` reads them."""
    focus = set(block.focus)
    phrases = sorted({says for _, _, says in block.edges})
    number = {says: place for place, says in enumerate(phrases)}
    every_tone = sorted(set(tones))
    dots = [
        [
            dot.ref,
            dot.title,
            dot.kind,
            dot.family,
            dot.stage,
            _CATEGORIES.index(dot.category) if dot.category in _CATEGORIES else -1,
            every_tone.index(tones[at]),
            *places[at],
            _radius(dot, focus),
            dot.depth,
            dot.more,
            int(dot.ref in focus) + 2 * dot.missing,
            dot.group,
            dot.said,
        ]
        for at, dot in enumerate(block.dots)
    ]
    edges = [
        [
            source,
            target,
            number[says],
            int(at in against),
            [round(value, 1) for place in bends.get(at, ()) for value in place],
        ]
        for at, (source, target, says) in enumerate(block.edges)
    ]
    return {
        "dots": dots,
        "edges": edges,
        "phrases": phrases,
        "tones": every_tone,
        "layered": block.layered,
        "clustered": bool(block.clustered),
        "joins": [list(each) for each in block.joins],
    }

"""Laying out a flow: columns from what is led to, on the left, to what leads there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Edge = tuple[int, int]

LINE = 26.0
BEND_LINE = 9.0
SWEEPS = 10
MOST_BENDS = 6000
GAP = 84.0


@dataclass(frozen=True, kw_only=True)
class Layers:
    """Where each node lies, and how long edges run.

    `bends` are the places by which a long edge passes: two for each column
    between, so that it runs straight past what stands there. `against` are the edges that run against the stream, because they close a
    cycle; they are drawn, and take no part in what lies where.
    """

    places: list[tuple[float, float]]
    bends: dict[int, list[tuple[float, float]]]
    against: frozenset[int]


def layers_of(widths: Sequence[float], edges: Sequence[Edge]) -> Layers:
    """Columns and lines for nodes of these widths; the same input lies the same.

    An edge leads from its source to the left, to its target. Loops and edges
    that close a cycle do not count. Crossings are fewer where nodes stand by
    the middle of their neighbours, sweep by sweep; then each comes as near to
    its neighbours as the order leaves room for.
    """
    count = len(widths)
    against = _against(count, edges)
    flow = [
        (number, source, target)
        for number, (source, target) in enumerate(edges)
        if number not in against and source != target
    ]
    ranks = _ranks(count, flow)
    net = _Net(count, ranks, flow)
    columns = _ordered(net)
    heights = _heights(net, columns)
    lefts, wide = _lefts(widths, ranks)
    places = [(lefts[ranks[node]], round(heights[node], 1)) for node in range(count)]
    bends = {
        number: [
            (lefts[net.ranks[bend]] + across, round(heights[bend], 1))
            for bend in chain
            for across in (wide[net.ranks[bend]], 0.0)
        ]
        for number, chain in net.chains.items()
    }
    return Layers(places=places, bends=bends, against=against)


def _against(count: int, edges: Sequence[Edge]) -> frozenset[int]:
    """Edges back to a node that is still being walked, depth first."""
    out: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for number, (source, target) in enumerate(edges):
        if source != target:
            out[source].append((target, number))
    state = [0] * count
    found = set()
    # Those to which nothing leads come first, so that walks follow the stream.
    reached = {target for source, target in edges if source != target}
    starts = sorted(range(count), key=lambda node: (node in reached, node))
    for start in starts:
        if state[start]:
            continue
        stack = [(start, 0)]
        state[start] = 1
        while stack:
            node, at = stack.pop()
            if at == len(out[node]):
                state[node] = 2
                continue
            stack.append((node, at + 1))
            target, number = out[node][at]
            if state[target] == 1:
                found.add(number)
            elif not state[target]:
                state[target] = 1
                stack.append((target, 0))
    return frozenset(found)


def _ranks(count: int, flow: Sequence[tuple[int, int, int]]) -> list[int]:
    """How many steps each lies to the right of the farthest thing it leads to."""
    waiting = [0] * count
    leads_here: list[list[int]] = [[] for _ in range(count)]
    for _, source, target in flow:
        waiting[source] += 1
        leads_here[target].append(source)
    ranks = [0] * count
    ready = [node for node in range(count) if not waiting[node]]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for source in leads_here[node]:
            ranks[source] = max(ranks[source], ranks[node] + 1)
            waiting[source] -= 1
            if not waiting[source]:
                ready.append(source)
    # What leads nowhere itself moves up to the nearest thing that leads to it.
    targets = {source for _, source, _ in flow}
    for node in order:
        if node not in targets and leads_here[node]:
            ranks[node] = min(ranks[source] for source in leads_here[node]) - 1
    return ranks


class _Net:
    """Nodes and the bends of long edges, each with its neighbours one column off."""

    def __init__(self, count: int, ranks: list[int], flow: Sequence[tuple[int, int, int]]) -> None:
        self.count = count
        self.ranks = list(ranks)
        self.chains: dict[int, list[int]] = {}
        long = sum(max(ranks[source] - ranks[target] - 1, 0) for _, source, target in flow)
        self.left: list[list[int]] = [[] for _ in range(count)]
        self.right: list[list[int]] = [[] for _ in range(count)]
        for number, source, target in flow:
            span = range(ranks[source] - 1, ranks[target], -1)
            before = source
            for rank in span if long <= MOST_BENDS else ():
                bend = len(self.ranks)
                self.ranks.append(rank)
                self.left.append([])
                self.right.append([])
                self.chains.setdefault(number, []).append(bend)
                self._join(before, bend)
                before = bend
            self._join(before, target)

    def _join(self, source: int, target: int) -> None:
        self.left[source].append(target)
        self.right[target].append(source)


def _ordered(net: _Net) -> list[list[int]]:
    """The order in each column after some sweeps to and fro; the best one seen."""
    columns: list[list[int]] = [[] for _ in range(max(net.ranks, default=-1) + 1)]
    for node in _walked(net):
        columns[net.ranks[node]].append(node)
    best, fewest = [list(each) for each in columns], _crossings(net, columns)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        turn = range(1, len(columns)) if forward else range(len(columns) - 2, -1, -1)
        for rank in turn:
            beside = columns[rank - 1] if forward else columns[rank + 1]
            spot = {node: place for place, node in enumerate(beside)}
            near = net.left if forward else net.right
            _sort(columns[rank], near, spot)
        crossings = _crossings(net, columns)
        if crossings < fewest:
            best, fewest = [list(each) for each in columns], crossings
    return best


def _walked(net: _Net) -> list[int]:
    """All nodes, neighbours soon after each other."""
    seen = [False] * len(net.ranks)
    order = []
    starts = sorted(range(len(net.ranks)), key=lambda node: (net.ranks[node], node))
    for start in starts:
        stack = [start]
        while stack:
            node = stack.pop()
            if seen[node]:
                continue
            seen[node] = True
            order.append(node)
            stack.extend(reversed([*net.left[node], *net.right[node]]))
    return order


def _sort(column: list[int], near: list[list[int]], spot: dict[int, int]) -> None:
    """By the middle of the neighbours; those without keep to the one before."""
    keys: dict[int, float] = {}
    last = -1.0
    for node in column:
        found = [spot[each] for each in near[node] if each in spot]
        last = sum(found) / len(found) if found else last
        keys[node] = last
    column.sort(key=keys.__getitem__)


def _crossings(net: _Net, columns: list[list[int]]) -> int:
    """How many pairs of edges cross between neighbouring columns."""
    from bisect import bisect_right, insort

    total = 0
    for rank in range(1, len(columns)):
        spot = {node: place for place, node in enumerate(columns[rank - 1])}
        seen: list[int] = []
        for node in columns[rank]:
            ends = sorted(spot[each] for each in net.left[node] if each in spot)
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def _heights(net: _Net, columns: list[list[int]]) -> list[float]:
    """Lines as near to their neighbours as the order leaves room for."""
    heights = [0.0] * len(net.ranks)
    for column in columns:
        at = 0.0
        for node in column:
            heights[node] = at
            at += _line(net, node)
        for node in column:
            heights[node] -= at / 2
    for turn in range(SWEEPS):
        order = columns if turn % 2 == 0 else columns[::-1]
        for column in order:
            wanted = []
            for node in column:
                near = [heights[each] for each in (*net.left[node], *net.right[node])]
                wanted.append(sum(near) / len(near) if near else heights[node])
            _settle(net, column, wanted, heights)
    return heights


def _settle(net: _Net, column: list[int], wanted: list[float], heights: list[float]) -> None:
    """Nearest to what is wanted with enough room between: pools of averages."""
    offsets, at = [], 0.0
    for place, node in enumerate(column):
        if place:
            at += (_line(net, column[place - 1]) + _line(net, node)) / 2
        offsets.append(at)
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        total, size = want - offset, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / size:
            before, held = pools.pop()
            total, size = total + before, size + held
        pools.append((total, size))
    levels = [total / size for total, size in pools for _ in range(size)]
    for node, level, offset in zip(column, levels, offsets, strict=True):
        heights[node] = level + offset


def _line(net: _Net, node: int) -> float:
    return LINE if node < net.count else BEND_LINE


def _lefts(widths: Sequence[float], ranks: Sequence[int]) -> tuple[list[float], list[float]]:
    """Where each column begins, and how wide its widest node is."""
    widest = [0.0] * (max(ranks, default=-1) + 1)
    for width, rank in zip(widths, ranks, strict=True):
        widest[rank] = max(widest[rank], width)
    lefts, at = [], 0.0
    for width in widest:
        lefts.append(round(at, 1))
        at += width + GAP
    return lefts, widest

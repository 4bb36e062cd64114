"""Laying out a network: what is joined lies near, what is not keeps its distance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, shortest_path
from scipy.spatial import KDTree

Edge = tuple[int, int]
Points = NDArray[np.float64]

PIVOTS = 40
STEPS = 90
REACH = 3.0
PUSH = 0.7
LOOSE, CLOSE = 0.02, 0.5
"""How strongly all is drawn to the middle: a group keeps together though little joins it."""

LENGTH = 96.0
NARROW_LENGTH = 54.0
MANY = 400
SAME = 1e-6
WIDE = 1.45
"""Words run from left to right, so that a map needs more room across than down."""

AIR = 90.0
NO_EDGES = np.zeros((0, 2), dtype=np.int64)
SMALL = 12


def nearness_of(
    count: int, edges: Sequence[Edge], groups: Sequence[str] = ()
) -> list[tuple[float, float]]:
    """Places of nodes; parts that nothing joins lie beside each other, as do groups.

    The same input lies the same: it begins with distances along edges, and no
    step is left to chance.
    """
    if not count:
        return []
    pairs = np.asarray([edge for edge in edges if edge[0] != edge[1]], dtype=np.int64)
    pairs = pairs.reshape(-1, 2)
    parts = _parts(count, pairs, groups)
    length = LENGTH if count <= MANY else NARROW_LENGTH
    gravity = LOOSE if not any(groups) else CLOSE
    boxes = []
    laid: dict[tuple[int, bytes], Points] = {}
    for members in parts:
        inner = _inner(count, members, pairs) if len(members) > 1 else NO_EDGES
        # Many small parts look alike: what is laid once need not be laid again.
        key = (len(members), inner.tobytes())
        if key not in laid:
            laid[key] = _laid(len(members), inner, length, gravity) * (WIDE, 1.0)
        points = laid[key]
        boxes.append((members, points))
    return _packed(count, boxes, length)


def _parts(count: int, pairs: NDArray[np.int64], groups: Sequence[str]) -> list[NDArray[np.int64]]:
    """Groups, or else what edges join; the largest first."""
    if groups and any(groups):
        labels = np.unique(np.asarray(groups), return_inverse=True)[1].astype(np.int32)
    else:
        matrix = coo_array(
            (np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count)
        )
        _, labels = connected_components(matrix, directed=False)
    order = np.argsort(labels, kind="stable")
    found = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    return sorted(found, key=lambda each: (-len(each), int(each[0])))


def _inner(count: int, members: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The edges within, by places among the members."""
    place = np.full(count, -1, dtype=np.int64)
    place[members] = np.arange(len(members))
    ends = place[pairs]
    kept = ends[(ends >= 0).all(axis=1)]
    return np.unique(np.sort(kept, axis=1), axis=0) if len(kept) else kept.reshape(0, 2)


def _laid(size: int, pairs: NDArray[np.int64], length: float, gravity: float) -> Points:
    """Places of one part round the origin."""
    if size == 1:
        return np.zeros((1, 2))
    if not len(pairs):
        return _sunflower(size, length * 0.55)
    points = _begun(size, pairs) * length
    # What begins crowded has too many near to push; even places thin it out.
    crowded = float(np.sqrt((points**2).sum(axis=1)).mean()) < length * 0.3 * np.sqrt(size)
    points = points + _sunflower(size, length * (0.45 if crowded and size > MANY else 0.05))
    return _spaced(_settled(points, pairs, length, gravity), length * 0.42)


def _sunflower(size: int, pitch: float) -> Points:
    """Even places round a middle."""
    turns = np.arange(size) * np.pi * (3 - np.sqrt(5))
    radius = pitch * np.sqrt(np.arange(size) + 0.5)
    return np.stack([radius * np.cos(turns), radius * np.sin(turns)], axis=1)


def _begun(size: int, pairs: NDArray[np.int64]) -> Points:
    """Distances from a few far-apart nodes, seen from where they differ most."""
    ones = np.ones(len(pairs))
    matrix = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(size, size)).tocsr()
    degrees = np.bincount(pairs.ravel(), minlength=size)
    chosen = [int(degrees.argmax())]
    rows = [_steps_from(matrix, chosen[0])]
    nearest = rows[0].copy()
    while len(chosen) < min(PIVOTS, size):
        chosen.append(int(nearest.argmax()))
        rows.append(_steps_from(matrix, chosen[-1]))
        nearest = np.minimum(nearest, rows[-1])
    steps = np.stack(rows, axis=1) ** 2
    middle = steps - steps.mean(axis=0) - steps.mean(axis=1)[:, None] + steps.mean()
    _, vectors = np.linalg.eigh(middle.T @ middle)
    axes = vectors[:, ::-1][:, :2]
    # An eigenvector has no sign of its own.
    axes = axes * np.where(axes.sum(axis=0) < 0, -1.0, 1.0)
    points = middle @ axes
    if points.shape[1] < 2:
        points = np.column_stack([points, np.zeros(size)])
    ends = points[pairs[:, 0]] - points[pairs[:, 1]]
    mean = float(np.sqrt((ends**2).sum(axis=1)).mean())
    # Where all lie equally far from each other, distances tell no place.
    return np.asarray(points / mean) if mean > SAME else np.zeros((size, 2))


def _steps_from(matrix: csr_array, node: int) -> Points:
    found = np.asarray(shortest_path(matrix, directed=False, unweighted=True, indices=node))
    reached = np.where(np.isfinite(found), found, 0.0)
    return np.asarray(np.where(np.isfinite(found), found, reached.max() + 2))


def _settled(points: Points, pairs: NDArray[np.int64], length: float, gravity: float) -> Points:
    """Pulled along edges, pushed apart by what is near, in ever smaller steps."""
    steps, reach = (STEPS, REACH) if len(points) <= MANY else (STEPS // 2, REACH / 2)
    steps = steps // 2 if len(points) <= SMALL else steps
    for step in range(steps):
        heat = length * (0.02 + 0.6 * (1 - step / steps) ** 1.5)
        force = _pushed(points, length, reach)
        across = points[pairs[:, 0]] - points[pairs[:, 1]]
        far = np.sqrt((across**2).sum(axis=1, keepdims=True))
        pull = across * far / length
        np.add.at(force, pairs[:, 0], -pull)
        np.add.at(force, pairs[:, 1], pull)
        force -= points * gravity
        size_of = np.sqrt((force**2).sum(axis=1, keepdims=True)) + 1e-9
        points = points + force / size_of * np.minimum(size_of, heat)
    return np.asarray(points - points.mean(axis=0))


def _pushed(points: Points, length: float, reach: float) -> Points:
    """Away from all that is within a few lengths."""
    near = KDTree(points).query_pairs(length * reach, output_type="ndarray")
    across = points[near[:, 0]] - points[near[:, 1]]
    square = (across**2).sum(axis=1, keepdims=True) + 1e-6
    push = across * ((length * PUSH) ** 2 / square)
    force = np.zeros_like(points)
    np.add.at(force, near[:, 0], push)
    np.add.at(force, near[:, 1], -push)
    return force


def _spaced(points: Points, least: float) -> Points:
    """No two nearer than this, as far as some rounds of moving apart can tell."""
    for _ in range(24):
        near = KDTree(points).query_pairs(least, output_type="ndarray")
        if not len(near):
            break
        across = points[near[:, 0]] - points[near[:, 1]]
        far = np.sqrt((across**2).sum(axis=1, keepdims=True))
        same = far[:, 0] < 1e-6
        across[same] = [1.0, 0.618]
        far[same] = 1.0
        push = across / far * (least - np.minimum(far, least)) * 0.5
        np.add.at(points, near[:, 0], push)
        np.add.at(points, near[:, 1], -push)
    return points


def _packed(
    count: int, boxes: Sequence[tuple[NDArray[np.int64], Points]], length: float
) -> list[tuple[float, float]]:
    """Parts in rows beside each other, about half as high as wide."""
    sizes = [np.ptp(points, axis=0) + np.array([AIR * WIDE, AIR]) for _, points in boxes]
    room = sum(float(width * height) for width, height in sizes)
    across = max(np.sqrt(room * 1.9), max(float(width) for width, _ in sizes))
    places = np.zeros((count, 2))
    x = y = tall = 0.0
    for (members, points), (width, height) in zip(boxes, sizes, strict=True):
        if x and x + width > across * 1.02:
            x, y, tall = 0.0, y + tall, 0.0
        places[members] = points - points.min(axis=0) + (x + AIR * WIDE / 2, y + AIR / 2)
        x, tall = x + float(width), max(tall, float(height))
    return [(round(float(px), 1), round(float(py), 1)) for px, py in places]

/** What lies at a place of a map, near it, or in a direction from a dot. */

import type { Edge, Scene } from "./scene";

/** The dot at a place of the map; -1 where there is none. */
export function dotAt(scene: Scene, x: number, y: number, slack: number): number {
  let best = -1;
  let least = Infinity;
  scene.dots.forEach((dot, at) => {
    const far = Math.hypot(dot.x - x, dot.y - y);
    if (far <= dot.r + slack && far < least) [best, least] = [at, far];
  });
  return best;
}

/** The edge near a place of the map; -1 where there is none. */
export function edgeAt(scene: Scene, x: number, y: number, slack: number): number {
  let best = -1;
  let least = slack;
  scene.edges.forEach((edge, at) => {
    if (!maybeAt(scene, edge, x, y, slack)) return;
    const line = lineOf(scene, edge);
    for (let i = 2; i < line.length; i += 2) {
      const far = toSegment(x, y, line[i - 2]!, line[i - 1]!, line[i]!, line[i + 1]!);
      if (far < least) [best, least] = [at, far];
    }
  });
  return best;
}

/** Whether an edge of a free map comes near: told without following it. */
function maybeAt(scene: Scene, edge: Edge, x: number, y: number, slack: number): boolean {
  if (scene.layered || edge.source === edge.target) return true;
  const [a, b] = [scene.dot(edge.source), scene.dot(edge.target)];
  return x > Math.min(a.x, b.x) - slack && x < Math.max(a.x, b.x) + slack && y > Math.min(a.y, b.y) - slack && y < Math.max(a.y, b.y) + slack;
}

/** Points along an edge, good enough to point at it. */
export function lineOf(scene: Scene, edge: Edge): number[] {
  const [a, b] = [scene.dot(edge.source), scene.dot(edge.target)];
  if (edge.source === edge.target) return [a.x - a.r, a.y - a.r, a.x, a.y - a.r - 16, a.x + a.r, a.y - a.r];
  if (!scene.layered) return [a.x, a.y, b.x, b.y];
  if (edge.against || a.x <= b.x) return [a.x, a.y, (a.x + b.x) / 2, Math.max(a.y, b.y) + 17, b.x, b.y];
  const bends = a.moved || b.moved ? [] : edge.bends;
  const right = b.x + b.r + 12 + b.width;
  const knots = [a.x - a.r, a.y, ...bends, Math.min(right, a.x), b.y];
  const line: number[] = [knots[0]!, knots[1]!];
  for (let i = 2; i < knots.length; i += 2) {
    const [x1, y1, x2, y2] = [knots[i - 2]!, knots[i - 1]!, knots[i]!, knots[i + 1]!];
    for (const t of [0.25, 0.5, 0.75, 1]) line.push(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t * t * (3 - 2 * t));
  }
  return line;
}

/** The neighbour that lies most in a direction; else the nearest dot that does. */
export function toward(scene: Scene, at: number, dx: number, dy: number): number {
  const from = scene.dot(at);
  const best = (among: Iterable<number>) => {
    let found = -1;
    let least = Infinity;
    for (const each of among) {
      const dot = scene.dot(each);
      const [x, y] = [dot.x - from.x, dot.y - from.y];
      const along = x * dx + y * dy;
      const aside = Math.abs(x * dy) + Math.abs(y * dx);
      const cost = along > 1 ? along + aside * 2.2 : Infinity;
      if (each !== at && cost < least) [found, least] = [each, cost];
    }
    return found;
  };
  const near = best(scene.neighbours(at));
  return near >= 0 ? near : best(scene.dots.keys());
}

function toSegment(x: number, y: number, x1: number, y1: number, x2: number, y2: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy;
  const t = square ? Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / square)) : 0;
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}

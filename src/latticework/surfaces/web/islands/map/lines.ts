/** Edges of a map: how they run, and painting them. */

import type { Colours } from "./colours";
import type { View } from "./lens";
import type { Dot, Edge, Scene } from "./scene";

/** Many short paths are painted in a fraction of the time that one long one takes. */
const AT_ONCE = 60;
const MOST_TIPS = 1500;
const TIPS_FROM = 0.45;

/** The edges of which something may be seen. */
export function edgesIn(scene: Scene, [left, top, right, bottom]: View): Edge[] {
  return scene.edges.filter(({ source, target }) => {
    const [a, b] = [scene.dot(source), scene.dot(target)];
    return Math.max(a.x, b.x) + 260 >= left && Math.min(a.x, b.x) <= right && Math.max(a.y, b.y) + 40 >= top && Math.min(a.y, b.y) - 40 <= bottom;
  });
}

/** Hairlines with their tips, some at a time. */
export function* paintEdges(c: CanvasRenderingContext2D, scene: Scene, edges: Edge[], k: number, colours: Colours): Generator<void> {
  c.lineWidth = 1 / k;
  c.strokeStyle = colours.edge;
  yield* strokes(c, scene, edges.filter((edge) => !edge.against), k);
  c.setLineDash([3 / k, 2.5 / k]);
  c.strokeStyle = colours.warn;
  yield* strokes(c, scene, edges.filter((edge) => edge.against), k);
  c.setLineDash([]);
  c.fillStyle = colours.tip;
  if (k > TIPS_FROM && edges.length < MOST_TIPS) yield* tips(c, scene, edges, k);
}

/** Edges that are lit, over all others. */
export function paintBright(c: CanvasRenderingContext2D, scene: Scene, edges: Edge[], k: number, colours: Colours): void {
  c.lineWidth = 1.5 / k;
  c.strokeStyle = c.fillStyle = colours.accent;
  for (const _ of strokes(c, scene, edges, k));
  if (edges.length < MOST_TIPS) for (const _ of tips(c, scene, edges, k));
}

function* strokes(c: CanvasRenderingContext2D, scene: Scene, edges: Edge[], k: number): Generator<void> {
  for (let at = 0; at < edges.length; at += AT_ONCE) {
    c.beginPath();
    for (const edge of edges.slice(at, at + AT_ONCE)) trace(c, scene, edge, k);
    c.stroke();
    yield;
  }
}

function* tips(c: CanvasRenderingContext2D, scene: Scene, edges: Edge[], k: number): Generator<void> {
  const size = Math.min(5.5 / k, 9);
  for (let at = 0; at < edges.length; at += AT_ONCE) {
    c.beginPath();
    for (const edge of edges.slice(at, at + AT_ONCE)) {
      if (edge.source === edge.target) continue;
      const [x, y, ux, uy] = tipOf(scene, edge, k);
      c.moveTo(x, y);
      c.lineTo(x - ux * size - uy * size * 0.5, y - uy * size + ux * size * 0.5);
      c.lineTo(x - ux * size + uy * size * 0.5, y - uy * size - ux * size * 0.5);
      c.closePath();
    }
    c.fill();
    yield;
  }
}

function trace(path: CanvasRenderingContext2D, scene: Scene, edge: Edge, k: number): void {
  const [a, b] = [scene.dot(edge.source), scene.dot(edge.target)];
  if (a === b) {
    const size = a.r + 9 + 5 * edge.turn;
    path.moveTo(a.x - a.r * 0.6, a.y - a.r);
    path.bezierCurveTo(a.x - size, a.y - a.r - size, a.x + size, a.y - a.r - size, a.x + a.r * 0.6, a.y - a.r);
  } else if (!scene.layered) {
    path.moveTo(a.x, a.y);
    if (!edge.turn) path.lineTo(b.x, b.y);
    else {
      const [mx, my] = bow(a, b, edge.turn);
      path.quadraticCurveTo(mx, my, b.x, b.y);
    }
  } else if (edge.against || a.x <= b.x) {
    const low = Math.max(a.y, b.y) + 22 + 3 * edge.turn;
    path.moveTo(a.x, a.y + a.r);
    path.bezierCurveTo(a.x, low, b.x, low, b.x, b.y + b.r + 2);
  } else {
    const knots = [a.x - a.r - 2, a.y + 3 * edge.turn, ...(a.moved || b.moved ? [] : edge.bends), rightOf(a, b, k), b.y + 3 * edge.turn];
    path.moveTo(knots[0]!, knots[1]!);
    for (let i = 2; i < knots.length; i += 2) {
      const [x1, y1, x2, y2] = [knots[i - 2]!, knots[i - 1]!, knots[i]!, knots[i + 1]!];
      path.bezierCurveTo((x1 + x2) / 2, y1, (x1 + x2) / 2, y2, x2, y2);
    }
  }
}

/** Where an edge meets its target in layers: past the label, which keeps its size on the screen. */
function rightOf(a: Dot, b: Dot, k: number): number {
  return Math.max(Math.min(b.x + b.r + (b.width + 12) / Math.max(k, 0.75), a.x - a.r - 8), b.x + b.r + 3);
}

function bow(a: Dot, b: Dot, turn: number): [number, number] {
  const far = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const side = 26 * Math.ceil(turn / 2) * (turn % 2 ? 1 : -1);
  return [(a.x + b.x) / 2 - ((b.y - a.y) / far) * side, (a.y + b.y) / 2 + ((b.x - a.x) / far) * side];
}

function tipOf(scene: Scene, edge: Edge, k: number): [number, number, number, number] {
  const [a, b] = [scene.dot(edge.source), scene.dot(edge.target)];
  if (scene.layered) {
    if (edge.against || a.x <= b.x) return [b.x, b.y + b.r + 2, 0, -1];
    return [rightOf(a, b, k), b.y + 3 * edge.turn, -1, 0];
  }
  const [fx, fy] = edge.turn ? bow(a, b, edge.turn) : [a.x, a.y];
  const far = Math.hypot(b.x - fx, b.y - fy) || 1;
  const [ux, uy] = [(b.x - fx) / far, (b.y - fy) / far];
  const back = Math.max(b.r, 2.4 / k) + 2;
  return [b.x - ux * back, b.y - uy * back, ux, uy];
}

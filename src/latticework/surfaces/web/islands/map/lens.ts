/** How a map is looked at: from how far, where, and what of it is lit. */

import type { Dot, Scene } from "./scene";

export interface Lens {
  k: number;
  x: number;
  y: number;
}

/** A part of the map, in places of the map. */
export type View = [left: number, top: number, right: number, bottom: number];

export interface Lit {
  over: number;
  edge: number;
  chosen: Set<number>;
  sought: Set<number> | null;
  /** A link that is being drawn: from a dot to a place of the map. */
  drawing: { from: number; x: number; y: number } | null;
  /** A frame that is being drawn round dots, in places of the map. */
  frame: View | null;
}

const NEAREST = 6;
const FARTHEST = 0.04;
const EASY = 0.85;
/** Rather somewhat smaller, and nothing cut off. */
const WHOLE = 0.68;
const LEAST = 2.4;

/** Nearer or farther, so that what lies at a point of the screen stays there. */
export function zoom(lens: Lens, by: number, x: number, y: number): void {
  const k = Math.min(Math.max(lens.k * by, FARTHEST), NEAREST);
  lens.x = x - ((x - lens.x) * k) / lens.k;
  lens.y = y - ((y - lens.y) * k) / lens.k;
  lens.k = k;
}

/** All of it where that can be read; else the focus at a size that can. */
export function fit(lens: Lens, scene: Scene, width: number, height: number, all: boolean): void {
  const [left, top, right, bottom] = scene.bounds();
  const whole = Math.min((width - 64) / (right - left || 1), (height - 40) / (bottom - top || 1), 1.25);
  const focus = scene.dots.find((dot) => dot.focus);
  const readable = scene.dots.length > 400 ? 0.2 : scene.clustered ? 0.6 : EASY;
  const k = (lens.k = all || whole >= WHOLE ? whole : Math.max(whole, Math.min(readable, 1)));
  if (whole >= k || !focus) {
    lens.x = (width - (right + left) * k) / 2;
    lens.y = (height - (bottom + top) * k) / 2;
    return;
  }
  // Near the focus, but with no empty room where there is something to see.
  const within = (wanted: number, low: number, high: number, room: number) =>
    (high - low) * k <= room ? (room - (low + high) * k) / 2 : Math.max(Math.min(wanted, 20 - low * k), room - 20 - high * k);
  lens.x = within(width * (scene.layered ? 0.3 : 0.5) - focus.x * k, left, right, width);
  lens.y = within(height / 2 - focus.y * k, top, bottom, height);
}

/** Move the map so that a dot can be seen. */
export function show(lens: Lens, dot: Dot, width: number, height: number): void {
  const [x, y] = onScreen(dot, lens);
  if (x < 40 || x > width - 160) lens.x += width / 2 - x;
  if (y < 30 || y > height - 40) lens.y += height / 2 - y;
}

/** What of the map is seen in a window of some size, and as much again round it as is asked for. */
export function viewOf(lens: Lens, width: number, height: number, round = 0): View {
  const left = (-round - lens.x) / lens.k;
  const top = (-round - lens.y) / lens.k;
  return [left, top, left + (width + 2 * round) / lens.k, top + (height + 2 * round) / lens.k];
}

export function onScreen(dot: Dot, lens: Lens): [number, number] {
  return [dot.x * lens.k + lens.x, dot.y * lens.k + lens.y];
}

/** How large a dot is on the screen: never too small to be seen. */
export function radiusOf(dot: Dot, k: number): number {
  return Math.max(dot.r * k, LEAST);
}

/** Where a dot's handle for drawing a link lies, on the screen. */
export function grip(dot: Dot, lens: Lens): [number, number] {
  const [x, y] = onScreen(dot, lens);
  return [x, y - radiusOf(dot, lens.k) - 11];
}

/** The dot that shows its handle: under the pointer, or chosen alone, as fingers do; -1 is none. */
export function gripped(lit: Lit): number {
  if (lit.over >= 0) return lit.over;
  return lit.chosen.size === 1 ? [...lit.chosen][0]! : -1;
}

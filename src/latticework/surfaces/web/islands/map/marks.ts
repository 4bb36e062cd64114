/** Dots of a map: the marks of their families, and painting them. */

import type { Colours } from "./colours";
import { radiusOf, type View } from "./lens";
import type { Dot, Scene } from "./scene";

const AT_ONCE = 80;
/** Nearer than this, a dot stands off from what lies beneath it. */
const HALO_FROM = 0.35;
const ROUND = Math.PI * 2;

type Context = CanvasRenderingContext2D;

/** The dots of which something may be seen. */
export function dotsIn(scene: Scene, [left, top, right, bottom]: View): number[] {
  const found: number[] = [];
  scene.dots.forEach((dot, at) => {
    const slack = dot.r + 8;
    if (dot.x + slack >= left && dot.x - slack <= right && dot.y + slack >= top && dot.y - slack <= bottom) found.push(at);
  });
  return found;
}

/** Dots by colour, some at a time, and rings round what has changed. */
export function* paintDots(c: Context, scene: Scene, which: Iterable<number>, k: number, colours: Colours): Generator<void> {
  const sorts = new Map<string, Dot[]>();
  for (const at of which) {
    const dot = scene.dot(at);
    const sort = dot.missing ? "missing" : `${dot.tone} ${dot.category === 0 || dot.category === 3 ? "hollow" : "full"}`;
    const others = sorts.get(sort);
    if (others) others.push(dot);
    else sorts.set(sort, [dot]);
  }
  for (const [sort, dots] of sorts) {
    for (let at = 0; at < dots.length; at += AT_ONCE) {
      const some = dots.slice(at, at + AT_ONCE);
      if (sort === "missing") missing(c, some, k, colours);
      else one(c, some, k, sort.endsWith("hollow"), colours.tones[some[0]!.tone] ?? colours.ink, colours.paper);
      yield;
    }
  }
  for (const dots of sorts.values()) changes(c, dots, k, colours);
}

/** Two fills for each: round a dot its paper, or within it. Strokes take several times as long. */
function one(c: Context, dots: Dot[], k: number, hollow: boolean, tone: string, paper: string): void {
  const half = (hollow ? 0.875 : 0.75) / Math.max(k, 0.6);
  if (hollow || k > HALO_FROM) {
    c.fillStyle = hollow ? tone : paper;
    for (const dot of dots) filled(c, dot, radiusOf(dot, k) / k + half);
  }
  c.fillStyle = hollow ? paper : tone;
  for (const dot of dots) filled(c, dot, radiusOf(dot, k) / k - (hollow ? half : 0));
}

function missing(c: Context, dots: Dot[], k: number, colours: Colours): void {
  c.setLineDash([2, 2]);
  c.lineWidth = 1.5 / Math.max(k, 0.6);
  c.strokeStyle = colours.bad;
  c.fillStyle = colours.paper;
  for (const dot of dots) {
    filled(c, dot, radiusOf(dot, k) / k);
    c.stroke();
  }
  c.setLineDash([]);
}

/** A ring of its own round whatever has changed since the moment compared with. */
function changes(c: Context, dots: Dot[], k: number, colours: Colours): void {
  c.lineWidth = 2.5 / k;
  for (const dot of dots) {
    if (!dot.changed) continue;
    c.strokeStyle = colours.changes[dot.changed] ?? colours.warn;
    ring(c, dot, 2.5 / k);
  }
}

export function ring(c: Context, dot: Dot, gap: number): void {
  c.beginPath();
  c.arc(dot.x, dot.y, dot.r + gap, 0, ROUND);
  c.stroke();
}

function filled(c: Context, { x, y, family }: Dot, r: number): void {
  c.beginPath();
  if (family === "intent") {
    const d = r * 1.22;
    c.moveTo(x, y - d);
    c.lineTo(x + d, y);
    c.lineTo(x, y + d);
    c.lineTo(x - d, y);
    c.closePath();
  } else if (family === "investment") {
    c.rect(x - r * 0.92, y - r * 0.92, r * 1.84, r * 1.84);
  } else if (family === "change") {
    c.moveTo(x, y - r * 1.2);
    c.lineTo(x + r * 1.2, y + r * 0.96);
    c.lineTo(x - r * 1.2, y + r * 0.96);
    c.closePath();
  } else {
    c.arc(x, y, r, 0, ROUND);
  }
  c.fill();
}

/** Words of a map: which have room, and writing them. */

import type { Colours } from "./colours";
import { onScreen, radiusOf, type Lens, type Lit } from "./lens";
import { LONGEST, type Dot, type Scene } from "./scene";

const MOST_WORDS = 260;
/** How many words a map has room for where it is seen from far away. */
const FAR_WORDS = 70;
const MOST_BOLD = 60;
const MOST_SEEN = 500;
/** Boxes are looked up by rows of so many pixels. */
const ROW = 24;

type Box = [left: number, top: number, right: number, bottom: number];

/** How wide each dot's words are. */
export function measure(c: CanvasRenderingContext2D, scene: Scene, colours: Colours): void {
  c.font = `12px ${colours.sans}`;
  for (const dot of scene.dots) dot.width = c.measureText(cut(dot.title) + (dot.more ? ` +${dot.more}` : "")).width;
}

/** The dots whose words meet no others: chosen, focus, nearer, larger and busier ones first. */
export function roomy(scene: Scene, lens: Lens, lit: Lit, [width, height]: [number, number]): number[] {
  const seen: [number, number][] = [];
  scene.dots.forEach((dot, at) => {
    const [x, y] = onScreen(dot, lens);
    if (x > -dot.width && x < width + dot.width && y > -20 && y < height + 20) seen.push([at, weight(scene, lit, dot, at)]);
  });
  seen.sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  const taken = new Taken();
  // No word lies on a dot, where there are few enough to tell them apart.
  for (const [at] of !scene.layered && seen.length <= MOST_SEEN ? seen : []) {
    const [[x, y], r] = [onScreen(scene.dot(at), lens), radiusOf(scene.dot(at), lens.k)];
    taken.take([x - r, y - r, x + r, y + r]);
  }
  const most = lens.k < 0.55 ? FAR_WORDS : MOST_WORDS;
  const kept: number[] = [];
  for (const [at] of seen) {
    const box = boxOf(scene, scene.dot(at), lens);
    if (taken.meets(box)) continue;
    taken.take(box);
    if (kept.push(at) >= most) break;
  }
  return kept;
}

function weight(scene: Scene, lit: Lit, dot: Dot, at: number): number {
  const asked = (lit.chosen.has(at) ? 1e6 : 0) + (lit.sought?.has(at) ? 1e5 : 0) + (dot.focus ? 1e4 : 0);
  return asked - dot.depth * 100 + dot.r * 12 + Math.min(scene.near[at]?.length ?? 0, 60);
}

/** Write the words of dots, those that are lit stronger and those that are not fainter. */
export function label(c: CanvasRenderingContext2D, scene: Scene, lens: Lens, lit: Lit, words: number[], bright: Set<number> | null, colours: Colours): void {
  const always = [...lit.chosen, ...(lit.over >= 0 ? [lit.over] : [])];
  const bold = scene.roots <= MOST_BOLD;
  c.textBaseline = "alphabetic";
  c.lineJoin = "round";
  c.lineWidth = 3;
  c.strokeStyle = colours.paper;
  for (const at of new Set([...words, ...always])) {
    const dot = scene.dots[at];
    if (!dot) continue;
    const strong = (dot.focus && bold) || always.includes(at);
    const [[x, y], r] = [onScreen(dot, lens), radiusOf(dot, lens.k)];
    const text = cut(dot.title);
    c.font = `${strong ? 600 : 400} 12px ${colours.sans}`;
    const left = scene.layered ? x + r + 6 : x - dot.width / 2;
    const base = scene.layered ? y + 4 : y + r + 13;
    c.globalAlpha = !strong && bright !== null && !bright.has(at) ? 0.3 : 1;
    c.strokeText(text, left, base);
    c.fillStyle = dot.missing ? colours.bad : at === lit.over ? colours.accent : colours.ink;
    c.fillText(text, left, base);
    if (!dot.more) continue;
    const after = left + c.measureText(`${text} `).width;
    c.fillStyle = colours.faint;
    c.font = `400 12px ${colours.sans}`;
    c.fillText(`+${dot.more}`, after, base);
  }
  c.globalAlpha = 1;
}

/** The dot whose "+3" lies at a point of the screen; -1 where none does. */
export function moreAt(scene: Scene, lens: Lens, x: number, y: number): number {
  return scene.dots.findIndex((dot) => {
    if (!dot.more) return false;
    const [[at, middle], r] = [onScreen(dot, lens), radiusOf(dot, lens.k)];
    const right = at + (scene.layered ? r + 6 + dot.width : dot.width / 2);
    const base = middle + (scene.layered ? 4 : r + 13);
    return x > right - 10 - 7 * String(dot.more).length && x < right + 4 && y > base - 12 && y < base + 5;
  });
}

function boxOf(scene: Scene, dot: Dot, lens: Lens): Box {
  const [[x, y], r] = [onScreen(dot, lens), radiusOf(dot, lens.k)];
  if (scene.layered) return [x + r + 4, y - 8, x + r + 14 + dot.width, y + 8];
  return [x - dot.width / 2 - 4, y + r + 2, x + dot.width / 2 + 4, y + r + 17];
}

/** Room that is taken. */
class Taken {
  readonly #rows = new Map<number, Box[]>();

  take(box: Box): void {
    for (let row = Math.floor(box[1] / ROW); row <= Math.floor(box[3] / ROW); row += 1) {
      const others = this.#rows.get(row);
      if (others) others.push(box);
      else this.#rows.set(row, [box]);
    }
  }

  meets(box: Box): boolean {
    for (let row = Math.floor(box[1] / ROW); row <= Math.floor(box[3] / ROW); row += 1) {
      if (this.#rows.get(row)?.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return true;
    }
    return false;
  }
}

function cut(title: string): string {
  return title.length <= LONGEST ? title : `${title.slice(0, LONGEST - 1).trimEnd()}…`;
}

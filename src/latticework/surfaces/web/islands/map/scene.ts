/** What a map holds: dots in their places, edges, and what is selected or sought. */

export interface Dot {
  ref: string;
  title: string;
  kind: string;
  family: string;
  stage: string;
  category: number;
  tone: number;
  x: number;
  y: number;
  r: number;
  depth: number;
  more: number;
  focus: boolean;
  missing: boolean;
  group: string;
  said: string;
  /** What has become of it since an earlier moment; empty where nothing has, or none is asked for. */
  changed: string;
  /** Measured once, in pixels at the size of the labels. */
  width: number;
  moved: boolean;
}

export interface Edge {
  source: number;
  target: number;
  phrase: number;
  against: boolean;
  bends: number[];
  /** How many edges between the same two come before it. */
  turn: number;
}

type DotRow = [string, string, string, string, string, number, number, number, number, number, number, number, number, string, string];
type EdgeRow = [number, number, number, number, number[]];

export interface Given {
  dots: DotRow[];
  edges: EdgeRow[];
  phrases: string[];
  tones: string[];
  layered: boolean;
  clustered: boolean;
  joins: [string, string, string][];
  changed?: Record<string, string>;
}

export type Place = [number, number];

export type Bounds = [left: number, top: number, right: number, bottom: number];

export const LONGEST = 34;

export class Scene {
  dots: Dot[];
  edges: Edge[];
  phrases: string[];
  tones: string[];
  layered: boolean;
  clustered: boolean;
  joins: [string, string, string][];
  /** Edges of each dot, both ways. */
  near: number[][];
  at: Map<string, number>;
  /** How many dots are in focus. */
  roots: number;

  constructor(given: Given) {
    this.dots = given.dots.map((row) => dotOf(row, given.changed?.[row[0]] ?? ""));
    const turns = new Map<string, number>();
    this.edges = given.edges.map(([source, target, phrase, against, bends]) => {
      const pair = source < target ? `${source} ${target}` : `${target} ${source}`;
      const turn = turns.get(pair) ?? 0;
      turns.set(pair, turn + 1);
      return { source, target, phrase, against: against > 0, bends, turn };
    });
    this.phrases = given.phrases;
    this.tones = given.tones;
    this.layered = given.layered;
    this.clustered = given.clustered;
    this.joins = given.joins;
    this.at = new Map(this.dots.map((dot, at) => [dot.ref, at]));
    this.roots = this.dots.filter((dot) => dot.focus).length;
    this.near = this.dots.map(() => []);
    this.edges.forEach((edge, at) => {
      this.near[edge.source]?.push(at);
      if (edge.target !== edge.source) this.near[edge.target]?.push(at);
    });
  }

  dot(at: number): Dot {
    const found = this.dots[at];
    if (!found) throw new RangeError(`no dot ${at}`);
    return found;
  }

  /** Put dots where a reader has put them before. */
  place(places: Record<string, Place>): void {
    for (const [ref, [x, y]] of Object.entries(places)) {
      const dot = this.dots[this.at.get(ref) ?? -1];
      if (dot) Object.assign(dot, { x, y, moved: true });
    }
  }

  /** The places of what was moved by hand. */
  places(): Record<string, Place> {
    return Object.fromEntries(this.dots.filter((dot) => dot.moved).map((dot) => [dot.ref, [Math.round(dot.x), Math.round(dot.y)]]));
  }

  /** What lies at the other ends of a dot's edges. */
  neighbours(at: number): Set<number> {
    const found = new Set<number>();
    for (const each of this.near[at] ?? []) {
      const edge = this.edges[each];
      if (edge) found.add(edge.source === at ? edge.target : edge.source);
    }
    return found;
  }

  /** Phrases by which a dot may lead to another. */
  phrasesFor(source: Dot, target: Dot): string[] {
    const fits = this.joins.filter(([from, , to]) => from === source.kind && to === target.kind);
    return [...new Set(fits.map(([, phrase]) => phrase))];
  }

  /** Clusters by their names, each with its left, top, right and bottom. */
  regions(): Map<string, Bounds> {
    const found = new Map<string, Bounds>();
    for (const { group, x, y } of this.dots) {
      const box = found.get(group) ?? [Infinity, Infinity, -Infinity, -Infinity];
      found.set(group, [Math.min(box[0], x - 44), Math.min(box[1], y - 34), Math.max(box[2], x + 44), Math.max(box[3], y + 30)]);
    }
    return found;
  }

  /** Left, top, right and bottom of all dots and their labels. */
  bounds(): Bounds {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const dot of this.dots) {
      const half = this.layered ? 0 : dot.width / 2;
      left = Math.min(left, dot.x - dot.r - half);
      right = Math.max(right, dot.x + (this.layered ? dot.width + 24 : half) + dot.r);
      top = Math.min(top, dot.y - dot.r);
      bottom = Math.max(bottom, dot.y + dot.r + (this.layered ? 0 : 18));
    }
    return [left, top, right, bottom];
  }
}

function dotOf(row: DotRow, changed: string): Dot {
  const [ref, title, kind, family, stage, category, tone, x, y, r, depth, more, flags, group, said] = row;
  const known = { ref, title, kind, family, stage, category, tone, x, y, r, depth, more, group, said, changed };
  return { ...known, focus: (flags & 1) > 0, missing: (flags & 2) > 0, width: title.length * 6, moved: false };
}

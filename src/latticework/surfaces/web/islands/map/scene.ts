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

  /** The dot at a place of the map; -1 where there is none. */
  hit(x: number, y: number, slack: number): number {
    let best = -1;
    let least = Infinity;
    this.dots.forEach((dot, at) => {
      const far = Math.hypot(dot.x - x, dot.y - y);
      if (far <= dot.r + slack && far < least) [best, least] = [at, far];
    });
    return best;
  }

  /** The edge near a place of the map; -1 where there is none. */
  hitEdge(x: number, y: number, slack: number): number {
    let best = -1;
    let least = slack;
    this.edges.forEach((edge, at) => {
      const line = this.line(edge);
      for (let i = 2; i < line.length; i += 2) {
        const far = toSegment(x, y, line[i - 2]!, line[i - 1]!, line[i]!, line[i + 1]!);
        if (far < least) [best, least] = [at, far];
      }
    });
    return best;
  }

  /** Points along an edge, good enough to point at it. */
  line(edge: Edge): number[] {
    const [a, b] = [this.dot(edge.source), this.dot(edge.target)];
    if (edge.source === edge.target) return [a.x - a.r, a.y - a.r, a.x, a.y - a.r - 16, a.x + a.r, a.y - a.r];
    if (!this.layered) return [a.x, a.y, b.x, b.y];
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

  /** What lies at the other ends of a dot's edges. */
  neighbours(at: number): Set<number> {
    const found = new Set<number>();
    for (const each of this.near[at] ?? []) {
      const edge = this.edges[each];
      if (edge) found.add(edge.source === at ? edge.target : edge.source);
    }
    return found;
  }

  /** The neighbour that lies most in a direction; else the nearest dot that does. */
  toward(at: number, dx: number, dy: number): number {
    const from = this.dot(at);
    const best = (among: Iterable<number>) => {
      let found = -1;
      let least = Infinity;
      for (const each of among) {
        const dot = this.dot(each);
        const [x, y] = [dot.x - from.x, dot.y - from.y];
        const along = x * dx + y * dy;
        const aside = Math.abs(x * dy) + Math.abs(y * dx);
        const cost = along > 1 ? along + aside * 2.2 : Infinity;
        if (each !== at && cost < least) [found, least] = [each, cost];
      }
      return found;
    };
    const near = best(this.neighbours(at));
    return near >= 0 ? near : best(this.dots.keys());
  }

  /** Phrases by which a dot may lead to another. */
  phrasesFor(source: Dot, target: Dot): string[] {
    const fits = this.joins.filter(([from, , to]) => from === source.kind && to === target.kind);
    return [...new Set(fits.map(([, phrase]) => phrase))];
  }

  /** Left, top, right and bottom of all dots and their labels. */
  bounds(): [number, number, number, number] {
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

function toSegment(x: number, y: number, x1: number, y1: number, x2: number, y2: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy;
  const t = square ? Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / square)) : 0;
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}

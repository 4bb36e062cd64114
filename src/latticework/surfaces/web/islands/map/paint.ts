/** Painting a map on a canvas: edges in a few strokes, dots by colour, words where there is room. */

import { LONGEST, type Dot, type Edge, type Scene } from "./scene";

export interface Lens {
  k: number;
  x: number;
  y: number;
}

export interface Lit {
  over: number;
  edge: number;
  chosen: Set<number>;
  sought: Set<number> | null;
  /** A link that is being drawn: from a dot to a place of the map. */
  drawing: { from: number; x: number; y: number } | null;
  /** A frame that is being drawn round dots, in places of the map. */
  frame: [number, number, number, number] | null;
}

interface Colours {
  tones: string[];
  ink: string;
  faint: string;
  paper: string;
  edge: string;
  tip: string;
  accent: string;
  warn: string;
  bad: string;
  rule: string;
  sunk: string;
  changes: Record<string, string>;
}

/** The colour in which each sort of change is told, as blocks/against.css has them. */
const CHANGES: Record<string, string> = { new: "--good", "given up": "--bad", stage: "--accent", moved: "--notice", changed: "--notice" };

const MOST_WORDS = 260;
/** How many words a map has room for where it is seen from far away. */
const FAR_WORDS = 70;
const MOST_BOLD = 60;
const MOST_SEEN = 500;
const MOST_TIPS = 1500;

export class Painter {
  #context: CanvasRenderingContext2D;
  #colours: Colours;
  #words: number[] = [];
  #sans: string;
  #serif: string;
  ratio = 1;

  constructor(
    public canvas: HTMLCanvasElement,
    public scene: Scene,
    host: HTMLElement,
  ) {
    this.#context = canvas.getContext("2d", { alpha: true })!;
    const style = getComputedStyle(host);
    this.#sans = style.getPropertyValue("--sans") || "sans-serif";
    this.#serif = style.getPropertyValue("--serif") || "serif";
    this.#colours = colours(host, scene.tones);
    this.measure();
  }

  /** Read the colours again: light has become dark, or the map another. */
  renew(scene: Scene, host: HTMLElement): void {
    this.scene = scene;
    this.#colours = colours(host, scene.tones);
    this.measure();
  }

  measure(): void {
    this.#context.font = `12px ${this.#sans}`;
    for (const dot of this.scene.dots) {
      const more = dot.more ? ` +${dot.more}` : "";
      dot.width = this.#context.measureText(cut(dot.title) + more).width;
    }
  }

  size(width: number, height: number): void {
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
  }

  paint(lens: Lens, lit: Lit, settled: boolean): void {
    const c = this.#context;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const { k } = lens;
    c.setTransform(k * this.ratio, 0, 0, k * this.ratio, lens.x * this.ratio, lens.y * this.ratio);
    const around = aroundOf(this.scene, lit);
    if (this.scene.clustered) this.#regions(k);
    this.#edges(lens, lit, around);
    this.#dots(k, lit, around);
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    if (settled || !this.#words.length) this.#words = this.#roomy(lens, lit);
    this.#label(lens, lit, around);
    if (lit.edge >= 0) this.#phrase(lens, lit.edge);
    this.#gestures(lens, lit);
  }

  #regions(k: number): void {
    const c = this.#context;
    const groups = new Map<string, [number, number, number, number]>();
    for (const dot of this.scene.dots) {
      const box = groups.get(dot.group) ?? [Infinity, Infinity, -Infinity, -Infinity];
      groups.set(dot.group, [Math.min(box[0], dot.x - 44), Math.min(box[1], dot.y - 34), Math.max(box[2], dot.x + 44), Math.max(box[3], dot.y + 30)]);
    }
    for (const [name, [left, top, right, bottom]] of groups) {
      c.beginPath();
      c.roundRect(left, top, right - left, bottom - top, 10);
      c.fillStyle = this.#colours.sunk;
      c.globalAlpha = 0.6;
      c.fill();
      c.globalAlpha = 1;
      c.lineWidth = 1 / k;
      c.strokeStyle = this.#colours.rule;
      c.stroke();
      const size = Math.min(Math.max(13 / k, 13), 40);
      c.font = `600 ${size}px ${this.#serif}`;
      c.fillStyle = this.#colours.faint;
      c.fillText(name || "none", left + 12, top + size + 4, right - left - 16);
    }
  }

  #edges(lens: Lens, lit: Lit, around: Set<number> | null): void {
    const c = this.#context;
    const { k } = lens;
    const [left, top] = [-lens.x / k, -lens.y / k];
    const [right, bottom] = [left + this.canvas.width / this.ratio / k, top + this.canvas.height / this.ratio / k];
    const [plain, against, bright]: [Path2D, Path2D, Path2D] = [new Path2D(), new Path2D(), new Path2D()];
    const tips: Edge[] = [];
    const brightTips: Edge[] = [];
    this.scene.edges.forEach((edge, at) => {
      const [a, b] = [this.scene.dot(edge.source), this.scene.dot(edge.target)];
      if (Math.max(a.x, b.x) + 260 < left || Math.min(a.x, b.x) > right || Math.max(a.y, b.y) + 40 < top || Math.min(a.y, b.y) - 40 > bottom) return;
      const shines = at === lit.edge || (around !== null && (lit.chosen.has(edge.source) || lit.chosen.has(edge.target) || edge.source === lit.over || edge.target === lit.over));
      trace(shines ? bright : edge.against ? against : plain, this.scene, edge, k);
      (shines ? brightTips : tips).push(edge);
    });
    c.globalAlpha = around || lit.sought ? 0.35 : this.scene.edges.length > 2000 ? 0.6 : 1;
    c.lineWidth = 1 / k;
    c.strokeStyle = this.#colours.edge;
    c.stroke(plain);
    c.setLineDash([3 / k, 2.5 / k]);
    c.strokeStyle = this.#colours.warn;
    c.stroke(against);
    c.setLineDash([]);
    if (k > 0.45 && tips.length < MOST_TIPS) this.#tips(tips, k, this.#colours.tip);
    c.globalAlpha = 1;
    c.strokeStyle = this.#colours.accent;
    c.lineWidth = 1.5 / k;
    c.stroke(bright);
    if (brightTips.length < MOST_TIPS) this.#tips(brightTips, k, this.#colours.accent);
  }

  #tips(edges: Edge[], k: number, colour: string): void {
    const c = this.#context;
    const size = Math.min(5.5 / k, 9);
    c.beginPath();
    for (const edge of edges) {
      if (edge.source === edge.target) continue;
      const [x, y, ux, uy] = tipOf(this.scene, edge, k);
      c.moveTo(x, y);
      c.lineTo(x - ux * size - uy * size * 0.5, y - uy * size + ux * size * 0.5);
      c.lineTo(x - ux * size + uy * size * 0.5, y - uy * size - ux * size * 0.5);
      c.closePath();
    }
    c.fillStyle = colour;
    c.fill();
  }

  #dots(k: number, lit: Lit, around: Set<number> | null): void {
    const c = this.#context;
    const least = 2.4 / k;
    const full = this.scene.tones.map(() => [new Path2D(), new Path2D(), new Path2D(), new Path2D()]);
    const missing = new Path2D();
    this.scene.dots.forEach((dot, at) => {
      const dim = (around !== null && !around.has(at)) || (lit.sought !== null && !lit.sought.has(at));
      const hollow = dot.category === 0 || dot.category === 3;
      const path = dot.missing ? missing : full[dot.tone]?.[(hollow ? 1 : 0) + (dim ? 2 : 0)];
      if (path) mark(path, dot, Math.max(dot.r, least));
    });
    c.strokeStyle = this.#colours.paper;
    full.forEach((paths, tone) => {
      const colour = this.#colours.tones[tone] ?? this.#colours.ink;
      paths.forEach((path, sort) => {
        const hollow = sort % 2 === 1;
        c.globalAlpha = sort >= 2 ? 0.28 : 1;
        c.fillStyle = hollow ? this.#colours.paper : colour;
        c.strokeStyle = hollow ? colour : this.#colours.paper;
        c.lineWidth = (hollow ? 1.75 : 1.5) / Math.max(k, 0.6);
        if (k > 0.35) c.stroke(path);
        c.fill(path);
        if (hollow) c.stroke(path);
      });
    });
    c.globalAlpha = 1;
    c.setLineDash([2, 2]);
    c.strokeStyle = this.#colours.bad;
    c.fillStyle = this.#colours.paper;
    c.fill(missing);
    c.stroke(missing);
    c.setLineDash([]);
    this.#changes(k);
    const rings = new Path2D();
    for (const at of lit.chosen) ring(rings, this.scene.dot(at), 4 / k);
    if (lit.over >= 0) ring(rings, this.scene.dot(lit.over), 4 / k);
    c.strokeStyle = this.#colours.accent;
    c.lineWidth = 1.5 / k;
    c.stroke(rings);
  }

  /** A ring of its own round whatever has changed since the moment compared with. */
  #changes(k: number): void {
    const c = this.#context;
    const rings = new Map<string, Path2D>();
    for (const dot of this.scene.dots) {
      if (!dot.changed) continue;
      const path = rings.get(dot.changed) ?? new Path2D();
      ring(path, dot, 2.5 / k);
      rings.set(dot.changed, path);
    }
    c.lineWidth = 2.5 / k;
    for (const [word, path] of rings) {
      c.strokeStyle = this.#colours.changes[word] ?? this.#colours.warn;
      c.stroke(path);
    }
  }

  /** The dots whose words meet no others: chosen, focus, nearer, larger and busier ones first. */
  #roomy(lens: Lens, lit: Lit): number[] {
    const [width, height] = [this.canvas.width / this.ratio, this.canvas.height / this.ratio];
    const seen: [number, number][] = [];
    this.scene.dots.forEach((dot, at) => {
      const [x, y] = [dot.x * lens.k + lens.x, dot.y * lens.k + lens.y];
      if (x > -dot.width && x < width + dot.width && y > -20 && y < height + 20) {
        const weight = (lit.chosen.has(at) ? 1e6 : 0) + (lit.sought?.has(at) ? 1e5 : 0) + (dot.focus ? 1e4 : 0) - dot.depth * 100 + dot.r * 12 + Math.min(this.scene.near[at]?.length ?? 0, 60);
        seen.push([at, weight]);
      }
    });
    seen.sort((one, other) => other[1] - one[1] || one[0] - other[0]);
    const taken = new Map<number, [number, number, number, number][]>();
    const kept: number[] = [];
    // No word lies on a dot, where there are few enough to tell them apart.
    for (const [at] of !this.scene.layered && seen.length <= MOST_SEEN ? seen : []) {
      const dot = this.scene.dot(at);
      const [x, y, r] = [dot.x * lens.k + lens.x, dot.y * lens.k + lens.y, this.#radius(dot, lens.k)];
      const row = Math.floor(y / 24);
      for (const each of [row - 1, row, row + 1]) taken.set(each, [...(taken.get(each) ?? []), [x - r, y - r, x + r, y + r]]);
    }
    for (const [at] of seen) {
      const box = this.#box(this.scene.dot(at), lens);
      const rows = [Math.floor(box[1] / 24), Math.floor(box[3] / 24)];
      const near = rows.flatMap((row) => taken.get(row) ?? []);
      if (near.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
      kept.push(at);
      for (const row of new Set(rows)) taken.set(row, [...(taken.get(row) ?? []), box]);
      if (kept.length >= (lens.k < 0.55 ? FAR_WORDS : MOST_WORDS)) break;
    }
    return kept;
  }

  #box(dot: Dot, lens: Lens): [number, number, number, number] {
    const [x, y, r] = [dot.x * lens.k + lens.x, dot.y * lens.k + lens.y, this.#radius(dot, lens.k)];
    if (this.scene.layered) return [x + r + 4, y - 8, x + r + 14 + dot.width, y + 8];
    return [x - dot.width / 2 - 4, y + r + 2, x + dot.width / 2 + 4, y + r + 17];
  }

  #radius(dot: Dot, k: number): number {
    return Math.max(dot.r * k, 2.4);
  }

  #label(lens: Lens, lit: Lit, around: Set<number> | null): void {
    const c = this.#context;
    const always = [...lit.chosen, ...(lit.over >= 0 ? [lit.over] : [])];
    const every = new Set([...this.#words, ...always]);
    const bold = this.scene.roots <= MOST_BOLD;
    c.textBaseline = "alphabetic";
    c.lineJoin = "round";
    c.lineWidth = 3;
    c.strokeStyle = this.#colours.paper;
    for (const at of every) {
      const dot = this.scene.dots[at];
      if (!dot) continue;
      const strong = (dot.focus && bold) || always.includes(at);
      const dim = !strong && ((around !== null && !around.has(at)) || (lit.sought !== null && !lit.sought.has(at)));
      const [x, y, r] = [dot.x * lens.k + lens.x, dot.y * lens.k + lens.y, this.#radius(dot, lens.k)];
      const text = cut(dot.title);
      c.font = `${strong ? 600 : 400} 12px ${this.#sans}`;
      const left = this.scene.layered ? x + r + 6 : x - dot.width / 2;
      const base = this.scene.layered ? y + 4 : y + r + 13;
      c.globalAlpha = dim ? 0.3 : 1;
      c.strokeText(text, left, base);
      c.fillStyle = dot.missing ? this.#colours.bad : at === lit.over ? this.#colours.accent : this.#colours.ink;
      c.fillText(text, left, base);
      if (dot.more) {
        const after = left + c.measureText(`${text} `).width;
        c.fillStyle = this.#colours.faint;
        c.font = `400 12px ${this.#sans}`;
        c.fillText(`+${dot.more}`, after, base);
      }
    }
    c.globalAlpha = 1;
  }

  #phrase(lens: Lens, at: number): void {
    const edge = this.scene.edges[at];
    if (!edge) return;
    const line = this.scene.line(edge);
    const middle = (line.length >> 2) << 1;
    const [x1, y1] = [line[Math.max(middle - 2, 0)]!, line[Math.max(middle - 1, 1)]!];
    const [x2, y2] = [line[middle] ?? x1, line[middle + 1] ?? y1];
    const c = this.#context;
    c.font = `italic 400 12px ${this.#serif}`;
    const text = this.scene.phrases[edge.phrase] ?? "";
    const width = c.measureText(text).width;
    const [x, y] = [((x1 + x2) / 2) * lens.k + lens.x, ((y1 + y2) / 2) * lens.k + lens.y];
    c.fillStyle = this.#colours.paper;
    c.beginPath();
    c.roundRect(x - width / 2 - 5, y - 10, width + 10, 20, 4);
    c.fill();
    c.fillStyle = this.#colours.accent;
    c.fillText(text, x - width / 2, y + 4);
  }

  #gestures(lens: Lens, lit: Lit): void {
    const c = this.#context;
    c.strokeStyle = this.#colours.accent;
    c.lineWidth = 1.5;
    if (lit.drawing) {
      const from = this.scene.dot(lit.drawing.from);
      c.setLineDash([5, 4]);
      c.beginPath();
      c.moveTo(from.x * lens.k + lens.x, from.y * lens.k + lens.y);
      c.lineTo(lit.drawing.x * lens.k + lens.x, lit.drawing.y * lens.k + lens.y);
      c.stroke();
      c.setLineDash([]);
    } else if (lit.over >= 0 && !this.scene.dot(lit.over).missing) {
      const [x, y] = grip(this.scene.dot(lit.over), lens);
      c.beginPath();
      c.arc(x, y, 4.5, 0, 7);
      c.fillStyle = this.#colours.paper;
      c.fill();
      c.stroke();
      c.beginPath();
      c.moveTo(x - 2, y);
      c.lineTo(x + 2, y);
      c.moveTo(x, y - 2);
      c.lineTo(x, y + 2);
      c.stroke();
    }
    if (lit.frame) {
      const [x1, y1, x2, y2] = lit.frame;
      c.lineWidth = 1;
      c.globalAlpha = 0.9;
      c.strokeRect(x1 * lens.k + lens.x, y1 * lens.k + lens.y, (x2 - x1) * lens.k, (y2 - y1) * lens.k);
      c.globalAlpha = 1;
    }
  }
}

/** Where a dot's handle for drawing a link lies, on the screen. */
export function grip(dot: Dot, lens: Lens): [number, number] {
  const r = Math.max(dot.r * lens.k, 2.4) + 8;
  return [dot.x * lens.k + lens.x, dot.y * lens.k + lens.y - r - 3];
}

function aroundOf(scene: Scene, lit: Lit): Set<number> | null {
  const roots = lit.chosen.size ? [...lit.chosen] : lit.over >= 0 ? [lit.over] : [];
  if (!roots.length) return null;
  return new Set(roots.flatMap((at) => [at, ...scene.neighbours(at)]));
}

function cut(title: string): string {
  return title.length <= LONGEST ? title : `${title.slice(0, LONGEST - 1).trimEnd()}…`;
}

function trace(path: Path2D, scene: Scene, edge: Edge, k: number): void {
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

function mark(path: Path2D, { x, y, family }: Dot, r: number): void {
  if (family === "intent") {
    const d = r * 1.22;
    path.moveTo(x, y - d);
    path.lineTo(x + d, y);
    path.lineTo(x, y + d);
    path.lineTo(x - d, y);
    path.closePath();
  } else if (family === "investment") {
    path.rect(x - r * 0.92, y - r * 0.92, r * 1.84, r * 1.84);
  } else if (family === "change") {
    path.moveTo(x, y - r * 1.2);
    path.lineTo(x + r * 1.2, y + r * 0.96);
    path.lineTo(x - r * 1.2, y + r * 0.96);
    path.closePath();
  } else {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 6.2832);
    path.closePath();
  }
}

function ring(path: Path2D, dot: Dot, gap: number): void {
  path.moveTo(dot.x + dot.r + gap, dot.y);
  path.arc(dot.x, dot.y, dot.r + gap, 0, 6.2832);
}

/** Colours as the style sheets have them now, which a canvas cannot look up itself. */
function colours(host: HTMLElement, tones: string[]): Colours {
  const probe = document.createElement("span");
  probe.className = "map-probe";
  host.append(probe);
  const read = (name: string, variable: string) => {
    probe.className = `map-probe ${name}`;
    probe.style.color = `var(${variable})`;
    return getComputedStyle(probe).color;
  };
  const made = {
    tones: tones.map((tone) => read(tone, "--tone")),
    ink: read("", "--ink"),
    faint: read("", "--ink-faint"),
    paper: read("", "--paper"),
    edge: read("", "--map-edge"),
    tip: read("", "--map-tip"),
    accent: read("", "--accent"),
    warn: read("", "--warn"),
    bad: read("", "--bad"),
    rule: read("", "--rule"),
    sunk: read("", "--sunk"),
    changes: Object.fromEntries(Object.entries(CHANGES).map(([word, name]) => [word, read("", name)])),
  };
  probe.remove();
  return made;
}

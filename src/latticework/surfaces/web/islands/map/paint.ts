/** Painting a map on a canvas: a small one anew each time, a large one by its picture. */

import { coloursOf, type Colours } from "./colours";
import { grip, gripped, onScreen, viewOf, type Lens, type Lit } from "./lens";
import { paintBright } from "./lines";
import { dotsIn, paintDots, ring } from "./marks";
import { lineOf } from "./near";
import { painted, Picture } from "./picture";
import type { Edge, Scene } from "./scene";
import { label, measure, roomy } from "./words";

/** Dots and edges that are painted anew for each frame. */
const FEW = 1200;
const FADED = 0.32;
/** Of each frame, so much is for a picture that is being made. */
const SLICE_MS = 5;

export class Painter {
  #c: CanvasRenderingContext2D;
  colours: Colours;
  #words: number[] = [];
  #picture = new Picture();
  #ratio = 1;
  #size: [number, number] = [0, 0];
  #frame = 0;

  constructor(
    readonly canvas: HTMLCanvasElement,
    public scene: Scene,
    host: HTMLElement,
  ) {
    this.#c = canvas.getContext("2d", { alpha: true })!;
    this.colours = coloursOf(host, scene.tones);
    measure(this.#c, scene, this.colours);
  }

  /** Read the colours again: light has become dark, or the map another. */
  renew(scene: Scene, host: HTMLElement): void {
    this.scene = scene;
    this.colours = coloursOf(host, scene.tones);
    measure(this.#c, scene, this.colours);
    this.#picture.forget();
  }

  /** Dots lie elsewhere than they did. */
  moved(): void {
    this.#picture.forget();
  }

  size(width: number, height: number): void {
    this.#ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.#size = [width, height];
    this.canvas.width = Math.round(width * this.#ratio);
    this.canvas.height = Math.round(height * this.#ratio);
  }

  paint(lens: Lens, lit: Lit, settled: boolean): void {
    const c = this.#c;
    cancelAnimationFrame(this.#frame);
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const bright = brightOf(this.scene, lit);
    this.#through(lens);
    if (this.scene.clustered) this.#regions(lens.k);
    this.#ground(lens, bright !== null, settled);
    this.#through(lens);
    this.#lit(lens, lit, bright);
    c.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    if (settled || !this.#words.length) this.#words = roomy(this.scene, lens, lit, this.#size);
    label(c, this.scene, lens, lit, this.#words, bright, this.colours);
    if (lit.edge >= 0) this.#phrase(lens, lit.edge);
    this.#gestures(lens, lit);
    if (this.#picture.working) this.#frame = requestAnimationFrame(() => this.#go(lens, lit, settled));
  }

  /** Go on with the picture, and show it once it is there. */
  #go(lens: Lens, lit: Lit, settled: boolean): void {
    if (this.#picture.go(SLICE_MS)) this.paint(lens, lit, settled);
    else if (this.#picture.working) this.#frame = requestAnimationFrame(() => this.#go(lens, lit, settled));
  }

  #through(lens: Lens): void {
    const k = lens.k * this.#ratio;
    this.#c.setTransform(k, 0, 0, k, lens.x * this.#ratio, lens.y * this.#ratio);
  }

  /** All edges and dots, fainter where some of them are lit. */
  #ground(lens: Lens, faded: boolean, settled: boolean): void {
    const c = this.#c;
    c.globalAlpha = faded ? FADED : 1;
    if (this.scene.dots.length + this.scene.edges.length <= FEW) {
      for (const _ of painted(c, this.scene, lens, this.#size, this.colours));
    } else {
      this.#picture.want(this.scene, lens, this.#size, this.#ratio, this.colours, settled);
      c.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
      this.#picture.show(c, lens);
    }
    c.globalAlpha = 1;
  }

  /** What is lit, over all else, and rings round what is chosen. */
  #lit(lens: Lens, lit: Lit, bright: Set<number> | null): void {
    const { scene } = this;
    const c = this.#c;
    paintBright(c, scene, edgesLit(scene, lit), lens.k, this.colours);
    if (bright) {
      const seen = dotsIn(scene, viewOf(lens, ...this.#size)).filter((at) => bright.has(at));
      for (const _ of paintDots(c, scene, seen, lens.k, this.colours));
    }
    c.strokeStyle = this.colours.accent;
    c.lineWidth = 1.5 / lens.k;
    for (const at of new Set([...lit.chosen, ...(lit.over >= 0 ? [lit.over] : [])])) ring(c, scene.dot(at), 4 / lens.k);
  }

  #regions(k: number): void {
    const c = this.#c;
    for (const [name, [left, top, right, bottom]] of this.scene.regions()) {
      c.beginPath();
      c.roundRect(left, top, right - left, bottom - top, 10);
      c.fillStyle = this.colours.sunk;
      c.globalAlpha = 0.6;
      c.fill();
      c.globalAlpha = 1;
      c.lineWidth = 1 / k;
      c.strokeStyle = this.colours.rule;
      c.stroke();
      const size = Math.min(Math.max(13 / k, 13), 40);
      c.font = `600 ${size}px ${this.colours.serif}`;
      c.fillStyle = this.colours.faint;
      c.fillText(name || "none", left + 12, top + size + 4, right - left - 16);
    }
  }

  #phrase(lens: Lens, at: number): void {
    const edge = this.scene.edges[at];
    if (!edge) return;
    const line = lineOf(this.scene, edge);
    const middle = (line.length >> 2) << 1;
    const [x1, y1] = [line[Math.max(middle - 2, 0)]!, line[Math.max(middle - 1, 1)]!];
    const [x2, y2] = [line[middle] ?? x1, line[middle + 1] ?? y1];
    const c = this.#c;
    c.font = `italic 400 12px ${this.colours.serif}`;
    const text = this.scene.phrases[edge.phrase] ?? "";
    const width = c.measureText(text).width;
    const [x, y] = [((x1 + x2) / 2) * lens.k + lens.x, ((y1 + y2) / 2) * lens.k + lens.y];
    c.fillStyle = this.colours.paper;
    c.beginPath();
    c.roundRect(x - width / 2 - 5, y - 10, width + 10, 20, 4);
    c.fill();
    c.fillStyle = this.colours.accent;
    c.fillText(text, x - width / 2, y + 4);
  }

  #gestures(lens: Lens, lit: Lit): void {
    const c = this.#c;
    const holds = gripped(lit);
    c.strokeStyle = this.colours.accent;
    c.lineWidth = 1.5;
    if (lit.drawing) {
      c.setLineDash([5, 4]);
      c.beginPath();
      c.moveTo(...onScreen(this.scene.dot(lit.drawing.from), lens));
      c.lineTo(lit.drawing.x * lens.k + lens.x, lit.drawing.y * lens.k + lens.y);
      c.stroke();
      c.setLineDash([]);
    } else if (holds >= 0 && !this.scene.dot(holds).missing) {
      const [x, y] = grip(this.scene.dot(holds), lens);
      c.beginPath();
      c.arc(x, y, 4.5, 0, 7);
      c.fillStyle = this.colours.paper;
      c.fill();
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

/** What stands out: the chosen with their neighbours, else what is sought; null where all are alike. */
function brightOf(scene: Scene, lit: Lit): Set<number> | null {
  const roots = lit.chosen.size ? [...lit.chosen] : lit.over >= 0 ? [lit.over] : [];
  if (roots.length) return new Set(roots.flatMap((at) => [at, ...scene.neighbours(at)]));
  return lit.sought;
}

function edgesLit(scene: Scene, lit: Lit): Edge[] {
  const every = new Set([...lit.chosen, lit.over].flatMap((at) => scene.near[at] ?? []));
  if (lit.edge >= 0) every.add(lit.edge);
  return [...every].flatMap((at) => scene.edges[at] ?? []);
}

/** A large map painted beside the screen, a little in each frame, and shown meanwhile as it was. */

import type { Colours } from "./colours";
import { viewOf, type Lens } from "./lens";
import { edgesIn, paintEdges } from "./lines";
import { dotsIn, paintDots } from "./marks";
import type { Scene } from "./scene";

/** So much of a window's size is painted beyond each of its sides. */
const ROUND = 0.25;
/** So much larger or smaller a picture may be shown before another is begun. */
const BLUR = 1.3;
/** From so many edges on they are painted paler. */
const CROWDED = 2000;

interface Sheet {
  canvas: HTMLCanvasElement;
  c: CanvasRenderingContext2D;
  lens: Lens;
  width: number;
  height: number;
  round: number;
}

/** Edges and dots as a lens shows them, some at a time. */
export function* painted(c: CanvasRenderingContext2D, scene: Scene, lens: Lens, size: [number, number], colours: Colours, round = 0): Generator<void> {
  const view = viewOf(lens, ...size, round);
  const edges = edgesIn(scene, view);
  const alpha = c.globalAlpha;
  c.globalAlpha = scene.edges.length > CROWDED ? alpha * 0.6 : alpha;
  yield* paintEdges(c, scene, edges, lens.k, colours);
  c.globalAlpha = alpha;
  yield* paintDots(c, scene, dotsIn(scene, view), lens.k, colours);
}

export class Picture {
  #shown: Sheet | null = null;
  #next: Sheet | null = null;
  #spare: HTMLCanvasElement | null = null;
  #work: Generator<void> | null = null;
  #stale = false;

  /** What was painted is no longer so: dots have moved, or their colours changed. */
  forget(): void {
    this.#stale = true;
    this.#work = null;
  }

  /** Begin another picture where the one that stands does not do. */
  want(scene: Scene, lens: Lens, size: [number, number], ratio: number, colours: Colours, settled: boolean): void {
    if (this.#does(this.#shown, lens, size, settled) && !this.#stale) return void (this.#work = settled ? null : this.#work);
    if (this.#work && (this.#does(this.#next, lens, size, settled) || !settled)) return;
    const sheet = this.#sheet({ ...lens }, size, ratio);
    this.#stale = false;
    this.#next = sheet;
    sheet.c.setTransform(1, 0, 0, 1, 0, 0);
    sheet.c.clearRect(0, 0, sheet.canvas.width, sheet.canvas.height);
    sheet.c.setTransform(lens.k * ratio, 0, 0, lens.k * ratio, (lens.x + sheet.round) * ratio, (lens.y + sheet.round) * ratio);
    this.#work = painted(sheet.c, scene, sheet.lens, size, colours, sheet.round);
    if (!this.#shown) this.go(Infinity);
  }

  get working(): boolean {
    return this.#work !== null;
  }

  /** Paint for some milliseconds; true once another picture stands. */
  go(milliseconds: number): boolean {
    const sheet = this.#next;
    if (!this.#work || !sheet) return false;
    const begun = performance.now();
    while (!this.#work.next().done) {
      // Reading a point makes sure that what was asked for is painted, so that it counts.
      sheet.c.getImageData(0, 0, 1, 1);
      if (performance.now() - begun > milliseconds) return false;
    }
    this.#work = null;
    this.#spare = this.#shown?.canvas ?? null;
    this.#shown = sheet;
    this.#next = null;
    return true;
  }

  /** Show the picture through a lens, larger or smaller where it was painted from elsewhere. */
  show(c: CanvasRenderingContext2D, lens: Lens): void {
    const sheet = this.#shown;
    if (!sheet) return;
    const by = lens.k / sheet.lens.k;
    const [left, top] = [lens.x - (sheet.lens.x + sheet.round) * by, lens.y - (sheet.lens.y + sheet.round) * by];
    c.drawImage(sheet.canvas, left, top, (sheet.width + 2 * sheet.round) * by, (sheet.height + 2 * sheet.round) * by);
  }

  #does(sheet: Sheet | null, lens: Lens, [width, height]: [number, number], settled: boolean): boolean {
    if (!sheet || sheet.width !== width || sheet.height !== height) return false;
    const by = lens.k / sheet.lens.k;
    if (settled ? by !== 1 : by > BLUR || by < 1 / BLUR) return false;
    const far = Math.max(Math.abs(lens.x - sheet.lens.x * by), Math.abs(lens.y - sheet.lens.y * by));
    return by !== 1 || far <= sheet.round * (settled ? 1 : 0.8);
  }

  #sheet(lens: Lens, [width, height]: [number, number], ratio: number): Sheet {
    const canvas = this.#spare ?? document.createElement("canvas");
    this.#spare = null;
    const round = Math.round(Math.max(width, height) * ROUND);
    const [wide, high] = [Math.round((width + 2 * round) * ratio), Math.round((height + 2 * round) * ratio)];
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    const c = canvas.getContext("2d", { willReadFrequently: true })!;
    return { canvas, c, lens, width, height, round };
  }
}

/** A small drawing of a map that is larger than its window; dragging on it moves the window. */

import { h } from "../shared/page";
import type { Colours } from "./colours";
import { viewOf, type Lens } from "./lens";
import type { Bounds, Scene } from "./scene";

const WIDE = 168;
const HIGH = 112;
const NARROW = 96;
const AROUND = 6;
const DOT = 1.6;
/** Dots stand back behind the frame of the window. */
const FAINT = 0.5;

export class Overview {
  readonly canvas = h("canvas", { class: "map-overview", "aria-hidden": "true", hidden: true });
  readonly #c = this.canvas.getContext("2d")!;
  #ground: HTMLCanvasElement | null = null;
  #bounds: Bounds = [0, 0, 1, 1];
  #size: [number, number] = [WIDE, HIGH];
  #by = 1;
  #ratio = 1;

  constructor(
    readonly lens: Lens,
    readonly windowSize: () => [number, number],
    readonly moved: (settled: boolean) => void,
  ) {
    const drag = (event: PointerEvent) => this.canvas.hasPointerCapture(event.pointerId) && this.#go(event, false);
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.#go(event, false);
    });
    this.canvas.addEventListener("pointermove", drag);
    this.canvas.addEventListener("pointerup", (event) => this.#go(event, true));
  }

  /** Draw all dots anew: there are others, or they lie elsewhere. */
  take(scene: Scene, colours: Colours): void {
    this.#bounds = scene.bounds();
    const [left, top, right, bottom] = this.#bounds;
    const wide = this.windowSize()[0] < 600 ? NARROW : WIDE;
    this.#by = Math.min((wide - 2 * AROUND) / (right - left || 1), (HIGH - 2 * AROUND) / (bottom - top || 1));
    this.#size = [Math.round((right - left) * this.#by) + 2 * AROUND, Math.round((bottom - top) * this.#by) + 2 * AROUND];
    this.#ratio = Math.min(window.devicePixelRatio || 1, 2);
    const ground = (this.#ground = document.createElement("canvas"));
    for (const canvas of [this.canvas, ground]) [canvas.width, canvas.height] = [this.#size[0] * this.#ratio, this.#size[1] * this.#ratio];
    Object.assign(this.canvas.style, { width: `${this.#size[0]}px`, height: `${this.#size[1]}px` });
    const c = ground.getContext("2d")!;
    c.scale(this.#ratio, this.#ratio);
    c.globalAlpha = FAINT;
    for (const { x, y, r, tone } of scene.dots) {
      const side = Math.max(r * 2 * this.#by, DOT);
      c.fillStyle = colours.tones[tone] ?? colours.ink;
      c.fillRect((x - left) * this.#by + AROUND - side / 2, (y - top) * this.#by + AROUND - side / 2, side, side);
    }
  }

  /** Show where the window lies; nothing where it holds the whole map. */
  show(colours: Colours): void {
    const [left, top, right, bottom] = this.#bounds;
    const view = viewOf(this.lens, ...this.windowSize());
    const slack = 24 / this.lens.k;
    this.canvas.hidden = view[0] <= left + slack && view[1] <= top + slack && view[2] >= right - slack && view[3] >= bottom - slack;
    if (this.canvas.hidden || !this.#ground) return;
    const c = this.#c;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    c.drawImage(this.#ground, 0, 0);
    c.scale(this.#ratio, this.#ratio);
    const x = Math.max((view[0] - left) * this.#by + AROUND, 1);
    const y = Math.max((view[1] - top) * this.#by + AROUND, 1);
    const width = Math.min((view[2] - left) * this.#by + AROUND, this.#size[0] - 1) - x;
    const height = Math.min((view[3] - top) * this.#by + AROUND, this.#size[1] - 1) - y;
    c.strokeStyle = colours.ink;
    c.fillStyle = colours.ink;
    c.globalAlpha = 0.07;
    c.fillRect(x, y, width, height);
    c.globalAlpha = 1;
    c.lineWidth = 1.5;
    c.strokeRect(x, y, width, height);
  }

  /** Let the window lie round the point of the small drawing that was pointed at. */
  #go(event: PointerEvent, settled: boolean): void {
    const box = this.canvas.getBoundingClientRect();
    const x = (event.clientX - box.left - AROUND) / this.#by + this.#bounds[0];
    const y = (event.clientY - box.top - AROUND) / this.#by + this.#bounds[1];
    const [width, height] = this.windowSize();
    this.lens.x = width / 2 - x * this.lens.k;
    this.lens.y = height / 2 - y * this.lens.k;
    this.moved(settled);
  }
}

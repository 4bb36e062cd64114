/** What pointers do on a map: move it, move dots, choose several, draw a link. */

import { gripped, zoom, type Lens, type View } from "./lens";
import { edgeAt } from "./near";
import { Pointing, SLACK, type Point } from "./pointing";
import type { Wishes } from "./wishes";
import { moreAt } from "./words";

const STILL = 4;
const REST_MS = 90;

type Held =
  | { sort: "map"; x: number; y: number; lens: Lens }
  | { sort: "dot"; at: number; x: number; y: number; dots: Map<number, Point> }
  | { sort: "link"; at: number }
  | { sort: "frame"; x: number; y: number };

/** Let pointers work on a canvas. */
export function hands(canvas: HTMLCanvasElement, wishes: Wishes): void {
  const found = new Hands(canvas, wishes);
  canvas.addEventListener("pointerdown", (event) => found.down(event));
  canvas.addEventListener("pointermove", (event) => found.move(event));
  canvas.addEventListener("pointerup", (event) => found.up(event));
  canvas.addEventListener("pointercancel", (event) => found.up(event));
  canvas.addEventListener("pointerleave", () => found.leave());
  canvas.addEventListener("dblclick", (event) => found.twice(event));
  canvas.addEventListener("wheel", (event) => found.rolled(event), { passive: false });
}

class Hands {
  readonly #pointers = new Map<number, Point>();
  readonly #at: Pointing;
  #held: Held | null = null;
  #far = 0;
  #rest = 0;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly wishes: Wishes,
  ) {
    this.#at = new Pointing(canvas, wishes);
  }

  down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    const at = this.#at.spot(event);
    this.#pointers.set(event.pointerId, at);
    this.#far = 0;
    this.#held = this.#pointers.size > 1 ? null : this.#hold(event, at);
  }

  move(event: PointerEvent): void {
    const at = this.#at.spot(event);
    const before = this.#pointers.get(event.pointerId);
    if (!before) return this.#hover(at);
    this.#far += Math.hypot(at[0] - before[0], at[1] - before[1]);
    const was = [...this.#pointers.values()];
    this.#pointers.set(event.pointerId, at);
    if (was.length === 2) this.#pinch(was, [...this.#pointers.values()]);
    else if (this.#held && this.#far >= STILL) this.#drag(this.#held, at);
    else return;
    this.wishes.paint(false);
    this.#settle();
  }

  up(event: PointerEvent): void {
    if (!this.#pointers.delete(event.pointerId)) return;
    const { wishes } = this;
    delete this.canvas.dataset.held;
    const was = this.#held;
    this.#held = null;
    const at = this.#at.spot(event);
    const still = this.#far < STILL;
    const { frame } = wishes.lit;
    const linked = was?.sort === "link" && !still && event.type === "pointerup" ? this.#at.under(at, event) : -1;
    wishes.lit.drawing = wishes.lit.frame = null;
    if (was && still && event.type === "pointerup") this.#click(event, at);
    else if (was?.sort === "dot") wishes.moved();
    else if (was?.sort === "link" && linked >= 0) wishes.join(was.at, linked);
    else if (was?.sort === "frame" && frame) this.#choose(frame);
    wishes.paint(true);
  }

  leave(): void {
    if (this.#pointers.size) return;
    this.wishes.lit.over = this.wishes.lit.edge = -1;
    this.wishes.paint();
  }

  twice(event: MouseEvent): void {
    const at = this.#at.under(this.#at.spot(event));
    if (at >= 0) this.wishes.open(at);
  }

  rolled(event: WheelEvent): void {
    event.preventDefault();
    const step = event.deltaMode ? event.deltaY * 16 : event.deltaY;
    zoom(this.wishes.lens, Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0016)), ...this.#at.spot(event));
    this.wishes.paint(false);
    this.#settle();
  }

  #hold(event: PointerEvent, at: Point): Held {
    const { wishes } = this;
    const [x, y] = this.#at.world(at);
    const held = gripped(wishes.lit);
    const under = this.#at.under(at, event);
    if (this.#at.onGrip(at, event)) return { sort: "link", at: held };
    if (under >= 0 && event.altKey) return { sort: "link", at: under };
    if (under >= 0) {
      const every = wishes.lit.chosen.has(under) ? [...wishes.lit.chosen] : [under];
      const dots = new Map(every.map((each): [number, Point] => [each, [wishes.scene().dot(each).x, wishes.scene().dot(each).y]]));
      return { sort: "dot", at: under, x, y, dots };
    }
    if (event.shiftKey) return { sort: "frame", x, y };
    return { sort: "map", x: at[0], y: at[1], lens: { ...wishes.lens } };
  }

  #drag(held: Held, at: Point): void {
    const { lens, lit, scene } = this.wishes;
    this.canvas.dataset.held = "";
    const [x, y] = this.#at.world(at);
    if (held.sort === "map") {
      lens.x = held.lens.x + at[0] - held.x;
      lens.y = held.lens.y + at[1] - held.y;
    } else if (held.sort === "dot") {
      for (const [each, [left, top]] of held.dots) Object.assign(scene().dot(each), { x: left + x - held.x, y: top + y - held.y, moved: true });
    } else if (held.sort === "link") {
      lit.drawing = { from: held.at, x, y };
      lit.over = this.#at.under(at);
    } else {
      lit.frame = [held.x, held.y, x, y];
    }
  }

  /** Two fingers: what lies between them follows them, nearer or farther. */
  #pinch(was: Point[], now: Point[]): void {
    const { lens } = this.wishes;
    const [before, after] = [middle(was), middle(now)];
    zoom(lens, gap(now) / gap(was), ...before);
    lens.x += after[0] - before[0];
    lens.y += after[1] - before[1];
  }

  #hover(at: Point): void {
    const { lens, lit, scene, paint } = this.wishes;
    if (lit.over >= 0 && this.#at.onGrip(at)) return;
    const over = this.#at.under(at);
    const edge = over >= 0 ? -1 : edgeAt(scene(), ...this.#at.world(at), SLACK / lens.k);
    if (over === lit.over && edge === lit.edge) return;
    [lit.over, lit.edge] = [over, edge];
    this.canvas.toggleAttribute("data-over", over >= 0 || edge >= 0);
    paint();
  }

  #click(event: PointerEvent, at: Point): void {
    const { lens, choose, expand, scene } = this.wishes;
    const found = this.#at.under(at, event);
    const more = found < 0 ? moreAt(scene(), lens, ...at) : -1;
    if (more >= 0) expand(more);
    else choose(found, event.shiftKey || event.metaKey || event.ctrlKey);
  }

  #choose([x1, y1, x2, y2]: View): void {
    const [left, right] = [Math.min(x1, x2), Math.max(x1, x2)];
    const [top, bottom] = [Math.min(y1, y2), Math.max(y1, y2)];
    this.wishes.scene().dots.forEach((dot, each) => {
      if (dot.x >= left && dot.x <= right && dot.y >= top && dot.y <= bottom) this.wishes.lit.chosen.add(each);
    });
  }

  #settle(): void {
    window.clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => this.wishes.paint(true), REST_MS);
  }
}

function middle([one, other]: Point[]): Point {
  return [(one![0] + other![0]) / 2, (one![1] + other![1]) / 2];
}

function gap([one, other]: Point[]): number {
  return Math.hypot(one![0] - other![0], one![1] - other![1]) || 1;
}

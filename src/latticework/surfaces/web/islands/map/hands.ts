/** What pointers do on a map: move it, move dots, choose several, draw a link. */

import type { Scene } from "./scene";
import { grip, type Lens, type Lit } from "./paint";

/** What the island does about it. */
export interface Wishes {
  scene(): Scene;
  lens: Lens;
  lit: Lit;
  /** Paint again; not settled while a gesture runs. */
  paint(settled?: boolean): void;
  choose(at: number, more: boolean): void;
  open(at: number): void;
  expand(at: number): void;
  moved(): void;
  join(from: number, to: number): void;
}

const SLACK = 5;
const STILL = 4;
const NEAREST = 6;
const FARTHEST = 0.04;

type Held =
  | { sort: "map"; x: number; y: number; lens: Lens }
  | { sort: "dot"; at: number; x: number; y: number; dots: Map<number, [number, number]> }
  | { sort: "link"; at: number }
  | { sort: "frame"; x: number; y: number };

/** Let pointers work on a canvas. */
export function hands(canvas: HTMLCanvasElement, wishes: Wishes): void {
  const pointers = new Map<number, [number, number]>();
  let held: Held | null = null;
  let far = 0;
  let pinch = 0;
  let rest = 0;

  const spot = (event: PointerEvent | WheelEvent | MouseEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const world = ([x, y]: [number, number]): [number, number] => {
    const { k, x: left, y: top } = wishes.lens;
    return [(x - left) / k, (y - top) / k];
  };
  const under = (at: [number, number]): number => {
    const [x, y] = world(at);
    return wishes.scene().hit(x, y, SLACK / wishes.lens.k);
  };
  const onGrip = ([x, y]: [number, number]): boolean => {
    const { over } = wishes.lit;
    if (over < 0) return false;
    const [gx, gy] = grip(wishes.scene().dot(over), wishes.lens);
    return Math.hypot(x - gx, y - gy) <= 8;
  };
  const settle = () => {
    window.clearTimeout(rest);
    rest = window.setTimeout(() => wishes.paint(true), 90);
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const at = spot(event);
    pointers.set(event.pointerId, at);
    far = 0;
    if (pointers.size === 2) {
      pinch = gap(pointers);
      held = null;
      return;
    }
    const [x, y] = world(at);
    const found = under(at);
    if (onGrip(at) || (found >= 0 && event.altKey)) held = { sort: "link", at: found >= 0 ? found : wishes.lit.over };
    else if (found >= 0) {
      const every = wishes.lit.chosen.has(found) ? [...wishes.lit.chosen] : [found];
      const dots = new Map(every.map((each) => [each, [wishes.scene().dot(each).x, wishes.scene().dot(each).y] as [number, number]]));
      held = { sort: "dot", at: found, x, y, dots };
    } else if (event.shiftKey) held = { sort: "frame", x, y };
    else held = { sort: "map", x: at[0], y: at[1], lens: { ...wishes.lens } };
  });

  canvas.addEventListener("pointermove", (event) => {
    const at = spot(event);
    const before = pointers.get(event.pointerId);
    if (!before) return hover(at);
    far += Math.hypot(at[0] - before[0], at[1] - before[1]);
    pointers.set(event.pointerId, at);
    if (pointers.size === 2) {
      const now = gap(pointers);
      const [[x1, y1], [x2, y2]] = [...pointers.values()] as [[number, number], [number, number]];
      zoom(wishes.lens, now / pinch, (x1 + x2) / 2, (y1 + y2) / 2);
      pinch = now;
      wishes.paint(false);
      return settle();
    }
    if (!held || far < STILL) return;
    canvas.dataset.held = "";
    const [x, y] = world(at);
    if (held.sort === "map") {
      wishes.lens.x = held.lens.x + at[0] - held.x;
      wishes.lens.y = held.lens.y + at[1] - held.y;
    } else if (held.sort === "dot") {
      for (const [each, [left, top]] of held.dots) {
        Object.assign(wishes.scene().dot(each), { x: left + x - held.x, y: top + y - held.y, moved: true });
      }
    } else if (held.sort === "link") {
      wishes.lit.drawing = { from: held.at, x, y };
      wishes.lit.over = under(at);
    } else {
      wishes.lit.frame = [held.x, held.y, x, y];
    }
    wishes.paint(false);
    settle();
  });

  const up = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    delete canvas.dataset.held;
    const was = held;
    held = null;
    const at = spot(event);
    if (was && far < STILL && event.type === "pointerup") click(event, at);
    else if (was?.sort === "dot") wishes.moved();
    else if (was?.sort === "link") {
      const to = under(at);
      if (to >= 0) wishes.join(was.at, to);
    } else if (was?.sort === "frame" && wishes.lit.frame) frame(wishes.lit.frame);
    wishes.lit.drawing = null;
    wishes.lit.frame = null;
    wishes.paint(true);
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => {
    if (pointers.size) return;
    wishes.lit.over = wishes.lit.edge = -1;
    wishes.paint();
  });
  canvas.addEventListener("dblclick", (event) => {
    const at = under(spot(event));
    if (at >= 0) wishes.open(at);
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const [x, y] = spot(event);
      const step = event.deltaMode ? event.deltaY * 16 : event.deltaY;
      zoom(wishes.lens, Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0016)), x, y);
      wishes.paint(false);
      settle();
    },
    { passive: false },
  );

  function hover(at: [number, number]): void {
    if (onGrip(at)) return;
    const over = under(at);
    const [x, y] = world(at);
    const edge = over >= 0 ? -1 : wishes.scene().hitEdge(x, y, SLACK / wishes.lens.k);
    if (over === wishes.lit.over && edge === wishes.lit.edge) return;
    wishes.lit.over = over;
    wishes.lit.edge = edge;
    canvas.toggleAttribute("data-over", over >= 0 || edge >= 0);
    wishes.paint();
  }

  function click(event: PointerEvent, at: [number, number]): void {
    const found = under(at);
    if (found < 0) {
      const more = onMore(at);
      if (more >= 0) return wishes.expand(more);
    }
    wishes.choose(found, event.shiftKey || event.metaKey || event.ctrlKey);
  }

  /** The dot whose "+3" lies here. */
  function onMore([x, y]: [number, number]): number {
    const { k, x: left, y: top } = wishes.lens;
    const { layered, dots } = wishes.scene();
    return dots.findIndex((dot) => {
      if (!dot.more) return false;
      const r = Math.max(dot.r * k, 2.4);
      const right = dot.x * k + left + (layered ? r + 6 + dot.width : dot.width / 2);
      const base = dot.y * k + top + (layered ? 4 : r + 13);
      return x > right - 10 - 7 * String(dot.more).length && x < right + 4 && y > base - 12 && y < base + 5;
    });
  }

  function frame([x1, y1, x2, y2]: [number, number, number, number]): void {
    const [left, right] = [Math.min(x1, x2), Math.max(x1, x2)];
    const [top, bottom] = [Math.min(y1, y2), Math.max(y1, y2)];
    wishes.scene().dots.forEach((dot, each) => {
      if (dot.x >= left && dot.x <= right && dot.y >= top && dot.y <= bottom) wishes.lit.chosen.add(each);
    });
  }
}

/** Nearer or farther, so that what lies at a point of the screen stays there. */
export function zoom(lens: Lens, by: number, x: number, y: number): void {
  const k = Math.min(Math.max(lens.k * by, FARTHEST), NEAREST);
  lens.x = x - ((x - lens.x) * k) / lens.k;
  lens.y = y - ((y - lens.y) * k) / lens.k;
  lens.k = k;
}

function gap(pointers: Map<number, [number, number]>): number {
  const [[x1, y1], [x2, y2]] = [...pointers.values()] as [[number, number], [number, number]];
  return Math.hypot(x1 - x2, y1 - y2) || 1;
}

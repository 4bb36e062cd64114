/** Bars in the hand: pulled by a pointer at an end or the middle, or moved day by day with keys. */

import { peek } from "../shared/peek";
import { draw, putBack, send, setsOf, type Bar } from "./bars";
import type { Grip } from "./days";

const GRIP = 7;
/** Several presses within this time are one change. */
const SETTLE_MS = 600;

export class Hold {
  #held: { bar: Bar; grip: Grip; x: number; by: number } | null = null;
  #nudge = { bar: null as Bar | null, grip: "both" as Grip, by: 0 };
  #waiting = 0;

  constructor(readonly pixels: () => number) {}

  get busy(): boolean {
    return this.#held !== null || this.#nudge.bar !== null;
  }

  down(event: PointerEvent): void {
    const bar = (event.target as Element).closest<Bar>(".tl-bar[data-moves]");
    if (!bar || event.button !== 0) return;
    this.settle();
    this.#held = { bar, grip: gripAt(bar, event), x: event.clientX, by: 0 };
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
    bar.focus({ preventScroll: true });
  }

  move(event: PointerEvent): void {
    const held = this.#held;
    if (!held) {
      const bar = (event.target as Element).closest<Bar>(".tl-bar[data-moves]");
      if (bar) bar.dataset.grip = gripAt(bar, event);
      return;
    }
    held.by = Math.round((event.clientX - held.x) / this.pixels());
    held.bar.classList.add("tl-held");
    draw(held.bar, held.grip, held.by, this.pixels());
  }

  up(event: PointerEvent): void {
    const held = this.#held;
    this.#held = null;
    if (!held) return;
    held.bar.classList.remove("tl-held");
    if (held.by) void send(held.bar, held.grip, held.by);
    else if (Math.abs(event.clientX - held.x) < 3) void peek(held.bar.dataset.bar ?? "");
  }

  letGo(): void {
    if (this.#held) putBack(this.#held.bar);
    this.#held = null;
  }

  /** A bar a day to a side, with Shift a week; with Alt only its end, with Ctrl its beginning. */
  nudge(bar: Bar, side: number, event: KeyboardEvent): void {
    const [begins, ends] = setsOf(bar);
    const grip: Grip = event.altKey && ends ? "end" : event.ctrlKey && begins ? "begin" : begins ? "both" : "end";
    if (this.#nudge.bar !== bar || this.#nudge.grip !== grip) this.settle();
    this.#nudge = { bar, grip, by: this.#nudge.by + side * (event.shiftKey ? 7 : 1) };
    draw(bar, grip, this.#nudge.by, this.pixels());
    window.clearTimeout(this.#waiting);
  }

  settleSoon(): void {
    window.clearTimeout(this.#waiting);
    this.#waiting = window.setTimeout(() => this.settle(), SETTLE_MS);
  }

  settle(): void {
    const { bar, grip, by } = this.#nudge;
    this.#nudge = { bar: null, grip: "both", by: 0 };
    if (bar && by) void send(bar, grip, by);
  }
}

function gripAt(bar: Bar, event: PointerEvent): Grip {
  const [begins, ends] = setsOf(bar);
  const hit = bar.querySelector(".tl-hit")!.getBoundingClientRect();
  const slack = Math.min(GRIP + 6, hit.width / 3);
  if (begins && event.clientX < hit.left + slack) return "begin";
  if (ends && event.clientX > hit.right - slack) return "end";
  return begins || !ends ? "both" : "end";
}

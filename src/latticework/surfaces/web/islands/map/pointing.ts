/** Where a pointer is: on the screen, on the map, over which dot. */

import { grip, gripped, type Lens, type Lit } from "./lens";
import { dotAt } from "./near";
import type { Scene } from "./scene";

export type Point = [x: number, y: number];

/** How near a dot counts as on it: for a mouse, and for a finger. */
export const SLACK = 5;
const FINGER = 16;

interface Seen {
  scene(): Scene;
  lens: Lens;
  lit: Lit;
}

export class Pointing {
  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly seen: Seen,
  ) {}

  spot(event: MouseEvent): Point {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  world([x, y]: Point): Point {
    const { k, x: left, y: top } = this.seen.lens;
    return [(x - left) / k, (y - top) / k];
  }

  under(at: Point, event?: PointerEvent): number {
    const slack = event?.pointerType === "touch" ? FINGER : SLACK;
    return dotAt(this.seen.scene(), ...this.world(at), slack / this.seen.lens.k);
  }

  onGrip([x, y]: Point, event?: PointerEvent): boolean {
    const held = gripped(this.seen.lit);
    if (held < 0) return false;
    const [gx, gy] = grip(this.seen.scene().dot(held), this.seen.lens);
    return Math.hypot(x - gx, y - gy) <= (event?.pointerType === "touch" ? FINGER : 8);
  }
}

/** Dots go from where they were to where they lie now. */

import type { Scene } from "./scene";

const MOVE_MS = 180;
const MOST_MOVES = 1500;

/** `paint` is called for each step, and said whether it is the last. */
export function glide(before: Scene, scene: Scene, paint: (last: boolean) => void): void {
  const moves = scene.dots.flatMap((dot) => {
    const was = before.dots[before.at.get(dot.ref) ?? -1];
    return was ? [{ dot, from: [was.x, was.y], to: [dot.x, dot.y] }] : [];
  });
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || moves.length > MOST_MOVES) return paint(true);
  const start = performance.now();
  const step = (now: number) => {
    const t = Math.min(Math.max(now - start, 0) / MOVE_MS, 1);
    const ease = 1 - (1 - t) ** 3;
    for (const { dot, from, to } of moves) {
      dot.x = from[0]! + (to[0]! - from[0]!) * ease;
      dot.y = from[1]! + (to[1]! - from[1]!) * ease;
    }
    paint(t === 1);
    if (t < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

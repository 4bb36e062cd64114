/** What this tab has recorded, so that it can be undone and done again. */

import { branch } from "./page";

export type Way = "undo" | "redo";
export interface Step {
  batch: number;
  says: string;
}
const MOST_STEPS = 100;

/** What this tab can undo or redo on this branch, the last one last. */
export function stackOf(way: Way): Step[] {
  try {
    return JSON.parse(sessionStorage.getItem(`${way}:${branch()}`) ?? "[]") as Step[];
  } catch {
    return [];
  }
}

export function remember(way: Way, step: Step, fresh = false): void {
  keep(way, [...stackOf(way), step]);
  if (fresh) keep("redo", []);
}

export function keep(way: Way, steps: Step[]): void {
  sessionStorage.setItem(`${way}:${branch()}`, JSON.stringify(steps.slice(-MOST_STEPS)));
}

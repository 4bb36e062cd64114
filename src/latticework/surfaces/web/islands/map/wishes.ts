/** What hands and keys may ask of a map. */

import type { Lens, Lit } from "./lens";
import type { Scene } from "./scene";

export interface Wishes {
  scene(): Scene;
  lens: Lens;
  lit: Lit;
  size(): [number, number];
  focus(): void;
  /** Paint again; not settled while a gesture runs. */
  paint(settled?: boolean): void;
  /** See all of it. */
  fit(): void;
  zoom(by: number): void;
  /** Go to the field that finds a dot. */
  find(): void;
  choose(at: number, more: boolean): void;
  open(at: number): void;
  expand(at: number): void;
  /** Dots were moved; their places are kept. */
  moved(): void;
  join(from: number, to: number): void;
}

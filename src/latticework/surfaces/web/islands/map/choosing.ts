/** Which dots of a map are chosen, by hand and by keys, and what is done with them. */

import { record } from "../shared/http";
import { keys } from "../shared/keys";
import { refresh } from "../shared/page";
import { peek } from "../shared/peek";
import { toast } from "../shared/toast";
import { show } from "./lens";
import { toward } from "./near";
import { askPhrase } from "./phrases";
import type { Wishes } from "./wishes";

const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** Farther than this, a dot that is sought is shown from nearer. */
const FAR = 0.6;
const NEAR = 0.8;

export class Choosing {
  constructor(readonly wishes: Wishes) {}

  /** Let keys work on a map; returns how to stop that. */
  keys(box: HTMLElement): () => void {
    const { wishes } = this;
    const one = (run: (at: number) => void) => () => {
      if (this.#first >= 0) run(this.#first);
    };
    box.addEventListener("keydown", (event) => this.#arrow(event));
    const verbs = {
      Enter: { says: "Open", run: one((at) => wishes.open(at)) },
      Space: { says: "Peek", run: one((at) => void peek(wishes.scene().dot(at).ref)) },
      x: { says: "Show what is round it", run: one((at) => this.expand(at)) },
      l: { says: "Link the first chosen to the last", run: () => void this.#linkChosen() },
      f: { says: "See all of it", run: () => wishes.fit() },
      "+": { says: "Nearer", run: () => wishes.zoom(1.25) },
      "-": { says: "Farther", run: () => wishes.zoom(0.8) },
      "/": { says: "Find on this map", run: () => wishes.find() },
      Escape: { says: "Choose nothing", run: () => this.choose(-1, false) },
    };
    return keys(verbs, box);
  }

  choose(at: number, more: boolean): void {
    const { chosen } = this.wishes.lit;
    const had = chosen.has(at);
    if (!more) chosen.clear();
    if (more && had) chosen.delete(at);
    else if (at >= 0) chosen.add(at);
    this.wishes.focus();
    this.wishes.paint();
  }

  /** Light the dots in whose names some words stand. */
  seek(text: string): void {
    const words = text.trim().toLowerCase();
    const found = this.wishes.scene().dots.flatMap((dot, at) => (`${dot.title} ${dot.ref}`.toLowerCase().includes(words) ? [at] : []));
    this.wishes.lit.sought = words ? new Set(found) : null;
    this.wishes.paint();
  }

  /** Choose the next of those that were found. */
  next(): void {
    const { lens, lit, size, scene, paint } = this.wishes;
    const found = [...(lit.sought ?? [])];
    if (!found.length) return;
    const at = found[(found.indexOf(this.#last) + 1) % found.length]!;
    lit.chosen.clear();
    lit.chosen.add(at);
    if (lens.k < FAR) lens.k = NEAR;
    show(lens, scene().dot(at), ...size());
    paint();
  }

  /** Ask for what lies round a dot, or for more of it; the address says which are open, and how often. */
  expand(at: number): void {
    const { ref, more, title } = this.wishes.scene().dot(at);
    if (!more) return void toast(`All that “${title}” is linked with is drawn`);
    this.wishes.lit.chosen.clear();
    this.wishes.lit.chosen.add(at);
    const url = new URL(location.href);
    const open = (url.searchParams.get("open") ?? "").split(",").filter(Boolean);
    url.searchParams.set("open", [...open, ref].join(","));
    history.pushState(null, "", url);
    void refresh();
  }

  async join(from: number, to: number): Promise<void> {
    const scene = this.wishes.scene();
    const found = await askPhrase(scene, scene.dot(from), scene.dot(to));
    if (!found) return;
    const [first, phrase, then] = found;
    await record([{ connect: [first.ref, phrase, then.ref] }], { says: `${first.title} ${phrase} ${then.title}` });
    this.wishes.focus();
  }

  #linkChosen(): Promise<void> {
    const [from, to] = [this.#first, this.#last];
    if (from >= 0 && from !== to) return this.join(from, to);
    toast("Choose two things to link: the second with Shift");
    return Promise.resolve();
  }

  #arrow(event: KeyboardEvent): void {
    const way = ARROWS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { lens, scene, size } = this.wishes;
    const at = this.#last;
    const focus = scene().dots.findIndex((dot) => dot.focus);
    const next = at < 0 ? Math.max(focus, 0) : toward(scene(), at, ...way);
    if (next < 0 || !scene().dots[next]) return;
    this.choose(next, event.shiftKey);
    show(lens, scene().dot(next), ...size());
  }

  get #first(): number {
    return [...this.wishes.lit.chosen][0] ?? -1;
  }

  get #last(): number {
    return [...this.wishes.lit.chosen].at(-1) ?? -1;
  }
}

/** The map: a canvas in place of the drawing, that pointers and keys move, open and link. */

import { record } from "./shared/http";
import { keys } from "./shared/keys";
import { h, json, navigate, refresh, thingUrl, type Renewable } from "./shared/page";
import { peek } from "./shared/peek";
import { toast } from "./shared/toast";
import { hands, zoom, type Wishes } from "./map/hands";
import { Painter, type Lens, type Lit } from "./map/paint";
import { askPhrase } from "./map/phrases";
import { Scene, type Given, type Place } from "./map/scene";

const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const MOVE_MS = 180;
const STILL_MS = 80;
const EASY = 0.85;
/** Rather somewhat smaller, and nothing cut off. */
const WHOLE = 0.68;
/** So many places fit an address. */
const MOST_PUT = 120;

class NetMap extends HTMLElement implements Renewable {
  #scene = new Scene({ dots: [], edges: [], phrases: [], tones: [], layered: false, clustered: false, joins: [] });
  #lens: Lens = { k: 1, x: 0, y: 0 };
  #lit: Lit = { over: -1, edge: -1, chosen: new Set(), sought: null, drawing: null, frame: null };
  #painter!: Painter;
  #box!: HTMLElement;
  #says!: HTMLElement;
  #due = 0;
  #still = 0;
  #told = 0;
  #ends: (() => void)[] = [];

  connectedCallback(): void {
    const box = this.querySelector<HTMLElement>(".map-box");
    const given = json<Given | null>(this);
    if (!box || !given || this.dataset.live !== undefined) return;
    this.#scene = new Scene(given);
    this.#scene.place(this.#kept());
    this.dataset.live = "";
    this.#box = box;
    this.#says = h("p", { class: "map-says", "aria-live": "polite" });
    const canvas = h("canvas", { class: "map-canvas", "aria-hidden": "true" });
    box.append(canvas, this.#says);
    box.setAttribute("role", "application");
    box.setAttribute("aria-roledescription", "map");
    box.scrollTo(0, 0);
    this.querySelector(".map-bar")?.append(this.#tools());
    this.#painter = new Painter(canvas, this.#scene, this);
    hands(canvas, this.#wishes());
    const watch = new ResizeObserver(() => this.#sized());
    watch.observe(box);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const recolour = () => {
      this.#painter.renew(this.#scene, this);
      this.#paint();
    };
    dark.addEventListener("change", recolour);
    this.#ends = [() => watch.disconnect(), () => dark.removeEventListener("change", recolour), this.#keys()];
    this.#sized();
    this.#fit();
  }

  disconnectedCallback(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    window.clearTimeout(this.#still);
  }

  /** Take the server's fresh map: what is still there moves, what is new appears beside it. */
  renew(fresh: Element): void {
    const given = json<Given | null>(fresh);
    if (!given || !this.#painter) return;
    const before = this.#scene;
    const held = [...this.#lit.chosen].map((at) => before.dots[at]?.ref ?? "");
    const anchor = before.at.get(held[0] ?? "");
    const next = new Scene(given);
    next.place(before.places());
    const script = this.querySelector(":scope > script");
    const theirs = fresh.querySelector(":scope > script");
    if (script && theirs) script.textContent = theirs.textContent;
    const [legend, newLegend] = [this.querySelector(".map-legend"), fresh.querySelector(".map-legend")];
    if (legend && newLegend) legend.replaceWith(newLegend);
    const there = held.map((ref) => next.at.get(ref)).filter((at) => at !== undefined);
    if (anchor !== undefined && there[0] !== undefined) {
      const [was, now] = [before.dot(anchor), next.dot(there[0])];
      this.#lens.x += (was.x - now.x) * this.#lens.k;
      this.#lens.y += (was.y - now.y) * this.#lens.k;
      for (const dot of before.dots) Object.assign(dot, { x: dot.x - was.x + now.x, y: dot.y - was.y + now.y });
    }
    this.#lit.chosen = new Set(there);
    this.#lit.over = this.#lit.edge = -1;
    this.#lit.sought = null;
    this.#scene = next;
    this.#painter.renew(next, this);
    this.#glide(before);
  }

  #glide(before: Scene): void {
    const moves = this.#scene.dots.flatMap((dot) => {
      const was = before.dots[before.at.get(dot.ref) ?? -1];
      return was ? [{ dot, from: [was.x, was.y], to: [dot.x, dot.y] }] : [];
    });
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || moves.length > 1500) return this.#paint();
    const start = performance.now();
    const step = (now: number) => {
      const t = Math.min((now - start) / MOVE_MS, 1);
      const ease = 1 - (1 - t) ** 3;
      for (const { dot, from, to } of moves) {
        dot.x = from[0]! + (to[0]! - from[0]!) * ease;
        dot.y = from[1]! + (to[1]! - from[1]!) * ease;
      }
      this.#painter.paint(this.#lens, this.#lit, t === 1);
      if (t < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  #wishes(): Wishes {
    return {
      scene: () => this.#scene,
      lens: this.#lens,
      lit: this.#lit,
      paint: (settled = true) => this.#paint(settled),
      choose: (at, more) => this.#choose(at, more),
      open: (at) => navigate(thingUrl(this.#scene.dot(at).ref)),
      expand: (at) => this.#expand(at),
      moved: () => this.#keep(),
      join: (from, to) => void this.#join(from, to),
    };
  }

  /** Paint at once with the words that stood before; which have room is told once all is still. */
  #paint(settled = true): void {
    cancelAnimationFrame(this.#due);
    window.clearTimeout(this.#still);
    this.#due = requestAnimationFrame(() => {
      this.#painter.paint(this.#lens, this.#lit, false);
      if (!settled) return;
      this.#tell();
      this.#still = window.setTimeout(() => this.#painter.paint(this.#lens, this.#lit, true), STILL_MS);
    });
  }

  #sized(): void {
    const { clientWidth, clientHeight } = this.#box;
    this.#painter.size(clientWidth, clientHeight);
    this.#paint();
  }

  /** All of it where that can be read; else the focus at a size that can. */
  #fit(all = false): void {
    const [left, top, right, bottom] = this.#scene.bounds();
    const { clientWidth: width, clientHeight: height } = this.#box;
    const whole = Math.min((width - 64) / (right - left || 1), (height - 40) / (bottom - top || 1), 1.25);
    const focus = this.#scene.dots.find((dot) => dot.focus);
    const readable = this.#scene.dots.length > 400 ? 0.2 : this.#scene.clustered ? 0.6 : EASY;
    this.#lens.k = all || whole >= WHOLE ? whole : Math.max(whole, Math.min(readable, 1));
    const { k } = this.#lens;
    if (whole >= k || !focus) {
      this.#lens.x = (width - (right + left) * k) / 2;
      this.#lens.y = (height - (bottom + top) * k) / 2;
    } else {
      // Near the focus, but with no empty room where there is something to see.
      const within = (wanted: number, low: number, high: number, room: number) =>
        (high - low) * k <= room ? (room - (low + high) * k) / 2 : Math.max(Math.min(wanted, 20 - low * k), room - 20 - high * k);
      this.#lens.x = within(width * (this.#scene.layered ? 0.3 : 0.5) - focus.x * k, left, right, width);
      this.#lens.y = within(height / 2 - focus.y * k, top, bottom, height);
    }
    this.#paint();
  }

  #tools(): HTMLElement {
    const search = h("input", { type: "search", placeholder: "Find on this map", "aria-label": "Find on this map", autocomplete: "off", spellcheck: "false" });
    search.addEventListener("input", () => this.#seek(search.value));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#next();
      if (event.key === "Escape") this.#box.focus();
    });
    const button = (says: string, label: string, run: () => void) => h("button", { type: "button", "aria-label": /^[a-z]/i.test(says) ? null : label, title: label, onclick: run }, says);
    return h(
      "div",
      { class: "map-tools" },
      search,
      button("−", "Farther (−)", () => this.#zoom(0.8)),
      button("+", "Nearer (+)", () => this.#zoom(1.25)),
      button("fit", "Fit: see all of it (f)", () => this.#fit(true)),
      button("tidy", "Tidy: forget where dots were put", () => this.#forget()),
    );
  }

  #keys(): () => void {
    const one = (run: (at: number) => void) => () => {
      const at = this.#first();
      if (at >= 0) run(at);
    };
    this.#box.addEventListener("keydown", (event) => this.#arrow(event));
    const verbs = {
      Enter: { says: "Open", run: one((at) => navigate(thingUrl(this.#scene.dot(at).ref))) },
      Space: { says: "Peek", run: one((at) => void peek(this.#scene.dot(at).ref)) },
      x: { says: "Show what is round it", run: one((at) => this.#expand(at)) },
      l: { says: "Link the first chosen to the last", run: () => void this.#linkChosen() },
      f: { says: "See all of it", run: () => this.#fit(true) },
      "+": { says: "Nearer", run: () => this.#zoom(1.25) },
      "-": { says: "Farther", run: () => this.#zoom(0.8) },
      "/": { says: "Find on this map", run: () => this.querySelector<HTMLInputElement>(".map-tools input")?.focus() },
      Escape: { says: "Choose nothing", run: () => this.#choose(-1, false) },
    };
    return keys(verbs, this.#box);
  }

  #arrow(event: KeyboardEvent): void {
    const way = ARROWS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = this.#last();
    const focus = this.#scene.dots.findIndex((dot) => dot.focus);
    const next = at < 0 ? Math.max(focus, 0) : this.#scene.toward(at, ...way);
    if (next < 0 || !this.#scene.dots[next]) return;
    this.#choose(next, event.shiftKey);
    this.#show(next);
  }

  #first(): number {
    return [...this.#lit.chosen][0] ?? -1;
  }

  #last(): number {
    return [...this.#lit.chosen].at(-1) ?? -1;
  }

  #choose(at: number, more: boolean): void {
    const { chosen } = this.#lit;
    const had = chosen.has(at);
    if (!more) chosen.clear();
    if (more && had) chosen.delete(at);
    else if (at >= 0) chosen.add(at);
    this.#box.focus({ preventScroll: true });
    this.#paint();
  }

  /** Move the map so that a dot can be seen. */
  #show(at: number): void {
    const { clientWidth: width, clientHeight: height } = this.#box;
    const dot = this.#scene.dot(at);
    const [x, y] = [dot.x * this.#lens.k + this.#lens.x, dot.y * this.#lens.k + this.#lens.y];
    if (x < 40 || x > width - 160) this.#lens.x += width / 2 - x;
    if (y < 30 || y > height - 40) this.#lens.y += height / 2 - y;
    this.#paint();
  }

  #zoom(by: number): void {
    zoom(this.#lens, by, this.#box.clientWidth / 2, this.#box.clientHeight / 2);
    this.#paint();
  }

  #seek(text: string): void {
    const words = text.trim().toLowerCase();
    const found = this.#scene.dots.flatMap((dot, at) => (`${dot.title} ${dot.ref}`.toLowerCase().includes(words) ? [at] : []));
    this.#lit.sought = words ? new Set(found) : null;
    this.#paint();
  }

  #next(): void {
    const found = [...(this.#lit.sought ?? [])];
    if (!found.length) return;
    const at = found[(found.indexOf(this.#last()) + 1) % found.length]!;
    this.#lit.chosen.clear();
    this.#lit.chosen.add(at);
    if (this.#lens.k < 0.6) this.#lens.k = 0.8;
    this.#show(at);
  }

  /** Ask for what lies round a dot; the address says which are open. */
  #expand(at: number): void {
    const { ref, more, title } = this.#scene.dot(at);
    if (!more) return void toast(`All that “${title}” is linked with is drawn`);
    this.#lit.chosen.clear();
    this.#lit.chosen.add(at);
    const url = new URL(location.href);
    const open = new Set((url.searchParams.get("open") ?? "").split(",").filter(Boolean));
    url.searchParams.set("open", [...open.add(ref)].join(","));
    history.pushState(null, "", url);
    void refresh();
  }

  #linkChosen(): Promise<void> {
    const [from, to] = [this.#first(), this.#last()];
    if (from >= 0 && from !== to) return this.#join(from, to);
    toast("Choose two things to link: the second with Shift");
    return Promise.resolve();
  }

  async #join(from: number, to: number): Promise<void> {
    const [source, target] = [this.#scene.dot(from), this.#scene.dot(to)];
    const found = await askPhrase(this.#scene, source, target);
    if (!found) return;
    const [first, phrase, then] = found;
    await record([{ connect: [first.ref, phrase, then.ref] }], { says: `${first.title} ${phrase} ${then.title}` });
    this.#box.focus({ preventScroll: true });
  }

  #tell(): void {
    const { over, edge, chosen } = this.#lit;
    const at = over >= 0 ? over : this.#last();
    const line = this.#scene.edges[edge];
    if (line && over < 0) {
      this.#says.textContent = `${this.#scene.dot(line.source).title} ${this.#scene.phrases[line.phrase]} ${this.#scene.dot(line.target).title}`;
    } else if (at >= 0 && this.#scene.dots[at]) {
      const dot = this.#scene.dot(at);
      const count = this.#scene.near[at]?.length ?? 0;
      const parts = [dot.title, dot.kind, dot.stage, dot.said, dot.changed, dot.missing ? "no such thing" : `${count} links here`, dot.more ? `${dot.more} more not drawn` : "", chosen.size > 1 ? `${chosen.size} chosen` : ""];
      this.#says.textContent = parts.filter(Boolean).join(" · ");
    } else {
      this.#says.textContent = this.#lit.sought ? `${this.#lit.sought.size} found` : "";
    }
  }

  /** Places put by hand stand in the address, so that a link and a kept view hold them. */
  #kept(): Record<string, Place> {
    const parts = (new URL(location.href).searchParams.get("places") ?? "").split(";");
    const put = parts.map((part) => part.trim().split(/\s+/)).filter((words) => words.length === 3);
    return Object.fromEntries(put.map(([ref, x, y]) => [ref!, [Number(x), Number(y)]]));
  }

  #keep(): void {
    const places = Object.entries(this.#scene.places()).slice(-MOST_PUT);
    this.#say(places.map(([ref, [x, y]]) => `${ref} ${x} ${y}`).join("; "));
  }

  #say(places: string): void {
    const url = new URL(location.href);
    if (places) url.searchParams.set("places", places);
    else url.searchParams.delete("places");
    history.replaceState(history.state, "", url);
    window.clearTimeout(this.#told);
    this.#told = window.setTimeout(() => void refresh(), 600);
  }

  #forget(): void {
    this.#say("");
    const given = json<Given>(this);
    const before = this.#scene;
    this.#scene = new Scene(given);
    this.#painter.renew(this.#scene, this);
    this.#glide(before);
  }
}

customElements.define("net-map", NetMap);

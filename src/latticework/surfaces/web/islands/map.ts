/** The map: a canvas in place of the drawing, that pointers and keys move, open and link. */

import { h, json, navigate, refresh, thingUrl, type Renewable } from "./shared/page";
import { Choosing } from "./map/choosing";
import { glide } from "./map/glide";
import { hands } from "./map/hands";
import { fit, zoom, type Lens, type Lit } from "./map/lens";
import { Overview } from "./map/overview";
import { Painter } from "./map/paint";
import { keepPlaces, placesHere } from "./map/places";
import { sayingOf } from "./map/saying";
import { Scene, type Given } from "./map/scene";
import { tools } from "./map/tools";
import type { Wishes } from "./map/wishes";

const STILL_MS = 80;
const TOLD_MS = 600;

class NetMap extends HTMLElement implements Renewable {
  #scene = new Scene({ dots: [], edges: [], phrases: [], tones: [], layered: false, clustered: false, joins: [] });
  #lens: Lens = { k: 1, x: 0, y: 0 };
  #lit: Lit = { over: -1, edge: -1, chosen: new Set(), sought: null, drawing: null, frame: null };
  #overview = new Overview(this.#lens, () => this.#size, (settled) => this.#paint(settled));
  #painter!: Painter;
  #choosing!: Choosing;
  #box!: HTMLElement;
  #says!: HTMLElement;
  #scale = h("output", { class: "map-scale", "aria-label": "Scale" });
  #due = 0;
  #still = 0;
  #told = 0;
  #ends: (() => void)[] = [];

  connectedCallback(): void {
    const box = this.querySelector<HTMLElement>(".map-box");
    const given = json<Given | null>(this);
    if (!box || !given || this.dataset.live !== undefined) return;
    this.#scene = new Scene(given);
    this.#scene.place(placesHere());
    this.dataset.live = "";
    this.#box = box;
    this.#says = h("p", { class: "map-says", "aria-live": "polite" });
    const canvas = h("canvas", { class: "map-canvas", "aria-hidden": "true" });
    box.append(canvas, this.#overview.canvas, this.#says);
    box.setAttribute("role", "application");
    box.setAttribute("aria-roledescription", "map");
    box.scrollTo(0, 0);
    this.querySelector(".map-bar")?.append(this.#tools());
    this.#painter = new Painter(canvas, this.#scene, this);
    const wishes = this.#wishes();
    this.#choosing = new Choosing(wishes);
    hands(canvas, wishes);
    const watch = new ResizeObserver(() => this.#sized());
    watch.observe(box);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const recolour = () => this.#show();
    dark.addEventListener("change", recolour);
    this.#ends = [() => watch.disconnect(), () => dark.removeEventListener("change", recolour), this.#choosing.keys(box)];
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
    this.#show(before);
  }

  get #size(): [number, number] {
    return [this.#box.clientWidth, this.#box.clientHeight];
  }

  /** Another scene, or other colours; dots come from where they lay before. */
  #show(before = this.#scene): void {
    this.#painter.renew(this.#scene, this);
    this.#overview.take(this.#scene, this.#painter.colours);
    if (before === this.#scene) return this.#paint();
    glide(before, this.#scene, (last) => {
      this.#painter.moved();
      if (last) this.#paint();
      else this.#painter.paint(this.#lens, this.#lit, false);
    });
  }

  #wishes(): Wishes {
    return {
      scene: () => this.#scene,
      lens: this.#lens,
      lit: this.#lit,
      size: () => this.#size,
      focus: () => this.#box.focus({ preventScroll: true }),
      paint: (settled = true) => this.#paint(settled),
      fit: () => this.#fit(true),
      zoom: (by) => this.#zoom(by),
      find: () => this.querySelector<HTMLInputElement>(".map-tools input")?.focus(),
      choose: (at, more) => this.#choosing.choose(at, more),
      open: (at) => navigate(thingUrl(this.#scene.dot(at).ref)),
      expand: (at) => this.#choosing.expand(at),
      moved: () => this.#put(),
      join: (from, to) => void this.#choosing.join(from, to),
    };
  }

  /** Paint at once with the words that stood before; which have room is told once all is still. */
  #paint(settled = true): void {
    cancelAnimationFrame(this.#due);
    window.clearTimeout(this.#still);
    this.#due = requestAnimationFrame(() => {
      this.#painter.paint(this.#lens, this.#lit, false);
      this.#overview.show(this.#painter.colours);
      this.#scale.textContent = `${Math.round(this.#lens.k * 100)} %`;
      if (!settled) return;
      this.#says.textContent = sayingOf(this.#scene, this.#lit);
      this.#still = window.setTimeout(() => this.#painter.paint(this.#lens, this.#lit, true), STILL_MS);
    });
  }

  #sized(): void {
    this.#painter.size(...this.#size);
    this.#overview.take(this.#scene, this.#painter.colours);
    this.#paint();
  }

  #fit(all = false): void {
    fit(this.#lens, this.#scene, ...this.#size, all);
    this.#paint();
  }

  #zoom(by: number): void {
    const [width, height] = this.#size;
    zoom(this.#lens, by, width / 2, height / 2);
    this.#paint();
  }

  #tools(): HTMLElement {
    const deeds = {
      seek: (text: string) => this.#choosing.seek(text),
      next: () => this.#choosing.next(),
      leave: () => this.#box.focus(),
      zoom: (by: number) => this.#zoom(by),
      fit: () => this.#fit(true),
      forget: () => this.#forget(),
    };
    return tools(deeds, this.#scale);
  }

  /** Keep where dots were put, and let the page's own links know of it. */
  #put(): void {
    this.#painter.moved();
    keepPlaces(this.#scene.places());
    window.clearTimeout(this.#told);
    this.#told = window.setTimeout(() => void refresh(), TOLD_MS);
  }

  #forget(): void {
    const before = this.#scene;
    this.#scene = new Scene(json<Given>(this));
    this.#put();
    this.#show(before);
  }
}

customElements.define("net-map", NetMap);

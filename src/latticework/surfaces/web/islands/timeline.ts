/** The timeline: bars moved by their ends or their middle, zoom by wheel and keys. */

import { record, type Fields } from "./shared/http";
import { keys } from "./shared/keys";
import { h, navigate, past, refresh, svg, thingUrl } from "./shared/page";
import { peek } from "./shared/peek";
import { dayOf, moved, said, wordsOf, type Ends, type Grip } from "./timeline/days";

interface Held {
  bar: SVGGElement;
  grip: Grip;
  x: number;
  by: number;
}

const GRIP = 7;
const WHEEL = 90;

class TimeLine extends HTMLElement {
  #held: Held | null = null;
  #wheel = 0;
  #waiting = 0;
  #nudge = { bar: null as SVGGElement | null, grip: "both" as Grip, by: 0 };
  #ends: (() => void)[] = [];

  connectedCallback(): void {
    if (this.dataset.live !== undefined) return;
    this.#live();
    const scroll = this.#scroll;
    scroll.addEventListener("pointerdown", (event) => this.#down(event));
    scroll.addEventListener("pointermove", (event) => this.#move(event));
    scroll.addEventListener("pointerup", (event) => this.#up(event));
    scroll.addEventListener("pointercancel", () => this.#letGo());
    scroll.addEventListener("wheel", (event) => this.#rolled(event), { passive: false });
    scroll.addEventListener("keydown", (event) => this.#key(event));
    scroll.addEventListener("keyup", (event) => event.key.startsWith("Arrow") && this.#settleSoon());
    scroll.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("click", (event) => this.#links(event));
    const renewed = () => this.isConnected && this.#live();
    document.addEventListener("renewed", renewed);
    this.#ends = [
      () => document.removeEventListener("renewed", renewed),
      keys(
        {
          "+": { says: "Nearer", run: () => this.#zoom("nearer") },
          "-": { says: "Farther", run: () => this.#zoom("farther") },
          t: { says: "Go to today", run: () => this.#today(true) },
        },
        scroll,
      ),
    ];
    this.#today(false);
  }

  disconnectedCallback(): void {
    for (const end of this.#ends) end();
  }

  get #scroll(): HTMLElement {
    return this.querySelector<HTMLElement>(".timeline-scroll")!;
  }

  get #pixels(): number {
    return Number(this.dataset.pixels);
  }

  /** Every bar that has fields to change can be reached by keys and taken hold of. */
  #live(): void {
    this.dataset.live = "";
    for (const bar of this.querySelectorAll<SVGGElement>(".tl-bar")) {
      const [begins, ends] = setsOf(bar);
      bar.setAttribute("tabindex", "0");
      bar.setAttribute("role", "button");
      bar.setAttribute("aria-label", bar.querySelector("title")?.textContent ?? "");
      bar.toggleAttribute("data-moves", !past() && !!(begins || ends));
    }
  }

  #today(smooth: boolean): void {
    const today = this.querySelector<SVGPathElement>("#today");
    const x = Number(/M([\d.]+)/.exec(today?.getAttribute("d") ?? "")?.[1] ?? Number.NaN);
    if (Number.isNaN(x)) return;
    const names = this.querySelector(".timeline-names")?.clientWidth ?? 0;
    const room = this.#scroll.clientWidth - names;
    const still = !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#scroll.scrollTo({ left: x - room * 0.62, behavior: still ? "instant" : "smooth" });
  }

  #gripAt(bar: SVGGElement, event: PointerEvent): Grip {
    const [begins, ends] = setsOf(bar);
    const hit = bar.querySelector(".tl-hit")!.getBoundingClientRect();
    const slack = Math.min(GRIP + 6, hit.width / 3);
    if (begins && event.clientX < hit.left + slack) return "begin";
    if (ends && event.clientX > hit.right - slack) return "end";
    return begins || !ends ? "both" : "end";
  }

  #down(event: PointerEvent): void {
    const bar = (event.target as Element).closest<SVGGElement>(".tl-bar[data-moves]");
    if (!bar || event.button !== 0) return;
    this.#settle();
    this.#held = { bar, grip: this.#gripAt(bar, event), x: event.clientX, by: 0 };
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
    bar.focus({ preventScroll: true });
  }

  #move(event: PointerEvent): void {
    const held = this.#held;
    if (!held) {
      const bar = (event.target as Element).closest<SVGGElement>(".tl-bar[data-moves]");
      if (bar) bar.dataset.grip = this.#gripAt(bar, event);
      return;
    }
    held.by = Math.round((event.clientX - held.x) / this.#pixels);
    held.bar.classList.add("tl-held");
    this.#show(held.bar, held.grip, held.by);
  }

  #up(event: PointerEvent): void {
    const held = this.#held;
    this.#held = null;
    if (!held) return;
    held.bar.classList.remove("tl-held");
    if (held.by) void this.#send(held.bar, held.grip, held.by);
    else if (Math.abs(event.clientX - held.x) < 3) void peek(held.bar.dataset.bar ?? "");
  }

  #letGo(): void {
    if (this.#held) this.#back(this.#held.bar);
    this.#held = null;
  }

  /** Draw a bar as it would lie, with its new days beside it. */
  #show(bar: SVGGElement, grip: Grip, by: number): void {
    const ends = endsOf(bar);
    const next = moved(ends, grip, by);
    const first = ((next[1] ?? 0) - (ends[1] ?? 0)) * this.#pixels;
    const last = ((next[3] ?? next[2] ?? 0) - (ends[3] ?? ends[2] ?? 0)) * this.#pixels;
    const parts = [...bar.querySelectorAll<SVGElement>("rect:not(.tl-hit):not(.tl-ghost), .tl-point")];
    for (const part of parts) shift(part, grip, first, last);
    bar.querySelector(".tl-late")?.setAttribute("visibility", by ? "hidden" : "visible");
    bar.querySelector(".tl-say")?.remove();
    if (!by) return;
    const right = Math.max(...parts.map((part) => Number(part.getAttribute("x") ?? 0) + Number(part.getAttribute("width") ?? 8)));
    const day = grip === "begin" ? next[1] : next[3] ?? next[2];
    const begun = grip === "both" && next[1] !== null ? `${said(next[1])} – ` : "";
    const says = day === null || day === undefined ? "" : begun + said(day);
    bar.append(svg("text", { class: "tl-say", x: right + 8, y: Number(bar.dataset.y) + 19 }, says));
  }

  #back(bar: SVGGElement): void {
    bar.classList.remove("tl-sent", "tl-held");
    this.#show(bar, "both", 0);
  }

  /** Record the new days; where they are refused the bar flies back and a notice says why. */
  async #send(bar: SVGGElement, grip: Grip, by: number): Promise<void> {
    const ref = bar.dataset.bar ?? "";
    const [begins, ends] = setsOf(bar);
    const next = moved(endsOf(bar), grip, by);
    const fields: Fields = {};
    if (begins && grip !== "end" && next[1] !== null) fields[begins] = wordsOf(next[0], next[1]);
    if (ends && grip !== "begin" && (next[2] ?? next[3]) !== null) fields[ends] = wordsOf(next[2], next[3]);
    if (!Object.keys(fields).length) return this.#back(bar);
    bar.classList.add("tl-sent");
    const pairs = Object.entries(fields).map(([name, value]) => `${name} ${String(value)}`);
    const receipt = await record([{ put: ref, fields }], { says: pairs.join(", ") });
    if (!receipt) this.#back(bar);
    else bar.classList.remove("tl-sent");
  }

  /** Left and right move a bar by a day, with Shift by a week; with Alt only its end, with Ctrl its beginning. */
  #key(event: KeyboardEvent): void {
    const bar = (event.target as Element).closest<SVGGElement>(".tl-bar");
    if (!bar) return;
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const bars = [...this.querySelectorAll<SVGGElement>(".tl-bar")];
      bars[bars.indexOf(bar) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    } else if (event.key === "Enter") {
      navigate(thingUrl(bar.dataset.bar ?? ""));
    } else if (event.key === " ") {
      event.preventDefault();
      void peek(bar.dataset.bar ?? "");
    } else if (side && bar.hasAttribute("data-moves")) {
      event.preventDefault();
      const [begins, ends] = setsOf(bar);
      const grip: Grip = event.altKey && ends ? "end" : event.ctrlKey && begins ? "begin" : begins ? "both" : "end";
      if (this.#nudge.bar !== bar || this.#nudge.grip !== grip) this.#settle();
      this.#nudge = { bar, grip, by: this.#nudge.by + side * (event.shiftKey ? 7 : 1) };
      this.#show(bar, grip, this.#nudge.by);
      window.clearTimeout(this.#waiting);
    }
  }

  /** Several presses are one change. */
  #settleSoon(): void {
    window.clearTimeout(this.#waiting);
    this.#waiting = window.setTimeout(() => this.#settle(), 600);
  }

  #settle(): void {
    const { bar, grip, by } = this.#nudge;
    this.#nudge = { bar: null, grip: "both", by: 0 };
    if (bar && by) void this.#send(bar, grip, by);
  }

  #rolled(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.#wheel += event.deltaY;
    if (Math.abs(this.#wheel) < WHEEL) return;
    const way = this.#wheel < 0 ? "nearer" : "farther";
    this.#wheel = 0;
    void this.#zoom(way, event.clientX);
  }

  /** The next step of the scale; what lies under the pointer, or in the middle, stays there. */
  async #zoom(way: "nearer" | "farther", x?: number): Promise<void> {
    const link = this.querySelector<HTMLAnchorElement>(`[data-zoom-to="${way}"]`);
    if (link) await this.#to(link.href, x);
  }

  async #to(href: string, x?: number): Promise<void> {
    const box = this.#scroll.getBoundingClientRect();
    const names = this.querySelector(".timeline-names")?.clientWidth ?? 0;
    const across = x === undefined ? names + (box.width - names) / 2 : x - box.left;
    const origin = dayOf(this.dataset.origin ?? "") ?? 0;
    const day = origin + (this.#scroll.scrollLeft + across - names) / this.#pixels;
    history.replaceState(null, "", href);
    await refresh();
    const next = dayOf(this.dataset.origin ?? "") ?? 0;
    this.#scroll.scrollLeft = (day - next) * this.#pixels - across + names;
  }

  #clicked(event: MouseEvent): void {
    const bar = (event.target as Element).closest<SVGGElement>(".tl-bar:not([data-moves])");
    if (bar) void peek(bar.dataset.bar ?? "");
  }

  #links(event: MouseEvent): void {
    if (event.metaKey || event.ctrlKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>(".timeline-zoom a, .timeline-steps a, [data-today]");
    if (!link) return;
    event.preventDefault();
    if (link.hasAttribute("data-today")) this.#today(true);
    else void this.#to(link.href);
  }
}

/** Things without a day get one from a small calendar beside their name. */
document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-dates]");
  if (!link || past() || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  const { dates = "", field = "" } = link.dataset;
  const input = h("input", { type: "date", "aria-label": `${field} of ${dates}` });
  input.addEventListener("change", () => {
    if (input.value) void record([{ put: dates, fields: { [field]: input.value } }], { says: `${field} ${input.value}` });
  });
  input.addEventListener("keydown", (key) => key.key === "Escape" && input.replaceWith(link));
  link.replaceWith(input);
  input.focus();
  input.showPicker?.();
});

function setsOf(bar: SVGGElement): [string, string] {
  const [begins = "", ends = ""] = (bar.dataset.sets ?? "").split("|");
  return [begins, ends];
}

function endsOf(bar: SVGGElement): Ends {
  const [begin, begun, over, ended] = (bar.dataset.days ?? "").split(",").map(dayOf);
  return [begin ?? null, begun ?? null, over ?? null, ended ?? null];
}

/** Move or stretch a part of a bar, from where the server drew it. */
function shift(part: SVGElement, grip: Grip, first: number, last: number): void {
  if (part.classList.contains("tl-point")) return void part.setAttribute("transform", `translate(${last} 0)`);
  const x = Number((part.dataset.x ??= part.getAttribute("x") ?? "0"));
  const width = Number((part.dataset.width ??= part.getAttribute("width") ?? "0"));
  const solid = part.classList.contains("tl-solid");
  const starts = part.classList.contains("tl-soft-in");
  const left = grip === "end" && !starts && !solid ? last : starts || solid || grip === "both" ? first : 0;
  part.setAttribute("x", String(x + (grip === "end" && solid ? 0 : left)));
  if (solid) part.setAttribute("width", String(Math.max(width + last - first, 1.5)));
}

customElements.define("time-line", TimeLine);

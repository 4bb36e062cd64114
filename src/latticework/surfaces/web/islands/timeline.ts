/** The timeline: bars moved by their ends or their middle, zoom by wheel, keys and two fingers. */

import { keys } from "./shared/keys";
import { navigate, past, refresh, thingUrl, type Renewable } from "./shared/page";
import { peek } from "./shared/peek";
import { setsOf, type Bar } from "./timeline/bars";
import { datesByHand } from "./timeline/dates";
import { dayOf } from "./timeline/days";
import { take, untabled } from "./timeline/fresh";
import { Hold } from "./timeline/hold";
import { openingOf } from "./timeline/opening";
import { printed } from "./timeline/paper";
import { pinches } from "./timeline/pinch";

const WHEEL = 90;
/** How far from the left of its window today is shown. */
const TODAY = 0.62;

class TimeLine extends HTMLElement implements Renewable {
  #hold = new Hold(() => this.#pixels);
  #wheel = 0;
  #anchor = 0;
  #ends: (() => void)[] = [];

  connectedCallback(): void {
    if (this.dataset.live !== undefined) return;
    this.dataset.live = "";
    this.#dress(this.querySelectorAll<Bar>(".tl-bar"));
    const scroll = this.#scroll;
    scroll.addEventListener("pointerdown", (event) => this.#hold.down(event));
    scroll.addEventListener("pointermove", (event) => this.#hold.move(event));
    scroll.addEventListener("pointerup", (event) => this.#hold.up(event));
    scroll.addEventListener("pointercancel", () => this.#hold.letGo());
    scroll.addEventListener("wheel", (event) => this.#rolled(event), { passive: false });
    scroll.addEventListener("keydown", (event) => this.#key(event));
    scroll.addEventListener("keyup", (event) => event.key.startsWith("Arrow") && this.#hold.settleSoon());
    scroll.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("click", (event) => this.#links(event));
    pinches(scroll, { begin: () => this.#hold.letGo(), stretch: (by, x) => this.#stretch(by, x), end: (by, x) => this.#nearest(by, x) });
    this.#ends = [
      keys(
        {
          "+": { says: "Nearer", run: () => this.#zoom("nearer") },
          "-": { says: "Farther", run: () => this.#zoom("farther") },
          t: { says: "Go to today", run: () => this.#today() },
        },
        scroll,
      ),
    ];
    printed(this);
    this.#open();
  }

  disconnectedCallback(): void {
    for (const end of this.#ends) end();
  }

  /** Take the server's fresh drawing whole: telling two drawings of many bars apart takes far longer. */
  renew(fresh: Element): void {
    if (this.#hold.busy) return;
    const bar = document.activeElement?.closest<HTMLElement>("[data-bar]")?.dataset.bar;
    const name = document.activeElement?.closest<HTMLElement>(".timeline-names [data-ref]")?.dataset.ref;
    for (const { name: each, value } of fresh.attributes) this.setAttribute(each, value);
    take(this, fresh, (bars) => this.#dress(bars));
    const seek = bar ? `[data-bar="${CSS.escape(bar)}"]` : name ? `.timeline-names [data-ref="${CSS.escape(name)}"]` : "";
    if (seek) this.querySelector<HTMLElement>(seek)?.focus({ preventScroll: true });
  }

  get #scroll(): HTMLElement {
    return this.querySelector<HTMLElement>(".timeline-scroll")!;
  }

  get #pixels(): number {
    return Number(this.dataset.pixels);
  }

  get #names(): number {
    return this.querySelector(".timeline-names")?.clientWidth ?? 0;
  }

  /** Every bar that has fields to change can be reached by keys and taken hold of. */
  #dress(bars: Iterable<Bar>): void {
    const readOnly = past();
    for (const bar of bars) {
      const [begins, ends] = setsOf(bar);
      bar.setAttribute("tabindex", "0");
      bar.setAttribute("role", "button");
      bar.setAttribute("aria-label", bar.querySelector("title")?.textContent ?? "");
      bar.toggleAttribute("data-moves", !readOnly && !!(begins || ends));
    }
  }

  /** Where the window would begin so that today is seen; not a number without one. */
  get #now(): number {
    const x = Number(/M([\d.]+)/.exec(this.querySelector("#today")?.getAttribute("d") ?? "")?.[1] ?? Number.NaN);
    return x - (this.#scroll.clientWidth - this.#names) * TODAY;
  }

  #open(): void {
    const now = this.#now;
    if (!Number.isNaN(now)) this.#scroll.scrollLeft = openingOf(this.#scroll, this.#scroll.clientWidth - this.#names, now);
  }

  #today(): void {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!Number.isNaN(this.#now)) this.#scroll.scrollTo({ left: this.#now, behavior: still ? "instant" : "smooth" });
  }

  /** Left and right move a bar; up and down go to the next. */
  #key(event: KeyboardEvent): void {
    const bar = (event.target as Element).closest<Bar>(".tl-bar");
    if (!bar) return;
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const bars = [...this.querySelectorAll<Bar>(".tl-bar")];
      bars[bars.indexOf(bar) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    } else if (event.key === "Enter") {
      navigate(thingUrl(bar.dataset.bar ?? ""));
    } else if (event.key === " ") {
      event.preventDefault();
      void peek(bar.dataset.bar ?? "");
    } else if (side && bar.hasAttribute("data-moves")) {
      event.preventDefault();
      this.#hold.nudge(bar, side, event);
    }
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
    if (link) await this.#to(link, x);
  }

  /** Show at once what is drawn, wider or narrower round a point of the window. */
  #stretch(by: number, x: number): void {
    const box = this.#scroll.getBoundingClientRect();
    const across = x - box.left - this.#names;
    if (!this.#anchor) this.#anchor = this.#scroll.scrollLeft + across;
    for (const drawing of this.querySelectorAll<SVGElement>(".timeline-head, .timeline-body")) {
      Object.assign(drawing.style, { transformOrigin: `${this.#anchor}px 0`, transform: by === 1 ? "" : `scaleX(${by})` });
    }
    if (by === 1) this.#anchor = 0;
  }

  /** The step of the scale that is nearest to how far it was stretched. */
  #nearest(by: number, x: number): void {
    const steps = [...this.querySelectorAll<HTMLAnchorElement>("[data-scale]")];
    const far = (link: HTMLAnchorElement) => Math.abs(Math.log(Number(link.dataset.scale) / (this.#pixels * by)));
    const best = steps.reduce((one, other) => (far(other) < far(one) ? other : one), steps[0]!);
    if (best && !best.hasAttribute("aria-current")) void this.#to(best, x);
    else this.#stretch(1, x);
  }

  async #to(link: HTMLAnchorElement, x?: number): Promise<void> {
    const box = this.#scroll.getBoundingClientRect();
    const names = this.#names;
    const across = x === undefined ? names + (box.width - names) / 2 : x - box.left;
    const origin = dayOf(this.dataset.origin ?? "") ?? 0;
    const day = origin + (this.#scroll.scrollLeft + across - names) / this.#pixels;
    const scale = Number(this.querySelector<HTMLElement>(`[data-scale][href="${CSS.escape(link.getAttribute("href") ?? "")}"]`)?.dataset.scale);
    if (scale) this.#stretch(scale / this.#pixels, across + box.left);
    this.#hold.settle();
    history.replaceState(null, "", link.href);
    const table = this.parentElement?.querySelector(".as-table");
    table?.setAttribute("data-keep", "");
    await refresh(untabled);
    table?.removeAttribute("data-keep");
    this.#stretch(1, 0);
    const next = dayOf(this.dataset.origin ?? "") ?? 0;
    this.#scroll.scrollLeft = (day - next) * this.#pixels - across + names;
  }

  #clicked(event: MouseEvent): void {
    const bar = (event.target as Element).closest<Bar>(".tl-bar:not([data-moves])");
    if (bar) void peek(bar.dataset.bar ?? "");
  }

  #links(event: MouseEvent): void {
    if (event.metaKey || event.ctrlKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>(".timeline-zoom a, .timeline-steps a, [data-today]");
    if (!link) return;
    event.preventDefault();
    if (link.hasAttribute("data-today")) this.#today();
    else void this.#to(link);
  }
}

datesByHand();
customElements.define("time-line", TimeLine);

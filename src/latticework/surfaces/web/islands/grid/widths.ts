/** Widths of columns: what fits, what the reader gives them by pointer or keys, kept in the address. */

import { h } from "../shared/page";
import { headsOf } from "./heads";

const NAME = "wide";
const LEAST = 48;
const TEXT_LEAST = 144;
const STEP = 16;
const MOST_FOR_REFS = 120;
const REFS_LEAST = 112;

export class Widths {
  private widths: number[] = [];

  constructor(
    private readonly table: HTMLTableElement,
    private readonly room: () => number,
    private readonly names: () => string[],
  ) {}

  /** Let columns keep their widths while rows come and go. */
  settle(): void {
    const heads = this.heads;
    this.table.style.width = "max-content";
    this.widths = heads.map((each) => each.getBoundingClientRect().width);
    const said = asked();
    const free = this.names().map((name) => !said.has(name));
    this.names().forEach((name, at) => (this.widths[at + 1] = said.get(name) ?? this.widths[at + 1] ?? LEAST));
    this.fit(free);
    this.apply();
    for (const [at, name] of this.names().entries()) this.edge(heads[at + 1], at + 1, name);
  }

  /** Give what is spare to titles and refs; take what lacks from the widest texts. */
  private fit(free: boolean[]): void {
    const last = this.widths.length - 1;
    const spare = this.room() - this.sum;
    if (spare >= 0) {
      const forRefs = last > 1 && free[last - 1] ? Math.min(spare / 2, MOST_FOR_REFS) : 0;
      this.widths[last] = (this.widths[last] ?? 0) + forRefs;
      if (free[0]) this.widths[1] = (this.widths[1] ?? 0) + spare - forRefs;
      return;
    }
    let lacks = -spare - this.refsGive(-spare, free);
    const heads = this.heads;
    const texts = this.widths.map((_, at) => at).filter((at) => at && free[at - 1] && !heads[at]?.classList.contains("right"));
    while (lacks > 1) {
      const wide = texts.filter((at) => (this.widths[at] ?? 0) > TEXT_LEAST).sort((a, b) => (this.widths[b] ?? 0) - (this.widths[a] ?? 0));
      const [first, next] = wide;
      if (first === undefined) return;
      const ties = wide.filter((at) => (this.widths[at] ?? 0) > (this.widths[first] ?? 0) - 1);
      const floor = Math.max(...wide.filter((at) => !ties.includes(at)).map((at) => this.widths[at] ?? 0), TEXT_LEAST);
      const cut = Math.min((this.widths[first] ?? 0) - (next === undefined ? TEXT_LEAST : floor), lacks / ties.length);
      for (const at of ties) this.widths[at] = (this.widths[at] ?? 0) - cut;
      lacks -= cut * ties.length;
    }
  }

  /** Refs give way before titles, which say what a row is; how much they gave. */
  private refsGive(lacks: number, free: boolean[]): number {
    const at = this.names().lastIndexOf("ref") + 1;
    if (!at || !free[at - 1]) return 0;
    const gives = Math.min(Math.max((this.widths[at] ?? 0) - REFS_LEAST, 0), lacks);
    this.widths[at] = (this.widths[at] ?? 0) - gives;
    return gives;
  }

  private get heads(): HTMLElement[] {
    return headsOf(this.table) as HTMLElement[];
  }

  private get sum(): number {
    return this.widths.reduce((whole, each) => whole + each, 0);
  }

  private apply(): void {
    this.heads.forEach((each, at) => (each.style.width = `${this.widths[at]}px`));
    this.table.style.width = `${Math.max(this.sum, 0)}px`;
  }

  /** What is pulled, or moved by keys, to make a column wider or narrower. */
  edge(head: HTMLElement | undefined, at: number, name: string): void {
    if (!head || head.querySelector(".grid-edge")) return;
    const edge = h("span", { class: "grid-edge", role: "separator", "aria-orientation": "vertical", tabindex: "0", "aria-label": `Width of ${name}`, "aria-valuemin": LEAST, "aria-valuemax": 2000 });
    const say = () => edge.setAttribute("aria-valuenow", String(Math.round(this.widths[at] ?? 0)));
    const set = (width: number) => {
      this.widths[at] = Math.max(width, LEAST);
      this.apply();
      say();
    };
    say();
    edge.addEventListener("pointerdown", (down) => {
      if (down.button) return;
      down.preventDefault();
      edge.setPointerCapture(down.pointerId);
      const from = (this.widths[at] ?? 0) - down.clientX;
      const move = (event: PointerEvent) => set(from + event.clientX);
      edge.addEventListener("pointermove", move);
      const end = () => {
        edge.removeEventListener("pointermove", move);
        keep(name, this.widths[at] ?? LEAST);
      };
      edge.addEventListener("lostpointercapture", end, { once: true });
    });
    edge.addEventListener("click", (event) => event.preventDefault());
    edge.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (!by) return;
      event.preventDefault();
      set((this.widths[at] ?? 0) + by);
      keep(name, this.widths[at] ?? LEAST);
    });
    head.append(edge);
  }
}

/** The widths that the address says, by column. */
function asked(): Map<string, number> {
  const said = new URLSearchParams(location.search).get(NAME) ?? "";
  const pairs = said.split(";").map((each) => [each.slice(0, each.lastIndexOf(":")), Number(each.slice(each.lastIndexOf(":") + 1))] as const);
  return new Map(pairs.filter(([name, width]) => name && width >= LEAST && width <= 2000));
}

/** Say a column's width in the address, and in every way that leads on from here with this table. */
function keep(name: string, width: number): void {
  const said = new Map(asked()).set(name, Math.round(width));
  const text = [...said].map(([each, pixels]) => `${each}:${pixels}`).join(";");
  const url = new URL(location.href);
  url.searchParams.set(NAME, text);
  history.replaceState(history.state, "", url);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('lw-grid thead a, .asker-chips a, .lens-save, .grid-block .pages a')) {
    const href = new URL(link.href);
    href.searchParams.set(NAME, text);
    link.href = href.pathname + href.search;
  }
  for (const form of document.querySelectorAll<HTMLFormElement>("form.lens-form, form.column-choice")) {
    const field = form.querySelector<HTMLInputElement>(`input[name="${NAME}"]`) ?? form.appendChild(h("input", { type: "hidden", name: NAME }));
    field.value = text;
  }
}

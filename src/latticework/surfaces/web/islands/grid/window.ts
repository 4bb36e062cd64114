/** Rows of a long table: those that are seen are here, the others are fetched when they come up. */

import { ask, isProblem } from "../shared/http";
import { branch, h } from "../shared/page";
import type { Column, Raw, Row } from "./cells";
import { gap, lay, sized, spare } from "./gaps";
import { Lines, type Section } from "./lines";

const CHUNK = 100;
const MORE = 24;
/** Drawn again after so many lines: often, so that little changes each time. */
const STEP = 6;
/** So many lines ahead of the reader are fetched before they are reached. */
const AHEAD = 120;
const PACE_MS = 40;
const KEPT = 4_000;
/** So many rows are fetched at once where many are wanted, and so many times side by side. */
const BLOCK = 500;
const ABREAST = 3;

interface Part {
  total: number;
  head: number;
  html: string;
  columns: Column[];
  refs: string[];
  kinds: string[];
  raw: Raw[][];
}

/** What came with rows: up to which entry they tell, and how their cells are written in. */
export type Heard = Pick<Part, "head" | "columns">;

/** Drawn rows and what is written in them, as rows of a table. */
export function rowsFrom(part: Pick<Part, "refs" | "kinds" | "raw">, drawn: Iterable<HTMLTableRowElement>): Row[] {
  return [...drawn].map((html, at) => ({ ref: part.refs[at] ?? "", kind: part.kinds[at] ?? "", raw: part.raw[at] ?? [], html }));
}

export class Window {
  readonly rows = new Map<number, Row>();
  readonly lines = new Lines();
  height = 34;
  /** While a page is laid out for the printer, nothing is drawn for a screen. */
  still = false;
  total = 0;
  private readonly asked = new Set<number>();
  private readonly above = gap();
  private readonly below = gap();
  private readonly first = spare(this.above);
  private readonly last = spare(this.below);
  private readonly dressed = new WeakSet<Row>();
  private from = 0;
  private to = 0;
  private down = true;
  private timer = 0;
  private age = 0;

  constructor(
    public q: string,
    public readonly nest: string,
    private readonly scroller: HTMLElement,
    private readonly body: HTMLTableSectionElement,
    private readonly dress: (row: Row, at: number) => void,
    private readonly heard: (part: Heard) => void,
    private readonly fluid: boolean,
    private readonly head: (at: number) => HTMLTableRowElement,
  ) {
    if (!fluid) return;
    scroller.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(scroller);
  }

  /** Put rows in, from one place on; those that are here already stay. */
  put(first: number, rows: Row[]): void {
    rows.forEach((row, index) => {
      if (!this.rows.has(first + index)) this.rows.set(first + index, row);
    });
  }

  /** Forget every row; what is seen is fetched anew. */
  forget(): void {
    this.age += 1;
    this.rows.clear();
    this.asked.clear();
  }

  /** A row as it is drawn; made ready when it is first asked for. */
  ready(at: number): HTMLTableRowElement | undefined {
    const row = this.rows.get(at);
    if (row && !this.dressed.has(row)) {
      this.dressed.add(row);
      this.dress(row, at);
    }
    return row?.html;
  }

  /** Take how many rows there are, and the headings over them. */
  lay(sections: Section[], total: number): void {
    this.total = total;
    this.lines.take(sections, total);
  }

  /** Draw the few rows of a page, each section under its heading. */
  private drawAll(): void {
    const drawn: Node[] = [];
    let last = -1;
    for (const at of [...this.rows.keys()].sort((a, b) => a - b)) {
      const head = this.lines.headOf(at);
      if (head !== last && head >= 0) drawn.push(this.head(head));
      last = head;
      if (this.lines.shows(at)) drawn.push(this.ready(at) as Node);
    }
    this.body.replaceChildren(...drawn);
  }

  /** Draw what is seen and a little more. */
  draw(force = false): void {
    if (this.still) return;
    if (!this.fluid) return force ? this.drawAll() : undefined;
    const { scrollTop } = this.scroller;
    const top = Math.max(Math.floor(scrollTop / this.height) - MORE, 0);
    const bottom = Math.min(Math.ceil((scrollTop + this.scroller.clientHeight) / this.height) + MORE, this.lines.total);
    const settled = Math.abs(top - this.from) < STEP && Math.abs(bottom - this.to) < STEP;
    if (!force && settled && this.to) return;
    this.down = top >= this.from;
    [this.from, this.to] = [top, bottom];
    const drawn: Node[] = [];
    let missing = 0;
    for (let line = top; line < bottom; line += 1) {
      const spot = this.lines.at(line);
      const row = spot && ("row" in spot ? this.ready(spot.row) : this.head(spot.head));
      if (!row) {
        missing += 1;
        continue;
      }
      if (missing) drawn.push(spare(sized(missing * this.height)));
      missing = 0;
      drawn.push(row);
    }
    this.above.style.height = `${top * this.height}px`;
    this.below.style.height = `${(this.lines.total - bottom + missing) * this.height}px`;
    const focused = document.activeElement;
    lay(this.body, [this.first, ...drawn, this.last]);
    // While no row is there, the region is short, and a browser may move it.
    if (this.scroller.scrollTop !== scrollTop) this.scroller.scrollTop = scrollTop;
    if (focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
    this.timer ||= window.setTimeout(() => void this.fetch(), PACE_MS);
  }

  /** Let a row be seen. */
  reveal(at: number): void {
    if (!this.fluid) return void this.rows.get(at)?.html.scrollIntoView({ block: "nearest" });
    this.revealLine(this.lines.lineOf(at));
  }

  /** Let a line be seen. */
  revealLine(line: number): void {
    const head = this.scroller.querySelector("thead")?.clientHeight ?? 0;
    const y = line * this.height;
    if (y < this.scroller.scrollTop) this.scroller.scrollTop = y;
    else if (y + this.height + head > this.scroller.scrollTop + this.scroller.clientHeight) {
      this.scroller.scrollTop = y + this.height + head - this.scroller.clientHeight;
    }
    this.draw();
  }

  /** Fetch the parts of the table that are seen and not here. */
  async fetch(): Promise<void> {
    this.timer = 0;
    const wanted = new Set<number>();
    const [from, to] = this.down ? [this.from, this.to + AHEAD] : [this.from - AHEAD, this.to];
    for (let line = Math.max(from, 0); line < Math.min(to, this.lines.total); line += 1) {
      const spot = this.lines.at(line);
      if (spot && "row" in spot && !this.rows.has(spot.row)) wanted.add(Math.floor(spot.row / CHUNK));
    }
    const chunks = [...wanted].filter((each) => !this.asked.has(each));
    await Promise.all(chunks.map((chunk) => this.load(chunk)));
  }

  /** Whether every row from one to another is here. */
  holds(first: number, last: number): boolean {
    for (let at = first; at <= last; at += 1) if (!this.rows.has(at)) return false;
    return true;
  }

  /** Let every row from one to another be here; on a page of few rows, those that it has. */
  async bring(first: number, last: number): Promise<void> {
    if (!this.fluid) return;
    const lacking: number[] = [];
    for (let from = first - (first % BLOCK); from <= last; from += BLOCK) {
      if (!this.holds(Math.max(from, first), Math.min(from + BLOCK - 1, last))) lacking.push(from);
    }
    this.body.parentElement?.setAttribute("aria-busy", "true");
    while (lacking.length) await Promise.all(lacking.splice(0, ABREAST).map((from) => this.take(from, BLOCK)));
    this.body.parentElement?.removeAttribute("aria-busy");
    this.draw(true);
  }

  private async load(chunk: number): Promise<void> {
    this.asked.add(chunk);
    const age = this.age;
    const done = await this.take(chunk * CHUNK, CHUNK);
    if (age !== this.age) return;
    this.asked.delete(chunk);
    if (!done) return;
    for (const at of this.rows.keys()) {
      if (this.rows.size <= KEPT) break;
      const line = this.lines.lineOf(at);
      if (line < this.from - KEPT / 4 || line > this.to + KEPT / 4) this.rows.delete(at);
    }
    this.draw(true);
  }

  /** Fetch rows from one on; whether they came, and are still wanted. */
  private async take(first: number, most: number): Promise<boolean> {
    const age = this.age;
    const here = new URLSearchParams(location.search);
    const moment = { at: here.get("at") ?? "", known: here.get("known") ?? "", branch: branch() === "main" ? "" : branch() };
    const part = await ask<Part>("/api/table", { q: this.q, nest: this.nest, first, most, ...moment });
    if (age !== this.age || isProblem(part)) return false;
    if (part.total !== this.total) this.lay(this.lines.sections, part.total);
    this.heard(part);
    const holder = h("table", {});
    holder.innerHTML = `<tbody>${part.html}</tbody>`;
    this.put(first, rowsFrom(part, holder.querySelectorAll("tr")));
    return true;
  }
}

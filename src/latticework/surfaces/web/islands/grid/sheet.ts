/** Which cells of a table are here, chosen and spanned, and where the reader stands. */

import { toast } from "../shared/toast";
import type { Bulk } from "./bulk";
import type { Column, Edit, Row } from "./cells";
import type { Heard, Window } from "./window";

export interface Place {
  row: number;
  column: number;
}

/** A row that is chosen, whether it is here or not: what it is, and where it stood. */
export interface Chosen {
  ref: string;
  kind: string;
  at: number;
}

/** So many rows are chosen or pasted into at once. */
export const MOST = 5_000;
const NEAR = 100;

export class Sheet {
  columns: Column[] = [];
  rows!: Window;
  bulk: Bulk | null = null;
  at: Place = { row: 0, column: 0 };
  anchor: Place = { row: 0, column: 0 };
  /** The last entry that the rows tell of. */
  head = 0;
  readonly chosen = new Map<string, Chosen>();
  private awaited = false;
  /** Which choice is the last: one that waits for its rows gives way to a later one. */
  private turn = 0;

  constructor(
    readonly host: HTMLElement,
    readonly fixed: () => boolean,
  ) {}

  row(at: number): Row | undefined {
    return this.rows.rows.get(at);
  }

  cell(row: number, column: number): HTMLTableCellElement | undefined {
    return this.rows.ready(row)?.cells[column + 1];
  }

  editOf(row: Row | undefined, column: number): Edit | undefined {
    return this.fixed() || !row ? undefined : this.columns[column]?.edits[row.kind];
  }

  mark(): void {
    for (const each of this.host.querySelectorAll<HTMLElement>("td.spanned")) each.classList.remove("spanned");
    for (const each of this.host.querySelectorAll<HTMLElement>('td[tabindex="0"]')) each.tabIndex = -1;
    const here = this.cell(this.at.row, this.at.column);
    if (here) here.tabIndex = 0;
    const [top, bottom] = sorted(this.at.row, this.anchor.row);
    const [left, right] = sorted(this.at.column, this.anchor.column);
    if (top === bottom && left === right) return;
    for (const [at, row] of this.rows.rows) {
      if (at < top || at > bottom || !row.html.isConnected) continue;
      for (let column = left; column <= right; column += 1) this.cell(at, column)?.classList.add("spanned");
    }
  }

  /** The cells between the reader and the anchor, line by line; no more than are written at once. */
  get span(): Place[][] {
    const [left, right] = sorted(this.at.column, this.anchor.column);
    const columns = Array.from({ length: right - left + 1 }, (_, index) => left + index);
    return this.spanned.map((row) => columns.map((column) => ({ row, column })));
  }

  private get spanned(): number[] {
    const [top, bottom] = sorted(this.at.row, this.anchor.row);
    const rows = Array.from({ length: Math.min(bottom - top + 1, MOST) }, (_, index) => top + index);
    return rows.filter((row) => this.rows.lines.shows(row));
  }

  go(row: number, column: number, extend = false): void {
    this.at = { row: clamp(row, this.rows.total - 1), column: clamp(column, this.columns.length - 1) };
    if (!extend) this.anchor = this.at;
    this.rows.reveal(this.at.row);
    this.mark();
    this.focusHere();
    if (extend && this.at.row !== this.anchor.row) void this.chooseAll(...sorted(this.at.row, this.anchor.row));
  }

  /** Go so many lines up or down; a heading on the way is stepped on, unless rows are being spanned. */
  step(down: number, extend = false): void {
    const { lines } = this.rows;
    const way = Math.sign(down);
    let line = clamp(lines.lineOf(this.at.row) + down, lines.total - 1);
    for (let spot = lines.at(line); spot; spot = lines.at((line += way))) {
      if ("row" in spot) return this.go(spot.row, this.at.column, extend);
      if (Math.abs(down) === 1 && !extend) return this.goHead(spot.head);
    }
  }

  /** Put the focus on a section's heading. */
  goHead(head: number): void {
    const { rows } = this;
    rows.revealLine(rows.lines.lineOfHead(head));
    this.host.querySelector<HTMLElement>(`tr.group-head[data-head="${head}"] button`)?.focus({ preventScroll: true });
  }

  /** Put the focus where the reader stands, as soon as that row is here. */
  focusHere(): void {
    this.mark();
    const here = this.cell(this.at.row, this.at.column);
    this.awaited = !here;
    here?.focus({ preventScroll: true });
  }

  /** Rows have come, which tell of everything up to an entry. */
  arrived({ head, columns }: Heard): void {
    this.head = head;
    // Rows may be of kinds that nobody has seen yet.
    for (const [at, column] of columns.entries()) Object.assign(this.columns[at]?.edits ?? {}, column.edits);
    if (this.awaited) window.setTimeout(() => this.awaited && this.focusHere(), 0);
  }

  /** Choose the rows that are shown from one to another; those that are not here yet are fetched. */
  async chooseAll(first: number, last: number): Promise<void> {
    const end = Math.min(last, first + MOST - 1, this.rows.total - 1);
    const turn = (this.turn += 1);
    if (!this.rows.holds(first, end)) await this.rows.bring(first, end);
    if (turn !== this.turn) return;
    if (last > end) toast(`These are the first ${MOST.toLocaleString("en")}: no more are changed at once`);
    this.chosen.clear();
    for (let at = first; at <= end; at += 1) if (this.rows.lines.shows(at)) this.add(at);
    this.showChosen();
  }

  /** Of what was chosen, keep what the table still holds where it stood. */
  async chooseAgain(): Promise<void> {
    const turn = (this.turn += 1);
    for (const [first, last] of runsOf([...this.chosen.values()].map((each) => each.at))) await this.rows.bring(first, last);
    if (turn !== this.turn) return;
    const here = new Map([...this.rows.rows].map(([at, row]) => [row.ref, at]));
    for (const { ref } of [...this.chosen.values()]) {
      const at = here.get(ref);
      if (at === undefined) this.chosen.delete(ref);
      else this.add(at);
    }
    this.showChosen();
  }

  clear(): void {
    this.turn += 1;
    this.chosen.clear();
    this.showChosen();
  }

  private add(at: number): void {
    const row = this.row(at);
    if (row) this.chosen.set(row.ref, { ref: row.ref, kind: row.kind, at });
  }

  showChosen(): void {
    this.host.classList.toggle("grid-picking", this.chosen.size > 0);
    for (const row of this.rows.rows.values()) {
      const is = this.chosen.has(row.ref);
      row.html.classList.toggle("chosen", is);
      row.html.setAttribute("aria-selected", String(is));
      const box = row.html.querySelector<HTMLInputElement>(".grid-pick input");
      if (box) box.checked = is;
    }
    const all = this.host.querySelector<HTMLInputElement>("thead .grid-pick input");
    if (all) [all.checked, all.indeterminate] = [this.chosen.size > 0 && this.chosen.size === this.rows.total, this.chosen.size > 0 && this.chosen.size < this.rows.total];
    this.bulk?.show();
  }

  toggle(at: number): void {
    const row = this.row(at);
    if (!row || this.fixed()) return;
    this.turn += 1;
    if (!this.chosen.delete(row.ref)) this.add(at);
    this.showChosen();
  }

  /** The cell that an event is about. */
  spotOf(event: Event): Place | null {
    const cell = event.target instanceof Element ? event.target.closest("td") : null;
    const row = cell?.closest<HTMLElement>("tr[data-at]");
    return cell && row && cell.cellIndex > 0 ? { row: Number(row.dataset["at"]), column: cell.cellIndex - 1 } : null;
  }
}

/** Whether an event is about something in a cell that is pressed for itself. */
export function isPressed(event: Event): boolean {
  return event.target instanceof Element && !!event.target.closest("a, input, summary, button");
}

function sorted(one: number, other: number): [number, number] {
  return one < other ? [one, other] : [other, one];
}

/** Places as runs from one to another, near ones together. */
function runsOf(places: number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const at of places.sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && at - last[1] <= NEAR) last[1] = at;
    else runs.push([at, at]);
  }
  return runs;
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), Math.max(most, 0));
}

/** Which cells of a table are here, chosen and spanned, and where the reader stands. */

import type { Bulk } from "./bulk";
import type { Column, Edit, Row } from "./cells";
import type { Window } from "./window";

export interface Place {
  row: number;
  column: number;
}

export class Sheet {
  columns: Column[] = [];
  rows!: Window;
  bulk: Bulk | null = null;
  at: Place = { row: 0, column: 0 };
  anchor: Place = { row: 0, column: 0 };
  /** The last entry that the rows tell of. */
  head = 0;
  readonly chosen = new Set<string>();
  private awaited = false;

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
    const span = this.span;
    if (span.length * (span[0]?.length ?? 0) > 1) for (const each of span.flat()) this.cell(each.row, each.column)?.classList.add("spanned");
  }

  get span(): Place[][] {
    const [top, bottom] = [this.at.row, this.anchor.row].sort((a, b) => a - b) as [number, number];
    const [left, right] = [this.at.column, this.anchor.column].sort((a, b) => a - b) as [number, number];
    const columns = Array.from({ length: right - left + 1 }, (_, index) => left + index);
    const rows = Array.from({ length: bottom - top + 1 }, (_, index) => top + index).filter((row) => this.rows.lines.shows(row));
    return rows.map((row) => columns.map((column) => ({ row, column })));
  }

  go(row: number, column: number, extend = false): void {
    this.at = { row: clamp(row, this.rows.total - 1), column: clamp(column, this.columns.length - 1) };
    if (!extend) this.anchor = this.at;
    this.rows.reveal(this.at.row);
    this.mark();
    if (extend && this.at.row !== this.anchor.row) this.choose(this.span.map((line) => this.row(line[0]?.row ?? -1)?.ref ?? ""));
    this.focusHere();
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
  arrived(head: number): void {
    this.head = head;
    if (this.awaited) window.setTimeout(() => this.awaited && this.focusHere(), 0);
  }

  choose(refs: string[]): void {
    this.chosen.clear();
    for (const ref of refs) if (ref) this.chosen.add(ref);
    this.showChosen();
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
    this.bulk?.show();
  }

  toggle(row: Row | undefined): void {
    if (!row || this.fixed()) return;
    if (!this.chosen.delete(row.ref)) this.chosen.add(row.ref);
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

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), Math.max(most, 0));
}

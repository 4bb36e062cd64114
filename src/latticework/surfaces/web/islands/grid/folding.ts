/** Headings of sections and rows that hang below others: shut and opened by click and by key. */

import { h } from "../shared/page";
import type { Row } from "./cells";
import type { Sheet } from "./sheet";

export class Folding {
  /** Headings that were made, by their section and what they say. */
  private readonly heads = new Map<string, HTMLTableRowElement>();

  constructor(private readonly sheet: Sheet) {}

  /** The heading of a section, as a row of the table. */
  head(at: number): HTMLTableRowElement {
    const { lines } = this.sheet.rows;
    const html = lines.sections[at]?.html ?? "";
    const made = this.heads.get(`${at} ${html}`) ?? this.made(at, html);
    const button = made.querySelector("button");
    button?.setAttribute("aria-expanded", String(!lines.isShut(at)));
    return made;
  }

  /** Give a row that others hang below what folds them. */
  dress(row: Row, at: number): void {
    const below = Number(row.html.dataset["below"] ?? 0);
    row.html.querySelector(".nest button")?.remove();
    if (!below) return;
    const button = toggle(`What hangs below ${row.ref}`, !this.sheet.rows.lines.isFolded(at));
    row.html.querySelector(".nest")?.append(button);
  }

  click(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const head = target?.closest<HTMLElement>(".group-head");
    if (head && !target?.closest("a")) return this.shut(Number(head.dataset["head"]));
    const row = target?.closest(".nest button")?.closest<HTMLElement>("tr[data-at]");
    if (row) this.fold(Number(row.dataset["at"]));
  }

  /** Whether a key was meant for a heading, or folded something. */
  press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(event.target instanceof HTMLElement)) return false;
    const head = event.target.closest<HTMLElement>(".group-head");
    const done = head ? this.pressHead(Number(head.dataset["head"]), event.key) : this.pressRow(event);
    if (done) event.preventDefault();
    return done;
  }

  private pressHead(head: number, key: string): boolean {
    const { rows } = this.sheet;
    const shut = rows.lines.isShut(head);
    if ((key === "ArrowLeft" && !shut) || (key === "ArrowRight" && shut) || key === "Enter" || key === " ") {
      this.shut(head);
      return true;
    }
    if (key !== "ArrowDown" && key !== "ArrowUp") return false;
    const spot = rows.lines.at(rows.lines.lineOfHead(head) + (key === "ArrowDown" ? 1 : -1));
    if (spot && "row" in spot) this.sheet.go(spot.row, this.sheet.at.column);
    else if (spot) this.sheet.goHead(spot.head);
    return true;
  }

  /** In the first column, to the left folds and to the right unfolds. */
  private pressRow(event: KeyboardEvent): boolean {
    const { at, rows } = this.sheet;
    const cell = event.target instanceof HTMLElement && event.target.closest("tbody td");
    if (!cell || at.column || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return false;
    const below = Number(this.sheet.row(at.row)?.html.dataset["below"] ?? 0);
    const folded = rows.lines.isFolded(at.row);
    if (below && folded === (event.key === "ArrowRight")) {
      this.fold(at.row);
      return true;
    }
    const head = rows.lines.headOf(at.row);
    if (event.key === "ArrowRight" || head < 0) return false;
    this.sheet.goHead(head);
    return true;
  }

  private shut(head: number): void {
    const { rows } = this.sheet;
    rows.lines.toggle(head);
    rows.draw(true);
    this.sheet.goHead(head);
  }

  private fold(at: number): void {
    const { rows } = this.sheet;
    const row = this.sheet.row(at);
    if (!row) return;
    rows.lines.fold(at, Number(row.html.dataset["below"] ?? 0));
    this.dress(row, at);
    rows.draw(true);
    this.sheet.go(at, 0);
  }

  private made(at: number, html: string): HTMLTableRowElement {
    const holder = h("tbody", {});
    holder.innerHTML = html;
    const row = holder.querySelector("tr") as HTMLTableRowElement;
    row.dataset["head"] = String(at);
    row.prepend(h("td", { class: "grid-pick", role: "gridcell" }));
    const heading = row.querySelector("th");
    heading?.prepend(toggle(`Rows of ${row.dataset["key"] || "no group"}`, true));
    for (const cell of row.querySelectorAll("td")) cell.setAttribute("role", "gridcell");
    this.heads.set(`${at} ${html}`, row);
    return row;
  }
}

function toggle(label: string, open: boolean): HTMLButtonElement {
  const button = h("button", { type: "button", class: "grid-fold", tabindex: "-1", "aria-label": label, "aria-expanded": String(open) });
  button.innerHTML = '<svg width="9" height="9" viewBox="0 0 10 10" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m2 3.6 3 3 3-3"/></svg>';
  return button;
}

/** A table that is written in: moving, choosing, writing, pasting, long tables. */

import { Bulk } from "./grid/bulk";
import type { Column, Raw, Row } from "./grid/cells";
import { Folding } from "./grid/folding";
import { headsOf, sameHeads, takeHeads } from "./grid/heads";
import type { Section } from "./grid/lines";
import { printed } from "./grid/paper";
import { Picking } from "./grid/picking";
import { isPressed, Sheet } from "./grid/sheet";
import { Widths } from "./grid/widths";
import { Window, rowsFrom } from "./grid/window";
import { Writing } from "./grid/writing";
import { h, json, past } from "./shared/page";

interface Given {
  columns: Column[];
  kinds: string[];
  refs: string[];
  raw: Raw[][];
  sections: Section[];
}

const WIDE = "(min-width: 44.01rem)";
const LONG = 24;

class Grid extends HTMLElement {
  private readonly sheet = new Sheet(this, () => past() || this.hasAttribute("data-fixed"));
  private readonly writing = new Writing(this.sheet);
  private readonly folding = new Folding(this.sheet);
  private readonly picking = new Picking(this.sheet);

  connectedCallback(): void {
    const table = this.table;
    if (this.sheet.columns.length || !table) return;
    this.begin(table);
    const { sheet, writing } = this;
    printed(this, () => sheet.rows, (at) => this.folding.head(at));
    table.addEventListener("keydown", (event) => this.folding.press(event) || this.press(event));
    table.addEventListener("click", (event) => this.folding.click(event));
    table.addEventListener("mousedown", (event) => this.point(event));
    table.addEventListener("dblclick", (event) => sheet.spotOf(event) && !isPressed(event) && !writing.open && writing.write());
    table.addEventListener("click", (event) => this.picking.click(event));
    table.addEventListener("copy", (event) => writing.copy(event));
    table.addEventListener("paste", (event) => void writing.paste(event));
    document.addEventListener("click", (event) => {
      for (const menu of this.querySelectorAll<HTMLDetailsElement>("details[open]")) if (!menu.contains(event.target as Node)) menu.open = false;
    });
  }

  /** Take the server's fresh rows; place, choice and what is being written stay. */
  renew(fresh: Element): void {
    const heads = headsOf(fresh.querySelector("table"));
    const { sheet } = this;
    const nest = fresh.getAttribute("data-nest") ?? "";
    if (nest !== (this.dataset["nest"] ?? "") || !sameHeads(headsOf(this.table), heads)) return this.replaceWith(document.importNode(fresh, true));
    const again = fresh.getAttribute("data-q") === this.dataset["q"];
    if (!again) this.turn(fresh, heads);
    const top = again ? this.scroller.scrollTop : 0;
    const focused = this.contains(document.activeElement) && !this.writing.open && !document.activeElement?.closest(".grid-bulk");
    const given = json<Given>(fresh);
    sheet.head = Number(fresh.getAttribute("data-head"));
    sheet.columns = given.columns;
    sheet.rows.forget();
    if (!again || this.dataset["nest"]) sheet.rows.lines.unfold();
    sheet.rows.lay(given.sections, Number(fresh.getAttribute("data-total")));
    sheet.rows.put(Number(fresh.getAttribute("data-first")), rowsFrom(given, fresh.querySelectorAll<HTMLTableRowElement>("tbody tr[data-ref]")));
    sheet.rows.draw(true);
    this.scroller.scrollTop = top;
    if (sheet.chosen.size) void sheet.chooseAgain();
    if (focused) sheet.focusHere();
    else sheet.mark();
  }

  /** Another question with the same columns: their headings change, their widths stay. */
  private turn(fresh: Element, heads: Element[]): void {
    const { sheet } = this;
    for (const name of ["data-q", "data-total", "data-first"]) this.setAttribute(name, fresh.getAttribute(name) ?? "");
    sheet.rows.q = fresh.getAttribute("data-q") ?? "";
    sheet.at = sheet.anchor = { row: 0, column: 0 };
    sheet.clear();
    takeHeads(headsOf(this.table), heads);
  }

  private get table(): HTMLTableElement | null {
    return this.querySelector("table");
  }

  private get scroller(): HTMLElement {
    return this.querySelector(".scroll") as HTMLElement;
  }

  private begin(table: HTMLTableElement): void {
    const given = json<Given>(this);
    const { sheet } = this;
    const { q = "", nest = "", total = "0", first = "0", head = "0" } = this.dataset;
    const body = table.tBodies[0] as HTMLTableSectionElement;
    const wide = matchMedia(WIDE).matches;
    sheet.columns = given.columns;
    sheet.head = Number(head);
    this.classList.add("grid-live");
    this.scroller.removeAttribute("tabindex");
    const said = { role: "grid", "aria-multiselectable": "true", "aria-readonly": String(sheet.fixed()), "aria-label": this.scroller.getAttribute("aria-label") ?? "" };
    for (const [name, value] of Object.entries(said)) table.setAttribute(name, value);
    table.tHead?.rows[0]?.prepend(h("th", { class: "grid-pick", role: "columnheader" }, this.picking.all()));
    sheet.rows = new Window(q, nest, this.scroller, body, (row, at) => this.dress(row, at), (now) => sheet.arrived(now), wide, (at) => this.folding.head(at));
    sheet.rows.lay(given.sections, Number(total));
    sheet.rows.put(Number(first), rowsFrom(given, body.querySelectorAll<HTMLTableRowElement>("tr[data-ref]")));
    for (const at of sheet.rows.rows.keys()) sheet.rows.ready(at);
    const begun = sheet.rows.lines.headOf(Number(first));
    [...body.querySelectorAll("tr.group-head")].forEach((drawn, at) => drawn.replaceWith(this.folding.head(begun + at)));
    if (!wide) sheet.rows.draw(true);
    if (wide) this.settle(table, Number(first));
    sheet.at = sheet.anchor = { row: Number(first), column: 0 };
    sheet.mark();
    if (sheet.fixed()) return;
    sheet.bulk = new Bulk({ place: this, columns: () => sheet.columns, rows: () => [...sheet.chosen.values()], base: () => sheet.head, clear: () => sheet.clear() });
  }

  /** Let columns keep their widths while rows come and go. */
  private settle(table: HTMLTableElement, first: number): void {
    const { rows } = this.sheet;
    const row = table.tBodies[0]?.querySelector("tr[data-ref]");
    rows.height = row?.getBoundingClientRect().height || rows.height;
    const widths = new Widths(table, () => this.scroller.clientWidth, () => this.sheet.columns.map((each) => each.name));
    widths.settle();
    this.classList.add("grid-settled");
    const pages = this.parentElement?.querySelector<HTMLElement>(".pages");
    if (pages) pages.hidden = true;
    rows.draw(true);
    if (first) this.scroller.scrollTop = rows.lines.lineOf(first) * rows.height;
  }

  private dress(row: Row, at: number): void {
    const { sheet } = this;
    const box = h("input", { type: "checkbox", tabindex: "-1", "aria-label": `Choose ${row.ref}` });
    box.checked = sheet.chosen.has(row.ref);
    row.html.setAttribute("aria-rowindex", String(at + 2));
    row.html.setAttribute("aria-selected", String(box.checked));
    row.html.classList.toggle("chosen", box.checked);
    row.html.dataset["at"] = String(at);
    for (const [place, cell] of [...row.html.cells].entries()) {
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", String(place + 2));
      cell.tabIndex = -1;
      if (!sheet.editOf(row, place)) cell.dataset["fixed"] = "";
      for (const link of cell.querySelectorAll("a")) link.tabIndex = -1;
      if (cell.textContent && cell.textContent.length > LONG) cell.title = cell.textContent;
    }
    this.folding.dress(row, at);
    row.html.prepend(h("td", { class: "grid-pick", role: "gridcell" }, sheet.fixed() ? null : box));
  }

  private point(event: MouseEvent): void {
    const { sheet } = this;
    const spot = sheet.spotOf(event);
    if (!spot || event.button || isPressed(event)) return;
    event.preventDefault();
    const again = !event.shiftKey && document.activeElement === sheet.cell(spot.row, spot.column);
    sheet.go(spot.row, spot.column, event.shiftKey);
    if (again) this.writing.write();
  }

  private press(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLElement) || event.target.closest("thead") || event.target instanceof HTMLInputElement || event.isComposing) return;
    const { sheet, writing } = this;
    const { row, column } = sheet.at;
    const { total, height } = sheet.rows;
    const wide = sheet.columns.length;
    const mod = event.ctrlKey || event.metaKey;
    const page = Math.max(Math.floor(this.scroller.clientHeight / height) - 2, 1);
    const step = (down: number) => sheet.step(down, event.shiftKey);
    const aside = (by: number) => sheet.go(row, column + by, event.shiftKey);
    const deeds: Record<string, () => void> = {
      ArrowDown: () => (mod ? sheet.go(total - 1, column, event.shiftKey) : step(1)),
      ArrowUp: () => (mod ? sheet.go(0, column, event.shiftKey) : step(-1)),
      ArrowRight: () => aside(mod ? wide : 1),
      ArrowLeft: () => aside(mod ? -wide : -1),
      PageDown: () => step(page),
      PageUp: () => step(-page),
      Home: () => sheet.go(mod ? 0 : row, 0, event.shiftKey),
      End: () => sheet.go(mod ? total - 1 : row, wide - 1, event.shiftKey),
      Enter: () => writing.write(),
      F2: () => writing.write(),
      x: () => this.picking.toggle(row),
      Delete: () => void writing.fill(""),
    };
    if (sheet.chosen.size) deeds["Escape"] = () => sheet.clear();
    const moves = /^(Arrow|Home|End)/.test(event.key);
    const wholes: Record<string, () => unknown> = { a: () => sheet.chooseAll(0, total - 1), d: () => writing.fillDown() };
    const deed = mod && !moves ? wholes[event.key.toLowerCase()] : deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  }
}

customElements.define("lw-grid", Grid);

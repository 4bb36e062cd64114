/** A table that is written in: moving, choosing, writing, pasting, long tables. */

import { Bulk } from "./grid/bulk";
import { type Column, type Edit, type Raw, type Row, cellsOf, changesFor, sheetOf, textOf } from "./grid/cells";
import { Editor } from "./grid/editor";
import { pasteInto, type Spot } from "./grid/paste";
import { Window, rowsFrom } from "./grid/window";
import { type Finding, type Problem, record } from "./shared/http";
import { h, json, past, refresh } from "./shared/page";

interface Given {
  columns: Column[];
  kinds: string[];
  refs: string[];
  raw: Raw[][];
}

type Told = Finding & { theirs?: Raw; by?: string };
const WIDE = "(min-width: 44.01rem)";

class Grid extends HTMLElement {
  private columns: Column[] = [];
  private rows!: Window;
  private bulk: Bulk | null = null;
  private editor: Editor | null = null;
  private head = 0;
  private at = { row: 0, column: 0 };
  private anchor = { row: 0, column: 0 };
  private readonly chosen = new Set<string>();

  connectedCallback(): void {
    if (this.columns.length || !this.table) return;
    this.begin();
    this.table.addEventListener("keydown", (event) => this.press(event));
    this.table.addEventListener("mousedown", (event) => this.point(event));
    this.table.addEventListener("dblclick", (event) => this.spotOf(event) && !isLink(event) && this.write());
    this.table.addEventListener("change", (event) => this.tick(event));
    this.table.addEventListener("copy", (event) => this.copy(event));
    this.table.addEventListener("paste", (event) => void this.paste(event));
    document.addEventListener("click", (event) => {
      for (const menu of this.querySelectorAll<HTMLDetailsElement>("details[open]")) if (!menu.contains(event.target as Node)) menu.open = false;
    });
  }

  /** Take the server's fresh rows; place, choice and what is being written stay. */
  renew(fresh: Element): void {
    if (fresh.getAttribute("data-q") !== this.dataset["q"] || !fresh.querySelector("table")) {
      this.replaceWith(document.importNode(fresh, true));
      return;
    }
    const top = this.scroller.scrollTop;
    const focused = this.contains(document.activeElement) && !this.editor;
    const given = json<Given>(fresh);
    this.head = Number(fresh.getAttribute("data-head"));
    this.columns = given.columns;
    this.rows.total = Number(fresh.getAttribute("data-total"));
    this.rows.forget();
    this.rows.put(Number(fresh.getAttribute("data-first")), rowsFrom(given, fresh.querySelectorAll<HTMLTableRowElement>("tbody tr")));
    this.rows.draw(true);
    this.scroller.scrollTop = top;
    this.bulk?.show();
    if (focused) this.focusHere();
  }

  private get table(): HTMLTableElement {
    return this.querySelector("table") as HTMLTableElement;
  }

  private get scroller(): HTMLElement {
    return this.querySelector(".scroll") as HTMLElement;
  }

  private get fixed(): boolean {
    return past() || this.hasAttribute("data-fixed");
  }

  private begin(): void {
    const given = json<Given>(this);
    const { q = "", total = "0", first = "0", head = "0" } = this.dataset;
    const body = this.table.tBodies[0] as HTMLTableSectionElement;
    const wide = matchMedia(WIDE).matches;
    this.columns = given.columns;
    this.head = Number(head);
    this.classList.add("grid-live");
    this.scroller.removeAttribute("tabindex");
    this.table.setAttribute("role", "grid");
    this.table.setAttribute("aria-multiselectable", "true");
    this.table.setAttribute("aria-readonly", String(this.fixed));
    const pick = h("th", { class: "grid-pick", role: "columnheader" }, h("span", { class: "unseen" }, "Chosen"));
    this.table.tHead?.rows[0]?.prepend(pick);
    this.rows = new Window(q, Number(total), this.scroller, body, (row, at) => this.dress(row, at), (now) => (this.head = now), wide);
    this.rows.put(Number(first), rowsFrom(given, [...body.rows]));
    if (wide) this.settle(Number(first));
    this.at = this.anchor = { row: Number(first), column: 0 };
    this.mark();
    if (this.fixed) return;
    const chosen = () => [...this.rows.rows.values()].filter((row) => this.chosen.has(row.ref));
    this.bulk = new Bulk({ place: this, columns: this.columns, rows: chosen, base: () => this.head, clear: () => this.choose([]) });
  }

  /** Let columns keep their widths while rows come and go. */
  private settle(first: number): void {
    const heads = [...(this.table.tHead?.rows[0]?.cells ?? [])];
    this.rows.height = this.table.tBodies[0]?.rows[0]?.getBoundingClientRect().height || 34;
    this.table.style.width = "max-content";
    const widths = heads.map((each) => each.getBoundingClientRect().width);
    const spare = this.scroller.clientWidth - widths.reduce((sum, each) => sum + each, 0);
    if (spare > 0) widths[1] = (widths[1] ?? 0) + spare;
    heads.forEach((each, index) => (each.style.width = `${widths[index]}px`));
    this.table.style.tableLayout = "fixed";
    this.table.style.minWidth = "100%";
    this.table.style.width = `${widths.reduce((sum, each) => sum + each, 0)}px`;
    const pages = this.parentElement?.querySelector<HTMLElement>(".pages");
    if (pages) pages.hidden = true;
    this.rows.draw(true);
    if (first) this.scroller.scrollTop = first * this.rows.height;
  }

  private dress(row: Row, at: number): void {
    const box = h("input", { type: "checkbox", tabindex: "-1", "aria-label": `Choose ${row.ref}` });
    box.checked = this.chosen.has(row.ref);
    row.html.setAttribute("aria-rowindex", String(at + 2));
    row.html.setAttribute("aria-selected", String(box.checked));
    row.html.classList.toggle("chosen", box.checked);
    row.html.dataset["at"] = String(at);
    for (const [place, cell] of [...row.html.cells].entries()) {
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", String(place + 2));
      cell.tabIndex = -1;
      if (!this.editOf(row, place)) cell.dataset["fixed"] = "";
      for (const link of cell.querySelectorAll("a")) link.tabIndex = -1;
      if (cell.textContent && cell.textContent.length > 24) cell.title = cell.textContent;
    }
    row.html.prepend(h("td", { class: "grid-pick", role: "gridcell" }, this.fixed ? null : box));
  }

  private editOf(row: Row | undefined, column: number): Edit | undefined {
    return this.fixed || !row ? undefined : this.columns[column]?.edits[row.kind];
  }

  private cell(row: number, column: number): HTMLTableCellElement | undefined {
    return this.rows.rows.get(row)?.html.cells[column + 1];
  }

  // Moving and choosing

  private mark(): void {
    for (const each of this.querySelectorAll<HTMLElement>("td.spanned")) each.classList.remove("spanned");
    for (const each of this.querySelectorAll<HTMLElement>('td[tabindex="0"]')) each.tabIndex = -1;
    const here = this.cell(this.at.row, this.at.column);
    if (here) here.tabIndex = 0;
    const span = this.span;
    if (span.length * (span[0]?.length ?? 0) > 1) for (const each of span.flat()) this.cell(each.row, each.column)?.classList.add("spanned");
  }

  private get span(): { row: number; column: number }[][] {
    const [top, bottom] = [this.at.row, this.anchor.row].sort((a, b) => a - b) as [number, number];
    const [left, right] = [this.at.column, this.anchor.column].sort((a, b) => a - b) as [number, number];
    const columns = Array.from({ length: right - left + 1 }, (_, index) => left + index);
    return Array.from({ length: bottom - top + 1 }, (_, index) => columns.map((column) => ({ row: top + index, column })));
  }

  private go(row: number, column: number, extend = false): void {
    this.at = { row: clamp(row, this.rows.total - 1), column: clamp(column, this.columns.length - 1) };
    if (!extend) this.anchor = this.at;
    this.rows.reveal(this.at.row);
    this.mark();
    if (extend && this.at.row !== this.anchor.row) this.choose(this.span.map((line) => this.rows.rows.get(line[0]?.row ?? -1)?.ref ?? ""));
    this.focusHere();
  }

  private focusHere(): void {
    this.mark();
    this.cell(this.at.row, this.at.column)?.focus({ preventScroll: true });
  }

  private choose(refs: string[]): void {
    this.chosen.clear();
    for (const ref of refs) if (ref) this.chosen.add(ref);
    this.showChosen();
  }

  private showChosen(): void {
    this.classList.toggle("grid-picking", this.chosen.size > 0);
    for (const row of this.rows.rows.values()) {
      const is = this.chosen.has(row.ref);
      row.html.classList.toggle("chosen", is);
      row.html.setAttribute("aria-selected", String(is));
      const box = row.html.querySelector<HTMLInputElement>(".grid-pick input");
      if (box) box.checked = is;
    }
    this.bulk?.show();
  }

  private toggle(row: Row | undefined): void {
    if (!row || this.fixed) return;
    if (!this.chosen.delete(row.ref)) this.chosen.add(row.ref);
    this.showChosen();
  }

  private tick(event: Event): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("tr[data-at]") : null;
    if (row) this.toggle(this.rows.rows.get(Number(row.dataset["at"])));
  }

  private spotOf(event: Event): { row: number; column: number } | null {
    const cell = event.target instanceof Element ? event.target.closest("td") : null;
    const row = cell?.closest<HTMLElement>("tr[data-at]");
    return cell && row && cell.cellIndex > 0 ? { row: Number(row.dataset["at"]), column: cell.cellIndex - 1 } : null;
  }

  private point(event: MouseEvent): void {
    const spot = this.spotOf(event);
    if (!spot || event.button || isLink(event)) return;
    event.preventDefault();
    const again = !event.shiftKey && document.activeElement === this.cell(spot.row, spot.column);
    this.go(spot.row, spot.column, event.shiftKey);
    if (again) this.write();
  }

  private press(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLElement) || event.target.closest("thead") || event.target instanceof HTMLInputElement || event.isComposing) return;
    const { row, column } = this.at;
    const mod = event.ctrlKey || event.metaKey;
    const page = Math.max(Math.floor(this.scroller.clientHeight / this.rows.height) - 2, 1);
    const step = (by: number, aside = 0) => this.go(row + by, column + aside, event.shiftKey);
    const deeds: Record<string, () => void> = {
      ArrowDown: () => step(mod ? this.rows.total : 1),
      ArrowUp: () => step(mod ? -this.rows.total : -1),
      ArrowRight: () => step(0, mod ? this.columns.length : 1),
      ArrowLeft: () => step(0, mod ? -this.columns.length : -1),
      PageDown: () => step(page),
      PageUp: () => step(-page),
      Home: () => this.go(mod ? 0 : row, 0, event.shiftKey),
      End: () => this.go(mod ? this.rows.total - 1 : row, this.columns.length - 1, event.shiftKey),
      Enter: () => this.write(),
      F2: () => this.write(),
      x: () => this.toggle(this.rows.rows.get(row)),
      Delete: () => void this.fill(""),
      Escape: () => (this.chosen.size ? this.choose([]) : this.go(row, column)),
    };
    const deed = mod && event.key.toLowerCase() === "d" ? () => this.fillDown() : mod && !/^(Arrow|Home|End)/.test(event.key) ? undefined : deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  // Writing

  private write(): void {
    const { row: at, column } = this.at;
    const row = this.rows.rows.get(at);
    const cell = this.cell(at, column);
    const edit = this.editOf(row, column);
    if (!row || !cell || !edit) {
      cell?.querySelector("a")?.click();
      return;
    }
    const shut = () => {
      this.editor?.end();
      this.editor = null;
    };
    shut();
    const raw = row.raw[column] ?? null;
    const leave = (step: number) => {
      shut();
      if (step) this.go(at, column + step);
      else this.focusHere();
    };
    const save = (value: Raw, step: number, base: number | undefined = this.head): void => {
      const changes = changesFor(row, edit, raw, value);
      if (!changes.length) return leave(step);
      const editor = this.editor;
      const refused = (problem: Problem) => this.refused(editor, problem, value, () => save(value, step, undefined), () => leave(0));
      cell.classList.add("saving");
      void record(changes, { ...(base === undefined ? {} : { base }), refused }).then((receipt) => {
        cell.classList.remove("saving");
        if (receipt && this.editor === editor) leave(step);
      });
    };
    const label = `${this.columns[column]?.name ?? ""} of ${row.ref}`;
    this.editor = new Editor({ place: this, at: cell.getBoundingClientRect(), label, edit, raw, save, leave });
  }

  /** Say beside what was typed why it was not taken; somebody else's value is shown with it. */
  private refused(editor: Editor | null, problem: Problem, mine: Raw, keepMine: () => void, leave: () => void): boolean {
    const finding = problem.findings[0] as Told | undefined;
    if (!editor || !finding) return false;
    const takeTheirs = () => {
      leave();
      void refresh();
    };
    const clash = problem.status === 409 ? { theirs: finding.theirs ?? null, by: finding.by ?? "", takeTheirs, keepMine } : undefined;
    void mine;
    editor.refuse(finding.says, finding.hint ?? "", clash);
    return true;
  }

  private spots(lines: { row: number; column: number }[][], text: (line: number, column: number) => string): Spot[] {
    return lines.flatMap((line, down) =>
      line.flatMap(({ row: at, column }, across): Spot[] => {
        const row = this.rows.rows.get(at);
        return row ? [{ row, column, name: this.columns[column]?.name ?? "", edit: this.editOf(row, column), text: text(down, across) }] : [];
      }),
    );
  }

  private fill(text: string): Promise<boolean> {
    const spots = this.spots(this.span, () => text).filter((each) => each.edit && !each.edit.required);
    return spots.length ? pasteInto(spots, this.head) : Promise.resolve(false);
  }

  private fillDown(): void {
    const [first, ...rest] = this.span;
    if (!first || !rest.length || this.fixed) return;
    const texts = first.map(({ row, column }) => textOf(this.rows.rows.get(row)?.raw[column] ?? null));
    void pasteInto(this.spots(rest, (_, across) => texts[across] ?? ""), this.head);
  }

  private copy(event: ClipboardEvent): void {
    if (event.target instanceof HTMLInputElement || getSelection()?.toString()) return;
    const chosen = [...this.rows.rows.entries()].filter(([, row]) => this.chosen.has(row.ref)).sort(([a], [b]) => a - b);
    const whole = chosen.length && this.at.column === this.anchor.column;
    const lines = whole ? chosen.map(([row]) => this.columns.map((_, column) => ({ row, column }))) : this.span;
    const text = (spot: { row: number; column: number }) => {
      const raw = this.rows.rows.get(spot.row)?.raw[spot.column] ?? null;
      return raw === null ? this.cell(spot.row, spot.column)?.innerText.trim() ?? "" : textOf(raw);
    };
    event.clipboardData?.setData("text/plain", sheetOf(lines.map((line) => line.map(text))));
    event.preventDefault();
  }

  private async paste(event: ClipboardEvent): Promise<void> {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!text || this.fixed || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    const cells = cellsOf(text);
    const span = this.span;
    const one = cells.length === 1 && cells[0]?.length === 1;
    const top = span[0]?.[0] ?? this.at;
    const lines = one ? span : cells.map((line, down) => line.map((_, across) => ({ row: top.row + down, column: top.column + across })));
    await pasteInto(this.spots(lines, (down, across) => (one ? cells[0]?.[0] : cells[down]?.[across]) ?? ""), this.head);
    this.focusHere();
  }
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), Math.max(most, 0));
}

function isLink(event: Event): boolean {
  return event.target instanceof Element && !!event.target.closest("a, input, summary");
}

customElements.define("lw-grid", Grid);

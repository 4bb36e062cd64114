/** Choosing rows by their boxes: one, all of them, or from the last one up to another. */

import { h } from "../shared/page";
import type { Sheet } from "./sheet";

export class Picking {
  private last = 0;

  constructor(private readonly sheet: Sheet) {}

  /** The box over all others; a word where nothing is chosen. */
  all(): HTMLElement {
    if (this.sheet.fixed()) return h("span", { class: "unseen" }, "Chosen");
    return h("input", { type: "checkbox", "aria-label": "Choose all rows", title: "Choose all rows (Ctrl A)" });
  }

  toggle(at: number): void {
    this.last = at;
    this.sheet.toggle(at);
  }

  click(event: MouseEvent): void {
    const { sheet } = this;
    const box = event.target instanceof HTMLInputElement && event.target.closest(".grid-pick") ? event.target : null;
    const row = box?.closest<HTMLElement>("tr[data-at]");
    if (!box) return;
    if (!row) return box.checked ? void sheet.chooseAll(0, sheet.rows.total - 1) : sheet.clear();
    const at = Number(row.dataset["at"]);
    if (event.shiftKey) void sheet.chooseAll(Math.min(at, this.last), Math.max(at, this.last));
    else this.toggle(at);
  }
}

/** Changing several rows at once. */

import { type Change, type Value, record } from "../shared/http";
import { h } from "../shared/page";
import { type Column, type Edit, type Raw, changesFor } from "./cells";
import { Editor } from "./editor";
import type { Chosen } from "./sheet";

export interface Choice {
  place: HTMLElement;
  columns: () => Column[];
  rows: () => Chosen[];
  base: () => number;
  clear: () => void;
}

/** The bar under a table while rows are chosen. */
export class Bulk {
  readonly bar = h("div", { class: "grid-bulk", role: "toolbar", "aria-label": "Chosen rows", hidden: true, "data-keep": true });
  private readonly count = h("strong", { "aria-live": "polite" });
  private readonly what = h("select", { "aria-label": "Set a field of the chosen rows" });
  private editor: Editor | null = null;

  constructor(private readonly chosen: Choice) {
    const retire = h("button", { type: "button", onclick: () => void this.retire() }, "Retire");
    const clear = h("button", { type: "button", onclick: () => chosen.clear() }, "Clear");
    this.what.addEventListener("change", () => this.open());
    this.bar.append(this.count, this.what, retire, clear);
    chosen.place.append(this.bar);
  }

  /** Show how many are chosen, and what can be set of all of them. */
  show(): void {
    const rows = this.chosen.rows();
    this.bar.hidden = !rows.length;
    this.count.textContent = many(rows.length, "row");
    const shared = this.chosen.columns().filter((column) => column.name !== "title" && rows.every((row) => column.edits[row.kind]));
    this.what.replaceChildren(h("option", { value: "" }, "Set…"), ...shared.map((column) => h("option", { value: column.name }, column.name)));
    this.what.disabled = !shared.length;
  }

  private open(): void {
    const column = this.chosen.columns().find((each) => each.name === this.what.value);
    const rows = this.chosen.rows();
    const first = rows[0] && column?.edits[rows[0].kind];
    if (!column || !first) return;
    const at = this.bar.getBoundingClientRect();
    const spot = new DOMRect(at.left, Math.max(at.top - 150, this.chosen.place.getBoundingClientRect().top), 240, at.height);
    const shut = () => {
      this.editor?.end();
      this.editor = null;
      this.what.value = "";
      this.what.focus();
    };
    this.editor = new Editor({
      place: this.chosen.place,
      at: spot,
      label: `${column.name} of ${many(rows.length, "row")}`,
      edit: merged(rows.map((row) => column.edits[row.kind]).filter((each): each is Edit => !!each), first),
      raw: null,
      leave: () => shut(),
      save: (value) => {
        shut();
        void this.write(rows, column, value);
      },
    });
  }

  /** Whatever stood there; the journal leaves out what is so already, and links are added to those that are there. */
  private async write(rows: Chosen[], column: Column, value: Raw): Promise<void> {
    const changes: Change[] = rows.flatMap((row) => {
      const edit = column.edits[row.kind];
      if (!edit) return [];
      return edit.type === "link" ? changesFor(row, edit, null, value) : [{ put: row.ref, fields: { [edit.field ?? ""]: value as Value } }];
    });
    if (changes.length) await record(changes, { base: this.chosen.base(), says: `Set ${column.name} of ${many(rows.length, "row")}` });
  }

  private async retire(): Promise<void> {
    const rows = this.chosen.rows();
    const says = `Retired ${many(rows.length, "thing")}`;
    if (await record(rows.map((row) => ({ retire: row.ref })), { says })) this.chosen.clear();
  }
}

function many(count: number, word: string): string {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}

/** Words that fit every kind among the rows; a stage's word has to be one of each. */
function merged(edits: Edit[], first: Edit): Edit {
  const stages = first.stages?.filter(([word]) => edits.every((each) => each.stages?.some(([other]) => other === word)));
  return { ...first, required: false, ...(stages ? { stages } : {}) };
}

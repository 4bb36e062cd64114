/** Changing several rows at once. */

import { type Change, record } from "../shared/http";
import { h } from "../shared/page";
import { type Column, type Edit, type Raw, type Row, changesFor, pairsOf } from "./cells";
import { Editor } from "./editor";

export interface Chosen {
  place: HTMLElement;
  columns: () => Column[];
  rows: () => Row[];
  base: () => number;
  clear: () => void;
}

/** The bar under a table while rows are chosen. */
export class Bulk {
  readonly bar = h("div", { class: "grid-bulk", role: "toolbar", "aria-label": "Chosen rows", hidden: true, "data-keep": true });
  private readonly count = h("strong", { "aria-live": "polite" });
  private readonly what = h("select", { "aria-label": "Set a field of the chosen rows" });
  private editor: Editor | null = null;

  constructor(private readonly chosen: Chosen) {
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
    this.count.textContent = `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
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
      label: `${column.name} of ${rows.length} rows`,
      edit: merged(rows.map((row) => column.edits[row.kind]).filter((each): each is Edit => !!each), first),
      raw: null,
      leave: () => shut(),
      save: (value) => {
        shut();
        void this.write(rows, column, value);
      },
    });
  }

  private async write(rows: Row[], column: Column, value: Raw): Promise<void> {
    const at = this.chosen.columns().indexOf(column);
    const changes: Change[] = rows.flatMap((row) => {
      const edit = column.edits[row.kind];
      if (!edit) return [];
      const was = row.raw[at] ?? null;
      // Links are added to those that are there already.
      const wanted = edit.type === "link" ? [...pairsOf(was), ...pairsOf(value)] : value;
      return changesFor(row, edit, was, wanted);
    });
    if (changes.length) await record(changes, { base: this.chosen.base(), says: `Set ${column.name} of ${rows.length} rows` });
  }

  private async retire(): Promise<void> {
    const rows = this.chosen.rows();
    const says = `Retired ${rows.length} ${rows.length === 1 ? "thing" : "things"}`;
    if (await record(rows.map((row) => ({ retire: row.ref })), { says })) this.chosen.clear();
  }
}

/** Words that fit every kind among the rows; a stage's word has to be one of each. */
function merged(edits: Edit[], first: Edit): Edit {
  const stages = first.stages?.filter(([word]) => edits.every((each) => each.stages?.some(([other]) => other === word)));
  return { ...first, required: false, ...(stages ? { stages } : {}) };
}

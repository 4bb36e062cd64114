/** Writing in the cells of a table: one by one, filled, copied, pasted. */

import { type Finding, type Problem, record } from "../shared/http";
import { refresh } from "../shared/page";
import { toast } from "../shared/toast";
import { type Raw, cellsOf, changesFor, sheetOf, textOf } from "./cells";
import { Editor } from "./editor";
import { type Spot, pasteInto } from "./paste";
import { MOST, type Place, type Sheet } from "./sheet";

type Told = Finding & { theirs?: Raw; by?: string };

export class Writing {
  private editor: Editor | null = null;

  constructor(private readonly sheet: Sheet) {}

  /** Whether a cell is open. */
  get open(): boolean {
    return this.editor !== null;
  }

  /** Open the cell where the reader stands; one that is not written in is followed. */
  write(): void {
    const { row: at, column } = this.sheet.at;
    const row = this.sheet.row(at);
    const cell = this.sheet.cell(at, column);
    const edit = this.sheet.editOf(row, column);
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
      if (step) this.sheet.go(at, column + step);
      else this.sheet.focusHere();
    };
    // What was seen when the cell was opened: rows may come in meanwhile.
    const seen = this.sheet.head;
    const save = (value: Raw, step: number, whatever = false): void => {
      const changes = changesFor(row, edit, raw, value);
      if (!changes.length) return leave(step);
      const editor = this.editor;
      const refused = (problem: Problem) => this.refused(editor, problem, () => save(value, step, true), () => leave(0));
      cell.classList.add("saving");
      void record(changes, { ...(whatever ? {} : { base: seen }), refused }).then((receipt) => {
        cell.classList.remove("saving");
        if (receipt && this.editor === editor) leave(step);
      });
    };
    const label = `${this.sheet.columns[column]?.name ?? ""} of ${row.ref}`;
    this.editor = new Editor({ place: this.sheet.host, at: cell.getBoundingClientRect(), label, edit, raw, save, leave });
  }

  /** Say beside what was typed why it was not taken; somebody else's value is shown with it. */
  private refused(editor: Editor | null, problem: Problem, keepMine: () => void, leave: () => void): boolean {
    const finding = problem.findings[0] as Told | undefined;
    if (!editor || !finding) return false;
    const takeTheirs = () => {
      leave();
      void refresh();
    };
    const clash = problem.status === 409 ? { theirs: finding.theirs ?? null, by: finding.by ?? "", takeTheirs, keepMine } : undefined;
    editor.refuse(finding.says, finding.hint ?? "", clash);
    return true;
  }

  /** Let the rows of these lines be here, as far as the table has them. */
  private async bring(lines: Place[][]): Promise<void> {
    const { rows } = this.sheet;
    const first = lines[0]?.[0]?.row ?? 0;
    const last = Math.min(lines.at(-1)?.[0]?.row ?? 0, rows.total - 1);
    if (!rows.holds(first, last)) await rows.bring(first, last);
  }

  private spots(lines: Place[][], text: (line: number, column: number) => string): Spot[] {
    return lines.flatMap((line, down) =>
      line.flatMap(({ row: at, column }, across): Spot[] => {
        const row = this.sheet.row(at);
        return row ? [{ row, column, name: this.sheet.columns[column]?.name ?? "", edit: this.sheet.editOf(row, column), text: text(down, across) }] : [];
      }),
    );
  }

  async fill(text: string): Promise<boolean> {
    await this.bring(this.sheet.span);
    const spots = this.spots(this.sheet.span, () => text).filter((each) => each.edit && !each.edit.required);
    return spots.length > 0 && pasteInto(spots, this.sheet.head);
  }

  async fillDown(): Promise<void> {
    const [first, ...rest] = this.sheet.span;
    if (!first || !rest.length || this.sheet.fixed()) return;
    await this.bring(rest);
    const texts = first.map(({ row, column }) => textOf(this.sheet.row(row)?.raw[column] ?? null));
    void pasteInto(this.spots(rest, (_, across) => texts[across] ?? ""), this.sheet.head);
  }

  copy(event: ClipboardEvent): void {
    if (event.target instanceof HTMLInputElement || getSelection()?.toString()) return;
    const chosen = [...this.sheet.chosen.values()].map((each) => each.at).sort((a, b) => a - b);
    const whole = chosen.length && this.sheet.at.column === this.sheet.anchor.column;
    const lines = whole ? chosen.map((row) => this.sheet.columns.map((_, column) => ({ row, column }))) : this.sheet.span;
    event.preventDefault();
    if (!lines.every((line) => this.sheet.row(line[0]?.row ?? -1))) {
      void this.bring(lines);
      return void toast("Not all of these rows are here yet: copy once more", { tone: "bad" });
    }
    const text = (spot: Place) => {
      const raw = this.sheet.row(spot.row)?.raw[spot.column] ?? null;
      return raw === null ? this.sheet.cell(spot.row, spot.column)?.innerText.trim() ?? "" : textOf(raw);
    };
    event.clipboardData?.setData("text/plain", sheetOf(lines.map((line) => line.map(text))));
  }

  async paste(event: ClipboardEvent): Promise<void> {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!text || this.sheet.fixed() || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    const cells = cellsOf(text);
    const span = this.sheet.span;
    const one = cells.length === 1 && cells[0]?.length === 1;
    const top = span[0]?.[0] ?? this.sheet.at;
    const every = one ? span : cells.map((line, down) => line.map((_, across) => ({ row: top.row + down, column: top.column + across })));
    const lines = every.slice(0, MOST);
    await this.bring(lines);
    const spots = this.spots(lines, (down, across) => (one ? cells[0]?.[0] : cells[down]?.[across]) ?? "");
    const here = lines.filter((line) => this.sheet.row(line[0]?.row ?? -1)).length;
    await pasteInto(spots, this.sheet.head, every.length - here);
    this.sheet.focusHere();
  }
}

/** Writing in one cell: a field, a list of words, or things to pick. */

import { draft, record } from "../shared/http";
import { stageMark } from "../shared/marks";
import { h } from "../shared/page";
import { type Edit, type Pair, type Raw, pairsOf, textOf, valueOf, wordsOf } from "./cells";
import { clashed, type Clash } from "./clash";
import { thingsOffered, wordsOffered, type Option } from "./offers";

const LONG = 60;
const COMBINED = { role: "combobox", "aria-expanded": "true", "aria-controls": "grid-options", "aria-autocomplete": "list" };

export interface Opening {
  place: HTMLElement;
  at: DOMRect;
  label: string;
  edit: Edit;
  raw: Raw;
  /** Take the value; `step` is where to go on: 1 right, -1 left, 0 nowhere. */
  save: (value: Raw, step: number) => void;
  /** Nothing was changed. */
  leave: (step: number) => void;
}

/** The one open editor of a table. */
export class Editor {
  readonly box: HTMLDivElement;
  private readonly field: HTMLInputElement | HTMLTextAreaElement;
  private readonly list = h("ul", { role: "listbox", id: "grid-options", "aria-label": "Choices" });
  private readonly says = h("p", { class: "grid-says", "aria-live": "polite" });
  private picked: Pair[];
  private options: Option[] = [];
  private at = -1;
  private turn = 0;
  private typed = false;
  private touched = false;
  /** A thing that is being made to be picked. */
  private making: Promise<void> = Promise.resolve();

  constructor(private readonly opening: Opening) {
    const { edit, raw, label } = opening;
    this.picked = [...pairsOf(raw)];
    const text = edit.type === "link" ? "" : textOf(raw);
    const long = !this.listed && (edit.type === "text" && (text.length > LONG || text.includes("\n")));
    const attrs = { "aria-label": label, spellcheck: String(long), autocomplete: "off", placeholder: this.isLink ? `Find ${(edit.kinds ?? []).slice(0, 3).join(", ")}` : "" };
    this.field = long ? h("textarea", attrs) : h("input", { ...attrs, type: "text" });
    this.field.value = text;
    if (this.listed) {
      for (const [name, value] of Object.entries(COMBINED)) this.field.setAttribute(name, value);
    }
    this.says.textContent = edit.hint ? `${edit.hint}, or unknown` : "";
    this.box = h("div", { class: "grid-editor", "data-keep": true }, this.field, this.listed ? this.list : null, this.says.textContent ? this.says : null);
    opening.place.append(this.box);
    this.stand();
    this.field.addEventListener("input", () => {
      this.typed = this.touched = true;
      void this.offer();
    });
    this.field.addEventListener("keydown", (event) => this.press(event as KeyboardEvent));
    this.box.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node && this.box.contains(event.relatedTarget))) window.setTimeout(() => this.left(), 0);
    });
    void this.offer();
    this.field.focus();
    this.field.select();
  }

  private get isLink(): boolean {
    return this.opening.edit.type === "link";
  }

  private get listed(): boolean {
    return this.isLink || wordsOf(this.opening.edit).length > 0;
  }

  /** Show what stands against the value; what was typed stays. */
  refuse(says: string, hint = "", clash?: Clash): void {
    this.box.classList.add("refused");
    this.says.replaceChildren(says, hint ? ` (${hint})` : "");
    this.box.append(this.says);
    if (!clash) return;
    this.box.append(clashed(clash, this.text));
  }

  end(): void {
    this.turn += 1;
    this.box.remove();
  }

  private get text(): string {
    return this.isLink ? this.picked.map(([, title]) => title).join(", ") : this.field.value;
  }

  private stand(): void {
    const { at, place } = this.opening;
    const home = place.getBoundingClientRect();
    const width = Math.min(Math.max(at.width, this.listed ? 240 : 180), home.width);
    const left = Math.min(Math.max(at.left - home.left, 0), Math.max(home.width - width, 0));
    Object.assign(this.box.style, { width: `${width}px`, left: `${left}px`, top: `${at.top - home.top - 2}px` });
  }

  private async offer(): Promise<void> {
    if (!this.listed) return;
    const mine = (this.turn += 1);
    const wanted = this.typed ? this.field.value.trim().toLowerCase() : "";
    const { edit } = this.opening;
    const found = this.isLink ? await thingsOffered(this.field.value.trim(), edit.kinds ?? [], this.picked) : wordsOffered(wanted, edit);
    if (mine !== this.turn) return;
    this.options = found;
    const current = this.isLink ? -1 : found.findIndex((each) => each.word === textOf(this.opening.raw));
    this.mark(wanted || this.isLink ? 0 : Math.max(current, 0));
    this.list.replaceChildren(
      ...found.map((option, index) =>
        h(
          "li",
          { role: "option", id: `grid-option-${index}`, "aria-selected": String(index === this.at), onpointerdown: (event: Event) => event.preventDefault(), onclick: () => void this.take(option) },
          this.isLink ? h("span", { class: "grid-tick", "aria-hidden": "true" }, option.make ? "+" : this.has(option) ? "✓" : "") : option.category ? stageMark(option.category) : null,
          h("span", {}, option.word),
          option.says ? h("small", {}, option.says) : null,
        ),
      ),
    );
  }

  private has(option: Option): boolean {
    return this.picked.some(([ref]) => ref === option.pair?.[0]);
  }

  private mark(at: number): void {
    this.at = this.options.length ? (at + this.options.length) % this.options.length : -1;
    [...this.list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === this.at)));
    const row = this.list.children[this.at];
    this.field.setAttribute("aria-activedescendant", `grid-option-${this.at}`);
    row?.scrollIntoView({ block: "nearest" });
  }

  private async take(option: Option | undefined, step = 0): Promise<void> {
    if (!this.isLink) return this.opening.save(option ? option.word || null : valueOf(this.field.value, this.opening.edit), step);
    if (!option) return this.opening.save(this.picked, step);
    this.making = option.make ? this.make(option.make, step) : this.pick(option.pair, step);
    await this.making;
  }

  private async make(kind: string, step: number): Promise<void> {
    const [made] = await draft(kind, this.field.value);
    if (!made || !(await record([{ put: made.ref, fields: made.fields }], { quiet: true }))) return;
    await this.pick([made.ref, String(made.fields["title"])], step);
  }

  private async pick(pair: Pair | undefined, step: number): Promise<void> {
    if (!pair) return;
    const is = this.has({ word: "", pair });
    if (this.opening.edit.most === 1) return this.opening.save(is ? [] : [pair], step);
    this.picked = is ? this.picked.filter(([ref]) => ref !== pair[0]) : [...this.picked, pair];
    [this.field.value, this.typed] = ["", false];
    await this.offer();
  }

  private press(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const { key } = event;
    event.stopPropagation();
    const wide = this.field instanceof HTMLTextAreaElement;
    if (key === "Escape") {
      event.preventDefault();
      this.opening.leave(0);
    } else if (this.listed && (key === "ArrowDown" || key === "ArrowUp")) {
      event.preventDefault();
      this.touched = true;
      this.mark(this.at + (key === "ArrowDown" ? 1 : -1));
    } else if (key === "Tab") {
      event.preventDefault();
      void this.finish(event.shiftKey ? -1 : 1);
    } else if (key === "Enter" && (!wide || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (this.isLink && !event.ctrlKey && !event.metaKey && (this.field.value || this.at >= 0)) {
        const done = !this.field.value && !this.typed && this.changed;
        if (done) this.opening.save(this.picked, 0);
        else void this.take(this.options[this.at]);
      } else if (this.listed) void this.take(this.options[this.at]);
      else void this.finish(0);
    }
  }

  private get changed(): boolean {
    return textOf(this.picked) !== textOf(this.opening.raw);
  }

  private async finish(step: number): Promise<void> {
    await this.making;
    if (!this.touched && !(this.isLink && this.changed)) this.opening.leave(step);
    else if (this.isLink) this.opening.save(this.picked, step);
    else void this.take(this.listed && (this.typed || !this.options.length || this.at >= 0) ? this.options[this.at] : undefined, step);
  }

  private left(): void {
    if (!this.box.isConnected || this.box.classList.contains("refused") || document.querySelector("dialog:modal")) return;
    void this.finish(0);
  }
}

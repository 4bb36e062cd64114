/** The statement: Ctrl-Enter runs it, Tab indents, a click on a table or a column writes its name. */

import { keys } from "./shared/keys";

class Sql extends HTMLElement {
  private end: (() => void)[] = [];

  connectedCallback(): void {
    const field = this.querySelector("textarea");
    if (!field || this.end.length) return;
    const run = (event: KeyboardEvent) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
        event.preventDefault();
        field.form?.requestSubmit();
      }
    };
    field.addEventListener("keydown", run);
    field.form?.addEventListener("submit", () => field.form?.setAttribute("aria-busy", "true"));
    const insert = (event: Event) => this.insert(event, field);
    const tables = document.querySelector<HTMLElement>(".sql-tables");
    tables?.addEventListener("dblclick", insert);
    const focus = () => {
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    };
    this.end = [
      keys({ "/": { says: "Write the statement", run: focus } }),
      () => field.removeEventListener("keydown", run),
      () => tables?.removeEventListener("dblclick", insert),
    ];
    if (!field.value) field.focus({ preventScroll: true });
  }

  disconnectedCallback(): void {
    for (const each of this.end) each();
    this.end = [];
  }

  /** A name that is clicked twice is written where the cursor stands. */
  private insert(event: Event, field: HTMLTextAreaElement): void {
    const name = (event.target as Element).closest("code")?.textContent ?? "";
    if (!name) return;
    event.preventDefault();
    const column = (event.target as Element).closest("dt");
    const written = column && !/^[a-z_][a-z0-9_]*$/i.test(name) ? `"${name}"` : name;
    field.setRangeText(written, field.selectionStart, field.selectionEnd, "end");
    field.focus();
  }
}

customElements.define("lw-sql", Sql);

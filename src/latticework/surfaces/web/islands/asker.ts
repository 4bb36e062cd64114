/** The query box: what may follow, what is not understood, conditions changed in place. */

import { complete, moment, remember } from "./asker/complete";
import { ask, isProblem } from "./shared/http";
import { keys } from "./shared/keys";
import { h, navigate, refresh } from "./shared/page";

interface Misread {
  says: string;
  hint: string;
  start: number;
  end: number;
}

interface Understood {
  text: string;
  findings: Misread[];
}

const WAIT = 220;

class Asker extends HTMLElement {
  private field!: HTMLTextAreaElement;
  private readonly under = h("div", { class: "asker-under", "aria-hidden": "true" });
  private readonly says = h("div", { class: "asker-says", id: "asker-says", "aria-live": "polite" });
  private timer = 0;
  private turn = 0;
  private end: (() => void)[] = [];

  connectedCallback(): void {
    const field = this.querySelector("textarea");
    if (!field || this.end.length) return;
    this.field = field;
    field.parentElement?.prepend(this.under);
    this.querySelector(".asker-box")?.after(this.says);
    const offered = complete(field, () => ["", ""], true);
    field.addEventListener("input", () => this.soon());
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.defaultPrevented || event.isComposing) return;
      event.preventDefault();
      offered.shut();
      field.form?.requestSubmit();
    });
    field.form?.addEventListener("submit", (event) => {
      remember(field.value.trim());
      if (this.go(new URL(`${field.form?.action}?${new URLSearchParams(new FormData(field.form ?? undefined) as never)}`))) event.preventDefault();
    });
    this.addEventListener("click", (event) => {
      const link = event.target instanceof Element && !event.ctrlKey && !event.metaKey && !event.shiftKey ? event.target.closest("a") : null;
      if (link && this.go(new URL(link.href))) event.preventDefault();
    });
    for (const select of field.form?.querySelectorAll("select") ?? []) select.addEventListener("change", () => field.form?.requestSubmit());
    for (const chip of this.querySelectorAll<HTMLElement>("[data-before]")) this.opens(chip);
    document.addEventListener("click", shutMenus);
    this.end = [offered.end, keys({ "/": { says: "Ask", run: () => this.focusField() } }), () => document.removeEventListener("click", shutMenus)];
    if (!field.hasAttribute("aria-invalid")) remember(field.value.trim());
  }

  disconnectedCallback(): void {
    for (const each of this.end) each();
    this.end = [];
  }

  /** The server's fresh conditions; what is being typed stays. */
  renew(fresh: Element): void {
    if (document.activeElement && this.field.contains(document.activeElement)) return;
    const asked = fresh.querySelector("textarea")?.value ?? "";
    if (this.field.value !== asked) this.field.value = this.field.defaultValue = asked;
    this.says.replaceChildren();
    this.under.replaceChildren();
    const chips = fresh.querySelector(".asker-chips");
    const old = this.querySelector(".asker-chips");
    if (chips?.textContent === old?.textContent) return;
    old?.remove();
    if (chips) this.append(document.importNode(chips, true));
    for (const chip of this.querySelectorAll<HTMLElement>("[data-before]")) this.opens(chip);
  }

  /** Ask another question on the same page: what differs is drawn anew; false for another page. */
  private go(url: URL): boolean {
    // Other lenses lay themselves out as they load.
    if (this.dataset["field"] !== "q" || url.pathname !== location.pathname) return false;
    for (const [name, value] of [...url.searchParams]) if (!value) url.searchParams.delete(name);
    history.pushState(null, "", url);
    const asked = url.searchParams.get(this.dataset["field"] ?? "q") ?? "";
    this.field.value = this.field.defaultValue = asked;
    this.field.blur();
    void refresh();
    return true;
  }

  private focusField(): void {
    this.field.focus();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  private soon(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.read(), WAIT);
  }

  /** Underline what is not understood, and say why; a word half typed is left alone. */
  private async read(): Promise<void> {
    const text = this.field.value;
    const mine = (this.turn += 1);
    const read = text.trim() ? await ask<Understood>("/api/query", { q: text, ...moment() }) : null;
    if (mine !== this.turn || text !== this.field.value) return;
    const caret = this.field.selectionStart;
    const found = !read || isProblem(read) ? [] : read.findings.filter((each) => each.end < text.length || caret < text.length);
    this.underline(text, found);
    this.says.replaceChildren(...found.slice(0, 3).map((each) => h("p", {}, each.says, each.hint ? h("span", {}, ` – ${each.hint}`) : null)));
    this.field.toggleAttribute("aria-invalid", false);
    if (found.length) this.field.setAttribute("aria-describedby", "asker-says");
  }

  private underline(text: string, found: Misread[]): void {
    const parts: (Node | string)[] = [];
    let at = 0;
    for (const { start, end } of [...found].sort((a, b) => a.start - b.start)) {
      if (start < at) continue;
      parts.push(text.slice(at, start), h("mark", {}, text.slice(start, end)));
      at = end;
    }
    this.under.replaceChildren(...parts, text.slice(at));
  }

  /** Let a condition be written anew where it stands. */
  private opens(chip: HTMLElement): void {
    const shown = chip.querySelector(".asker-text");
    if (!shown) return;
    const text = shown.textContent ?? "";
    const button = h("button", { type: "button", class: "asker-text", title: "Change", onclick: () => this.change(chip, button, text) }, text);
    shown.replaceWith(button);
  }

  private change(chip: HTMLElement, button: HTMLElement, text: string): void {
    const { before = "", after = "" } = chip.dataset;
    const input = h("input", { type: "text", value: text, "aria-label": `Change ${text}`, spellcheck: "false", autocomplete: "off" });
    const offered = complete(input, () => [before, after], false);
    const shut = () => {
      offered.end();
      input.replaceWith(button);
      button.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.key === "Escape") shut();
      if (event.key !== "Enter") return;
      event.preventDefault();
      void this.askWith(before + input.value + after);
    });
    input.addEventListener("blur", () => window.setTimeout(() => input.isConnected && !this.says.childElementCount && shut(), 120));
    button.replaceWith(input);
    input.select();
    input.focus();
  }

  private async askWith(text: string): Promise<void> {
    const read = await ask<Understood>("/api/query", { q: text, ...moment() });
    if (!isProblem(read) && read.text) {
      const url = new URL(location.href);
      url.searchParams.set(this.dataset["field"] ?? "q", read.text);
      url.searchParams.delete("page");
      if (!url.pathname.startsWith("/views/") && this.dataset["field"] === "q") url.pathname = "/ask";
      return navigate(url.href);
    }
    const found = isProblem(read) ? read.findings : read.findings;
    this.says.replaceChildren(...found.map((each) => h("p", {}, each.says, each.hint ? h("span", {}, ` – ${each.hint}`) : null)));
  }
}

function shutMenus(event: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.lens-menu[open]")) {
    if (!menu.contains(event.target as Node)) menu.open = false;
  }
}

window.addEventListener("popstate", () => void refresh());
customElements.define("lw-asker", Asker);

/** An outline walked by keys, unfolded as one reads, and hung otherwise by drag. */

import { unfold } from "./tree/unfold";
import { keys } from "./shared/keys";
import { navigate, past } from "./shared/page";
import { pickThing } from "./shared/pick";
import { peek } from "./shared/peek";
import { carriesTwigs, hang, titleOf } from "./tree/hang";

const WORD_MS = 700;

class Tree extends HTMLElement {
  private ends: (() => void)[] = [];
  private typed = "";
  private timer = 0;
  private focused: HTMLElement | null = null;

  connectedCallback(): void {
    const key = (event: KeyboardEvent): void => this.key(event);
    const click = (event: MouseEvent): void => this.open(event);
    const renewed = (): void => this.prepare();
    this.addEventListener("keydown", key);
    this.addEventListener("click", click);
    this.addEventListener("focusin", (event) => this.took(event));
    document.addEventListener("renewed", renewed);
    this.ends = [() => this.removeEventListener("keydown", key), () => document.removeEventListener("renewed", renewed)];
    if (this.dataset["link"] && !past()) {
      this.ends.push(carriesTwigs(this), keys(this.verbs(), this));
      this.setAttribute("aria-label", this.dataset["label"] ?? "Outline");
      this.setAttribute("role", "group");
    }
    this.prepare();
  }

  disconnectedCallback(): void {
    this.ends.forEach((end) => end());
  }

  private verbs() {
    return {
      m: { says: "Hang it below another thing", run: () => void this.choose(false) },
      M: { says: "Hang it below another thing too", run: () => void this.choose(true) },
    };
  }

  private async choose(too: boolean): Promise<void> {
    const item = this.focused?.closest<HTMLElement>("li[data-ref]");
    if (!item) return;
    const picked = await pickThing({ title: `${titleOf(item)} hangs ${too ? "also " : ""}below …` });
    if (picked) await hang(this, item, picked.ref, picked.title, too);
  }

  private prepare(): void {
    const lines = this.lines();
    for (const each of this.querySelectorAll<HTMLElement>("summary")) each.tabIndex = -1;
    const chosen = lines.find((each) => each === this.focused) ?? lines[0];
    for (const each of lines) each.tabIndex = each === chosen ? 0 : -1;
    if (this.dataset["link"] && !past()) {
      for (const each of lines) each.draggable = true;
      for (const each of this.querySelectorAll<HTMLElement>(".leaf a")) each.draggable = false;
    }
  }

  private took(event: FocusEvent): void {
    const line = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>(".leaf") : null;
    if (!line || line === this.focused) return;
    if (this.focused) this.focused.tabIndex = -1;
    this.focused = line;
    line.tabIndex = 0;
  }

  /** Lines that can be seen, from the top down. */
  private lines(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("li[data-ref] > .leaf")].filter(
      (each) => !each.closest("li")?.parentElement?.closest("details:not([open])"),
    );
  }

  private key(event: KeyboardEvent): void {
    const line = event.target instanceof HTMLElement && event.target.matches("li[data-ref] > .leaf") ? event.target : null;
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
    const lines = this.lines();
    const at = lines.indexOf(line);
    const item = line.closest<HTMLElement>("li[data-ref]");
    const done = this.moves(event.key, line, item, lines, at);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private moves(key: string, line: HTMLElement, item: HTMLElement | null, lines: HTMLElement[], at: number): boolean {
    const fold = item?.querySelector<HTMLDetailsElement>(":scope > details") ?? null;
    const go = (to: HTMLElement | null | undefined): boolean => (to?.focus(), true);
    switch (key) {
      case "ArrowDown":
        return go(lines[at + 1]);
      case "ArrowUp":
        return go(lines[at - 1]);
      case "Home":
        return go(lines[0]);
      case "End":
        return go(lines.at(-1));
      case "ArrowRight":
        if (fold?.open) return go(fold.querySelector<HTMLElement>(":scope > ul > li > .leaf"));
        if (fold) fold.open = true;
        else void unfold(line).then(() => this.prepare());
        return true;
      case "ArrowLeft":
        if (fold?.open) return (fold.open = false), true;
        return go(item?.parentElement?.closest("li")?.querySelector<HTMLElement>(":scope > .leaf"));
      case "Enter":
        return navigate(line.querySelector<HTMLAnchorElement>("a[href]")?.href ?? location.href), true;
      case " ":
        return void peek(item?.dataset["ref"] ?? ""), true;
    }
    return this.find(key, lines, at);
  }

  /** Letters lead to the next line that begins so; keys that are verbs keep their meaning. */
  private find(key: string, lines: HTMLElement[], at: number): boolean {
    if (key.length !== 1 || !/[\p{L}\p{N}]/u.test(key)) return false;
    if (!this.typed && "mMjkocuUyYz?g".includes(key)) return false;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => (this.typed = ""), WORD_MS);
    this.typed += key.toLowerCase();
    const first = this.typed.length === 1 ? at + 1 : at;
    const order = [...lines.slice(first), ...lines.slice(0, first)];
    order.find((each) => (each.textContent ?? "").trim().toLowerCase().startsWith(this.typed))?.focus();
    return true;
  }

  /** What is left out below a line is fetched and put in its place. */
  private open(event: MouseEvent): void {
    const more = event.target instanceof Element ? event.target.closest<HTMLElement>("a.more") : null;
    const line = more?.closest<HTMLElement>(".leaf");
    if (!line || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void unfold(line).then(() => this.prepare());
  }
}

customElements.define("lattice-tree", Tree);

/** A field that offers what could stand in it: a combobox as ARIA describes it. */

import { h } from "./page";

export interface Item {
  text: string;
  says?: string;
  /** A mark before the text. */
  mark?: Node;
  [more: string]: unknown;
}

export interface Suggested {
  /** Show what is offered now, asking again. */
  ask(): Promise<void>;
  shut(): void;
  /** Take everything away again. */
  end(): void;
}

let made = 0;

/** Offer items under a field: arrows choose, Enter or Tab takes, Escape shuts. */
export function suggest<T extends Item>(
  input: HTMLInputElement | HTMLTextAreaElement,
  fetchItems: (text: string, caret: number) => Promise<T[]> | T[],
  onPick: (item: T) => void,
  opts: { place?: HTMLElement; wait?: number; first?: boolean; onFocus?: boolean } = {},
): Suggested {
  const id = `suggest-${(made += 1)}`;
  const list = h("ul", { class: "suggest", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
  (opts.place ?? input.parentElement ?? document.body).append(list);
  // A field of several lines is a textbox to everybody; only a field of one line may be a combobox.
  const one = input instanceof HTMLInputElement && input.type !== "search";
  const said = one ? { role: "combobox", "aria-expanded": "false" } : { "aria-haspopup": "listbox" };
  for (const [name, value] of Object.entries({ ...said, "aria-autocomplete": "list", "aria-controls": id, autocomplete: "off" })) {
    input.setAttribute(name, value);
  }
  const expand = (open: boolean) => one && input.setAttribute("aria-expanded", String(open));
  let items: T[] = [];
  let at = -1;
  let turn = 0;
  let timer = 0;

  const mark = (next: number) => {
    at = next;
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    const row = list.children[at];
    if (row) {
      input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const shut = () => {
    turn += 1;
    window.clearTimeout(timer);
    list.hidden = true;
    expand(false);
    mark(-1);
  };
  const pick = (item: T) => {
    shut();
    onPick(item);
  };
  const draw = () => {
    list.replaceChildren(
      ...items.map((item, index) =>
        h(
          "li",
          { role: "option", id: `${id}-${index}`, "aria-selected": "false", onpointerdown: (event: Event) => event.preventDefault(), onclick: () => pick(item) },
          item.mark ?? null,
          h("span", { class: "suggest-text" }, item.text),
          item.says ? h("span", { class: "suggest-says" }, item.says) : null,
        ),
      ),
    );
    list.hidden = !items.length;
    expand(!!items.length);
    mark(opts.first && items.length ? 0 : -1);
  };
  const ask = async () => {
    const mine = (turn += 1);
    const found = await fetchItems(input.value, input.selectionStart ?? input.value.length);
    if (mine !== turn) return;
    items = found;
    draw();
  };
  const soon = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), opts.wait ?? 80);
  };
  const press = (raw: Event) => {
    const event = raw as KeyboardEvent;
    if (event.isComposing) return;
    const open = !list.hidden;
    const chosen = items[at];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((at + step + items.length + (at < 0 && step < 0 ? 1 : 0)) % items.length);
    } else if (open && chosen && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      event.stopPropagation();
      pick(chosen);
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      shut();
    }
  };
  const focus = () => opts.onFocus && void ask();
  const heard: [string, EventListener][] = [["input", soon], ["keydown", press], ["blur", shut], ["focus", focus]];
  for (const [name, hear] of heard) input.addEventListener(name, hear);
  return {
    ask,
    shut,
    end: () => {
      for (const [name, hear] of heard) input.removeEventListener(name, hear);
      list.remove();
    },
  };
}

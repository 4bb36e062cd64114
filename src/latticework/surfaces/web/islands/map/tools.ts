/** What stands above a map: finding a dot, nearer and farther, fitting, tidying. */

import { h } from "../shared/page";

export interface Deeds {
  seek(text: string): void;
  next(): void;
  leave(): void;
  zoom(by: number): void;
  fit(): void;
  forget(): void;
}

export function tools(deeds: Deeds, scale: HTMLElement): HTMLElement {
  const search = h("input", { type: "search", placeholder: "Find on this map", "aria-label": "Find on this map", autocomplete: "off", spellcheck: "false" });
  search.addEventListener("input", () => deeds.seek(search.value));
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") deeds.next();
    if (event.key === "Escape") deeds.leave();
  });
  const button = (says: string, label: string, run: () => void) => h("button", { type: "button", "aria-label": /^[a-z]/i.test(says) ? null : label, title: label, onclick: run }, says);
  return h(
    "div",
    { class: "map-tools" },
    search,
    button("−", "Farther (−)", () => deeds.zoom(0.8)),
    scale,
    button("+", "Nearer (+)", () => deeds.zoom(1.25)),
    button("fit", "Fit: see all of it (f)", () => deeds.fit()),
    button("tidy", "Tidy: forget where dots were put", () => deeds.forget()),
  );
}

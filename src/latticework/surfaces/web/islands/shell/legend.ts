/** The overlay of keys, and the hint after the first key of a chord. */

import { openDialog } from "../shared/dialog";
import { caps, following, listed, type Listed } from "../shared/keys";
import { h } from "../shared/page";

const GOING = "Go";
const HERE = "Everywhere";

/** Show what keys do on this page. */
export function showKeys(): void {
  const groups = new Map<string, Listed[]>();
  for (const each of listed()) {
    const group = each.group || (each.combo.startsWith("g ") ? GOING : HERE);
    groups.set(group, [...(groups.get(group) ?? []), each]);
  }
  const dialog = h(
    "dialog",
    { class: "legend", "aria-labelledby": "legend-title" },
    h("h2", { id: "legend-title" }, "Keys"),
    h(
      "div",
      { class: "legend-groups" },
      ...[...groups].map(([group, verbs]) =>
        h("section", {}, h("h3", {}, group), h("dl", {}, ...verbs.map((each) => h("div", {}, h("dt", {}, each.says), h("dd", {}, ...keycaps(each.combo)))))),
      ),
    ),
    h("form", { method: "dialog" }, h("button", {}, "Close")),
  );
  openDialog(dialog);
}

/** A combo as key caps. */
export function keycaps(combo: string): HTMLElement[] {
  return caps(combo).map((cap) => h("kbd", {}, cap));
}

/** After "g", show what can follow. */
export function chordsAreShown(): void {
  let shown: HTMLElement | null = null;
  document.addEventListener("chord", (event) => {
    const begun = (event as CustomEvent<string>).detail;
    shown?.remove();
    shown = null;
    if (!begun) return;
    shown = h(
      "div",
      { class: "chord", "aria-hidden": "true" },
      ...following(begun).map((each) => h("span", {}, h("kbd", {}, each.combo.slice(begun.length + 1)), each.says.replace(/^Go to /, ""))),
    );
    document.body.append(shown);
  });
}

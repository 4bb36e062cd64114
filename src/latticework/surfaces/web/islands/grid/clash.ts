/** Two people wrote in one cell: what each wrote, and which is kept. */

import { h } from "../shared/page";
import { textOf, type Raw } from "./cells";

export interface Clash {
  theirs: Raw;
  by: string;
  takeTheirs: () => void;
  keepMine: () => void;
}

export function clashed(clash: Clash, mine: string): HTMLElement {
  const theirs = clash.by ? `${clash.by}’s` : "Theirs";
  return h(
    "div",
    { class: "grid-clash" },
    h("p", {}, h("span", {}, "Yours"), h("strong", {}, mine || "nothing")),
    h("p", {}, h("span", {}, theirs), h("strong", {}, textOf(clash.theirs) || "nothing")),
    h("div", {}, h("button", { type: "button", class: "first", onclick: clash.keepMine }, "Keep mine"), h("button", { type: "button", onclick: clash.takeTheirs }, "Take theirs")),
  );
}

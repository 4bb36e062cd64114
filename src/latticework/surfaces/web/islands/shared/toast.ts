/** Short notices at the foot of the page, with one thing to do about them. */

import { h } from "./page";

export interface Action {
  label: string;
  run: () => void;
}

export interface Notice {
  action?: Action;
  /** A further thing to do, before the first. */
  other?: Action;
  tone?: "plain" | "good" | "bad";
  /** How long it stays, in milliseconds; longer while it is pointed at or focused. */
  stays?: number;
}

const MOST = 3;

/** Say something without getting in the way; returns how to take it away. */
export function toast(text: string | Node, { action, other, tone = "plain", stays }: Notice = {}): () => void {
  const doing = [other, action].filter((each) => each !== undefined);
  const buttons = doing.map(({ label, run }) => h("button", { type: "button", onclick: () => (away(), run()) }, label));
  const away = () => made.remove();
  const made = h("div", { class: `toast toast-${tone}`, role: tone === "bad" ? "alert" : "status" }, h("div", {}, text), buttons);
  const shut = h("button", { type: "button", class: "toast-shut", "aria-label": "Dismiss" }, "×");
  made.append(shut);
  shut.addEventListener("click", away);
  let timer = 0;
  const wait = () => {
    timer = window.setTimeout(away, stays ?? (tone === "bad" ? 12_000 : 6_000));
  };
  const hold = () => window.clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) made.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) made.addEventListener(name, wait);
  const place = shelf();
  place.append(made);
  while (place.children.length > MOST) place.firstElementChild?.remove();
  wait();
  return away;
}

function shelf(): HTMLElement {
  let place = document.getElementById("toasts");
  if (!place) {
    place = h("section", { id: "toasts", class: "toasts", "aria-label": "Notices" });
    document.body.append(place);
  }
  return place;
}

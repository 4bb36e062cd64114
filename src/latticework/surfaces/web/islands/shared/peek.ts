/** The side panel: a thing read without leaving the page. */

import { adopt, h, navigate, thingUrl } from "./page";

let panel: HTMLElement | null = null;
let shown = "";
let before: HTMLElement | null = null;
let asked = 0;

/** Which thing is open beside the page; empty where none is. */
export function peeked(): string {
  return shown;
}

/** Open a thing beside the page; the focus stays where it is unless `enter`. */
export async function peek(ref: string, opts: { enter?: boolean } = {}): Promise<void> {
  const mine = (asked += 1);
  before ??= document.activeElement instanceof HTMLElement ? document.activeElement : null;
  shown = ref;
  const place = frame();
  place.setAttribute("aria-busy", "true");
  const answer = await fetch(thingUrl(ref, { peek: "yes" }), { headers: { accept: "text/html" } }).catch(() => null);
  if (mine !== asked) return;
  const fresh = new DOMParser().parseFromString(answer ? await answer.text() : "", "text/html");
  const content = fresh.querySelector("main") ?? fresh.body;
  await adopt(fresh);
  if (mine !== asked) return;
  place.removeAttribute("aria-busy");
  const inside = place.querySelector(".peek-inside");
  inside?.replaceChildren(...(answer ? content.childNodes : [h("p", {}, "The server does not answer.")]));
  const open = place.querySelector<HTMLAnchorElement>(".peek-open");
  if (open) open.href = thingUrl(ref);
  place.scrollTop = 0;
  document.dispatchEvent(new CustomEvent("peeked", { detail: ref }));
  if (opts.enter) place.focus();
}

/** Shut the panel and give the focus back. */
export function unpeek(): void {
  if (!panel) return;
  asked += 1;
  const inside = panel.contains(document.activeElement);
  panel.remove();
  panel = null;
  shown = "";
  document.documentElement.removeAttribute("data-peeking");
  document.dispatchEvent(new CustomEvent("peeked", { detail: "" }));
  if (inside) before?.focus();
  before = null;
}

function frame(): HTMLElement {
  if (panel) return panel;
  const open = h("a", { class: "peek-open button", href: "#" }, "Open");
  const shut = h("button", { type: "button", class: "peek-shut", onclick: unpeek }, "Close");
  panel = h(
    "aside",
    { class: "peek", "aria-label": "Peek", tabindex: "-1" },
    h("div", { class: "peek-top" }, open, shut),
    h("div", { class: "peek-inside" }),
  );
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      unpeek();
    }
    if (event.key === "Enter" && event.target === panel) navigate(thingUrl(shown));
  });
  document.body.append(panel);
  document.documentElement.setAttribute("data-peeking", "");
  return panel;
}

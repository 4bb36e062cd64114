/** Reading without the mouse: from thing to thing, each with a peek. */

import { keys } from "../shared/keys";
import { navigate, thingUrl } from "../shared/page";
import { peek, peeked, unpeek } from "../shared/peek";
import { copy } from "./copy";

/** Let keys step through the things of the page, and Space or Alt-click peek at them. */
export function rowsArePeeked(): void {
  keys({
    j: { says: "Next thing", run: () => step(1) },
    k: { says: "Thing before", run: () => step(-1) },
    ArrowDown: { says: "", run: () => !!peeked() && step(1) },
    ArrowUp: { says: "", run: () => !!peeked() && step(-1) },
    Space: { says: "Peek at a thing", run: togglePeek },
    o: { says: "Open the thing", run: open },
    Y: { says: "Copy the thing’s ref", run: () => (refHere() ? void copy(refHere(), "Ref copied") : false) },
    Escape: { says: "", run: () => (peeked() ? unpeek() : false) },
  });
  document.addEventListener("click", (event) => {
    const ref = event.altKey && event.target instanceof Element ? refOf(event.target) : "";
    if (!ref) return;
    event.preventDefault();
    void peek(ref);
  });
  // Whatever moves the focus, the panel shows the thing that has it.
  document.addEventListener("focusin", (event) => {
    const ref = peeked() && event.target instanceof Element && event.target.closest("main") ? refOf(event.target) : "";
    if (ref && ref !== peeked()) void peek(ref);
  });
  document.addEventListener("dragstart", (event) => {
    const ref = event.target instanceof Element ? refOf(event.target) : "";
    if (ref) event.dataTransfer?.setData("application/x-ref", ref);
  });
}

function refOf(el: Element): string {
  return el.closest<HTMLElement>("[data-ref]")?.dataset["ref"] ?? el.closest("tr, li")?.querySelector<HTMLElement>("a[data-ref]")?.dataset["ref"] ?? "";
}

function refHere(): string {
  const focused = document.activeElement;
  return (focused && focused !== document.body && !focused.closest(".peek") ? refOf(focused) : "") || peeked();
}

function togglePeek(): unknown {
  const ref = refHere();
  if (!ref) return false;
  if (peeked() === ref) unpeek();
  else void peek(ref);
  return true;
}

function open(): unknown {
  const ref = refHere();
  return ref ? navigate(thingUrl(ref)) : false;
}

/** One link for each row: the first that leads to a thing and can be seen. */
function stops(): HTMLElement[] {
  const seen = new Set<Element>();
  return [...document.querySelectorAll<HTMLElement>("main a[data-ref]")].filter((link) => {
    const row = link.closest("tr, li") ?? link;
    if (seen.has(row) || !link.checkVisibility()) return false;
    seen.add(row);
    return true;
  });
}

function step(by: number): unknown {
  const every = stops();
  const row = (el: Element | null) => el?.closest("tr, li") ?? el;
  const focused = document.activeElement;
  let at = every.findIndex((link) => link === focused || row(link) === row(focused));
  if (at < 0 && peeked()) at = every.findIndex((link) => link.dataset["ref"] === peeked());
  const next = every[at < 0 ? (by > 0 ? 0 : every.length - 1) : at + by];
  if (!next) return false;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

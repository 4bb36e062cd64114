/** What a tree leaves out below a line: fetched from the page that shows it. */

import { h } from "../shared/page";

/** Put what hangs below a line in its place; nothing where it is all there. */
export async function unfold(line: HTMLElement): Promise<void> {
  const more = line.querySelector<HTMLAnchorElement>("a.more");
  const item = line.closest<HTMLElement>("li[data-ref]");
  if (!more || !item || line.getAttribute("aria-busy") === "true") return;
  line.setAttribute("aria-busy", "true");
  const answer = await fetch(more.href, { headers: { accept: "text/html" } }).catch(() => null);
  line.removeAttribute("aria-busy");
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const root = fresh.querySelector(".tree > ul > li");
  const below = root?.querySelector(":scope > details > ul");
  if (!below) return;
  plain(below);
  const rest = root?.querySelector(":scope > details > p.leaf");
  const focused = line === document.activeElement;
  const summary = h("summary", {});
  const whole = item.querySelector(":scope > details");
  if (whole) {
    whole.querySelector(":scope > ul")?.replaceWith(below);
    line.remove();
    if (rest) whole.append(rest);
    return;
  }
  more.remove();
  summary.append(...line.childNodes);
  line.replaceWith(h("details", { open: true }, summary, below as HTMLElement, (rest ?? null) as HTMLElement | null));
  if (focused) summary.focus();
}

/** Lines that stand in the tree already keep their place: ids stay one of a kind. */
function plain(below: Element): void {
  for (const each of below.querySelectorAll("[id]")) {
    if (document.getElementById(each.id)) each.removeAttribute("id");
  }
}

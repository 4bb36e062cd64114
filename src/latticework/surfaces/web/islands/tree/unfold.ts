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
  const whole = item.querySelector(":scope > details");
  if (whole) {
    whole.querySelector(":scope > ul")?.replaceWith(below);
    line.remove();
    if (rest) whole.append(rest);
    return;
  }
  more.remove();
  line.classList.remove("folded");
  const name = h("span", { class: "unseen" }, `Below ${line.querySelector("a")?.textContent ?? ""}`);
  const parts = rest ? [below as HTMLElement, rest as HTMLElement] : [below as HTMLElement];
  line.after(h("details", { open: true }, h("summary", {}, name), parts));
}

/** Lines that stand in the tree already keep their place: ids stay one of a kind. */
function plain(below: Element): void {
  for (const each of below.querySelectorAll("[id]")) {
    if (document.getElementById(each.id)) each.removeAttribute("id");
  }
}

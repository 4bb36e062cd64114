/** Hanging a thing below another one: in place of its parent, or besides. */

import { record, type Change, type Triple } from "../shared/http";

/** The title that a line of the tree shows. */
export function titleOf(item: HTMLElement): string {
  return item.querySelector("a")?.textContent ?? item.dataset["ref"] ?? "";
}

/** Record that a thing hangs below another; `too` keeps what it hangs below now. */
export async function hang(tree: HTMLElement, item: HTMLElement, parent: string, name: string, too: boolean): Promise<void> {
  const ref = item.dataset["ref"] ?? "";
  const link = tree.dataset["link"] ?? "";
  const back = tree.hasAttribute("data-back");
  const edge = (above: string): Triple => (back ? [ref, link, above] : [above, link, ref]);
  const before = item.parentElement?.closest<HTMLElement>("li[data-ref]")?.dataset["ref"];
  if (!ref || parent === ref || parent === before) return;
  const cut: Change[] = before && !too ? [{ disconnect: edge(before) }] : [];
  const says = `${titleOf(item)} hangs ${too ? "also " : ""}below ${name}`;
  const receipt = await record([...cut, { connect: edge(parent) }], { says });
  const region = tree.querySelector("[data-said]");
  if (receipt && region) region.textContent = says;
}

/** Let lines be dragged onto other lines; with Alt or Ctrl they keep their parent. */
export function carriesTwigs(tree: HTMLElement): () => void {
  const end = new AbortController();
  const { signal } = end;
  let carried: HTMLElement | null = null;
  let target: HTMLElement | null = null;
  const mark = (line: HTMLElement | null, too = false): void => {
    if (line !== target) target?.classList.remove("is-target");
    target = line;
    target?.classList.add("is-target");
    if (target) target.dataset["takes"] = too ? "below this too" : "below this";
  };
  tree.addEventListener("dragstart", (event) => {
    carried = lineOf(event.target)?.closest<HTMLElement>("li[data-ref]") ?? null;
    if (!carried || !event.dataTransfer) return;
    event.dataTransfer.setData("text/plain", carried.dataset["ref"] ?? "");
    event.dataTransfer.setData("application/x-ref", carried.dataset["ref"] ?? "");
    event.dataTransfer.effectAllowed = "copyMove";
    carried.classList.add("is-carried");
  }, { signal });
  tree.addEventListener("dragover", (event) => {
    const line = lineOf(event.target);
    const item = line?.closest("li[data-ref]");
    if (!carried || !line || !item || carried.contains(item)) return mark(null);
    event.preventDefault();
    const too = event.altKey || event.ctrlKey;
    if (event.dataTransfer) event.dataTransfer.dropEffect = too ? "copy" : "move";
    mark(line, too);
  }, { signal });
  tree.addEventListener("dragleave", (event) => {
    if (!tree.contains(event.relatedTarget as Node | null)) mark(null);
  }, { signal });
  tree.addEventListener("drop", (event) => {
    const item = lineOf(event.target)?.closest<HTMLElement>("li[data-ref]");
    if (!carried || !item || carried.contains(item)) return;
    event.preventDefault();
    const [moved, parent] = [carried, item];
    void hang(tree, moved, parent.dataset["ref"] ?? "", titleOf(parent), event.altKey || event.ctrlKey);
  }, { signal });
  tree.addEventListener("dragend", () => {
    carried?.classList.remove("is-carried");
    carried = null;
    mark(null);
  }, { signal });
  return () => end.abort();
}

function lineOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("li[data-ref] > .leaf") : null;
}

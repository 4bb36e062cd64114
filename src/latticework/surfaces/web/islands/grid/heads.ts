/** The headings of a table: whether another question has the same, and taking them over. */

/** The cells of a table's heading row; the first is the one for boxes. */
export function headsOf(table: HTMLTableElement | null): Element[] {
  return [...(table?.tHead?.rows[0]?.cells ?? [])];
}

/** Whether fresh headings name the columns that are here. */
export function sameHeads(here: Element[], fresh: Element[]): boolean {
  return fresh.length === here.length - 1 && fresh.every((each, at) => word(each) === word(here[at + 1]));
}

/** Let headings say and lead where the fresh ones do; their widths stay. */
export function takeHeads(here: Element[], fresh: Element[]): void {
  for (const [at, each] of fresh.entries()) {
    const old = here[at + 1];
    old?.replaceChildren(...document.importNode(each, true).childNodes);
    if (each.hasAttribute("aria-sort")) old?.setAttribute("aria-sort", each.getAttribute("aria-sort") ?? "");
    else old?.removeAttribute("aria-sort");
  }
}

function word(cell: Element | undefined): string {
  return cell?.querySelector("a")?.firstChild?.textContent ?? cell?.textContent ?? "";
}

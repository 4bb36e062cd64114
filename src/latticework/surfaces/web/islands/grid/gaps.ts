/** Lines of a table's body: put in place without touching those that stay, with gaps for what is not here. */

import { h } from "../shared/page";

/** Let exactly these be there; what is there already is not touched. */
export function lay(body: HTMLElement, wanted: Node[]): void {
  const kept = new Set(wanted);
  for (const node of [...body.childNodes]) if (!kept.has(node)) node.remove();
  let at = body.firstChild;
  for (const node of wanted) {
    if (node === at) at = at.nextSibling;
    else body.insertBefore(node, at);
  }
}

/** A line that holds no row, for those that are not here. */
export function spare(cell: HTMLTableCellElement): HTMLTableRowElement {
  return h("tr", { class: "gap", "aria-hidden": "true" }, cell);
}

export function gap(): HTMLTableCellElement {
  return h("td", { colspan: 99 });
}

export function sized(pixels: number): HTMLTableCellElement {
  const cell = gap();
  cell.style.height = `${pixels}px`;
  return cell;
}

/** A table on paper: every row that is here, not only those that are seen. */

import { h } from "../shared/page";
import { onPaper } from "../shared/paper";
import type { Window } from "./window";

const LINES = 5_000;

/** Lay a table out for the printer, and back again. */
export function printed(place: HTMLElement, rows: () => Window, head: (at: number) => HTMLTableRowElement): void {
  const note = h("p", { class: "note" });
  const before = () => {
    const here = rows();
    const drawn: HTMLTableRowElement[] = [];
    for (let line = 0; line < Math.min(here.lines.total, LINES); line += 1) {
      const spot = here.lines.at(line);
      const row = spot && ("row" in spot ? here.ready(spot.row) : head(spot.head));
      if (row) drawn.push(row);
    }
    here.still = true;
    place.querySelector("tbody")?.replaceChildren(...drawn);
    const told = drawn.filter((row) => row.dataset["ref"] !== undefined).length;
    note.textContent = `${told.toLocaleString("en")} of ${here.total.toLocaleString("en")} rows; an export has all of them.`;
    if (told < here.total) place.append(note);
  };
  onPaper(place, before, () => {
    note.remove();
    rows().still = false;
    rows().draw(true);
  });
}

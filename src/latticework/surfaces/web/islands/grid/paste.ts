/** Taking a sheet's cells: seen first with what stands against them, then recorded at once. */

import { type Change, type Finding, isProblem, record, send } from "../shared/http";
import { branch, h } from "../shared/page";
import { things } from "../shared/pick";
import { type Edit, type Pair, type Raw, type Row, changesFor, valueOf } from "./cells";

const SHOWN = 200;

export interface Spot {
  row: Row;
  column: number;
  name: string;
  edit: Edit | undefined;
  text: string;
}

interface Planned extends Spot {
  changes: Change[];
  says: string;
}

/** Show what would be written where; records it as one batch where the reader says so. `beyond` lines found no row. */
export async function pasteInto(spots: Spot[], base: number, beyond = 0): Promise<boolean> {
  const planned = await Promise.all(spots.map(plan));
  const changes = planned.flatMap((each) => each.changes);
  if (changes.length) await check(planned, changes);
  const wrong = planned.filter((each) => each.says);
  if (!wrong.length && !beyond && planned.length === 1) return Boolean(changes.length && (await record(changes, { base })));
  return preview(planned, base, beyond);
}

async function plan(spot: Spot): Promise<Planned> {
  const { row, column, edit, text } = spot;
  if (!edit) return { ...spot, changes: [], says: "this cell is not written in" };
  if (edit.type !== "link") return { ...spot, changes: changesFor(row, edit, row.raw[column] ?? null, valueOf(text, edit)), says: "" };
  const named = text.split(/\s*[,\n]\s*/).filter(Boolean);
  const found = await Promise.all(named.map((each) => oneThing(each, edit.kinds ?? [])));
  const lost = named.filter((_, at) => !found[at]);
  const pairs = found.filter((each): each is Pair => each !== null);
  const says = lost.length ? `nothing is called ${lost.map((each) => `“${each}”`).join(", ")}` : "";
  return { ...spot, changes: says ? [] : changesFor(row, edit, row.raw[column] ?? null, pairs as Raw), says };
}

async function oneThing(text: string, kinds: string[]): Promise<Pair | null> {
  const fold = text.toLowerCase();
  const found = (await things(text, kinds, 8)).find((each) => each.ref.toLowerCase() === fold || each.title.toLowerCase() === fold);
  return found ? [found.ref, found.title] : null;
}

async function check(planned: Planned[], changes: Change[]): Promise<void> {
  const answer = await send<{ findings: (Finding & { change?: number })[] }>("/api/changes?dry=yes", { changes, branch: branch() });
  if (!isProblem(answer)) return;
  for (const finding of answer.findings as (Finding & { change?: number })[]) {
    let at = finding.change ?? 0;
    const spot = planned.find((each) => (at -= each.changes.length) < 0);
    if (spot) spot.says ||= finding.says;
  }
}

function preview(planned: Planned[], base: number, beyond: number): Promise<boolean> {
  return new Promise((done) => {
    const good = planned.filter((each) => !each.says && each.changes.length);
    const changes = good.flatMap((each) => each.changes);
    const wrong = planned.filter((each) => each.says).length;
    const columns = [...new Set(planned.map((each) => each.name))];
    const rows = [...new Set(planned.map((each) => each.row))];
    const go = h("button", { type: "button", class: "first", disabled: !changes.length }, `Write ${good.length.toLocaleString("en")} ${good.length === 1 ? "cell" : "cells"}`);
    const leave = h("button", { type: "button" }, "Leave it");
    const line = (row: Row) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, row.ref),
        columns.map((name) => {
          const each = planned.find((spot) => spot.row === row && spot.name === name);
          return h("td", { class: each?.says ? "misfit" : each?.changes.length ? "" : "quiet", title: each?.says ?? "" }, each?.text ?? "", each?.says ? h("div", { class: "note" }, each.says) : null);
        }),
      );
    const table = h("table", {}, h("thead", {}, h("tr", {}, h("th", {}, "ref"), columns.map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, rows.slice(0, SHOWN).map(line)), rows.length > SHOWN ? h("tfoot", {}, h("tr", {}, h("td", { class: "quiet", colspan: columns.length + 1 }, `and ${(rows.length - SHOWN).toLocaleString("en")} more rows`))) : null);
    const left = beyond ? ` ${beyond.toLocaleString("en")} further ${beyond === 1 ? "line finds" : "lines find"} no row here and ${beyond === 1 ? "is" : "are"} left out.` : "";
    const told = (wrong ? `${wrong} of ${planned.length} do not fit and are left out.` : beyond ? "" : "All of it fits.") + left;
    const dialog = h("dialog", { class: "grid-paste", "aria-label": "Paste" }, h("h2", {}, "What would be written"), h("p", { class: "note" }, told), h("div", { class: "scroll", tabindex: "0" }, table), h("p", { class: "actions" }, go, leave));
    const shut = (said: boolean) => {
      dialog.remove();
      done(said);
    };
    go.addEventListener("click", async () => {
      dialog.close();
      shut(Boolean(await record(changes, { base, says: `Wrote ${good.length.toLocaleString("en")} cells` })));
    });
    leave.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => shut(false));
    document.body.append(dialog);
    dialog.showModal();
    go.focus();
  });
}

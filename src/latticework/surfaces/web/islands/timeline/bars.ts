/** Bars of a timeline: what they may change, drawing them as they would lie, recording where they lie. */

import { record, type Fields } from "../shared/http";
import { svg } from "../shared/page";
import { dayOf, moved, said, wordsOf, type Ends, type Grip } from "./days";

export type Bar = SVGGElement;

/** The fields in which a bar's beginning and its end are kept; empty where neither can be changed. */
export function setsOf(bar: Bar): [string, string] {
  const [begins = "", ends = ""] = (bar.dataset.sets ?? "").split("|");
  return [begins, ends];
}

/** Draw a bar as it would lie, with its new days beside it. */
export function draw(bar: Bar, grip: Grip, by: number, pixels: number): void {
  const ends = endsOf(bar);
  const next = moved(ends, grip, by);
  const first = ((next[1] ?? 0) - (ends[1] ?? 0)) * pixels;
  const last = ((next[3] ?? next[2] ?? 0) - (ends[3] ?? ends[2] ?? 0)) * pixels;
  const parts = [...bar.querySelectorAll<SVGElement>("rect:not(.tl-hit):not(.tl-ghost), .tl-point")];
  for (const part of parts) shift(part, grip, first, last);
  bar.querySelector(".tl-late")?.setAttribute("visibility", by ? "hidden" : "visible");
  bar.querySelector(".tl-say")?.remove();
  if (!by) return;
  const right = Math.max(...parts.map((part) => Number(part.getAttribute("x") ?? 0) + Number(part.getAttribute("width") ?? 8)));
  const day = grip === "begin" ? next[1] : next[3] ?? next[2];
  const begun = grip === "both" && next[1] !== null ? `${said(next[1])} – ` : "";
  const says = day === null || day === undefined ? "" : begun + said(day);
  bar.append(svg("text", { class: "tl-say", x: right + 8, y: Number(bar.dataset.y) + 19 }, says));
}

/** Let a bar lie where the server drew it. */
export function putBack(bar: Bar): void {
  bar.classList.remove("tl-sent", "tl-held");
  draw(bar, "both", 0, 0);
}

/** Record the new days; where they are refused the bar flies back and a notice says why. */
export async function send(bar: Bar, grip: Grip, by: number): Promise<void> {
  const ref = bar.dataset.bar ?? "";
  const [begins, ends] = setsOf(bar);
  const next = moved(endsOf(bar), grip, by);
  const fields: Fields = {};
  if (begins && grip !== "end" && next[1] !== null) fields[begins] = wordsOf(next[0], next[1]);
  if (ends && grip !== "begin" && (next[2] ?? next[3]) !== null) fields[ends] = wordsOf(next[2], next[3]);
  if (!Object.keys(fields).length) return putBack(bar);
  bar.classList.add("tl-sent");
  const pairs = Object.entries(fields).map(([name, value]) => `${name} ${String(value)}`);
  const receipt = await record([{ put: ref, fields }], { says: pairs.join(", ") });
  if (!receipt) putBack(bar);
  else bar.classList.remove("tl-sent");
}

function endsOf(bar: Bar): Ends {
  const [begin, begun, over, ended] = (bar.dataset.days ?? "").split(",").map(dayOf);
  return [begin ?? null, begun ?? null, over ?? null, ended ?? null];
}

/** Move or stretch a part of a bar, from where the server drew it. */
function shift(part: SVGElement, grip: Grip, first: number, last: number): void {
  if (part.classList.contains("tl-point")) return void part.setAttribute("transform", `translate(${last} 0)`);
  const x = Number((part.dataset.x ??= part.getAttribute("x") ?? "0"));
  const width = Number((part.dataset.width ??= part.getAttribute("width") ?? "0"));
  const solid = part.classList.contains("tl-solid");
  const starts = part.classList.contains("tl-soft-in");
  const left = grip === "end" && !starts && !solid ? last : starts || solid || grip === "both" ? first : 0;
  part.setAttribute("x", String(x + (grip === "end" && solid ? 0 : left)));
  if (solid) part.setAttribute("width", String(Math.max(width + last - first, 1.5)));
}

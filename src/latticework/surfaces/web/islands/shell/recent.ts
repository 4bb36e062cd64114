/** Things this browser looked at last, for the palette. */

import type { Thing } from "../shared/pick";

const MOST = 12;

const company = () => document.querySelector(".brand")?.textContent?.trim() ?? "";
const shelf = () => `recent:${company()}`;

/** Things looked at, the latest first. */
export function recentThings(): Thing[] {
  try {
    return JSON.parse(localStorage.getItem(shelf()) ?? "[]") as Thing[];
  } catch {
    return [];
  }
}

/** Remember the thing whose page this is. */
export function remembersVisits(): void {
  const found = /^\/thing\/([^/]+)\/([^/]+)$/.exec(location.pathname);
  const title = document.querySelector("main h1")?.textContent?.trim();
  if (!found || !title) return;
  const ref = `${decodeURIComponent(found[1] ?? "")}/${decodeURIComponent(found[2] ?? "")}`;
  const others = recentThings().filter((each) => each.ref !== ref);
  localStorage.setItem(shelf(), JSON.stringify([{ ref, title }, ...others].slice(0, MOST)));
}

/** Places put by hand stand in the address, so that a link and a kept view hold them. */

import type { Place } from "./scene";

/** So many places fit an address. */
const MOST_PUT = 120;

export function placesHere(): Record<string, Place> {
  const parts = (new URL(location.href).searchParams.get("places") ?? "").split(";");
  const put = parts.map((part) => part.trim().split(/\s+/)).filter((words) => words.length === 3);
  return Object.fromEntries(put.map(([ref, x, y]) => [ref!, [Number(x), Number(y)]]));
}

export function keepPlaces(places: Record<string, Place>): void {
  const said = Object.entries(places).slice(-MOST_PUT).map(([ref, [x, y]]) => `${ref} ${x} ${y}`);
  const url = new URL(location.href);
  if (said.length) url.searchParams.set("places", said.join("; "));
  else url.searchParams.delete("places");
  history.replaceState(history.state, "", url);
}

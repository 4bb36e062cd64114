/** Days as numbers and words: what a bar's ends say, and what they say once moved. */

const DAY_MS = 86_400_000;

/** The four ends of a bar: earliest and latest beginning, earliest and latest end; null is unknown. */
export type Ends = [number | null, number | null, number | null, number | null];

export type Grip = "begin" | "end" | "both";

/** Days since 1970 of an ISO day; null of nothing. */
export function dayOf(iso: string): number | null {
  const found = Date.parse(iso);
  return Number.isNaN(found) ? null : Math.round(found / DAY_MS);
}

export function isoOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The ends moved by some days; a beginning never passes its end. */
export function moved(ends: Ends, grip: Grip, by: number): Ends {
  const [begin, begun, over, ended] = ends;
  const add = (day: number | null, step: number) => (day === null ? null : day + step);
  if (grip === "both") return [add(begin, by), add(begun, by), add(over, by), add(ended, by)];
  if (grip === "begin") {
    const most = over === null || begun === null ? by : Math.min(by, Math.max(over - begun, 0));
    return [add(begin, most), add(begun, most), over, ended];
  }
  const least = ended === null || begun === null ? by : Math.max(by, Math.min(begun - ended, 0));
  return [begin, begun, add(over, least), add(ended, least)];
}

/** What is recorded for a beginning or an end: one day, or from one to another. */
export function wordsOf(low: number | null, high: number | null): string {
  if (low === null && high === null) return "";
  const [first, last] = [low ?? high!, high ?? low!];
  return first >= last ? isoOf(last) : `${isoOf(first)}..${isoOf(last)}`;
}

/** A day as people read it. */
export function said(day: number): string {
  return new Date(day * DAY_MS).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

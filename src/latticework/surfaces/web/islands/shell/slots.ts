/** A strip of time in equal slots: days, months or years, however long each is. */

export const DAY = 86_400_000;

export type Unit = "day" | "month" | "year";

export interface Slots {
  /** The first day of the first slot. */
  first: string;
  unit: Unit;
  count: number;
}

/** The day that lies so far along a strip, from 0 to 1. */
export function dayAlong(slots: Slots, share: number): string {
  const along = Math.min(Math.max(share, 0), 0.999999) * slots.count;
  const slot = Math.floor(along);
  const begins = start(slots, slot);
  return iso(begins + Math.floor(((along - slot) * (start(slots, slot + 1) - begins)) / DAY) * DAY);
}

/** How far along a strip a day lies, from 0 to 1. */
export function shareOf(slots: Slots, day: string): number {
  const instant = Date.parse(`${day}T12:00:00Z`);
  let slot = 0;
  while (slot < slots.count - 1 && start(slots, slot + 1) <= instant) slot += 1;
  const begins = start(slots, slot);
  const share = (instant - begins) / (start(slots, slot + 1) - begins);
  return Math.min(Math.max((slot + share) / slots.count, 0), 1);
}

export function iso(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** The first instant of a slot. */
function start({ first, unit }: Slots, slot: number): number {
  const day = new Date(`${first}T00:00:00Z`);
  const [y, m, d] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  if (unit === "day") return Date.UTC(y, m, d + slot);
  return unit === "month" ? Date.UTC(y, m + slot, 1) : Date.UTC(y + slot, 0, 1);
}

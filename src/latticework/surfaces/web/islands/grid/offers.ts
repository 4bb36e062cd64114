/** What an open cell offers: the words of its field, or things to link with. */

import { things } from "../shared/pick";
import { wordsOf, type Edit, type Pair } from "./cells";

export interface Option {
  word: string;
  category?: string;
  says?: string;
  pair?: Pair;
  make?: string;
}

const MOST_THINGS = 10;
const MOST_KINDS = 6;

export function wordsOffered(wanted: string, edit: Edit): Option[] {
  const words = wordsOf(edit).filter(([word]) => word.toLowerCase().includes(wanted));
  const none = !wanted && !edit.required ? [{ word: "", says: "nothing" }] : [];
  const unknown = "unknown".includes(wanted) && edit.type !== "stage" ? [{ word: "unknown", says: "nobody knows" }] : [];
  return [...words.map(([word, category]) => ({ word, category })), ...unknown, ...none];
}

/** Things by what is typed, those that are picked first; what is not there can be made. */
export async function thingsOffered(wanted: string, kinds: string[], picked: Pair[]): Promise<Option[]> {
  const found = await things(wanted, kinds, MOST_THINGS);
  const options: Option[] = found.map((each) => ({ word: each.title, says: each.ref, pair: [each.ref, each.title] }));
  if (wanted) return [...options, ...kinds.slice(0, MOST_KINDS).map((make) => ({ word: `Create ${make} “${wanted}”`, make }))];
  const shown = new Set(picked.map(([ref]) => ref));
  return [...picked.map((pair): Option => ({ word: pair[1], says: pair[0], pair })), ...options.filter((each) => !shown.has(each.pair?.[0] ?? ""))];
}

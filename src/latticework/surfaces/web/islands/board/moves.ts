/** What is recorded when a card changes its place. */

import type { Change } from "../shared/http";

export interface Grip {
  word: string;
  fields: Record<string, string>;
  link: string;
  back: boolean;
}

export interface Spot {
  name: string;
  value: string;
  values: Record<string, string>;
  fixed: boolean;
}

export interface Plan {
  by: Grip;
  across: Grip;
  piles: Spot[];
  lanes: Spot[];
}

export interface Place {
  lane: number;
  pile: number;
}

/** The changes that bring a thing from one place to another; a sentence where none can. */
export function changesOf(plan: Plan, ref: string, from: Place, to: Place): Change[] | string {
  const parts: (Change[] | string)[] = [];
  if (from.pile !== to.pile) parts.push(stepOf(plan.by, ref, plan.piles[from.pile], plan.piles[to.pile]));
  if (from.lane !== to.lane) parts.push(stepOf(plan.across, ref, plan.lanes[from.lane], plan.lanes[to.lane]));
  const wrong = parts.find((each) => typeof each === "string");
  if (typeof wrong === "string") return wrong;
  return joined(ref, (parts as Change[][]).flat());
}

function stepOf(grip: Grip, ref: string, from: Spot | undefined, to: Spot | undefined): Change[] | string {
  const kind = ref.split("/")[0] ?? "";
  if (!to || !from) return "There is no such place on this board";
  const says = `‘${grip.word}’ of a ${kind} cannot become ‘${to.name}’ here`;
  if (to.fixed) return says;
  if (grip.link) return edgesOf(grip, ref, from, to);
  const field = grip.fields[kind];
  const shared = Object.keys(to.values).length > 0;
  const value = shared ? to.values[kind] : to.value;
  if (!field || (shared && !value)) return says;
  return [{ put: ref, fields: { [field]: value || null } }];
}

function edgesOf(grip: Grip, ref: string, from: Spot, to: Spot): Change[] {
  const edge = (end: string): [string, string, string] => (grip.back ? [end, grip.link, ref] : [ref, grip.link, end]);
  const cut: Change[] = from.value && !from.fixed ? [{ disconnect: edge(from.value) }] : [];
  return to.value ? [...cut, { connect: edge(to.value) }] : cut;
}

/** Two fields of one thing are put at once. */
function joined(ref: string, changes: Change[]): Change[] {
  const fields = Object.assign({}, ...changes.map((each) => ("put" in each ? each.fields : {}))) as Record<string, string | null>;
  const others = changes.filter((each) => !("put" in each));
  return Object.keys(fields).length ? [{ put: ref, fields }, ...others] : others;
}

/** Completing a query as one types: words that may follow, and questions asked before. */

import { ask, isProblem } from "../shared/http";
import { branch } from "../shared/page";
import { type Item, type Suggested, suggest } from "../shared/suggest";

interface Offered extends Item {
  insert: string;
  from: number;
  to: number;
  sort: string;
  whole?: boolean;
}

const RECENT = "asked";
const MOST_RECENT = 12;

/** The moment and the branch that this page reads, as parameters. */
export function moment(): Record<string, string> {
  const here = new URLSearchParams(location.search);
  return { at: here.get("at") ?? "", known: here.get("known") ?? "", branch: branch() === "main" ? "" : branch() };
}

async function offers(q: string, caret: number): Promise<Offered[]> {
  const found = await ask<{ completions: Offered[] }>("/api/complete/query", { q, at_char: caret, ...moment() });
  return isProblem(found) ? [] : found.completions.slice(0, 12);
}

/** Complete a field as one types; `round` is what stands before and behind it in the whole query. */
export function complete(field: HTMLInputElement | HTMLTextAreaElement, round: () => [string, string], recent: boolean): Suggested {
  const fetchOffers = async (text: string, caret: number): Promise<Offered[]> => {
    if (recent && !text.trim()) return [...remembered().map(whole), ...(await offers("", 0))].slice(0, 14);
    const [before] = round();
    const found = await offers(before + text, before.length + caret);
    return found.map((each) => ({ ...each, from: each.from - before.length, to: each.to - before.length })).filter((each) => each.from >= 0);
  };
  const put = (item: Offered) => {
    const behind = field.value.slice(item.to);
    const spaced = item.whole || /[(]$/.test(item.insert) || /^[\s),]/.test(behind) ? "" : " ";
    field.setRangeText(item.insert + spaced, item.from, item.to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };
  return suggest(field, fetchOffers, put, { onFocus: recent });
}

function whole(text: string): Offered {
  return { text, insert: text, from: 0, to: 0, sort: "recent", says: "asked before", whole: true };
}

function remembered(): string[] {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? "[]") as string[];
  } catch {
    return [];
  }
}

/** Keep a question for the next time the box is empty. */
export function remember(text: string): void {
  if (!text.trim()) return;
  const rest = remembered().filter((each) => each !== text);
  localStorage.setItem(RECENT, JSON.stringify([text, ...rest].slice(0, MOST_RECENT)));
}

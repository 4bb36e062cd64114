/** Linking in one gesture: type, paste or drop; what is missing is begun with it. */

import { type Change, draft, record } from "../shared/http";
import { isAddress, linesOf, refIn } from "../shared/lines";
import { stageMark } from "../shared/marks";
import { h } from "../shared/page";
import { things } from "../shared/pick";
import { type Item, suggest } from "../shared/suggest";
import { renew } from "./forms";

export interface Config {
  ref: string;
  kind: string;
  head: number;
  /** Phrases that may lead further, each with the kinds it may lead to. */
  phrases: Record<string, string[]>;
  /** The field in which things of a kind say where they lie. */
  urls: Record<string, string>;
  people: string[];
}

interface Offer extends Item {
  ref?: string;
  make?: string;
}

/** A field under a phrase that links what is typed into it. */
export function openLinker(config: Config, phrase: string, place: Element): void {
  const kinds = config.phrases[phrase] ?? [];
  const old = document.querySelector<HTMLElement>(".linker");
  old?.remove();
  const input = h("input", {
    type: "text",
    "aria-label": `${phrase}: a title, a ref or an address`,
    placeholder: `${kinds.slice(0, 3).join(", ")}${kinds.length > 3 ? " …" : ""}; paste several lines or an address`,
    spellcheck: "false",
  });
  const alone = !place.matches(".phrase");
  const box = h("div", { class: `linker${alone ? " alone" : ""}`, "data-keep": "" }, alone ? h("label", {}, phrase) : null, h("div", {}, input));
  if (alone) place.before(box);
  else place.querySelector(":scope > ul")?.after(box);
  const shut = () => {
    offered.end();
    box.remove();
  };
  const link = async (offer: Offer) => {
    const done = offer.ref ? await connect(config, phrase, [offer.ref], []) : await linkLines(config, phrase, [offer.text.trim()], offer.make);
    if (!done) return;
    input.value = "";
    await renew(box);
    input.focus();
  };
  const offered = suggest<Offer>(
    input,
    async (typed) => {
      const found = (await things(typed, kinds, 8)).filter((each) => each.ref !== config.ref);
      const wanted = typed.trim();
      const same = found.some((each) => each.title.toLowerCase() === wanted.toLowerCase());
      const makes = wanted && !same ? kinds.slice(0, 4).map((make) => ({ text: wanted, says: `begin a ${make}`, make, mark: plus() })) : [];
      return [...found.map((each) => ({ text: each.title || each.ref, says: each.ref, ref: each.ref, mark: stageMark(each.category ?? "") })), ...makes];
    },
    (offer) => void link(offer),
    { first: true, onFocus: true },
  );
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      shut();
      (place as HTMLElement).querySelector<HTMLElement>(".plus, button")?.focus();
    }
  });
  input.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    const lines = linesOf(pasted);
    if (lines.length < 2 && !isAddress(lines[0] ?? "")) return;
    event.preventDefault();
    void linkLines(config, phrase, lines).then(async (done) => {
      if (done) await renew(box);
    });
  });
  input.addEventListener("blur", () => window.setTimeout(() => !input.value && !box.contains(document.activeElement) && shut(), 200));
  input.focus();
}

/** Link lines as one batch: refs and titles that are there, and what is begun for the rest. */
export async function linkLines(config: Config, phrase: string, every: string[], make?: string): Promise<boolean> {
  const kinds = config.phrases[phrase] ?? [];
  const refs: string[] = [];
  const missing = new Map<string, string[]>();
  for (const line of new Set(every)) {
    const there = make ? undefined : refIn(line) || (await called(line, kinds));
    const kind = make ?? (isAddress(line) ? kinds.find((each) => config.urls[each]) : undefined) ?? kinds[0];
    if (there) refs.push(there);
    else if (kind) missing.set(kind, [...(missing.get(kind) ?? []), line]);
  }
  const drafts = (await Promise.all([...missing].map(([kind, those]) => draft(kind, those.join("\n"))))).flat();
  const begun = drafts.map(({ ref, fields }): Change => ({ put: ref, fields }));
  return connect(config, phrase, [...refs, ...drafts.map(({ ref }) => ref)], begun);
}

async function connect(config: Config, phrase: string, refs: string[], begun: Change[]): Promise<boolean> {
  const edges: Change[] = refs.map((ref) => ({ connect: [config.ref, phrase, ref] }));
  const more = begun.length ? `, ${begun.length} begun` : "";
  const receipt = await record([...begun, ...edges], { says: `Linked ${refs.length > 1 ? `${refs.length} things` : ""}${more}`.trim() });
  return receipt !== null;
}

async function called(line: string, kinds: string[]): Promise<string> {
  const wanted = line.toLowerCase();
  const found = await things(line, kinds, 8);
  return found.find((each) => each.title.toLowerCase() === wanted || each.ref === line)?.ref ?? "";
}

function plus(): Node {
  return h("span", { class: "palette-plus", "aria-hidden": "true" }, "+");
}

/** Choosing one thing, or making the one that is missing. */

import { openDialog } from "./dialog";
import { ask, draft, isProblem, record } from "./http";
import { h, moment } from "./page";
import { stageMark } from "./marks";

export interface Thing {
  ref: string;
  title: string;
  kind?: string;
  stage?: string;
  category?: string;
}

export interface Choice {
  title: string;
  kinds?: string[];
  create?: boolean;
  /** What stands in the field at first. */
  text?: string;
}

interface Offer {
  thing?: Thing;
  make?: string;
}

/** Things whose title or ref is like a text; none where the server does not answer. */
export async function things(text: string, kinds: string[] = [], most = 12): Promise<Thing[]> {
  const answer = await ask<{ things: Thing[] }>(moment("/api/complete/things"), { q: text, kind: kinds.join(","), most });
  return isProblem(answer) ? [] : answer.things;
}

/** Ask the reader for one thing; null where they leave. */
export function pickThing({ title, kinds = [], create = false, text = "" }: Choice): Promise<Thing | null> {
  return new Promise((done) => {
    const list = h("ul", { class: "picks", role: "listbox", id: "picks", "aria-label": title });
    const input = h("input", {
      type: "text",
      value: text,
      role: "combobox",
      "aria-expanded": "true",
      "aria-controls": "picks",
      "aria-autocomplete": "list",
      "aria-label": title,
      placeholder: kinds.length ? `Search ${kinds.join(", ")}` : "Search",
      autocomplete: "off",
      spellcheck: "false",
    });
    const dialog = h("dialog", { class: "palette picker", "aria-label": title }, h("p", { class: "palette-title" }, title), input, list);
    let offers: Offer[] = [];
    let at = 0;
    let turn = 0;

    const mark = (next: number) => {
      at = offers.length ? (next + offers.length) % offers.length : 0;
      [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
      const row = list.children[at];
      if (row?.id) input.setAttribute("aria-activedescendant", row.id);
      row?.scrollIntoView({ block: "nearest" });
    };
    const take = async (offer: Offer | undefined) => {
      if (!offer) return;
      let chosen = offer.thing ?? null;
      if (offer.make) {
        const [made] = await draft(offer.make, input.value);
        if (!made || !(await record([{ put: made.ref, fields: made.fields }], { quiet: true }))) return;
        chosen = { ref: made.ref, title: String(made.fields["title"]), kind: offer.make };
      }
      dialog.close();
      done(chosen);
    };
    const look = async () => {
      const mine = (turn += 1);
      const found = await things(input.value, kinds);
      if (mine !== turn) return;
      const wanted = input.value.trim();
      const makes = create && wanted ? kinds.map((make) => ({ make })) : [];
      offers = [...found.map((thing) => ({ thing })), ...makes];
      list.replaceChildren(
        ...offers.map((offer, index) =>
          h(
            "li",
            { role: "option", id: `picks-${index}`, onclick: () => void take(offer) },
            offer.thing ? stageMark(offer.thing.category ?? "") : h("span", { class: "palette-plus", "aria-hidden": "true" }, "+"),
            h("span", { class: "suggest-text" }, offer.thing ? offer.thing.title : `Create ${offer.make} “${wanted}”`),
            offer.thing ? h("span", { class: "suggest-says" }, offer.thing.ref) : null,
          ),
        ),
      );
      if (!offers.length) list.append(h("li", { class: "palette-none" }, "Nothing is called that"));
      mark(0);
    };
    input.addEventListener("input", () => void look());
    dialog.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        mark(at + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter") {
        event.preventDefault();
        void take(offers[at]);
      }
    });
    openDialog(dialog, { closed: () => done(null) });
    input.select();
    void look();
  });
}

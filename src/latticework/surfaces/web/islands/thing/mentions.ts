/** An @ in a text offers people. */

import { h } from "../shared/page";
import { things } from "../shared/pick";
import { suggest } from "../shared/suggest";

const TYPED = /(^|[^\w@/.])@([\w.-]*)$/;

/** Offer people while the word before the caret begins with @. */
export function offerPeople(field: HTMLTextAreaElement, kinds: string[]): void {
  if (!kinds.length || field.dataset.offers) return;
  field.dataset.offers = "yes";
  const place = h("div", { class: "mention-place" });
  field.after(place);
  suggest(
    field,
    async (text, caret) => {
      const typed = TYPED.exec(text.slice(0, caret));
      if (!typed) return [];
      const found = await things((typed[2] ?? "").replace(/[-.]/g, " "), kinds, 6);
      return found.map((each) => ({ text: each.title, says: each.ref, word: each.ref.split("/").slice(1).join("/") }));
    },
    ({ word }) => {
      const caret = field.selectionStart;
      const before = field.value.slice(0, caret).replace(TYPED, `$1@${String(word)} `);
      field.value = before + field.value.slice(caret);
      field.setSelectionRange(before.length, before.length);
      field.focus();
    },
    { place, first: true },
  );
}

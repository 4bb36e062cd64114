/** The page on which two things are made one: both are found by title or ref, among all of a kind. */

import { things } from "./shared/pick";
import { suggest } from "./shared/suggest";

const MOST = 8;

for (const input of document.querySelectorAll<HTMLInputElement>("#join-ref, #join-into")) {
  input.removeAttribute("list");
  const other = document.querySelector<HTMLInputElement>(input.id === "join-ref" ? "#join-into" : "#join-ref");
  const offered = [...(input.parentElement?.querySelectorAll("option") ?? [])].map(({ value, text }) => ({ text, says: value, ref: value }));
  suggest(
    input,
    async (text) => {
      if (!text.trim()) return offered;
      const kind = other?.value.includes("/") ? [other.value.split("/")[0] ?? ""] : [];
      const found = await things(text.includes("/") ? text.split("/").slice(1).join(" ").replace(/[-_.]/g, " ") : text, kind, MOST);
      return found.filter(({ ref }) => ref !== other?.value).map(({ ref, title }) => ({ text: title || ref, says: ref, ref }));
    },
    ({ ref }) => {
      input.value = ref;
    },
    { onFocus: true },
  );
}

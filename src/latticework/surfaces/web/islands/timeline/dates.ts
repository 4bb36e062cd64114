/** Things without a day get one from a small calendar beside their name. */

import { record } from "../shared/http";
import { h, past } from "../shared/page";

export function datesByHand(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-dates]");
    if (!link || past() || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const { dates = "", field = "" } = link.dataset;
    const input = h("input", { type: "date", "aria-label": `${field} of ${dates}` });
    input.addEventListener("change", () => {
      if (input.value) void record([{ put: dates, fields: { [field]: input.value } }], { says: `${field} ${input.value}` });
    });
    input.addEventListener("keydown", (key) => key.key === "Escape" && input.replaceWith(link));
    link.replaceWith(input);
    input.focus();
    input.showPicker?.();
  });
}

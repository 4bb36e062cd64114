/** The page on which things are created: what is like it, and its ref, while typing. */

import { h, thingUrl } from "./shared/page";
import { things } from "./shared/pick";

class CreatePage extends HTMLElement {
  #heard = new AbortController();
  #turn = 0;

  connectedCallback(): void {
    this.#heard = new AbortController();
    const { signal } = this.#heard;
    this.dataset.live = "";
    const title = this.querySelector<HTMLTextAreaElement>("#making-title");
    title?.addEventListener("input", () => void this.#look(title.value), { signal });
    title?.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.querySelector("#making-kind")?.addEventListener("change", () => this.querySelector<HTMLElement>(".change-kind")?.click(), { signal });
    if (title?.value) void this.#look(title.value);
  }

  disconnectedCallback(): void {
    this.#heard.abort();
  }

  #press(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    (event.target as HTMLTextAreaElement).form?.querySelector<HTMLElement>(event.ctrlKey || event.metaKey ? "[name=more]" : ".keys .first:not([name])")?.click();
  }

  async #look(typed: string): Promise<void> {
    const mine = (this.#turn += 1);
    const kind = this.querySelector<HTMLFormElement>("form.making")?.dataset.kind ?? "";
    const slug = this.querySelector<HTMLInputElement>("#making-slug");
    const lines = typed.split("\n").filter((each) => each.trim());
    if (slug) slug.placeholder = lines.length === 1 ? `${kind}/${slugOf(typed)}` : "made from each title";
    const place = this.querySelector(".likely");
    const found = lines.length === 1 && typed.trim().length > 3 ? await things(typed.trim(), [kind], 3) : [];
    if (mine !== this.#turn || !place) return;
    const links = found.map((each) => h("a", { href: thingUrl(each.ref), data: { ref: each.ref } }, each.title));
    place.replaceChildren(...(links.length ? ["Already there: ", ...links] : []));
  }
}

/** A title as a ref says it; the server has the last word. */
function slugOf(title: string): string {
  return title.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "");
}

customElements.define("create-page", CreatePage);

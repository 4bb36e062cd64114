/** A thing's page, edited where it is read. */

import { keys } from "./shared/keys";
import { linesOf } from "./shared/lines";
import { h, json } from "./shared/page";
import { renew, sendForm } from "./thing/forms";
import { type Config, linkLines, openLinker } from "./thing/linker";
import { offerPeople } from "./thing/mentions";

class ThingPage extends HTMLElement {
  #heard = new AbortController();
  #offKeys: (() => void) | null = null;

  connectedCallback(): void {
    if (!this.hasAttribute("data-editable")) return;
    this.#heard = new AbortController();
    const { signal } = this.#heard;
    this.addEventListener("submit", (event) => this.#submit(event), { signal });
    this.addEventListener("toggle", (event) => this.#opened(event), { signal, capture: true });
    this.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.addEventListener("change", (event) => this.#changed(event), { signal });
    this.addEventListener("click", (event) => this.#click(event), { signal });
    this.addEventListener("focusin", (event) => this.#focused(event), { signal });
    for (const name of ["dragover", "dragleave", "drop"] as const) this.addEventListener(name, (event) => this.#drag(event as DragEvent), { signal });
    document.addEventListener("renewed", () => this.#dress(), { signal });
    if (!this.closest(".peek")) {
      this.#offKeys = keys({
        e: { says: "Edit the title", run: () => this.querySelector<HTMLElement>(".title-edit > summary")?.click() },
        l: { says: "Link it to something", run: () => this.querySelector<HTMLElement>(".plus, .offers button")?.click() },
        s: { says: "Move it to another stage", run: () => this.querySelector<HTMLElement>(".stages [aria-current], .stages button")?.focus() },
        w: { says: "Watch it, or no longer", run: () => this.querySelector<HTMLElement>(".watch button")?.click() },
        "=": { says: "Join with …: it is the same as another thing", run: () => this.querySelector<HTMLElement>(".actions .join")?.click() },
        m: { says: "Say something about it", run: () => this.querySelector<HTMLElement>("#say")?.focus() },
      });
    }
    this.#dress();
  }

  disconnectedCallback(): void {
    this.#heard.abort();
    this.#offKeys?.();
  }

  get #config(): Config {
    return json<Config>(this);
  }

  /** What only a script can offer: a plus at each phrase, and the phrases that lead nowhere yet. */
  #dress(): void {
    const { phrases } = this.#config;
    for (const head of this.querySelectorAll<HTMLElement>(".phrase[data-open] > h3")) {
      const phrase = head.parentElement?.dataset.phrase ?? "";
      if (!head.querySelector(".plus")) head.append(h("button", { type: "button", class: "plus", "aria-label": `Add to ${phrase}`, data: { offer: phrase } }, "+"));
    }
    const drawn = new Set([...this.querySelectorAll<HTMLElement>(".phrase")].map((each) => each.dataset.phrase));
    const idle = Object.keys(phrases).filter((each) => !drawn.has(each));
    const place = this.querySelector(".links .idle");
    if (!place) return;
    const offers = idle.map((each) => h("button", { type: "button", data: { offer: each } }, each));
    place.querySelector(".offers")?.remove();
    if (idle.length) place.append(h("div", { class: "offers" }, h("span", {}, this.querySelector(".phrase") ? "Also" : "Say"), ...offers));
    this.querySelector<HTMLElement>(".add-link")?.setAttribute("hidden", "");
  }

  #submit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (!new URL(form.action).pathname.startsWith("/do/") || form.hasAttribute("data-plain")) return;
    event.preventDefault();
    void sendForm(form, event.submitter);
  }

  #opened(event: Event): void {
    const details = event.target as HTMLDetailsElement;
    if (!details.open || !details.matches(".edit, .reply")) return;
    for (const other of this.querySelectorAll<HTMLDetailsElement>(".edit[open]")) {
      if (other !== details && !other.contains(details) && !dirty(other)) other.open = false;
    }
    const field = details.querySelector<HTMLElement>("form :is(textarea, input:not([type=hidden], [type=checkbox]), select)");
    field?.focus();
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.setSelectionRange(field.value.length, field.value.length);
  }

  #press(event: KeyboardEvent): void {
    const field = event.target as HTMLElement;
    const details = field.closest<HTMLDetailsElement>("details.edit[open], details.reply[open]");
    if (event.key === "Escape" && details && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      details.querySelector("form")?.reset();
      details.querySelector(".said")?.remove();
      details.open = false;
      details.querySelector("summary")?.focus();
    }
    if (field instanceof HTMLTextAreaElement && event.key === "Enter" && !event.isComposing && !event.defaultPrevented) {
      const several = field.hasAttribute("data-lines") || field.matches(".say textarea");
      if (several ? event.ctrlKey || event.metaKey : !event.shiftKey) {
        event.preventDefault();
        field.form?.requestSubmit();
      }
    }
    if (field.closest(".stages") && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      const to = event.key === "ArrowLeft" ? field.previousElementSibling : field.nextElementSibling;
      if (to instanceof HTMLButtonElement) to.focus();
    }
  }

  /** A choice is made by choosing. */
  #changed(event: Event): void {
    const field = event.target;
    if (field instanceof HTMLSelectElement && field.name === "value" && field.closest(".prop .edit") && !field.form?.querySelector(".reasons[open]")) {
      field.form?.requestSubmit();
    }
  }

  #click(event: MouseEvent): void {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-offer]");
    if (!button) return;
    const phrase = button.dataset.offer ?? "";
    openLinker(this.#config, phrase, button.closest(".phrase") ?? button.closest(".offers") ?? this);
  }

  #focused(event: FocusEvent): void {
    const field = event.target;
    if (field instanceof HTMLTextAreaElement && field.hasAttribute("data-mentions")) offerPeople(field, this.#config.people);
  }

  /** A thing dropped onto a phrase is linked by it. */
  #drag(event: DragEvent): void {
    const place = (event.target as Element).closest<HTMLElement>(".phrase[data-open], .offers [data-offer]");
    for (const old of this.querySelectorAll("[data-drop]")) if (old !== place) old.removeAttribute("data-drop");
    if (!place || event.type === "dragleave") return;
    event.preventDefault();
    if (event.type === "dragover") {
      place.setAttribute("data-drop", "");
      return;
    }
    place.removeAttribute("data-drop");
    const dropped = event.dataTransfer?.getData("text/uri-list") || event.dataTransfer?.getData("text/plain") || "";
    const known = linesOf(dropped);
    const phrase = place.dataset.phrase ?? place.dataset.offer ?? "";
    if (known.length) void linkLines(this.#config, phrase, known).then((done) => (done ? renew(this) : undefined));
  }
}

function dirty(details: HTMLDetailsElement): boolean {
  const fields = [...details.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input:not([type=hidden]), textarea")];
  return fields.some((each) => each.value !== each.defaultValue);
}

customElements.define("thing-page", ThingPage);

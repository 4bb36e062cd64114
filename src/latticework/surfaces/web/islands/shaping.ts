/** The model's text: what it would affect is told while one writes. */

const PAUSE = 350;

class Shaping extends HTMLElement {
  private waiting = 0;
  private asked = 0;

  connectedCallback(): void {
    this.text?.addEventListener("input", () => this.later());
    this.text?.addEventListener("keydown", (event) => this.indent(event));
  }

  private get form(): HTMLFormElement | null {
    return this.querySelector("form");
  }

  private get text(): HTMLTextAreaElement | null {
    return this.querySelector<HTMLTextAreaElement>("textarea[name=text]");
  }

  private later(): void {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.preview(), PAUSE);
  }

  /** Tab indents, once the reader has begun to write; Escape gives Tab back. */
  private indent(event: KeyboardEvent): void {
    const text = this.text;
    if (text === null || event.isComposing) return;
    if (event.key === "Escape") text.dataset.leaves = "yes";
    else if (event.key === "Tab" && !event.shiftKey && text.dataset.leaves === undefined) {
      event.preventDefault();
      text.setRangeText("  ", text.selectionStart, text.selectionEnd, "end");
      this.later();
    } else if (event.key !== "Shift") delete text.dataset.leaves;
  }

  /** The server tells the effect; what the reader types beside it stays. */
  private async preview(): Promise<void> {
    const { form } = this;
    if (form === null) return;
    const turn = ++this.asked;
    const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
    const answer = await fetch("/do/model/preview", { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("effect");
    const effect = this.querySelector("#effect");
    if (fresh === null || effect === null || turn !== this.asked) return;
    for (const name of ["why", "since"]) {
      const kept = form.elements.namedItem(name);
      const other = fresh.querySelector<HTMLInputElement>(`[name=${name}]`);
      if (kept instanceof HTMLInputElement && other !== null) other.value = kept.value;
    }
    const held = document.activeElement instanceof HTMLInputElement ? document.activeElement.name : "";
    effect.replaceChildren(...fresh.childNodes);
    if (held !== "") effect.querySelector<HTMLInputElement>(`[name="${held}"]`)?.focus();
  }
}

customElements.define("lw-shaping", Shaping);

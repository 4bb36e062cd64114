/** Bringing work in: a choice or a word redraws what would come in; files may be dropped; a fetch says how it ended. */

const PAUSE = 500;
const EVERY = 2_000;

class Sources extends HTMLElement {
  private waiting = 0;
  private asked = 0;

  connectedCallback(): void {
    this.dataset.live = "";
    this.addEventListener("change", (event) => {
      if (event.target instanceof HTMLSelectElement) void this.redraw();
    });
    this.addEventListener("input", (event) => {
      if (event.target instanceof HTMLTextAreaElement) this.later();
    });
    this.addEventListener("submit", (event) => {
      const asked = event.submitter;
      if (!(asked instanceof HTMLButtonElement) || !asked.classList.contains("again")) return;
      event.preventDefault();
      void this.redraw(asked);
    });
  }

  private later(): void {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.redraw(), PAUSE);
  }

  /** The server takes the choices over into the text; what is being typed stays. */
  private async redraw(asked: HTMLButtonElement | null = null): Promise<void> {
    const form = this.querySelector("form");
    if (form === null) return;
    window.clearTimeout(this.waiting);
    const turn = ++this.asked;
    const body = new URLSearchParams(new FormData(form, asked) as unknown as Record<string, string>);
    this.setAttribute("aria-busy", "true");
    const answer = await fetch("/do/sources/preview", { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== this.asked) return;
    this.removeAttribute("aria-busy");
    const open = new Set([...this.querySelectorAll("details[open]")].map(spotOf));
    const held = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const name = held?.getAttribute("name") ?? "";
    const typing = held instanceof HTMLTextAreaElement;
    for (const id of typing ? ["effect", "mapping"] : ["effect", "mapping", "texts"]) {
      const fresh = page.getElementById(id);
      if (fresh !== null) this.querySelector(`#${id}`)?.replaceChildren(...fresh.childNodes);
    }
    const seen = page.querySelector<HTMLInputElement>("[name=seen]");
    const mine = form.querySelector<HTMLInputElement>("[name=seen]");
    if (seen !== null && mine !== null) mine.value = seen.value;
    for (const each of this.querySelectorAll("details")) if (open.has(spotOf(each))) each.setAttribute("open", "");
    if (!typing && name !== "") this.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.focus();
  }
}

/** What tells one foldable part from another when the page is drawn anew. */
function spotOf(details: Element): string {
  const select = details.closest("td")?.querySelector("select");
  return select?.name ?? details.className;
}

class Bring extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form");
    const files = this.querySelector<HTMLInputElement>("input[type=file]");
    if (form === null || files === null) return;
    this.dataset.live = "";
    files.addEventListener("change", () => files.files?.length && form.requestSubmit());
    this.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.dataset.over = "";
    });
    this.addEventListener("dragleave", () => delete this.dataset.over);
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      delete this.dataset.over;
      if (!event.dataTransfer?.files.length) return;
      files.files = event.dataTransfer.files;
      form.requestSubmit();
    });
  }
}

/** How a source fares: while it is fetched the page is asked again, also where nothing comes in. */
class Fares extends HTMLElement {
  connectedCallback(): void {
    if (this.hasAttribute("running")) window.setTimeout(() => void this.look(), EVERY);
  }

  private async look(): Promise<void> {
    const answer = await fetch(window.location.href).catch(() => null);
    if (!this.isConnected) return;
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const fresh = page?.querySelector("lw-fares") ?? null;
    if (fresh === null || fresh.hasAttribute("running")) {
      this.connectedCallback();
      return;
    }
    this.removeAttribute("running");
    this.replaceChildren(...fresh.childNodes);
  }
}

customElements.define("lw-fares", Fares);
customElements.define("lw-sources", Sources);
customElements.define("lw-bring", Bring);

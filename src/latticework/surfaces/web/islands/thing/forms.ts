/** The forms of a thing's page, sent at once: findings stay beside what was typed. */

import { type Change, type Finding, type Problem, type Value, record, undo } from "../shared/http";
import { remember } from "../shared/steps";
import { h, refresh } from "../shared/page";
import { peek, peeked } from "../shared/peek";
import { toast } from "../shared/toast";

const CARRIED = "carry:";

/** A finding about a place in which somebody else was faster. */
interface Met extends Finding {
  theirs?: Value;
  yours?: Value;
  by?: string;
  entry: number;
}

/** Send a form of the page without leaving it. */
export async function sendForm(form: HTMLFormElement, button: HTMLElement | null): Promise<boolean> {
  const data = new FormData(form, button instanceof HTMLButtonElement && button.name ? button : undefined);
  const changes = changesOf(form, data);
  form.setAttribute("aria-busy", "true");
  const done = changes ? await recordThem(form, data, changes) : await post(form, data);
  form.removeAttribute("aria-busy");
  return done;
}

async function recordThem(form: HTMLFormElement, data: FormData, changes: Change[]): Promise<boolean> {
  const base = Number(data.get("base"));
  const opts = { why: text(data, "why"), valid: text(data, "since"), ...(base ? { base } : {}), quiet: true };
  const receipt = await record(changes, { ...opts, refused: (problem) => showFindings(form, problem) });
  if (!receipt) return false;
  await settle(form, receipt.batch, saysOf(data));
  return true;
}

/** What a form asks for as changes; null where the server reads the form itself. */
function changesOf(form: HTMLFormElement, data: FormData): Change[] | null {
  const ref = text(data, "ref");
  switch (new URL(form.action).pathname) {
    case "/do/thing/set":
      return [{ put: ref, fields: { [text(data, "field")]: valueOf(form, data, "value") } }];
    case "/do/thing/edge": {
      const triple: [string, string, string] = [text(data, "source"), text(data, "link"), text(data, "target")];
      if (data.get("cut")) return [{ disconnect: triple }];
      const names = [...new Set([...data.keys()].filter((each) => each.startsWith(CARRIED)))];
      return [{ connect: triple, fields: Object.fromEntries(names.map((name) => [name.slice(CARRIED.length), valueOf(form, data, name)])) }];
    }
    case "/do/thing/retire":
      return [{ retire: ref }];
    case "/do/thing/return":
      return [{ put: ref, fields: {} }];
    default:
      return null;
  }
}

function valueOf(form: HTMLFormElement, data: FormData, name: string): Value {
  const lines = form.querySelector(`textarea[name="${CSS.escape(name)}"][data-lines]`) !== null;
  const sent = data.getAll(name).map(String);
  const texts = sent.flatMap((each) => (lines ? each.split("\n") : [each])).map((each) => each.trim());
  const filled = texts.filter(Boolean);
  return filled.length > 1 ? filled : (filled[0] ?? null);
}

/** Send a form as a browser would, and read what the page that comes back says. */
async function post(form: HTMLFormElement, data: FormData): Promise<boolean> {
  const body = new URLSearchParams([...data].map(([name, value]) => [name, String(value)]));
  const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html" } }).catch(() => null);
  if (answer?.ok) {
    const url = new URL(answer.url);
    if (text(data, "to") && url.pathname !== location.pathname && !form.closest(".peek")) {
      location.assign(url);
      return true;
    }
    await settle(form, Number(url.searchParams.get("did")) || null, "");
    return true;
  }
  const fresh = new DOMParser().parseFromString(answer ? await answer.text() : "", "text/html");
  const found = [...fresh.querySelectorAll(".said li, .findings > li")].map((each) => ({
    code: "",
    severity: "error",
    says: each.querySelector("p")?.textContent?.trim() ?? "",
    hint: each.querySelector(".said-hint, .finding-hint")?.textContent?.trim() ?? "",
  }));
  const findings = found.length ? found : [{ code: "", severity: "error", says: "the server does not answer; nothing was saved" }];
  showFindings(form, { title: "", status: answer?.status ?? 0, findings });
  return false;
}

/** Shut the form, say so, and show the page as it is now. */
export async function settle(form: HTMLElement, batch: number | null, says: string): Promise<void> {
  form.querySelector(".said")?.remove();
  const details = form.closest("details");
  if (form instanceof HTMLFormElement) form.reset();
  if (details) {
    details.open = false;
    details.querySelector<HTMLElement>(":scope > summary")?.focus({ preventScroll: true });
  }
  if (batch) {
    if (!says) remember("undo", { batch, says: "" }, true);
    toast(says || "Saved", { action: { label: "Undo", run: () => void undo(batch).then(() => renew(form)) } });
  }
  await renew(form);
}

/** The page, or the panel beside it, as it stands now. */
export async function renew(place: Element): Promise<void> {
  if (place.closest(".peek") || peeked()) await peek(peeked());
  await refresh();
}

function showFindings(form: HTMLFormElement, problem: Problem): boolean {
  const lines = problem.findings.map((each) =>
    h("li", {}, h("p", {}, each.says), each.hint ? h("p", { class: "said-hint" }, each.hint) : null),
  );
  const met = problem.findings.find((each): each is Met => "entry" in each && problem.status === 409);
  const said = h("div", { class: "said", role: "alert" }, met ? choice(form, met) : h("ul", {}, ...lines));
  const old = form.querySelector(".said");
  if (old) old.replaceWith(said);
  else if (form.matches(".stages")) form.after(said);
  else form.insertBefore(said, form.querySelector(".keys"));
  return true;
}

/** Where two wrote in one place: both words, and whose holds. */
function choice(form: HTMLFormElement, { theirs, yours, by, entry }: Met): HTMLElement {
  const keepMine = () => {
    const base = form.querySelector<HTMLInputElement>("input[name=base]");
    if (base) base.value = String(entry);
    form.requestSubmit();
  };
  const takeTheirs = () => void settle(form, null, "");
  const word = (value: Value | undefined) => [value ?? "nothing"].flat().join(", ") || "nothing";
  return h(
    "div",
    { class: "met" },
    h("p", {}, `${by || "Somebody"} wrote here while you did.`),
    h("dl", {}, h("dt", {}, by || "Theirs"), h("dd", {}, word(theirs)), h("dt", {}, "Yours"), h("dd", {}, word(yours))),
    h("p", { class: "keys" }, h("button", { type: "button", class: "first", onclick: keepMine }, "Keep mine"), h("button", { type: "button", onclick: takeTheirs }, "Take theirs")),
  );
}

function saysOf(data: FormData): string {
  const field = text(data, "field");
  return data.get("cut") ? "Unlinked" : field ? `Saved ${field}` : "Saved";
}

function text(data: FormData, name: string): string {
  return String(data.get(name) ?? "").trim();
}


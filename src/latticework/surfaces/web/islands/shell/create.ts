/** Creating: a kind and a title; one line for each thing; what is pasted. */

import { openDialog } from "../shared/dialog";
import { draft, record, type Change, type Draft } from "../shared/http";
import { typing } from "../shared/keys";
import { isAddress, linesOf, refIn } from "../shared/lines";
import { h, moment, navigate, past, thingUrl } from "../shared/page";
import { peek } from "../shared/peek";
import { toast } from "../shared/toast";
import { kindNames } from "./commands";

const LAST = "created";
const MOST_ALIKE = 3;

/** Ask for a kind and a title, and record the thing. */
export function openCreate(kind = "", title = ""): void {
  if (past()) {
    toast("The past is read here, not written", { tone: "bad" });
    return;
  }
  const kinds = kindNames();
  const select = h("select", { id: "create-kind", "aria-label": "Kind" }, ...kinds.map((name) => h("option", { value: name }, name)));
  select.value = [kind, kindHere(), localStorage.getItem(LAST) ?? ""].find((name) => kinds.includes(name)) ?? kinds[0] ?? "";
  const field = h("textarea", { id: "create-title", rows: "1", "aria-label": "Title", placeholder: "What is it called?", autocomplete: "off" });
  field.value = title;
  const button = h("button", { class: "first" }, "Create");
  const why = h("input", { id: "create-why", "aria-label": "Why (not required)", placeholder: "Why? (not required)", autocomplete: "off" });
  const whole = (event: Event) => {
    event.preventDefault();
    navigate(moment("/create", { kind: select.value, title: field.value }));
  };
  const alike = h("p", { class: "alike-told warn", role: "status" });
  const form = h("form", { method: "dialog" }, h("p", { class: "palette-title" }, "Create"), field, alike, h("div", { class: "line" }, select, why, button), h("p", { class: "quiet" }, "Enter creates; Shift and Enter adds a line, for one more. A list or an address may be pasted. ", h("a", { href: "/create", onclick: whole }, "All its fields")));
  const dialog = h("dialog", { class: "palette create", "aria-label": "Create" }, form);
  let known: Draft[] = [];
  let making: Promise<void> | null = null;
  const told = () => {
    known = [];
    alike.replaceChildren();
    const count = linesOf(field.value).length;
    button.textContent = count > 1 ? `Create ${count} things` : "Create";
    field.rows = Math.min(Math.max(field.value.split("\n").length, 1), 12);
  };
  const make = async () => {
    const sure = known.length > 0;
    if (!sure) known = await draft(select.value, field.value);
    const same = known.flatMap((each) => each.alike);
    if (same.length && !sure) {
      const links = same.slice(0, MOST_ALIKE).flatMap(({ ref, title }) => [" ", h("a", { href: thingUrl(ref), data: { ref } }, title)]);
      alike.replaceChildren("There already:", ...links);
      button.textContent = "Create anyway";
    } else if (known.length && (await recordThem(select.value, known, why.value))) dialog.close();
  };
  field.addEventListener("input", told);
  select.addEventListener("change", told);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!linesOf(field.value).length) field.focus();
    else if (!making) making = make().finally(() => (making = null));
  });
  openDialog(dialog, { stays: () => field.value !== "" });
  field.focus();
  told();
}

/** What is pasted where nobody writes is offered as things: a list, an address; one of ours is shown. */
export function pastesBecomeThings(): void {
  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain").trim() ?? "";
    if (event.defaultPrevented || typing(event.target) || document.querySelector("dialog[open]")) return;
    const ref = refIn(text);
    if (ref) void peek(ref);
    else if (isAddress(text) || linesOf(text).length > 1) openCreate("", text);
    else return;
    event.preventDefault();
  });
}

/** The kind that this page is about. */
function kindHere(): string {
  return decodeURIComponent(/^\/(?:kinds|thing)\/([^/]+)/.exec(location.pathname)?.[1] ?? "");
}

async function recordThem(kind: string, drafts: Draft[], why: string): Promise<boolean> {
  localStorage.setItem(LAST, kind);
  const changes = drafts.map(({ ref, fields }): Change => ({ put: ref, fields }));
  const [first] = drafts;
  const one = drafts.length === 1 && first;
  const says = one ? `Created “${String(one.fields["title"])}”` : `Created ${drafts.length} things`;
  const offers = one ? { offers: { label: "Open", run: () => navigate(thingUrl(one.ref)) } } : {};
  return (await record(changes, { why, says, ...offers })) !== null;
}

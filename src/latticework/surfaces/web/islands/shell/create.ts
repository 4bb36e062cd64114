/** Creating: a kind and a title; one line for each thing. */

import { openDialog } from "../shared/dialog";
import { newRefs, record, type Change } from "../shared/http";
import { h, moment, navigate, past, thingUrl } from "../shared/page";
import { toast } from "../shared/toast";
import { kindNames } from "./commands";

const LAST = "created";

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
  const form = h("form", { method: "dialog" }, h("p", { class: "palette-title" }, "Create"), field, h("div", { class: "line" }, select, why, button), h("p", { class: "quiet" }, "Enter creates; Shift and Enter adds a line, for one more. ", h("a", { href: "/create", onclick: whole }, "All its fields")));
  const dialog = h("dialog", { class: "palette create", "aria-label": "Create" }, form);
  const titles = () => field.value.split("\n").map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, "").trim()).filter(Boolean);
  const told = () => {
    const count = titles().length;
    button.textContent = count > 1 ? `Create ${count} things` : "Create";
    field.rows = Math.min(Math.max(field.value.split("\n").length, 1), 12);
  };
  field.addEventListener("input", told);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const named = titles();
    if (!named.length) return field.focus();
    void make(select.value, named, why.value).then((done) => done && dialog.close());
  });
  openDialog(dialog, { stays: () => field.value !== "" });
  field.focus();
  told();
}

/** The kind that this page is about. */
function kindHere(): string {
  return decodeURIComponent(/^\/(?:kinds|thing)\/([^/]+)/.exec(location.pathname)?.[1] ?? "");
}

async function make(kind: string, titles: string[], why: string): Promise<boolean> {
  localStorage.setItem(LAST, kind);
  const refs = await newRefs(kind, titles);
  if (refs.length < titles.length) return false;
  const changes: Change[] = titles.map((title, index) => ({ put: refs[index] ?? "", fields: { title } }));
  const [first = ""] = refs;
  const one = titles.length === 1;
  const says = one ? `Created “${titles[0]}”` : `Created ${titles.length} things`;
  const offers = { label: "Open", run: () => navigate(thingUrl(first)) };
  return (await record(changes, { why, says, ...(one ? { offers } : {}) })) !== null;
}

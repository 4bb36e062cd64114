/** Creating: a kind and a title; one line for each thing. */

import { newRef, record, slugOf, type Change } from "../shared/http";
import { h, navigate, past, thingUrl } from "../shared/page";
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
  const field = h("textarea", { id: "create-title", rows: "1", "aria-label": "Title", placeholder: "What is it called? One line for each", autocomplete: "off" });
  field.value = title;
  const button = h("button", { class: "first" }, "Create");
  const why = h("input", { id: "create-why", "aria-label": "Why (not required)", placeholder: "Why? (not required)", autocomplete: "off" });
  const form = h("form", { method: "dialog" }, h("div", { class: "line" }, select, why), field, h("div", { class: "line end" }, h("span", { class: "quiet" }, "Enter creates, Shift and Enter adds a line"), button));
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
  dialog.addEventListener("click", (event) => event.target === dialog && !field.value && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
  told();
}

/** The kind that this page is about. */
function kindHere(): string {
  return decodeURIComponent(/^\/(?:kinds|thing)\/([^/]+)/.exec(location.pathname)?.[1] ?? "");
}

async function make(kind: string, titles: string[], why: string): Promise<boolean> {
  localStorage.setItem(LAST, kind);
  const refs: string[] = [];
  for (const title of titles) {
    const ref = await newRef(kind, title);
    refs.push(refs.includes(ref) ? `${kind}/${slugOf(title)}-${refs.length + 1}-${Date.now().toString(36)}` : ref);
  }
  const changes: Change[] = titles.map((title, index) => ({ put: refs[index] ?? "", fields: { title } }));
  const says = titles.length > 1 ? `Created ${titles.length} things` : `Created “${titles[0]}”`;
  const receipt = await record(changes, { why, says });
  const ref = refs[0];
  if (receipt && ref && titles.length === 1) toast("It is there", { action: { label: "Open it", run: () => navigate(thingUrl(ref)) } });
  return receipt !== null;
}

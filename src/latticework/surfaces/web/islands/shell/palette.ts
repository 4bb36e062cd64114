/** The palette: things, views, places and actions under one key. */

import { openDialog } from "../shared/dialog";
import { fit } from "../shared/fuzzy";
import { h, moment, navigate } from "../shared/page";
import { peek } from "../shared/peek";
import { things } from "../shared/pick";
import { commands, kindNames, learn, thingCommand, type Command } from "./commands";
import { openCreate } from "./create";
import { keycaps } from "./legend";

interface Row extends Command {
  score: number;
  at: number[];
}

const MOST_OF_GROUP = 6;
const MOST = 24;
const AT_FIRST = new Set(["Looked at last", "Actions", "Places"]);
const SEARCH_AFTER = 60;

let open: HTMLDialogElement | null = null;

/** Show the palette, or put it away where it is open. */
export function openPalette(text = ""): void {
  if (open) return open.close();
  const list = h("ul", { class: "palette-list", role: "listbox", id: "palette-list", "aria-label": "What fits" });
  const input = h("input", {
    type: "text",
    class: "palette-input",
    value: text,
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": "palette-list",
    "aria-autocomplete": "list",
    "aria-label": "Find anything, do anything",
    placeholder: "Find a thing, a view, an action; or ask",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "go",
  });
  const foot = h("p", { class: "palette-foot", "aria-hidden": "true" }, ...hint("↑↓", "choose"), ...hint("↵", "go"), ...hint("Tab", "peek"), ...hint("Esc", "close"));
  const dialog = h("dialog", { class: "palette", "aria-label": "Palette" }, input, list, foot);
  let rows: Row[] = [];
  let found: Row[] = [];
  let at = 0;
  let turn = 0;
  let timer = 0;

  const mark = (next: number) => {
    at = rows.length ? (next + rows.length) % rows.length : 0;
    list.querySelectorAll("[role=option]").forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    const row = document.getElementById(`palette-${at}`);
    if (row) input.setAttribute("aria-activedescendant", row.id);
    else input.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  };
  const take = (row: Row | undefined) => {
    if (!row) return;
    dialog.close();
    row.run();
  };
  const draw = () => {
    rows = arrange(input.value, found);
    const children: HTMLElement[] = [];
    rows.forEach((row, index) => {
      if (row.group !== rows[index - 1]?.group) children.push(h("li", { class: "palette-group", role: "presentation" }, row.group));
      children.push(option(row, index, () => take(row)));
    });
    list.replaceChildren(...children);
    mark(0);
  };
  const look = () => {
    found = found.flatMap((row) => rate(row, input.value) ?? []);
    draw();
    window.clearTimeout(timer);
    const mine = (turn += 1);
    if (!input.value.trim()) return;
    timer = window.setTimeout(async () => {
      const answer = await things(input.value.trim(), [], 10);
      if (mine !== turn) return;
      found = answer.map((thing, index) => {
        const command = thingCommand(thing);
        return rate(command, input.value) ?? { ...command, score: 60 - index, at: [] };
      });
      draw();
    }, SEARCH_AFTER);
  };
  input.addEventListener("input", look);
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (by) mark(at + by);
    else if (event.key === "Enter") take(rows[at]);
    else if (event.key === "Tab") {
      const ref = rows[at]?.ref;
      if (ref) {
        dialog.close();
        void peek(ref, { enter: true });
      }
    } else return;
    event.preventDefault();
  });
  open = dialog;
  openDialog(dialog, { closed: () => (open = null) });
  input.select();
  look();
  void learn().then(() => open === dialog && draw());
}

function hint(cap: string, says: string): HTMLElement[] {
  return [h("kbd", {}, cap), h("span", {}, says)];
}

/** What is offered for a text, in groups, the group of the best first. */
function arrange(text: string, found: Row[]): Row[] {
  const typed = text.trim();
  const every = commands();
  if (!typed) {
    const first = every.filter((each) => AT_FIRST.has(each.group)).map((each) => ({ ...each, score: 0, at: [] }));
    return inGroups(first);
  }
  const fitting = every.flatMap((each) => rate(each, typed) ?? []);
  return [...inGroups([...special(typed), ...fitting, ...found]).slice(0, MOST), question(typed)];
}

function rate(command: Command, typed: string): Row | null {
  const own = fit(typed, command.text);
  if (own) return { ...command, ...own };
  const other = fit(typed, `${command.also ?? ""} ${command.ref ?? ""} ${command.group}`);
  return other && other.score > 90 ? { ...command, score: other.score - 60, at: [] } : null;
}

function inGroups(rows: Row[]): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  const sorted = [...groups.values()].map((group) => [...group].sort((a, b) => b.score - a.score).slice(0, MOST_OF_GROUP));
  return sorted.sort((a, b) => (b[0]?.score ?? 0) - (a[0]?.score ?? 0)).flat();
}

/** What the text itself says to do: a day to go to, a thing to create. */
function special(typed: string): Row[] {
  const rows: Row[] = [];
  const day = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? typed : "";
  if (day && !Number.isNaN(Date.parse(day))) {
    const url = new URL(location.href);
    url.searchParams.set("at", day);
    rows.push({ group: "Moments", text: `Read this page at the end of ${day}`, score: 300, at: [], run: () => navigate(url.href) });
  }
  const made = /^(?:create|new|add)\s+(\S+)\s+(.+)$/i.exec(typed);
  const kind = made && kindNames().find((name) => name.toLowerCase() === made[1]?.toLowerCase());
  if (kind) rows.push({ group: "Create", text: `Create ${kind} “${made[2]}”`, score: 300, at: [], run: () => openCreate(kind, made[2]) });
  return rows;
}

function question(typed: string): Row {
  return { group: "Ask", text: typed, says: "ask the company", score: -1, at: [], run: () => navigate(moment("/ask", { q: typed })) };
}

function option(row: Row, index: number, run: () => void): HTMLElement {
  return h(
    "li",
    { role: "option", id: `palette-${index}`, "aria-selected": "false", onclick: run },
    row.mark ?? null,
    h("span", { class: "suggest-text" }, ...marked(row.text, row.at)),
    row.says ? h("span", { class: "suggest-says" }, row.says) : null,
    row.keys ? h("span", { class: "palette-keys" }, ...keycaps(row.keys)) : null,
  );
}

/** The text with the letters that fit set apart. */
function marked(text: string, at: number[]): (string | HTMLElement)[] {
  const places = new Set(at);
  const parts: (string | HTMLElement)[] = [];
  let from = 0;
  while (from < text.length) {
    let to = from;
    while (to < text.length && places.has(to) === places.has(from)) to += 1;
    const piece = text.slice(from, to);
    parts.push(places.has(from) ? h("b", {}, piece) : piece);
    from = to;
  }
  return parts;
}

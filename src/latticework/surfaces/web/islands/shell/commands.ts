/** What the palette offers: everything that this page knows how to do or where to go. */

import { ask, isProblem } from "../shared/http";
import { listed } from "../shared/keys";
import { moment, navigate, thingUrl } from "../shared/page";
import { stageMark } from "../shared/marks";
import type { Thing } from "../shared/pick";
import { openCreate } from "./create";
import { recentThings } from "./recent";

export interface Command {
  group: string;
  text: string;
  says?: string;
  keys?: string;
  mark?: Node;
  ref?: string;
  /** What else may be typed for it. */
  also?: string;
  run: () => unknown;
}

interface Known {
  views: { name: string; says: string; href: string }[];
  questions: { name: string; asks: string; says: string; href: string }[];
}

let known: Known | null = null;

/** Views and kept questions of the company; asked for once. */
export async function learn(): Promise<void> {
  if (known) return;
  const answer = await ask<Known>(moment("/palette.json"));
  known = isProblem(answer) ? null : answer;
}

/** A thing as a command that opens it. */
export function thingCommand(thing: Thing, group = "Things"): Command {
  return {
    group,
    text: thing.title,
    says: thing.ref,
    ref: thing.ref,
    ...(thing.category === undefined ? {} : { mark: stageMark(thing.category) }),
    run: () => navigate(thingUrl(thing.ref)),
  };
}

/** Everything but things, which the server searches. */
export function commands(): Command[] {
  return [...recent(), ...verbs(), ...places(), ...creations(), ...views(), ...days(), ...branches()];
}

const links = (where: string) => [...document.querySelectorAll<HTMLAnchorElement>(where)];
const textOf = (el: Element | null) => el?.textContent?.trim().replace(/\s+/g, " ") ?? "";

function recent(): Command[] {
  const here = location.pathname;
  return recentThings()
    .filter(({ ref }) => thingUrl(ref).split("?")[0] !== here)
    .map((thing) => thingCommand(thing, "Looked at last"));
}

function verbs(): Command[] {
  const skipped = new Set(["Mod+k", "Escape", "j", "k", "Space"]);
  return listed()
    .filter(({ combo }) => !skipped.has(combo) && !combo.startsWith("g ") && !/^Arrow/.test(combo))
    .map(({ says, combo, run }) => ({ group: "Actions", text: says, keys: combo, run: () => run(new KeyboardEvent("keydown")) }));
}

function places(): Command[] {
  const kinds = links(".side .fold a").map((link) => ({
    group: "Kinds",
    text: textOf(link.firstElementChild),
    says: textOf(link.querySelector(".number")),
    run: () => navigate(link.href),
  }));
  const every = links(".side .places a").map((link) => ({
    group: "Places",
    text: textOf(link),
    keys: link.dataset["keys"] ?? "",
    run: () => navigate(link.href),
  }));
  return [...every, ...kinds];
}

function creations(): Command[] {
  return kindNames().map((kind) => ({ group: "Create", text: `Create ${kind}`, also: `new add ${kind}`, run: () => openCreate(kind) }));
}

/** The kinds of the company, by the names that refs begin with. */
export function kindNames(): string[] {
  return links(".side .fold a").map((link) => decodeURIComponent(link.pathname.split("/").pop() ?? ""));
}

function views(): Command[] {
  const every = (known?.views ?? []).map(({ name, says, href }) => ({ group: "Views", text: name, says, run: () => navigate(href) }));
  const kept = (known?.questions ?? []).map(({ name, says, asks, href }) => ({ group: "Questions", text: name, says: says || asks, also: asks, run: () => navigate(href) }));
  return [...every, ...kept];
}

function days(): Command[] {
  return links("#moments .named a:first-child").map((link) => ({
    group: "Moments",
    text: textOf(link.firstChild as Element),
    says: textOf(link.querySelector("time")),
    also: "time travel day",
    run: () => navigate(link.href),
  }));
}

function branches(): Command[] {
  return links("#branches .named a:not([aria-current])").map((link) => ({
    group: "Branches",
    text: textOf(link.firstChild as Element),
    says: textOf(link.querySelector(".quiet")),
    also: "what if branch",
    run: () => navigate(link.href),
  }));
}

/** The page: building it, reading what it carries, renewing it in place. */

type Child = Node | string | number | null | undefined | false;
type Attrs = Record<string, unknown>;

/** A custom element that draws its own content takes the server's fresh copy of itself here. */
export interface Renewable extends HTMLElement {
  renew(fresh: Element): void;
}

/** An HTML element; `onclick` and the like take functions, `data` takes a record. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attrs?: Attrs | null,
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[K];
export function h(tag: string, attrs?: Attrs | null, ...children: (Child | Child[])[]): HTMLElement;
export function h(tag: string, attrs?: Attrs | null, ...children: (Child | Child[])[]): HTMLElement {
  return fill(document.createElement(tag), attrs, children);
}

/** An SVG element, built alike. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attrs?: Attrs | null,
  ...children: (Child | Child[])[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attrs, children);
}

function fill<E extends Element>(made: E, attrs: Attrs | null | undefined, children: (Child | Child[])[]): E {
  for (const [name, value] of Object.entries(attrs ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      made.addEventListener(name.slice(2), value as EventListener);
    } else if (name === "data") {
      Object.assign((made as unknown as HTMLElement).dataset, value);
    } else if (name === "value" && made instanceof HTMLInputElement) {
      made.value = String(value);
    } else {
      made.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) {
      made.append(typeof child === "number" ? String(child) : child);
    }
  }
  return made;
}

/** What an island was given: the JSON in the script tag right inside it. */
export function json<T>(el: Element): T {
  const script = el.querySelector(':scope > script[type="application/json"]');
  return JSON.parse(script?.textContent || "null") as T;
}

/** Go to another page of ours. */
export function navigate(url: string): void {
  location.assign(url);
}

/** The address of a thing's page, at the moment and on the branch that are read. */
export function thingUrl(ref: string, more: Record<string, string> = {}): string {
  const [kind = "", ...rest] = ref.split("/");
  return moment(`/thing/${encodeURIComponent(kind)}/${encodeURIComponent(rest.join("/"))}`, more);
}

/** An address with the moment of this page: day, knowledge and branch go along. */
export function moment(path: string, more: Record<string, string> = {}): string {
  const url = new URL(path, location.href);
  const here = new URLSearchParams(location.search);
  for (const name of ["at", "known", "branch"]) {
    const value = here.get(name);
    if (value && !url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  for (const [name, value] of Object.entries(more)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url.pathname + url.search;
}

/** The branch that this page reads. */
export function branch(): string {
  return new URLSearchParams(location.search).get("branch") || "main";
}

/** Whether this page shows the past, which is read only. */
export function past(): boolean {
  return document.documentElement.hasAttribute("data-past");
}

let running: Promise<void> | null = null;
let again = false;

/** What is left out of a page before it is read: what is known to stay as it is. */
type Trim = (html: string) => string;

/** Fetch this address anew and change what differs; focus, scroll and open editors stay. */
export function refresh(trim: Trim = (html) => html): Promise<void> {
  if (running) {
    again = true;
    return running;
  }
  running = renew(trim).finally(() => {
    running = null;
    if (again) {
      again = false;
      void refresh();
    }
  });
  return running;
}

let previewed = 0;

/** Show the content of another address in this page, without going there. */
export async function preview(url: string): Promise<void> {
  const mine = (previewed += 1);
  const answer = await fetch(url, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#main");
  const main = document.querySelector("#main");
  if (mine === previewed && fresh && main) await morph(main, fresh);
}

async function renew(trim: Trim): Promise<void> {
  previewed += 1;
  const asked = location.href;
  const answer = await fetch(asked, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer || location.href !== asked) return;
  if (answer.redirected) return navigate(answer.url);
  const fresh = new DOMParser().parseFromString(trim(await answer.text()), "text/html");
  const main = fresh.querySelector("main");
  if (!main) return;
  await adopt(fresh);
  document.title = fresh.title;
  for (const part of ["#main", "[data-renew]"]) {
    const there = [...fresh.querySelectorAll(part)];
    const every = [...document.querySelectorAll(part)].map((old, at) => there[at] && morph(old, there[at]));
    await Promise.all(every);
  }
  document.dispatchEvent(new CustomEvent("renewed"));
}

/** Make one element like another, keeping what the reader has open, typed or focused. */
export async function morph(old: Element, fresh: Element): Promise<void> {
  // Fetched when it is first needed: a page that is only read does without.
  const { Idiomorph } = await import("idiomorph");
  await Idiomorph.morph(old, fresh, {
    morphStyle: "outerHTML",
    // What is focused is passed over with all it holds: that is meant for fields alone.
    ignoreActiveValue: !!document.activeElement?.matches("input, textarea, select, [contenteditable]"),
    callbacks: {
      beforeNodeMorphed: (was: Node, now: Node) => !keeps(was, now),
      beforeNodeRemoved: (was: Node) => !(was instanceof Element && was.matches("[data-keep], :has([data-keep])")),
      beforeAttributeUpdated: (name: string, el: Element) => !(name === "open" && el instanceof HTMLDetailsElement),
    },
  });
}

function keeps(was: Node, now: Node): boolean {
  if (!(was instanceof HTMLElement)) return false;
  if (was.hasAttribute("data-keep")) return true;
  // Told at once by the browser; row by row it takes seconds where there are thousands.
  if (was.matches("table, ul, ol") && was.isEqualNode(now)) return true;
  if (now instanceof Element && "renew" in was && was.localName.includes("-")) {
    (was as Renewable).renew(now);
    return true;
  }
  if (was instanceof HTMLInputElement && !["hidden", "checkbox", "radio"].includes(was.type)) {
    return was.value !== was.defaultValue;
  }
  return was instanceof HTMLTextAreaElement && was.value !== was.defaultValue;
}

/** Load the style sheets and islands that another document asks for and this one lacks. */
export async function adopt(fresh: Document | DocumentFragment): Promise<void> {
  for (const link of fresh.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]:not([media])')) {
    const href = link.getAttribute("href") ?? "";
    if (![...document.styleSheets].some((each) => same(each.href, href))) {
      await new Promise((done) => document.head.append(h("link", { rel: "stylesheet", href, onload: done, onerror: done })));
    }
  }
  for (const script of fresh.querySelectorAll<HTMLScriptElement>('script[type="module"][src]')) {
    const src = script.getAttribute("src") ?? "";
    if (![...document.scripts].some((each) => same(each.src, src))) {
      document.head.append(h("script", { type: "module", src }));
    }
  }
}

/** Whether two addresses name one file, whatever version they ask for. */
function same(one: string | null, other: string): boolean {
  return !!one && new URL(one, location.href).pathname === new URL(other, location.href).pathname;
}

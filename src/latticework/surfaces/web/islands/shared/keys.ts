/** Single keys and chords: declared where they work, listed by `?`. */

export interface Verb {
  /** What it does, as `?` and the palette name it; empty where neither should. */
  says: string;
  /** False says that the key was not for this after all, and goes on to the page. */
  run: (event: KeyboardEvent) => unknown;
}

export interface Listed extends Verb {
  combo: string;
  group: string;
}

interface Layer {
  verbs: Record<string, Verb>;
  scope: HTMLElement | null;
}

const layers: Layer[] = [];
const CHORD_MS = 1200;
let begun = "";
let timer = 0;

/**
 * Let keys do something: "c", "U" (shift u), "g b" (one after the other), "Mod+k"
 * (Ctrl, or Cmd on a Mac), "Escape". With a scope they work while the focus is in
 * it. Not while typing in a field, but for those with Mod. Returns how to end it.
 */
export function keys(verbs: Record<string, Verb>, scope: HTMLElement | null = null): () => void {
  const layer = { verbs, scope };
  layers.push(layer);
  return () => {
    const at = layers.indexOf(layer);
    if (at >= 0) layers.splice(at, 1);
  };
}

/** What keys do here, in the order in which they were declared. */
export function listed(): Listed[] {
  return layers.flatMap(({ verbs, scope }) =>
    Object.entries(verbs)
      .filter(([, verb]) => verb.says)
      .map(([combo, verb]) => ({ ...verb, combo, group: scope?.getAttribute("aria-label") ?? "" })),
  );
}

/** Whether the reader is writing: keys are then letters. */
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  const plain = ["checkbox", "radio", "button", "submit", "reset", "range", "color", "file"];
  return target instanceof HTMLInputElement && !plain.includes(target.type);
}

/** Whether the key presses what has the focus. */
function presses(target: EventTarget | null): boolean {
  return target instanceof Element && !!target.closest("button, summary, input, [role=button]");
}

function comboOf(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const key = event.key === " " ? "Space" : event.key;
  return mod + alt + (mod && key.length === 1 ? (event.shiftKey ? "Shift+" : "") + key.toLowerCase() : key);
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || ["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
  const combo = comboOf(event);
  if (typing(event.target) && !combo.startsWith("Mod+")) return;
  if (["Space", "Enter"].includes(combo) && presses(event.target)) return;
  if (document.querySelector("dialog:modal") && !combo.startsWith("Mod+")) return;
  const whole = begun ? `${begun} ${combo}` : combo;
  reset();
  const verb = find(whole, event.target) ?? find(combo, event.target);
  if (verb) {
    if (verb.run(event) !== false) event.preventDefault();
  } else if (begins(whole)) {
    begun = whole;
    timer = window.setTimeout(reset, CHORD_MS);
    document.dispatchEvent(new CustomEvent("chord", { detail: whole }));
  }
}

/** How a combo is written on a key cap: "Mod+k" as "Ctrl K", or "⌘ K" on a Mac. */
export function caps(combo: string): string[] {
  const mac = /Mac|iP(hone|ad)/.test(navigator.userAgent);
  const words: Record<string, string> = { Mod: mac ? "⌘" : "Ctrl", Alt: mac ? "⌥" : "Alt", Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→" };
  return combo.split(" ").flatMap((press) => {
    const parts = press === "+" ? [press] : press.split("+");
    return parts.map((part) => words[part] ?? (parts.length > 1 ? part.toUpperCase() : part));
  });
}

/** What a begun chord can go on with. */
export function following(begun: string): Listed[] {
  return listed().filter((each) => each.combo.startsWith(`${begun} `));
}

function find(combo: string, target: EventTarget | null): Verb | undefined {
  const here = layers.filter(({ scope }) => !scope || (target instanceof Node && scope.contains(target)));
  const inner = here.filter((each) => each.scope).reverse();
  const outer = here.filter((each) => !each.scope).reverse();
  return [...inner, ...outer].find((each) => each.verbs[combo])?.verbs[combo];
}

function begins(combo: string): boolean {
  return layers.some(({ verbs }) => Object.keys(verbs).some((each) => each.startsWith(`${combo} `)));
}

function reset(): void {
  window.clearTimeout(timer);
  if (begun) document.dispatchEvent(new CustomEvent("chord", { detail: "" }));
  begun = "";
}

document.addEventListener("keydown", press);

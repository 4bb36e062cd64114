/** Single keys and chords: declared where they work, listed by `?`. */

export interface Verb {
  says: string;
  run: (event: KeyboardEvent) => void;
}

export interface Listed {
  combo: string;
  says: string;
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
      .map(([combo, verb]) => ({ combo, says: verb.says, group: scope?.getAttribute("aria-label") ?? "" })),
  );
}

/** Whether the reader is writing: keys are then letters. */
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  const plain = ["checkbox", "radio", "button", "submit", "reset", "range", "color", "file"];
  return target instanceof HTMLInputElement && !plain.includes(target.type);
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
  if (document.querySelector("dialog:modal") && !combo.startsWith("Mod+")) return;
  const whole = begun ? `${begun} ${combo}` : combo;
  reset();
  const verb = find(whole, event.target) ?? find(combo, event.target);
  if (verb) {
    event.preventDefault();
    verb.run(event);
  } else if (begins(whole)) {
    begun = whole;
    timer = window.setTimeout(reset, CHORD_MS);
    document.dispatchEvent(new CustomEvent("chord", { detail: whole }));
  }
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

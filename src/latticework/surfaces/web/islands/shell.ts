/** What every page has: keys, palette, undo, peek, time, and news of what others do. */

import { copy } from "./shell/copy";
import { openCreate, pastesBecomeThings } from "./shell/create";
import { foldsAreKept } from "./shell/folds";
import { chordsAreShown, showKeys } from "./shell/legend";
import { listens } from "./shell/live";
import { openPalette } from "./shell/palette";
import { placesHaveKeys } from "./shell/places";
import { remembersVisits } from "./shell/recent";
import { rowsArePeeked } from "./shell/rows";
import "./shell/timebar";
import { redo, undo } from "./shared/http";
import { keys } from "./shared/keys";

keys({
  "Mod+k": { says: "Find anything, do anything", run: () => openPalette() },
  "/": { says: "Ask: go to the query", run: focusQuery },
  c: { says: "Create a thing", run: () => openCreate() },
  u: { says: "Undo", run: () => void undo() },
  U: { says: "Redo", run: () => void redo() },
  y: { says: "Copy a link to this page", run: () => copy(location.href, "Link copied") },
  "?": { says: "Show the keys", run: showKeys },
  "g .": { says: "Choose a day", run: () => openMenu("moments") },
  "g ,": { says: "Choose a branch", run: () => openMenu("branches") },
  "z t": { says: "Change the theme", run: changeTheme },
  "z d": { says: "Change the density", run: changeDensity },
});

placesHaveKeys();
foldsAreKept();
chordsAreShown();
rowsArePeeked();
pastesBecomeThings();
remembersVisits();
listens();

document.addEventListener("click", (event) => {
  const { target, ctrlKey, metaKey } = event;
  const verb = target instanceof Element ? target.closest<HTMLElement>("[data-verb]")?.dataset["verb"] : "";
  const run = { keys: showKeys, palette: openPalette, create: openCreate }[verb ?? ""];
  if (!run || ctrlKey || metaKey) return;
  event.preventDefault();
  run();
});

function focusQuery(): void {
  const field = document.querySelector<HTMLInputElement>('main input[name="q"], main [data-query] input') ?? document.querySelector<HTMLInputElement>("#q-top");
  field?.focus();
  field?.select();
}

function openMenu(id: string): void {
  const menu = document.getElementById(id);
  menu?.showPopover();
  menu?.querySelector<HTMLElement>("input:not([type=hidden]), a")?.focus();
}

function changeTheme(): void {
  const root = document.documentElement;
  const dark = root.dataset["theme"] ? root.dataset["theme"] === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset["theme"] = dark ? "light" : "dark";
  choose({ theme: dark ? "light" : "dark" });
}

function changeDensity(): void {
  const root = document.documentElement;
  const compact = root.dataset["density"] === "compact";
  if (compact) delete root.dataset["density"];
  else root.dataset["density"] = "compact";
  choose({ density: compact ? "comfortable" : "compact" });
}

function choose(chosen: Record<string, string>): void {
  void fetch("/look", { method: "POST", body: new URLSearchParams(chosen), redirect: "manual" });
}


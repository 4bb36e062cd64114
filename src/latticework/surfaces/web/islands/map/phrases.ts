/** Which link two things are joined by: one that both may have, either way round. */

import { openDialog } from "../shared/dialog";
import { h } from "../shared/page";
import { toast } from "../shared/toast";
import type { Dot, Scene } from "./scene";

type Joined = [source: Dot, phrase: string, target: Dot];

/** Let the reader choose; null where they leave or nothing fits. */
export function askPhrase(scene: Scene, source: Dot, target: Dot): Promise<Joined | null> {
  const forward = scene.phrasesFor(source, target).map((phrase): Joined => [source, phrase, target]);
  const back = source === target ? [] : scene.phrasesFor(target, source).map((phrase): Joined => [target, phrase, source]);
  const every = [...forward, ...back];
  if (!every.length) {
    toast(`No link joins a ${source.kind} with a ${target.kind}`);
    return Promise.resolve(null);
  }
  return new Promise((done) => {
    const dialog = h("dialog", { class: "palette map-phrases", "aria-label": "Which link?" }, h("p", { class: "palette-title" }, "Which link?"));
    const take = (joined: Joined) => {
      done(joined);
      dialog.close();
    };
    const list = h(
      "ul",
      { class: "picks" },
      ...every.map((joined) => h("li", {}, h("button", { type: "button", onclick: () => take(joined) }, said(joined)))),
    );
    dialog.append(list);
    dialog.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const buttons = [...list.querySelectorAll("button")];
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
      buttons[(at + step + buttons.length) % buttons.length]?.focus();
    });
    openDialog(dialog, { closed: () => done(null) });
    list.querySelector("button")?.focus();
  });
}

function said([source, phrase, target]: Joined): (HTMLElement | string)[] {
  return [h("span", { class: "quiet" }, source.title), " ", h("strong", {}, phrase), " ", h("span", { class: "quiet" }, target.title)];
}

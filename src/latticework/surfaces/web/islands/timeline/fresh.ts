/** A fresh drawing of the same bars: what is seen is put in at once, the rest when there is time. */

import type { Bar } from "./bars";

/** So many bars are drawn in one go; of more, those that are seen come first. */
const FEW = 300;
const AT_ONCE = 150;
const BEYOND = 300;
const TABLE = /<details class="as-table">[^]*?<\/details>(?=\s*<\/section>)/;

/** A page without its table: another scale changes no day. */
export function untabled(html: string): string {
  return html.replace(TABLE, "");
}

/** Take the fresh parts of a drawing; names that are the same stay as they are. */
export function take(line: HTMLElement, fresh: Element, dress: (bars: Iterable<Bar>) => void): void {
  const names = line.querySelector(".timeline-names");
  for (const part of [".timeline-bar", ".timeline-head", ".timeline-names", ".timeline-body"]) {
    const [old, next] = [line.querySelector(part), fresh.querySelector(part)];
    if (!old || !next || (old === names && old.isEqualNode(next))) continue;
    if (part === ".timeline-body") draw(line, old, next, dress);
    else old.replaceWith(document.importNode(next, true));
  }
}

function draw(line: HTMLElement, old: Element, next: Element, dress: (bars: Iterable<Bar>) => void): void {
  const bars = [...next.querySelectorAll<Bar>(".tl-bar")];
  const focused = document.activeElement?.closest<HTMLElement>("[data-bar]")?.dataset["bar"];
  const [first, last] = bars.length > FEW ? seen(line, bars, focused) : [0, bars.length];
  for (const bar of [...bars.slice(0, first), ...bars.slice(last)]) bar.remove();
  const body = document.importNode(next, true);
  const place = body.querySelector(".tl-bars");
  dress(body.querySelectorAll<Bar>(".tl-bar"));
  old.replaceWith(body);
  const middle = place?.firstElementChild ?? null;
  const later = [...bars.slice(last).map((bar) => [bar, null] as const), ...bars.slice(0, first).map((bar) => [bar, middle] as const)];
  const goOn = (): void => {
    if (!place?.isConnected) return;
    const some = later.splice(0, AT_ONCE).map(([bar, before]) => place.insertBefore(document.importNode(bar, true), before));
    dress(some);
    if (later.length) window.setTimeout(goOn);
  };
  if (later.length) window.setTimeout(goOn);
}

/** From which bar to which lie those that are seen, and the one with the focus. */
function seen(line: HTMLElement, bars: Bar[], focused?: string): [number, number] {
  const scroll = line.querySelector(".timeline-scroll");
  const top = (scroll?.scrollTop ?? 0) - BEYOND;
  const bottom = top + (scroll?.clientHeight ?? 0) + 2 * BEYOND;
  const near = bars.flatMap((bar, at) => (bar.dataset["bar"] === focused || (Number(bar.dataset["y"]) > top && Number(bar.dataset["y"]) < bottom) ? [at] : []));
  return [near[0] ?? 0, (near.at(-1) ?? bars.length - 1) + 1];
}

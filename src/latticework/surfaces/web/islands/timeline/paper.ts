/** A timeline on paper: as wide as the sheet, in pieces that fit on one, each with its days above it. */

import { h } from "../shared/page";
import { onPaper } from "../shared/paper";

/** How tall a piece is for its width: what a sheet laid across leaves below a title. */
const SHAPE = 0.5;
const FEWEST = 8;
const NAMES = 250;
const LETTERS = 38;
const INDENT = 8;
const SVG = "http://www.w3.org/2000/svg";

/** Draw a timeline for the printer, and take that away again. */
export function printed(place: HTMLElement): void {
  const sheets = h("div", { class: "timeline-sheets" });
  onPaper(
    place,
    () => {
      sheets.replaceChildren(...pieces(place));
      place.append(sheets);
    },
    () => sheets.remove(),
  );
}

function* pieces(place: HTMLElement): Iterable<SVGElement> {
  const [head, body] = [".timeline-head", ".timeline-body"].map((each) => place.querySelector<SVGSVGElement>(each));
  if (!head || !body) return;
  const names = [...place.querySelectorAll<HTMLElement>(".timeline-names > li")];
  const size = (of: SVGSVGElement, what: string) => Number(of.getAttribute(what));
  const [wide, top] = [size(body, "width"), size(head, "height")];
  const row = size(body, "height") / names.length;
  const most = Math.max(Math.floor((SHAPE * (wide + NAMES) - top) / row), FEWEST);
  head.id ||= "tl-head";
  body.id ||= "tl-body";
  for (let first = 0; first < names.length; first += most) {
    const here = names.slice(first, first + most);
    const tall = here.length * row;
    const bars = svg("svg", { x: 0, y: top, width: wide, height: tall, viewBox: `0 ${first * row} ${wide} ${tall}` }, svg("use", { href: `#${body.id}` }));
    const words = here.map((each, at) => {
      const text = each.textContent?.trim() ?? "";
      const word = svg("text", { x: INDENT - NAMES, y: top + (at + 0.66) * row, class: each.className });
      word.textContent = text.length > LETTERS ? `${text.slice(0, LETTERS)}…` : text;
      return word;
    });
    yield svg("svg", { viewBox: `${-NAMES} 0 ${wide + NAMES} ${top + tall}` }, svg("use", { href: `#${head.id}` }), bars, ...words);
  }
}

function svg(name: string, said: Record<string, string | number>, ...within: SVGElement[]): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(said)) made.setAttribute(key, String(value));
  made.append(...within);
  return made;
}

/** Where a timeline opens: at today, or rather where more of the first bars are seen. */

/** So much of a bar counts as seen. */
const SEEN = 28;
const AIR = 16;

export function openingOf(scroll: HTMLElement, room: number, wanted: number): number {
  const spans = spansOf(scroll);
  const seen = (left: number) => spans.filter(([from, to]) => Math.min(to, left + room) - Math.max(from, left) >= Math.min(SEEN, to - from)).length;
  if (seen(wanted) * 2 >= spans.length) return wanted;
  const places = [wanted, ...spans.map(([from]) => from - AIR), ...spans.map(([, to]) => to - room + AIR)];
  const most = Math.max(...places.map(seen));
  return places.filter((each) => seen(each) === most).reduce((best, each) => (Math.abs(each - wanted) < Math.abs(best - wanted) ? each : best));
}

/** From where to where the bars in the first window run, without their overdue tails. */
function spansOf(scroll: HTMLElement): [number, number][] {
  const found: [number, number][] = [];
  for (const bar of scroll.querySelectorAll<SVGGElement>(".tl-bar")) {
    if (Number(bar.dataset.y) > scroll.clientHeight) break;
    const parts = [...bar.querySelectorAll(".tl-solid, .tl-soft-in, .tl-soft-out")];
    const from = Math.min(...parts.map((part) => Number(part.getAttribute("x"))));
    const to = Math.max(...parts.map((part) => Number(part.getAttribute("x")) + Number(part.getAttribute("width"))));
    if (parts.length) found.push([from, to]);
  }
  return found;
}

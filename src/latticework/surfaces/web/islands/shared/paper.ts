/** What a page does for the printer: one layout before, the other after. */

/** Run one deed before a page is printed and one after, as long as a place is part of the page. */
export function onPaper(place: HTMLElement, before: () => void, after: () => void): void {
  const ends = new AbortController();
  const { signal } = ends;
  addEventListener("beforeprint", () => (place.isConnected ? before() : ends.abort()), { signal });
  addEventListener("afterprint", () => place.isConnected && after(), { signal });
}

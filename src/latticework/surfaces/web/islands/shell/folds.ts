/** Families that the reader shut stay shut on every page. */

/** Keep which families are shut in the cookie that the server reads. */
export function foldsAreKept(): void {
  // The event of a disclosure does not bubble.
  document.addEventListener("toggle", keep, true);
}

function keep(event: Event): void {
  if (!(event.target instanceof HTMLDetailsElement) || !event.target.matches(".side .fold")) return;
  const shut = [...document.querySelectorAll<HTMLElement>(".side .fold:not([open])")];
  const folded = shut.map((each) => each.dataset["family"] ?? "").join(".");
  void fetch("/look", { method: "POST", body: new URLSearchParams({ folded }), redirect: "manual" });
}

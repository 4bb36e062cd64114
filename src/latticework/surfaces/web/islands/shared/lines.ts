/** What a pasted text says: lines of a list, addresses, refs of things of ours. */

const LISTED = /^\s*(?:(?:[-*•]|\d+[.)])\s+)?(?:\[[ xX]?\]\s+)?/;

/** What each line says, without what makes it a line of a list. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n/).map((each) => each.replace(LISTED, "").trim()).filter(Boolean);
}

/** Whether a line is an address of the web. */
export function isAddress(line: string): boolean {
  return /^https?:\/\/\S+$/.test(line);
}

/** The ref that an address of ours names; empty otherwise. */
export function refIn(line: string): string {
  const path = /^(?:https?:\/\/[^/]+)?\/thing\/([^/?#]+)\/([^?#]+)/.exec(line);
  if (path && (!line.startsWith("http") || line.startsWith(location.origin))) return `${decodeURIComponent(path[1] ?? "")}/${decodeURIComponent(path[2] ?? "")}`;
  return "";
}

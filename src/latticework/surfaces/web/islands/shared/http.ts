/** Speaking to the server: recording changes, undoing them, asking. */

import { branch, h, navigate, past, refresh } from "./page";
import { keep, remember, stackOf, type Way } from "./steps";
import { toast, type Action } from "./toast";

export type Value = string | number | boolean | null | (string | number)[];
export type Fields = Record<string, Value>;
export type Triple = [source: string, link: string, target: string];
export type Change =
  | { put: string; fields: Fields }
  | { retire: string }
  | { move: string; to: string }
  | { connect: Triple; fields?: Fields }
  | { disconnect: Triple };

export interface Finding {
  code: string;
  severity: string;
  says: string;
  hint?: string;
  value?: string;
  ref?: string;
  field?: string;
}

export interface Receipt {
  /** None where nothing was new. */
  batch: number | null;
  first: number;
  last: number;
  head: number;
  recorded: number;
  findings: Finding[];
}

export interface Problem {
  title: string;
  status: number;
  findings: Finding[];
}

export interface Options {
  why?: string;
  base?: number;
  valid?: string;
  /** No toast, and no refresh: the island has shown the change already and says so itself. */
  quiet?: boolean;
  /** What the toast says; "Saved" otherwise. */
  says?: string;
  /** What the toast offers besides undoing. */
  offers?: Action;
  /** Told of a refusal first; true where the island shows it itself. */
  refused?: (problem: Problem) => boolean;
}

/** Append changes in the reader's name; null where they were refused, which is then told. */
export async function record(changes: Change[], opts: Options = {}): Promise<Receipt | null> {
  if (past()) {
    tellPast();
    return null;
  }
  const { why = "", base, valid = "" } = opts;
  const body = { changes, why, valid, branch: branch(), ...(base === undefined ? {} : { base }) };
  const answer = await send<Receipt>("/api/changes", body);
  if (isProblem(answer)) {
    if (!opts.refused?.(answer)) tell(answer);
    return null;
  }
  await settle(answer, opts);
  return answer;
}

async function settle(receipt: Receipt, opts: Options): Promise<void> {
  const { batch } = receipt;
  if (batch !== null) remember("undo", { batch, says: opts.says ?? "" }, true);
  document.dispatchEvent(new CustomEvent("recorded", { detail: receipt }));
  if (opts.quiet) return;
  if (batch !== null) {
    const action = { label: "Undo", run: () => void undo(batch) };
    const says = opts.says ?? `Saved${receipt.recorded > 1 ? ` ${receipt.recorded} changes` : ""}`;
    toast(says, { action, ...(opts.offers ? { other: opts.offers } : {}) });
  }
  await refresh();
}

/** Take a batch back; the last one of this browser tab where none is named. */
export async function undo(batch?: number): Promise<Receipt | null> {
  return turn("undo", "redo", batch);
}

/** Do again what was undone last. */
export async function redo(): Promise<Receipt | null> {
  return turn("redo", "undo");
}

let turning: Promise<unknown> = Promise.resolve();

/** One after the other: two quick presses take back two batches, not one of them twice. */
function turn(from: Way, to: Way, batch?: number): Promise<Receipt | null> {
  const done = turning.then(() => turned(from, to, batch));
  turning = done.catch(() => null);
  return done;
}

async function turned(from: Way, to: Way, batch?: number): Promise<Receipt | null> {
  const stack = stackOf(from);
  const step = batch === undefined ? stack.at(-1) : stack.find((each) => each.batch === batch) ?? { batch, says: "" };
  if (!step) {
    toast(`Nothing of yours to ${from} in this tab`);
    return null;
  }
  const answer = await send<Receipt>("/api/undo", { batch: step.batch, branch: branch() });
  if (isProblem(answer)) {
    tell(answer);
    return null;
  }
  keep(from, stack.filter((each) => each.batch !== step.batch));
  if (answer.batch !== null) remember(to, { batch: answer.batch, says: step.says });
  document.dispatchEvent(new CustomEvent("recorded", { detail: answer }));
  const back = from === "undo" ? { label: "Redo", run: () => void redo() } : { label: "Undo", run: () => void undo() };
  toast(`${from === "undo" ? "Undone" : "Done again"}${step.says ? `: ${step.says}` : ""}`, { action: back });
  await refresh();
  return answer;
}

/** JSON of one of our addresses; a problem where it refuses. */
export async function ask<T>(path: string, params: Record<string, string | number> = {}): Promise<T | Problem> {
  const url = new URL(path, location.href);
  for (const [name, value] of Object.entries(params)) if (value !== "") url.searchParams.set(name, String(value));
  const answer = await fetch(url, { headers: { accept: "application/json" } }).catch(() => null);
  return answer ? read<T>(answer) : OFFLINE;
}

/** Send JSON to one of our addresses; a problem where it refuses. */
export async function send<T>(path: string, body: unknown): Promise<T | Problem> {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
  return answer ? read<T>(answer) : OFFLINE;
}

const OFFLINE: Problem = {
  title: "The server does not answer",
  status: 0,
  findings: [{ code: "", severity: "error", says: "the server does not answer; nothing was saved", hint: "try again once it runs" }],
};

async function read<T>(answer: Response): Promise<T | Problem> {
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok && said !== null) return said as T;
  const problem = (said ?? {}) as Partial<Problem>;
  const says = `the server said ${answer.status}`;
  return {
    title: problem.title ?? says,
    status: answer.status,
    findings: problem.findings ?? [{ code: "", severity: "error", says }],
  };
}

/** Whether an answer is a refusal. */
export function isProblem(answer: unknown): answer is Problem {
  return typeof answer === "object" && answer !== null && "status" in answer && "findings" in answer && "title" in answer;
}

/** Show every finding of a refusal. */
export function tell(problem: Problem): void {
  const lines = problem.findings.map((each) =>
    h("p", {}, each.says, each.hint ? h("span", { class: "toast-hint" }, each.hint) : null),
  );
  toast(lines.length ? h("div", {}, ...lines) : problem.title, { tone: "bad" });
}

function tellPast(): void {
  const url = new URL(location.href);
  url.searchParams.delete("at");
  url.searchParams.delete("known");
  toast("The past is read here, not written", { action: { label: "Go to now", run: () => navigate(url.href) } });
}

/** A thing that could be put: a free ref, its fields, and what bears its title already. */
export interface Draft {
  ref: string;
  fields: Fields;
  alike: { ref: string; title: string }[];
}

/** What lines of text would make, one thing each; none where there is no answer, which is told. */
export async function draft(kind: string, lines: string): Promise<Draft[]> {
  const answer = await send<{ drafts: Draft[] }>("/api/drafts", { kind, lines, branch: branch() });
  if (!isProblem(answer)) return answer.drafts;
  tell(answer);
  return [];
}

/** News: what others record appears here within a second, and is said quietly. */

import type { Receipt } from "../shared/http";
import { typing } from "../shared/keys";
import { branch, past, refresh } from "../shared/page";
import { toast } from "../shared/toast";

interface News {
  head: number;
  branch: string;
  refs: string[];
  by: string;
  more?: boolean;
}

/** A moment in which the answer to our own writing arrives before the news of it. */
const OWN_FIRST = 150;

let stream: EventSource | null = null;
let last = 0;
let own = 0;
let waiting: News[] = [];
let timer = 0;

/** Listen while the page can be seen; what was missed meanwhile comes first. */
export function listens(): void {
  const top = document.querySelector<HTMLElement>(".top");
  last = Number(top?.dataset["head"] ?? 0);
  document.addEventListener("recorded", (event) => {
    own = Math.max(own, (event as CustomEvent<Receipt>).detail.last);
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? hush() : hear()));
  window.addEventListener("pagehide", hush);
  window.addEventListener("pageshow", hear);
  document.addEventListener("focusout", () => waiting.length && soon());
  document.addEventListener("renewed", () => {
    last = Math.max(last, Number(document.querySelector<HTMLElement>(".top")?.dataset["head"] ?? 0));
  });
}

function hear(): void {
  // A hidden page listens to nothing: browsers allow few connections to one server.
  if (stream || past() || document.hidden) return;
  stream = new EventSource(`/api/stream?branch=${encodeURIComponent(branch())}&after=${last}`);
  stream.addEventListener("entries", (event) => {
    const news = JSON.parse((event as MessageEvent<string>).data) as News;
    last = Math.max(last, news.head);
    waiting.push(news);
    soon();
  });
}

function hush(): void {
  stream?.close();
  stream = null;
}

function soon(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(tell, OWN_FIRST);
}

function tell(): void {
  waiting = waiting.filter((news) => news.head > own && news.branch === branch());
  if (!waiting.length || busy()) return;
  const told = waiting;
  waiting = [];
  void refresh().then(() => announce(told));
}

/** Whether a change of the page would get in the reader's way; it then waits. */
function busy(): boolean {
  return typing(document.activeElement) || !!document.querySelector("dialog:modal, [data-dragging]");
}

function announce(told: News[]): void {
  const me = document.querySelector<HTMLElement>(".top")?.dataset["who"];
  const others = told.filter((news) => news.by !== me);
  if (!others.length) return;
  const names = [...new Set(others.map((news) => news.by || "Somebody"))];
  const who = names.length > 2 ? `${names.length} people` : names.join(" and ");
  const refs = new Set(others.flatMap((news) => news.refs));
  const more = others.some((news) => news.more) ? "more than " : "";
  const what = refs.size === 1 && !more ? [...refs][0] : `${more}${refs.size} ${refs.size === 1 ? "thing" : "things"}`;
  toast(`${who} changed ${what}`, { stays: 4000 });
}

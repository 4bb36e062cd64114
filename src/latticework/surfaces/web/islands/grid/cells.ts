/** What a table's cells hold, and how they are written in. */

import type { Change, Value } from "../shared/http";

export type Pair = [ref: string, title: string];
export type Raw = string | string[] | Pair[] | null;

export interface Edit {
  type: string;
  field?: string;
  link?: string;
  back?: boolean;
  kinds?: string[];
  most?: number;
  many?: boolean;
  required?: boolean;
  choices?: string[];
  stages?: [word: string, category: string][];
  hint?: string;
}

export interface Column {
  name: string;
  edits: Record<string, Edit>;
}

export interface Row {
  ref: string;
  kind: string;
  raw: Raw[];
  html: HTMLTableRowElement;
}

/** The pairs of a link's cell. */
export function pairsOf(raw: Raw): Pair[] {
  return Array.isArray(raw) ? raw.filter((each): each is Pair => Array.isArray(each)) : [];
}

/** A cell as text: what is copied, and what a field begins with. */
export function textOf(raw: Raw): string {
  if (raw === null || raw === undefined) return "";
  if (typeof raw === "string") return raw;
  return raw.map((each) => (typeof each === "string" ? each : each[0])).join(", ");
}

/** A text as a cell's value; several with commas or lines between where the cell holds several. */
export function valueOf(text: string, edit: Edit): Raw {
  const plain = text.trim();
  if (!plain) return null;
  if (!edit.many) return plain;
  return plain.split(/\s*[,\n]\s*/).filter(Boolean);
}

/** What to record so that a cell holds a value. */
export function changesFor(row: Pick<Row, "ref">, edit: Edit, was: Raw, value: Raw): Change[] {
  if (edit.type !== "link") {
    if (textOf(was) === textOf(value)) return [];
    return [{ put: row.ref, fields: { [edit.field ?? ""]: value as Value } }];
  }
  const link = edit.link ?? "";
  const triple = (other: string): [string, string, string] => (edit.back ? [other, link, row.ref] : [row.ref, link, other]);
  const before = new Set(pairsOf(was).map(([ref]) => ref));
  const after = new Set(pairsOf(value).map(([ref]) => ref));
  return [
    ...[...before].filter((ref) => !after.has(ref)).map((ref) => ({ disconnect: triple(ref) })),
    ...[...after].filter((ref) => !before.has(ref)).map((ref) => ({ connect: triple(ref) })),
  ];
}

/** The words that a cell may be given, with their categories; none where anything may be typed. */
export function wordsOf(edit: Edit): [word: string, category: string][] {
  if (edit.stages) return edit.stages;
  if (edit.type === "yes-no") return [["yes", ""], ["no", ""]];
  return (edit.choices ?? []).map((word) => [word, ""]);
}

/** Cells as a sheet takes them: tabs between, a line for each row. */
export function sheetOf(rows: string[][]): string {
  const cell = (text: string) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join("\t")).join("\n");
}

/** What a sheet gives, as rows of texts. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  let at = 0;
  while (at <= source.length) {
    let cell = "";
    if (source[at] === '"') {
      const quoted = /"((?:[^"]|"")*)"/y;
      quoted.lastIndex = at;
      const found = quoted.exec(source);
      if (found) {
        cell = (found[1] ?? "").replaceAll('""', '"');
        at = quoted.lastIndex;
      }
    }
    const end = source.slice(at).search(/[\t\n]/);
    const stop = end < 0 ? source.length : at + end;
    cell += source.slice(at, stop);
    rows.at(-1)?.push(cell);
    if (source[stop] === "\n") rows.push([]);
    at = stop + 1;
  }
  return rows;
}

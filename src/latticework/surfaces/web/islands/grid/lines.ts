/** Which line of a table holds which row: headings lie between rows, and what is folded lies nowhere. */

export interface Section {
  first: number;
  count: number;
  key: string;
  html: string;
}

/** A line is a row, or the heading of a section. */
export type Spot = { row: number } | { head: number };

/** So many lines from one on: rows, or one heading. */
interface Run {
  line: number;
  row: number;
  count: number;
  head: number;
}

export class Lines {
  sections: Section[] = [];
  total = 0;
  private rows = 0;
  private runs: Run[] = [];
  private readonly shut = new Set<string>();
  /** Rows of which what hangs below is folded, and how many rows that are. */
  private readonly folds = new Map<number, number>();

  take(sections: Section[], rows: number): void {
    [this.sections, this.rows] = [sections, rows];
    this.lay();
  }

  /** Forget what is folded below rows: other rows stand there now. */
  unfold(): void {
    this.folds.clear();
    this.lay();
  }

  isShut(head: number): boolean {
    return this.shut.has(this.sections[head]?.key ?? "");
  }

  isFolded(row: number): boolean {
    return this.folds.has(row);
  }

  /** Shut a section, or open it. */
  toggle(head: number): void {
    const key = this.sections[head]?.key ?? "";
    if (!this.shut.delete(key)) this.shut.add(key);
    this.lay();
  }

  /** Fold the rows that hang below one, or unfold them. */
  fold(row: number, below: number): void {
    if (!this.folds.delete(row)) this.folds.set(row, below);
    this.lay();
  }

  at(line: number): Spot | null {
    const run = find(this.runs, line, "line");
    if (!run || line >= run.line + run.count) return null;
    return run.head < 0 ? { row: run.row + line - run.line } : { head: run.head };
  }

  /** The line of a row; of one that is folded, the line of what holds it. */
  lineOf(row: number): number {
    const run = find(this.runs, row, "row");
    if (!run) return 0;
    return run.head < 0 ? run.line + Math.min(row - run.row, run.count - 1) : run.line;
  }

  shows(row: number): boolean {
    const spot = this.at(this.lineOf(row));
    return !!spot && "row" in spot && spot.row === row;
  }

  headOf(row: number): number {
    return this.sections.findLastIndex((each) => each.first <= row && row < each.first + each.count);
  }

  /** The line of a section's heading. */
  lineOfHead(head: number): number {
    return this.runs.find((each) => each.head === head)?.line ?? 0;
  }

  private lay(): void {
    this.runs = [];
    this.total = 0;
    const folds = [...this.folds].sort(([a], [b]) => a - b);
    if (!this.sections.length) this.stretch(0, this.rows, folds);
    for (const [head, each] of this.sections.entries()) {
      this.push(each.first, 1, head);
      if (!this.isShut(head)) this.stretch(each.first, each.first + each.count, folds);
    }
  }

  /** Rows from one up to another, without what is folded among them. */
  private stretch(from: number, to: number, folds: [number, number][]): void {
    let at = from;
    for (const [row, below] of folds) {
      if (row < at || row >= to) continue;
      this.push(at, row + 1 - at);
      at = row + 1 + below;
    }
    this.push(at, to - at);
  }

  private push(row: number, count: number, head = -1): void {
    if (count <= 0) return;
    this.runs.push({ line: this.total, row, count, head });
    this.total += count;
  }
}

/** The last run that begins at a place or before it. */
function find(runs: Run[], place: number, by: "line" | "row"): Run | undefined {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.[by] ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return runs[low - 1];
}

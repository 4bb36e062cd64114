/** How well a text fits what was typed: letters in their order, words' beginnings first. */

export interface Fit {
  score: number;
  /** Places of the letters that fit. */
  at: number[];
}

/** The fit of a text; null where some letter is missing. */
export function fit(typed: string, text: string): Fit | null {
  const wanted = typed.trim().toLowerCase();
  const lower = text.toLowerCase();
  if (!wanted) return { score: 0, at: [] };
  const whole = lower.indexOf(wanted);
  if (whole >= 0) {
    const begins = whole === 0 || !/[\p{L}\p{N}]/u.test(lower[whole - 1] ?? "");
    const at = Array.from(wanted, (_, index) => whole + index);
    return { score: 100 + (begins ? 40 : 0) + (whole === 0 ? 20 : 0) - Math.min(lower.length - wanted.length, 40) / 4, at };
  }
  const at: number[] = [];
  let score = 0;
  let from = 0;
  for (const letter of wanted.replace(/\s+/g, "")) {
    const next = place(lower, letter, from);
    if (next < 0) return null;
    score += begins(lower, next) ? 9 : next === from && at.length ? 5 : -1;
    at.push(next);
    from = next + 1;
  }
  return score < wanted.length * 2 ? null : { score: Math.min(score, 90), at };
}

/** The next place of a letter: at the beginning of a word where there is one, or right here. */
function place(text: string, letter: string, from: number): number {
  if (from > 0 && text[from] === letter) return from;
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1)) if (begins(text, at)) return at;
  return text.indexOf(letter, from);
}

function begins(text: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? "");
}

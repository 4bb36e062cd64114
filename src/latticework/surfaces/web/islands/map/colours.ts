/** Colours as the style sheets have them now, which a canvas cannot look up itself. */

export interface Colours {
  tones: string[];
  ink: string;
  faint: string;
  paper: string;
  edge: string;
  tip: string;
  accent: string;
  warn: string;
  bad: string;
  rule: string;
  sunk: string;
  changes: Record<string, string>;
  sans: string;
  serif: string;
}

/** The colour in which each sort of change is told, as blocks/against.css has them. */
const CHANGES: Record<string, string> = { new: "--good", "given up": "--bad", stage: "--accent", moved: "--notice", changed: "--notice" };

export function coloursOf(host: HTMLElement, tones: string[]): Colours {
  const probe = document.createElement("span");
  host.append(probe);
  const read = (name: string, variable: string) => {
    probe.className = `map-probe ${name}`;
    probe.style.color = `var(${variable})`;
    return getComputedStyle(probe).color;
  };
  const style = getComputedStyle(host);
  const made = {
    tones: tones.map((tone) => read(tone, "--tone")),
    ink: read("", "--ink"),
    faint: read("", "--ink-faint"),
    paper: read("", "--paper"),
    edge: read("", "--map-edge"),
    tip: read("", "--map-tip"),
    accent: read("", "--accent"),
    warn: read("", "--warn"),
    bad: read("", "--bad"),
    rule: read("", "--rule"),
    sunk: read("", "--sunk"),
    changes: Object.fromEntries(Object.entries(CHANGES).map(([word, name]) => [word, read("", name)])),
    sans: style.getPropertyValue("--sans") || "sans-serif",
    serif: style.getPropertyValue("--serif") || "serif",
  };
  probe.remove();
  return made;
}

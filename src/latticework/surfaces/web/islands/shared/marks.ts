/** The small drawings that the pages use, for rows that islands draw. */

import { svg } from "./page";

const STROKE = { fill: "none", stroke: "currentColor", "stroke-width": 1.7, "aria-hidden": "true" };

/** The round mark of a stage category, as the templates draw it. */
export function stageMark(category: string): SVGElement {
  const made = svg("svg", { ...STROKE, width: 12, height: 12, viewBox: "0 0 14 14", class: `stage-mark stage-${category || "none"}` });
  const ring = { cx: 7, cy: 7, r: 5.6 };
  if (category === "done") {
    made.append(svg("circle", { ...ring, r: 6.1, fill: "currentColor", stroke: "none" }), svg("path", { d: "m4.2 7.2 2 2 3.6-4.2", class: "cut" }));
  } else if (category === "dropped") {
    made.append(svg("circle", ring), svg("path", { d: "m4.9 4.9 4.2 4.2m0-4.2L4.9 9.1" }));
  } else if (category === "active") {
    made.append(svg("circle", ring), svg("path", { d: "M7 3.6a3.4 3.4 0 0 1 0 6.8Z", fill: "currentColor", stroke: "none" }));
  } else {
    made.append(svg("circle", category === "proposed" ? { ...ring, "stroke-dasharray": "2.2 2.2" } : ring));
  }
  return made;
}

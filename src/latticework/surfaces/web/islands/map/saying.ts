/** What a map says of what is pointed at or chosen. */

import type { Lit } from "./lens";
import type { Scene } from "./scene";

export function sayingOf(scene: Scene, { over, edge, chosen, sought }: Lit): string {
  const at = over >= 0 ? over : ([...chosen].at(-1) ?? -1);
  const line = scene.edges[edge];
  if (line && over < 0) return `${scene.dot(line.source).title} ${scene.phrases[line.phrase]} ${scene.dot(line.target).title}`;
  const dot = scene.dots[at];
  if (!dot) return sought ? `${sought.size} found` : "";
  const count = scene.near[at]?.length ?? 0;
  const links = dot.missing ? "no such thing" : count === 1 ? "1 link here" : `${count} links here`;
  const parts = [dot.title, dot.kind, dot.stage, dot.said, dot.changed, links, dot.more ? `${dot.more} more not drawn` : "", chosen.size > 1 ? `${chosen.size} chosen` : ""];
  return parts.filter(Boolean).join(" · ");
}

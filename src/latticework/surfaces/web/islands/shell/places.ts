/** Keys that the navigation declares: a "g" and a letter for each place. */

import { keys } from "../shared/keys";
import { navigate } from "../shared/page";

/** Let `data-keys` on a link be the keys that follow it. */
export function placesHaveKeys(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("a[data-keys]")];
  keys(
    Object.fromEntries(
      links.map((link) => [link.dataset["keys"] ?? "", { says: `Go to ${link.textContent?.trim()}`, run: () => navigate(link.href) }]),
    ),
  );
}

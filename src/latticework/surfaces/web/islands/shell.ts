/** What every page has: keys, undo, peek. */

import { redo, undo } from "./shared/http";
import { keys } from "./shared/keys";

keys({
  u: { says: "Undo", run: () => void undo() },
  U: { says: "Redo", run: () => void redo() },
});

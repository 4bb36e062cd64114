/** Copying, and saying so. */

import { toast } from "../shared/toast";

/** Put a text on the clipboard. */
export async function copy(text: string, says: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(says);
  } catch {
    toast(text, { tone: "bad" });
  }
}

/** Dialogs that exist as long as they are open. */

/** Show a dialog over the page until it is closed: by itself, by Escape, or by a press outside of it. */
export function openDialog(dialog: HTMLDialogElement, { closed, stays }: { closed?: () => void; stays?: () => boolean } = {}): void {
  dialog.addEventListener("click", (event) => event.target === dialog && !stays?.() && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed?.();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** Carrying a card with the pointer: it follows, piles show that they take it. */

import { h } from "../shared/page";

const FAR = 5;
const EDGE = 56;
const FLIGHT_MS = 150;
/** So long a finger rests on a card before it carries it; sooner it scrolls. */
const HOLD_MS = 350;

export interface Carried {
  card: HTMLElement;
  from: HTMLElement;
  to: HTMLElement;
}

/** Let cards be carried from pile to pile; `drop` is told where one was let go. */
export function carries(board: HTMLElement, drop: (carried: Carried) => void): () => void {
  const down = (event: PointerEvent): void => {
    const at = event.target instanceof Element ? event.target : null;
    const card = at?.closest<HTMLElement>(".board-card");
    if (!card || event.button !== 0 || !event.isPrimary || at?.closest(".board-menu")) return;
    new Carry(board, card, event, drop);
  };
  // A page that is to stay under a carried card says so before the finger moves.
  const still = (event: TouchEvent): void => void ("carrying" in board.dataset && event.cancelable && event.preventDefault());
  const hold = (event: Event): void => void ("carrying" in board.dataset && event.preventDefault());
  board.addEventListener("pointerdown", down);
  board.addEventListener("touchmove", still, { passive: false });
  board.addEventListener("contextmenu", hold);
  return () => {
    board.removeEventListener("pointerdown", down);
    board.removeEventListener("touchmove", still);
    board.removeEventListener("contextmenu", hold);
  };
}

class Carry {
  private readonly from: HTMLElement;
  private readonly slot = h("li", { class: "board-slot", "aria-hidden": "true" });
  private readonly end = new AbortController();
  private over: HTMLElement | null = null;
  private begun = false;
  private frame = 0;
  private timer = 0;
  private readonly touch: boolean;
  private at: { x: number; y: number };
  private readonly grip: { x: number; y: number };

  constructor(
    private readonly board: HTMLElement,
    private readonly card: HTMLElement,
    start: PointerEvent,
    private readonly drop: (carried: Carried) => void,
  ) {
    this.touch = start.pointerType === "touch";
    this.from = card.closest<HTMLElement>(".board-pile") ?? board;
    const box = card.getBoundingClientRect();
    this.at = { x: start.clientX, y: start.clientY };
    this.grip = { x: start.clientX - box.left, y: start.clientY - box.top };
    const { signal } = this.end;
    if (this.touch) this.timer = window.setTimeout(() => this.lift(), HOLD_MS);
    document.addEventListener("pointermove", (event) => this.move(event), { signal });
    document.addEventListener("pointerup", () => this.letGo(true), { signal });
    document.addEventListener("pointercancel", () => this.letGo(false), { signal });
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.letGo(false), { signal });
  }

  private move(event: PointerEvent): void {
    const far = Math.hypot(event.clientX - this.at.x, event.clientY - this.at.y) > FAR;
    if (!this.begun && !far) return;
    if (!this.begun && this.touch) return this.letGo(false);
    if (!this.begun) this.lift();
    this.at = { x: event.clientX, y: event.clientY };
    event.preventDefault();
    this.frame ||= requestAnimationFrame(() => this.follow());
  }

  private lift(): void {
    const box = this.card.getBoundingClientRect();
    this.begun = true;
    this.board.dataset["carrying"] = "";
    this.card.classList.add("is-carried");
    Object.assign(this.card.style, { position: "fixed", left: "0", top: "0", width: `${box.width}px` });
    this.slot.style.height = `${box.height}px`;
    this.card.before(this.slot);
    document.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => document.getSelection()?.removeAllRanges());
    if (this.touch) this.follow();
  }

  private follow(): void {
    this.frame = 0;
    this.card.style.translate = `${this.at.x - this.grip.x}px ${this.at.y - this.grip.y}px`;
    const here = pileAt(this.board, this.at.x, this.at.y);
    if (here !== this.over) this.enter(here);
    const near = this.scroll();
    if (near) this.frame = requestAnimationFrame(() => this.follow());
  }

  private enter(pile: HTMLElement | null): void {
    this.over?.classList.remove("is-target", "is-over");
    this.over = pile;
    const takes = pile !== null && !pile.hasAttribute("data-fixed");
    pile?.classList.add(takes ? "is-target" : "is-over");
    if (pile === this.from) this.card.before(this.slot);
    else if (takes) pile?.querySelector("ul")?.prepend(this.slot);
  }

  /** Near its edge the board moves on by itself. */
  private scroll(): boolean {
    const area = this.board.querySelector<HTMLElement>(".board-scroll");
    const box = area?.getBoundingClientRect();
    if (!area || !box) return false;
    const x = push(this.at.x, box.left, box.right);
    const y = push(this.at.y, box.top, Math.min(box.bottom, innerHeight));
    const before = area.scrollLeft + area.scrollTop;
    if (x || y) area.scrollBy(x, y);
    return area.scrollLeft + area.scrollTop !== before;
  }

  private letGo(taken: boolean): void {
    this.end.abort();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    if (!this.begun) return;
    const to = this.over;
    const lands = taken && to && to !== this.from && !to.hasAttribute("data-fixed");
    const start = this.card.getBoundingClientRect();
    if (lands) this.slot.before(this.card);
    this.slot.remove();
    this.enter(null);
    delete this.board.dataset["carrying"];
    this.card.classList.remove("is-carried");
    this.card.removeAttribute("style");
    fly(this.card, start);
    setTimeout(() => document.removeEventListener("click", stop, { capture: true }));
    if (lands) this.drop({ card: this.card, from: this.from, to });
  }
}

/** From where it was drawn to where it lies now, unless the reader wants no motion. */
export function fly(card: HTMLElement, start: DOMRect): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const now = card.getBoundingClientRect();
  const away = `${start.left - now.left}px ${start.top - now.top}px`;
  card.animate([{ translate: away }, { translate: "0 0" }], { duration: FLIGHT_MS, easing: "ease-out" });
}

function pileAt(board: HTMLElement, x: number, y: number): HTMLElement | null {
  const under = document.elementFromPoint(x, y);
  const pile = under?.closest<HTMLElement>(".board-pile, .board-head") ?? null;
  if (!pile || !board.contains(pile)) return null;
  if (pile.matches(".board-pile")) return pile;
  return board.querySelector<HTMLElement>(`.board-pile[data-pile="${pile.dataset["pile"]}"]`);
}

function push(at: number, low: number, high: number): number {
  if (at < low + EDGE) return -Math.ceil((low + EDGE - at) / 5);
  return at > high - EDGE ? Math.ceil((at - high + EDGE) / 5) : 0;
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

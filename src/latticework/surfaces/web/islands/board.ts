/** A board whose cards are carried by pointer or by keys; every move is recorded. */

import { carries, fly } from "./board/carry";
import { changesOf, type Place, type Plan } from "./board/moves";
import { record } from "./shared/http";
import { json, navigate, past } from "./shared/page";
import { peek } from "./shared/peek";
import { toast } from "./shared/toast";

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

class Board extends HTMLElement {
  private ends: (() => void)[] = [];
  private focused = "";

  connectedCallback(): void {
    const movable = this.dataset["movable"] === "yes" && !past();
    const renewed = (): void => this.prepare(true);
    const key = (event: KeyboardEvent): void => this.key(event, movable);
    document.addEventListener("renewed", renewed);
    this.addEventListener("keydown", key);
    this.addEventListener("focusin", (event) => this.took(event));
    this.addEventListener("click", (event) => this.press(event));
    this.ends = [() => document.removeEventListener("renewed", renewed), () => this.removeEventListener("keydown", key)];
    if (movable) this.ends.push(carries(this, ({ card, from, to }) => void this.land(card, from, to)));
    this.prepare(false);
  }

  disconnectedCallback(): void {
    this.ends.forEach((end) => end());
  }

  /** One card takes the tab key; the others are reached by arrows. */
  private prepare(again: boolean): void {
    if (this.dataset["movable"] === "yes") this.dataset["ready"] = "";
    const cards = this.cards();
    const chosen = cards.find((each) => each.dataset["ref"] === this.focused) ?? cards[0];
    for (const each of cards) each.tabIndex = each === chosen ? 0 : -1;
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (again && this.focused && lost && chosen?.dataset["ref"] === this.focused) chosen.focus({ preventScroll: true });
  }

  private took(event: FocusEvent): void {
    const card = event.target instanceof HTMLElement ? event.target : null;
    if (!card?.matches(".board-card")) return;
    this.focused = card.dataset["ref"] ?? "";
    for (const each of this.cards()) each.tabIndex = each === card ? 0 : -1;
  }

  private key(event: KeyboardEvent, movable: boolean): void {
    const card = event.target instanceof HTMLElement && event.target.matches(".board-card") ? event.target : null;
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      event.stopPropagation();
      if (event.shiftKey && movable) this.shift(card, step);
      else if (!event.shiftKey) this.goOn(card, step);
    } else if (event.key === "Enter") {
      event.preventDefault();
      navigate(card.querySelector<HTMLAnchorElement>(".board-title")?.href ?? "");
    } else if (event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      void peek(card.dataset["ref"] ?? "");
    }
  }

  /** The card in that direction: in its pile, else in the next one that holds any. */
  private goOn(card: HTMLElement, [across, down]: [number, number]): void {
    const pile = card.closest<HTMLElement>(".board-pile");
    if (!pile) return;
    const place = placeOf(pile);
    const here = [...pile.querySelectorAll<HTMLElement>(".board-card")];
    const at = here.indexOf(card);
    let next = down ? here[at + down] : undefined;
    for (let far = 1; !next && far < 60; far += 1) {
      const other = this.pile({ lane: place.lane + down * far, pile: place.pile + across * far });
      if (!other) break;
      const cards = [...other.querySelectorAll<HTMLElement>(".board-card")];
      next = down < 0 ? cards.at(-1) : cards[Math.min(across ? at : 0, cards.length - 1)];
    }
    next?.focus();
  }

  private shift(card: HTMLElement, [across, down]: [number, number]): void {
    const from = card.closest<HTMLElement>(".board-pile");
    if (!from) return;
    const place = placeOf(from);
    for (let far = 1; far < 60; far += 1) {
      const to = this.pile({ lane: place.lane + down * far, pile: place.pile + across * far });
      if (!to) return this.say("There is no further place on this side");
      if (!to.hasAttribute("data-fixed")) {
        const start = card.getBoundingClientRect();
        to.querySelector("ul")?.prepend(card);
        card.focus();
        fly(card, start);
        return void this.land(card, from, to);
      }
    }
  }

  /** The menu of a card does what its form would, at once. */
  private press(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("button[data-to]") : null;
    const card = button?.closest<HTMLElement>(".board-card");
    const from = card?.closest<HTMLElement>(".board-pile");
    if (!button || !card || !from) return;
    const to = this.pile({ lane: placeOf(from).lane, pile: Number(button.dataset["to"]) });
    if (!to) return;
    event.preventDefault();
    card.querySelector("details")?.removeAttribute("open");
    const start = card.getBoundingClientRect();
    to.querySelector("ul")?.prepend(card);
    fly(card, start);
    void this.land(card, from, to);
  }

  /** Record that a card lies elsewhere now; it flies back where that is refused. */
  private async land(card: HTMLElement, from: HTMLElement, to: HTMLElement): Promise<void> {
    const ref = card.dataset["ref"] ?? "";
    const plan = json<Plan>(this);
    const title = card.querySelector(".board-title")?.textContent ?? ref;
    const [was, now] = [placeOf(from), placeOf(to)];
    const changes = changesOf(plan, ref, was, now);
    this.counted(was.pile, -1);
    this.counted(now.pile, 1);
    const says = `${title}: ${placeName(plan, was, now)}`;
    this.say(says);
    const receipt = typeof changes === "string" ? null : await record(changes, { says });
    if (typeof changes === "string") toast(changes, { tone: "bad" });
    if (receipt) return;
    const start = card.getBoundingClientRect();
    from.querySelector("ul")?.prepend(card);
    fly(card, start);
    this.counted(was.pile, 1);
    this.counted(now.pile, -1);
    this.say(`${title} stays where it was`);
  }

  /** A pile holds one more or less: its count, its limit, whether it is shut. */
  private counted(pile: number, more: number): void {
    const head = this.querySelector<HTMLElement>(`.board-head[data-pile="${pile}"]`);
    const shown = head?.querySelector("[data-count]");
    if (!head || !shown) return;
    const count = Number((shown.textContent ?? "0").replaceAll(",", "")) + more;
    const limit = Number(head.dataset["limit"] ?? 0);
    shown.textContent = count.toLocaleString("en");
    head.classList.toggle("over", limit > 0 && count > limit);
    this.querySelectorAll(`[data-pile="${pile}"]`).forEach((each) => each.classList.toggle("shut", count === 0));
  }

  private say(text: string): void {
    const region = this.querySelector("[data-said]");
    if (region) region.textContent = text;
  }

  private cards(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".board-card")];
  }

  private pile({ lane, pile }: Place): HTMLElement | null {
    return this.querySelector<HTMLElement>(`.board-pile[data-lane="${lane}"][data-pile="${pile}"]`);
  }
}

function placeOf(pile: HTMLElement): Place {
  return { lane: Number(pile.dataset["lane"]), pile: Number(pile.dataset["pile"]) };
}

function placeName(plan: Plan, from: Place, to: Place): string {
  const pile = plan.piles[to.pile]?.name ?? "";
  const lane = plan.lanes[to.lane]?.name ?? "";
  if (from.lane === to.lane) return `${plan.by.word} is ${pile}`;
  return from.pile === to.pile ? `${plan.across.word} is ${lane}` : `${pile}, ${lane}`;
}

customElements.define("lattice-board", Board);

/** The strip of time, to be drawn along: a day follows the pointer, the page follows the day. */

import { h, navigate, preview, refresh } from "../shared/page";
import { DAY, dayAlong, iso, shareOf, type Slots, type Unit } from "./slots";

const REST = 140;
const FEW = 4;

class TimeBar extends HTMLElement {
  private bubble = h("output", { class: "time-bubble", hidden: true });
  private handle = h("span", { class: "time-handle", role: "slider", tabindex: "0", "aria-label": "Day that is read" });
  private other = h("span", { class: "time-handle time-from", hidden: true, "aria-hidden": "true" });
  private day = "";
  private from = "";
  private timer = 0;
  private began: { x: number; pair: boolean } | null = null;
  private moved = false;

  connectedCallback(): void {
    this.append(this.other, this.handle, this.bubble);
    this.day = this.dataset["to"] || this.dataset["at"] || this.today;
    this.from = this.dataset["from"] ?? "";
    this.addEventListener("pointerdown", this.down);
    this.addEventListener("click", this.clicked, true);
    this.addEventListener("dragstart", (event) => event.preventDefault());
    this.handle.addEventListener("keydown", this.press);
    this.handle.addEventListener("blur", () => this.place());
    this.place();
  }

  /** The server's fresh copy: its bars and its day; the handle stays. */
  renew(fresh: Element): void {
    const svg = fresh.querySelector("svg");
    if (this.began || !svg) return;
    for (const { name, value } of fresh.attributes) this.setAttribute(name, value);
    this.querySelector("svg")?.replaceWith(svg);
  }

  private get today(): string {
    return this.dataset["today"] ?? "";
  }

  private get slots(): Slots {
    const { first = "", unit = "month", count = "1" } = this.dataset;
    return { first, unit: unit as Unit, count: Number(count) };
  }

  private dayAt(clientX: number): string {
    const box = this.getBoundingClientRect();
    return dayAlong(this.slots, (clientX - box.left) / box.width);
  }

  /** Where a day stands, from 0 to 100. */
  private at(day: string): number {
    return shareOf(this.slots, day) * 100;
  }

  private place(shown = false): void {
    this.handle.style.left = `${this.at(this.day)}%`;
    this.handle.setAttribute("aria-valuetext", words(this.day));
    this.handle.setAttribute("aria-valuemin", "0");
    this.handle.setAttribute("aria-valuemax", "100");
    this.handle.setAttribute("aria-valuenow", String(Math.round(this.at(this.day))));
    this.other.hidden = !this.from;
    if (this.from) this.other.style.left = `${this.at(this.from)}%`;
    this.bubble.hidden = !shown;
    this.bubble.style.left = `${Math.min(Math.max(this.at(this.day), 12), 88)}%`;
    this.bubble.textContent = this.from ? `${words(this.from)} – ${words(this.day)}` : words(this.day);
  }

  private down = (event: PointerEvent): void => {
    if (event.button || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.setPointerCapture(event.pointerId);
    this.began = { x: event.clientX, pair: event.shiftKey };
    this.moved = false;
    this.toggleAttribute("data-dragging", true);
    if (event.shiftKey) this.from = this.dayAt(event.clientX);
    this.addEventListener("pointermove", this.move);
    this.addEventListener("pointerup", this.up);
    this.addEventListener("pointercancel", this.leave);
    document.addEventListener("keydown", this.escape, true);
    this.track(event.clientX);
  };

  private move = (event: PointerEvent): void => {
    if (Math.abs(event.clientX - (this.began?.x ?? 0)) >= FEW) this.moved = true;
    this.track(event.clientX);
  };

  private track(clientX: number): void {
    const day = this.dayAt(clientX);
    if (day === this.day && !this.bubble.hidden) return;
    this.day = day;
    this.place(true);
    window.clearTimeout(this.timer);
    if (this.moved && !this.from) this.timer = window.setTimeout(() => void preview(this.address()), REST);
  }

  private up = (event: PointerEvent): void => {
    const began = this.began;
    this.end();
    if (began?.pair && !this.moved) {
      // Shift and a click: from the day that is read to the day that is pointed at.
      this.from = this.dataset["at"] ?? this.today;
      this.day = this.dayAt(event.clientX);
    }
    this.go();
  };

  private leave = (): void => {
    this.end();
    this.back();
  };

  private escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.leave();
  };

  private end(): void {
    window.clearTimeout(this.timer);
    this.began = null;
    this.toggleAttribute("data-dragging", false);
    this.removeEventListener("pointermove", this.move);
    this.removeEventListener("pointerup", this.up);
    this.removeEventListener("pointercancel", this.leave);
    document.removeEventListener("keydown", this.escape, true);
  }

  private back(): void {
    this.day = this.dataset["to"] || this.dataset["at"] || this.today;
    this.from = this.dataset["from"] ?? "";
    this.place();
    void refresh();
  }

  /** A link under the pointer does not lead away at the end of a drag. */
  private clicked = (event: MouseEvent): void => {
    if (!event.ctrlKey && !event.metaKey) event.preventDefault();
  };

  private press = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageDown: -30, PageUp: 30 }[event.key];
    if (by) {
      event.preventDefault();
      event.stopPropagation();
      this.day = iso(Date.parse(`${this.day}T00:00:00Z`) + by * (event.shiftKey ? 7 : 1) * DAY);
      this.place(true);
    } else if (event.key === "Enter") this.go();
    else if (event.key === "Escape") this.back();
  };

  private go(): void {
    navigate(this.address());
  }

  /** This page on that day, or the comparison of the two. */
  private address(): string {
    const url = new URL(location.href);
    if (this.from && this.from !== this.day) {
      const [from, to] = [this.from, this.day].sort();
      const params = new URLSearchParams({ from: from ?? "", to: to ?? "" });
      const branch = url.searchParams.get("branch");
      if (branch) params.set("branch", branch);
      return `/diff?${params}`;
    }
    url.searchParams.delete("page");
    if (this.day >= this.today && location.pathname !== "/diff") url.searchParams.delete("at");
    else url.searchParams.set("at", this.day);
    return url.pathname + url.search;
  }
}

function words(day: string): string {
  const when = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(when.valueOf()) ? day : when.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

customElements.define("time-bar", TimeBar);

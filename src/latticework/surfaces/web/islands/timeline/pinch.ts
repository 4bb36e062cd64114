/** Two fingers on a timeline: it is stretched at once, and drawn anew at the nearest scale in the end. */

interface Stretched {
  /** By how much, and round which point of the window. */
  begin(): void;
  stretch(by: number, x: number): void;
  end(by: number, x: number): void;
}

export function pinches(scroll: HTMLElement, deeds: Stretched): void {
  const fingers = new Map<number, number>();
  let began = 0;
  let by = 1;
  let x = 0;
  const gap = () => {
    const [one = 0, other = 0] = fingers.values();
    x = (one + other) / 2;
    return Math.max(Math.abs(one - other), 12);
  };
  scroll.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    fingers.set(event.pointerId, event.clientX);
    if (fingers.size !== 2) return;
    began = gap();
    by = 1;
    deeds.begin();
  });
  scroll.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, event.clientX);
    if (fingers.size !== 2 || !began) return;
    by = gap() / began;
    deeds.stretch(by, x);
  });
  const up = (event: PointerEvent) => {
    if (fingers.delete(event.pointerId) && began && fingers.size < 2) {
      began = 0;
      deeds.end(by, x);
    }
  };
  scroll.addEventListener("pointerup", up);
  scroll.addEventListener("pointercancel", up);
  // The browser keeps scrolling by one finger, and leaves two to us.
  scroll.addEventListener("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });
}

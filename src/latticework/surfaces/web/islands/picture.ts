/** What goes out by hand of the browser: a drawing as a picture, a link to the clipboard. */

import { keys } from "./shared/keys";
import { h, navigate } from "./shared/page";
import { toast } from "./shared/toast";

const SCALE = 2;
/** Browsers draw nothing on a canvas that is larger. */
const MOST_PIXELS = 60_000_000;
const DRAWING = 'a[href*="/out/svg"]:not([data-picture])';

/** Offer a picture beside every drawing that can be taken out. */
function offer(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(DRAWING)) {
    const item = link.closest("li");
    if (!item || item.nextElementSibling?.querySelector("[data-picture]")) continue;
    const said = link.textContent?.replace(/^SVG( drawing)?/, "PNG").trim() ?? "";
    const made = h("a", { href: link.href, "data-picture": "" }, said === "PNG" ? "PNG picture" : said);
    made.addEventListener("click", (event) => {
      event.preventDefault();
      void take(link.href);
    });
    item.after(h("li", {}, made));
  }
}

async function take(address: string): Promise<void> {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) {
    toast("There is no drawing to take", { tone: "bad" });
    return;
  }
  const name = /filename="(.*?)\.svg"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "drawing";
  const drawing = new Blob([await answer.text()], { type: "image/svg+xml" });
  const picture = await drawn(drawing);
  if (picture) save(picture, `${name}.png`);
  else toast("This drawing is too large for a picture; take it as SVG", { tone: "bad" });
}

/** A drawing as pixels, twice as many as it says; null where that is too much. */
async function drawn(drawing: Blob): Promise<Blob | null> {
  const address = URL.createObjectURL(drawing);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = width * height * SCALE * SCALE <= MOST_PIXELS ? SCALE : 1;
    if (width * height * scale * scale > MOST_PIXELS) return null;
    const canvas = h("canvas", { width: width * scale, height: height * scale });
    const context = canvas.getContext("2d");
    context?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  h("a", { href: address, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Copy what a field holds. */
async function copy(event: Event): Promise<void> {
  const id = (event.target as Element).closest<HTMLElement>("[data-copies]")?.dataset["copies"];
  const field = id ? document.getElementById(id) : null;
  if (!(field instanceof HTMLInputElement)) return;
  field.select();
  const done = await navigator.clipboard?.writeText(field.value).then(
    () => true,
    () => false,
  );
  toast(done ? "Copied" : "Copy it with Ctrl C");
}

/** What the foot of the page offers, by keys and in the palette. */
function follow(where: string): void {
  const link = document.querySelector<HTMLAnchorElement>(`.foot a[href^="${where}"]`);
  if (link) navigate(link.href);
}

if (document.querySelector('.foot a[href^="/share?"]')) {
  keys({
    "w s": { says: "Share this page", run: () => follow("/share?") },
    "w m": { says: "Take this page as Markdown", run: () => follow("/out/md/") },
  });
}
document.addEventListener("click", (event) => void copy(event));
document.addEventListener("renewed", offer);
offer();

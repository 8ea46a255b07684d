/** The line between the explanation and the code: moved by pointer or keyboard, remembered. */

import { browserStore } from "../browser_storage";
import { h } from "../dom";
import { WORDS } from "../page_texts";

const LEAST = 25;
const MOST = 65;
const STEP = 3;

export function resizable(main: HTMLElement, before: HTMLElement): void {
  const separator = h("div", {
    class: "splitter",
    role: "separator",
    tabindex: "0",
    "aria-orientation": "vertical",
    "aria-controls": before.id,
    "aria-label": WORDS.split,
    "aria-valuemin": LEAST,
    "aria-valuemax": MOST,
  });
  const set = (percent: number) => {
    const share = Math.min(MOST, Math.max(LEAST, percent));
    main.style.setProperty("--statement", `${share}%`);
    separator.setAttribute("aria-valuenow", share.toFixed(0));
    browserStore.set("split", share.toFixed(1));
  };
  const now = () => Number(separator.getAttribute("aria-valuenow"));
  separator.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(now() + step);
  });
  separator.addEventListener("pointerdown", (event) => {
    separator.setPointerCapture(event.pointerId);
    const box = main.getBoundingClientRect();
    const move = (moved: PointerEvent) => set(((moved.clientX - box.left) / box.width) * 100);
    separator.addEventListener("pointermove", move);
    const stop = () => separator.removeEventListener("pointermove", move);
    separator.addEventListener("pointerup", stop, { once: true });
    separator.addEventListener("pointercancel", stop, { once: true });
  });
  set(Number(browserStore.get("split") ?? "42") || 42);
  before.after(separator);
}

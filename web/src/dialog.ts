/** Dialogs: the browser's own, which keep the focus and close with Escape. */

import { type Child, h } from "./dom";
import { icon } from "./icons";
import type { Words } from "./language";
import { WORDS } from "./page_texts";

let count = 0;

export interface Opened {
  readonly element: HTMLDialogElement;
  close(): void;
}

/** Opens a dialog; it is gone from the page once closed. */
export function openDialog(
  title: Words,
  content: Child,
  options: { wide?: boolean; onClose?: () => void } = {},
): Opened {
  count += 1;
  const id = `dialog-${count}`;
  const close = () => element.close();
  const element = h(
    "dialog",
    { class: options.wide ? "dialog wide-dialog" : "dialog", "aria-labelledby": id },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id }, title),
      h(
        "button",
        { type: "button", class: "quiet icon-only", "aria-label": WORDS.close, onclick: close },
        icon("close"),
      ),
    ),
    h("div", { class: "dialog-body" }, content),
  );
  element.addEventListener("close", () => {
    element.remove();
    options.onClose?.();
  });
  element.addEventListener("click", (event) => {
    if (event.target === element) close();
  });
  document.body.append(element);
  element.showModal();
  return { element, close };
}

/** Asks; true only if the answer is yes. */
export function ask(title: Words, question: Words, yes: Words): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = false;
    const decide = () => {
      answer = true;
      dialog.close();
    };
    const dialog = openDialog(
      title,
      [
        h("p", {}, question),
        h(
          "div",
          { class: "buttons" },
          h("button", { type: "button", class: "primary", onclick: decide }, yes),
          h("button", { type: "button", onclick: () => dialog.close() }, WORDS.cancel),
        ),
      ],
      { onClose: () => resolve(answer) },
    );
  });
}

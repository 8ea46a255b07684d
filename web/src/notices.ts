/** What stays stands at the top of the page; what passes appears at the bottom, over nothing that is pressed. */

import { refusal } from "./api";
import { announce, byId, type Child, h } from "./dom";
import { icon } from "./icons";
import type { Words } from "./language";
import { WORDS } from "./page_texts";

export interface Notice {
  close(): void;
}

export interface NoticeOptions {
  readonly kind?: "calm" | "warning" | "good";
  /** Milliseconds until it goes away by itself; without, it stays until closed. */
  readonly lasts?: number;
  readonly action?: { readonly words: Words; readonly act: () => void };
  readonly closable?: boolean;
}

export function notice(words: Words, options: NoticeOptions = {}): Notice {
  const close = () => element.remove();
  const children: Child[] = [h("span", { class: "notice-words" }, words)];
  if (options.action) {
    const { act, words: name } = options.action;
    const closeAndAct = () => {
      close();
      act();
    };
    children.push(h("button", { type: "button", class: "small", onclick: closeAndAct }, name));
  }
  if (options.closable ?? true) {
    children.push(
      h(
        "button",
        {
          type: "button",
          class: "quiet icon-only small",
          "aria-label": WORDS.close,
          onclick: close,
        },
        icon("close"),
      ),
    );
  }
  const element = h("div", { class: `notice notice-${options.kind ?? "calm"}` }, children);
  byId(options.lasts === undefined ? "notices" : "toasts").append(element);
  announce(words);
  if (options.lasts !== undefined) window.setTimeout(close, options.lasts);
  return { close };
}

/** Does something, and says why where it does not succeed. */
export async function safely(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    notice(refusal(error), { kind: "warning", lasts: 6000 });
  }
}

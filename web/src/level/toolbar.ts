/** The line above the editor: Run, what was saved, and what else can be done with the code. */

import { browserStore } from "../browser_storage";
import { h } from "../dom";
import { type IconName, icon } from "../icons";
import type { Words } from "../language";
import { WORDS } from "../page_texts";

export interface ToolbarOptions {
  readonly runButton: HTMLElement;
  readonly saveState: HTMLElement;
  readonly reset: () => void;
  readonly history: () => void;
  readonly help: () => void;
  readonly setVim: (isOn: boolean) => void;
  readonly setShapes: (isOn: boolean) => void;
}

export function toolbar(options: ToolbarOptions): HTMLElement {
  return h(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": WORDS.code },
    options.runButton,
    options.saveState,
    h("span", { class: "spacer" }),
    button("history", WORDS.history, options.history),
    button("reset", WORDS.reset, options.reset),
    h(
      "details",
      { class: "menu" },
      h(
        "summary",
        { class: "button quiet icon-only", "aria-label": WORDS.more, title: WORDS.more },
        icon("more"),
      ),
      h(
        "div",
        { class: "menu-items" },
        setting("vim", WORDS.vim, false, options.setVim),
        setting("shapes", WORDS.shapesSwitch, true, options.setShapes),
        button("keyboard", WORDS.shortcuts, options.help, false),
      ),
    ),
  );
}

function button(name: IconName, words: Words, act: () => void, isCompact = true): HTMLElement {
  return h(
    "button",
    { type: "button", class: isCompact ? "quiet compact" : "quiet", title: words, onclick: act },
    icon(name),
    h("span", {}, words),
  );
}

function setting(
  name: string,
  words: Words,
  byDefault: boolean,
  set: (isOn: boolean) => void,
): HTMLElement {
  const kept = browserStore.get(name);
  const box = h("input", {
    type: "checkbox",
    checked: kept === null ? byDefault : kept === "on",
    id: `setting-${name}`,
  });
  box.addEventListener("change", () => {
    browserStore.set(name, box.checked ? "on" : "off");
    set(box.checked);
  });
  return h("label", { class: "setting" }, box, words);
}

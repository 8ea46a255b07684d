/** The shortcuts, shown by `?`. */

import { openDialog } from "./dialog";
import { h } from "./dom";
import type { Words } from "./language";
import { WORDS } from "./page_texts";

const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent);
const MOD = isMac ? "⌘" : "Ctrl";

const SHORTCUTS: readonly (readonly [readonly string[], Words])[] = [
  [[MOD, "Enter"], { zh: "运行", en: "Run" }],
  [
    [MOD, "I"],
    { zh: "看光标所在行的形状和数值", en: "Shapes and values of the line with the cursor" },
  ],
  [[MOD, "Z"], { zh: "撤销", en: "Undo" }],
  [isMac ? ["⌘", "⇧", "Z"] : ["Ctrl", "Y"], { zh: "重做", en: "Redo" }],
  [[MOD, "/"], { zh: "注释或取消注释这一行", en: "Comment the line, or not" }],
  [["Alt", "↑ ↓"], { zh: "把这一行上移、下移", en: "Move the line up or down" }],
  [["Esc", "Tab"], { zh: "离开编辑器，到下一个按钮", en: "Leave the editor for the next button" }],
  [
    ["?"],
    { zh: "这张表（焦点不在编辑器里时）", en: "This table (while the focus is not in the editor)" },
  ],
];

export function helpDialog(): void {
  openDialog(WORDS.shortcuts, [
    h(
      "dl",
      { class: "shortcuts" },
      SHORTCUTS.map(([keys, words]) =>
        h(
          "div",
          {},
          h(
            "dt",
            {},
            keys.map((key, i) => [i > 0 && " ", h("kbd", {}, key)]),
          ),
          h("dd", {}, words),
        ),
      ),
    ),
    h("p", { class: "faint" }, WORDS.shapesHint),
  ]);
}

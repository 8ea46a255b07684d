/** A level passed: the gradient runs back through a small network, and the next level opens. */

import { h } from "../dom";
import type { LevelSummaryReply } from "../generated/api";
import { icon } from "../icons";
import { filled } from "../language";
import { network } from "../network";
import { WORDS } from "../page_texts";

export function celebration(next: LevelSummaryReply | null, isFirst: boolean): HTMLElement {
  return h(
    "section",
    { class: isFirst ? "celebration first" : "celebration" },
    network([3, 4, 4, 2], 220, 84, 20),
    h(
      "div",
      { class: "celebration-words" },
      h("h2", {}, WORDS.levelPassed),
      h("p", {}, WORDS.wellDone),
      next === null
        ? h("a", { class: "button", href: "/" }, icon("map"), WORDS.backToMap)
        : h(
            "a",
            { class: "button primary", href: `/levels/${next.level}` },
            filled(WORDS.nextLevel, { title: next.title }),
            icon("arrow"),
          ),
    ),
  );
}

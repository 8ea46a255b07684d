/** Hints, one at a time, at the end of the explanation. */

import { request } from "../api";
import { announce, fill, h } from "../dom";
import type { HintsReply } from "../generated/api";
import { icon } from "../icons";
import { filled } from "../language";
import { safely } from "../notices";
import { WORDS } from "../page_texts";

export function hintsSection(level: string, start: HintsReply): HTMLElement {
  const section = h("section", { class: "hints", id: "hints" });
  const list = h("ol", { class: "hint-list" });
  const place = h("div");
  let isAsking = false;

  const more = async () => {
    if (isAsking) return;
    isAsking = true;
    await safely(async () =>
      show(await request<HintsReply>("POST", `/api/levels/${level}/hints`), true),
    );
    isAsking = false;
  };

  const show = (hints: HintsReply, isNew: boolean) => {
    for (const hint of hints.shown.slice(list.children.length)) {
      const number = list.children.length + 1;
      const item = h(
        "li",
        { class: isNew ? "hint fresh" : "hint", tabindex: "-1" },
        h("h3", {}, filled(WORDS.hintNumber, { number })),
        // Both are sanitised by the server, as the statement is.
        language("zh", "zh-Hans", hint.zh),
        language("en", "en", hint.en),
      );
      list.append(item);
      if (isNew) item.focus();
    }
    const next = list.children.length + 1;
    if (next > hints.count) {
      fill(place, hints.count > 0 && h("p", { class: "faint" }, WORDS.noMoreHints));
      if (isNew) announce(WORDS.noMoreHints);
      return;
    }
    fill(
      place,
      h(
        "button",
        { type: "button", class: "hint-button", onclick: () => void more() },
        icon("bulb"),
        filled(WORDS.showHint, { number: next, count: hints.count }),
      ),
    );
  };

  section.append(h("h2", {}, WORDS.hints), list, place);
  show(start, false);
  return section;
}

function language(name: string, tag: string, html: string): HTMLElement {
  const element = h("div", { class: "prose", "data-language": name, lang: tag });
  element.innerHTML = html;
  return element;
}

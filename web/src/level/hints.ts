/** Hints, one at a time, at the end of the explanation. */

import { Refused, request } from "../api";
import { announce, fill, h } from "../dom";
import { icon } from "../icons";
import { filled } from "../language";
import { notice } from "../notices";
import { WORDS } from "../page_texts";
import type { Hints } from "../types";

export function hintsSection(level: string, start: Hints): HTMLElement {
  const section = h("section", { class: "hints", id: "hints" });
  const list = h("ol", { class: "hint-list" });
  const place = h("div");
  let isAsking = false;

  const more = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      show(await request<Hints>("POST", `/api/levels/${level}/hints`), true);
    } catch (error) {
      notice(error instanceof Refused ? error.words : WORDS.offline, {
        kind: "warning",
        lasts: 6000,
      });
    } finally {
      isAsking = false;
    }
  };

  const show = (hints: Hints, isNew: boolean) => {
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

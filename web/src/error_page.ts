/** A page that is not there, or that failed. */

import { byId, fill, h } from "./dom";
import { icon } from "./icons";
import { say, type Words } from "./language";
import { WORDS } from "./page_texts";

export function errorPage({ status, error }: { status: number; error: Words | null }): void {
  const words = error ?? WORDS.notHere;
  document.title = `${status} · handgrad`;
  fill(
    byId("main"),
    h(
      "div",
      { class: "narrow error-page" },
      h("p", { class: "status", "aria-hidden": "true" }, status),
      h("h1", {}, status === 404 ? WORDS.notHere : words),
      status === 404 && say(words) !== say(WORDS.notHere) && h("p", {}, words),
      h("a", { class: "button primary", href: "/" }, icon("map"), WORDS.backToMap),
    ),
  );
  document.documentElement.dataset.ready = "";
}

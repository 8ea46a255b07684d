/** The bar at the top: the way to the map, who is there, language and theme. */

import { request } from "./api";
import { browserStore } from "./browser_storage";
import { byId, type Child, fill, h, s } from "./dom";
import type { LevelSummaryReply, SessionReply } from "./generated/api";
import { icon } from "./icons";
import { chooseLanguage, language, onLanguage, say, type Words } from "./language";
import { WORDS } from "./page_texts";

export function bar(session: SessionReply | null, level: LevelSummaryReply | null): void {
  fill(
    byId("bar"),
    h(
      "a",
      { class: "brand", href: "/", title: WORDS.courseMap },
      mark(),
      h("span", {}, "handgrad"),
    ),
    level !== null && [
      h("span", { class: "crumb", "aria-hidden": "true" }, "/"),
      h("span", { class: "bar-title" }, level.title),
      level.passed &&
        h("span", { class: "pill tone-good" }, icon("tick"), h("span", {}, WORDS.passed)),
    ],
    h("span", { class: "spacer" }),
    session !== null && people(session),
    languageSwitch(),
    themeSwitch(),
  );
}

/** A hand-written ∂. */
function mark(): SVGElement {
  return s(
    "svg",
    { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
    s("rect", { width: 32, height: 32, rx: 8 }),
    s("path", {
      d: "M22 8c-3-3-9-2-9 1M13 9c0-4 10-5 10 6 0 6-3 10-7.500 10S9 22 9 19.500 12 14 15.500 14s6 2 7 4",
    }),
  );
}

function people(session: SessionReply): Child {
  if (!session.class || session.learner === null) return null;
  const leave = async () => {
    await request("DELETE", "/api/session");
    location.assign("/sign-in");
  };
  return [
    session.learner.teacher &&
      h(
        "a",
        { class: "button quiet compact", href: "/class" },
        icon("people"),
        h("span", {}, WORDS.theClass),
      ),
    h("span", { class: "learner" }, session.learner.name),
    h(
      "button",
      { type: "button", class: "quiet small", onclick: () => void leave() },
      WORDS.signOut,
    ),
  ];
}

function languageSwitch(): HTMLElement {
  const other = () => chooseLanguage(language() === "zh" ? "en" : "zh");
  return h(
    "button",
    {
      type: "button",
      class: "quiet",
      id: "language",
      title: WORDS.switchLanguage,
      "aria-label": WORDS.switchLanguage,
      onclick: other,
    },
    WORDS.theOtherLanguage,
  );
}

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
const THEME_WORDS: Record<Theme, Words> = {
  system: WORDS.themeSystem,
  light: WORDS.themeLight,
  dark: WORDS.themeDark,
};

function themeSwitch(): HTMLElement {
  const button = h("button", { type: "button", class: "quiet icon-only", id: "theme" });
  const current = (): Theme => {
    const chosen = document.documentElement.dataset.theme;
    return chosen === "light" || chosen === "dark" ? chosen : "system";
  };
  const draw = () => {
    const theme = current();
    const name = ({ system: "system", light: "sun", dark: "moon" } as const)[theme];
    fill(button, icon(name));
    button.setAttribute("aria-label", say(THEME_WORDS[theme]));
    button.title = say(THEME_WORDS[theme]);
  };
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(current()) + 1) % THEMES.length] ?? "system";
    if (next === "system") {
      delete document.documentElement.dataset.theme;
      browserStore.remove("theme");
    } else {
      document.documentElement.dataset.theme = next;
      browserStore.set("theme", next);
    }
    draw();
  });
  onLanguage(draw);
  draw();
  return button;
}

/** Every page begins here: language, bar, connection; then the page's own part is loaded. */

import "./styles/index.css";
import { isOnline, onConnection, request } from "./api";
import { classPage } from "./class_page";
import { byId } from "./dom";
import { errorPage } from "./error_page";
import type { LevelSummaryReply, SessionReply } from "./generated/api";
import { startLanguage } from "./language";
import { levelPage } from "./level/page";
import { mapPage } from "./map_page";
import { type Notice, notice } from "./notices";
import { WORDS } from "./page_texts";
import { joinPage, signInPage } from "./sign_in_pages";
import { bar } from "./top_bar";

interface Data {
  readonly session: SessionReply;
  readonly level?: LevelSummaryReply;
}

/** One part for all pages: they share most of it, and it is small. The editor comes by itself. */
const PAGES: Record<string, (data: never) => void | Promise<void>> = {
  map: mapPage,
  level: levelPage,
  "sign-in": signInPage,
  join: joinPage,
  class: classPage,
  error: errorPage,
};

function watchConnection(session: SessionReply): void {
  let shown: Notice | null = null;
  onConnection((isBack) => {
    shown?.close();
    shown = isBack
      ? notice(WORDS.onlineAgain, { kind: "good", lasts: 2500 })
      : notice(WORDS.offline, { kind: "warning", closable: false });
    if (isBack) void sameVersion(session);
  });
}

/** After a restart the page goes on; only another version of handgrad asks for a reload. */
async function sameVersion(session: SessionReply): Promise<void> {
  const now = await request<SessionReply>("GET", "/api/session").catch(() => null);
  if (now === null || !isOnline() || now.handgrad === session.handgrad) return;
  notice(WORDS.outOfDate, {
    closable: false,
    action: { words: WORDS.reload, act: () => location.reload() },
  });
}

function closeMenus(): void {
  const close = (target: EventTarget | null) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (!menu.contains(target as Node)) menu.open = false;
    }
  };
  document.addEventListener("pointerdown", (event) => close(event.target));
  document.addEventListener("focusin", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
    if (menu === null) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

startLanguage();
const data = JSON.parse(byId("data").textContent ?? "{}") as Data;
bar(data.session, data.level ?? null);
watchConnection(data.session);
closeMenus();
if (data.session.notice !== null) notice(data.session.notice);
await PAGES[document.documentElement.dataset.page ?? ""]?.(data as never);

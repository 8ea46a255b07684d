/** The learner's answers to a level: verdicts, code, and what changed between two. */

import { request } from "../api";
import { openDialog } from "../dialog";
import { type Child, fill, h } from "../dom";
import type { AnswerReply, HistoryEntryReply, HistoryReply } from "../generated/api";
import { icon } from "../icons";
import { safely } from "../notices";
import { WORDS } from "../page_texts";
import { moment } from "../time";
import { tone, verdictCard, verdictWords } from "../verdict/verdict";
import { differenceView } from "./difference_view";

export interface HistoryOptions {
  readonly level: string;
  readonly current: () => string;
  readonly putBack: (source: string) => void;
}

export async function openHistory(options: HistoryOptions): Promise<void> {
  const list = h("ol", { class: "history-list" });
  const detail = h("div", { class: "history-detail" });
  const older = h("div", { class: "older" });
  const answers: HistoryEntryReply[] = [];
  const choose = async (index: number, button: HTMLElement) => {
    for (const other of list.querySelectorAll("[aria-current]"))
      other.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    const line = answers[index];
    if (line === undefined) return;
    await show(line, answers[index + 1], detail, options, () => dialog.close());
  };
  const load = async (address: string) => {
    const page = await request<HistoryReply>("GET", address);
    for (const line of page.answers) {
      const index = answers.push(line) - 1;
      const button = h(
        "button",
        { type: "button", class: "history-item" },
        h("time", { datetime: line.submitted_at }, moment(line.submitted_at)),
        h("span", { class: "history-verdicts" }, badges(line)),
      );
      button.addEventListener("click", () => void safely(() => choose(index, button)));
      list.append(h("li", {}, button));
    }
    const { next } = page;
    fill(
      older,
      next !== null &&
        h(
          "button",
          { type: "button", class: "small", onclick: () => void safely(() => load(next)) },
          WORDS.olderOnes,
        ),
    );
  };
  const body = h("div", { class: "history" }, h("nav", {}, list, older), detail);
  const dialog = openDialog(WORDS.historyTitle, body, { wide: true });
  await safely(() => load(`/api/levels/${options.level}/answers`));
  if (answers.length === 0) fill(body, h("p", { class: "faint" }, WORDS.historyEmpty));
  else list.querySelector("button")?.click();
}

function badges(line: HistoryEntryReply): Child {
  if (line.state === "waiting") return h("span", { class: "faint" }, WORDS.waitingState);
  if (line.state === "judging") return h("span", { class: "faint" }, WORDS.judgingState);
  return line.verdicts.map((verdict) =>
    h(
      "span",
      { class: `pill tone-${tone(verdict)}` },
      icon(verdict.verdict === "pass" ? "tick" : "cross"),
      h("code", {}, verdict.class),
      h("span", { class: verdict.verdict === "pass" ? "unseen" : null }, verdictWords(verdict)),
    ),
  );
}

async function show(
  line: HistoryEntryReply,
  before: HistoryEntryReply | undefined,
  place: HTMLElement,
  options: HistoryOptions,
  close: () => void,
): Promise<void> {
  const answer = await request<AnswerReply>("GET", `/api/answers/${line.answer}`);
  const content = h("div", { class: "history-content" });
  const tabs: { words: keyof typeof WORDS; draw: () => Promise<Child> | Child }[] = [
    { words: "seeVerdict", draw: () => answer.verdicts.map((verdict) => verdictCard(verdict)) },
    {
      words: "seeCode",
      draw: () => h("pre", { class: "code", tabindex: "0" }, h("code", {}, answer.source)),
    },
    { words: "compareWith", draw: () => differenceView(answer.source, options.current()) },
  ];
  if (before !== undefined) {
    tabs.push({
      words: "compareBefore",
      draw: async () => {
        const earlier = await request<AnswerReply>("GET", `/api/answers/${before.answer}`);
        return differenceView(earlier.source, answer.source);
      },
    });
  }
  const buttons = tabs.map(({ words, draw }) => {
    const button = h(
      "button",
      { type: "button", class: "tab", "aria-pressed": "false" },
      WORDS[words],
    );
    button.addEventListener("click", () =>
      safely(async () => {
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
        fill(content, await draw());
      }),
    );
    return button;
  });
  const putBack = () => {
    options.putBack(answer.source);
    close();
  };
  fill(
    place,
    h(
      "div",
      { class: "row between" },
      h("div", { class: "tabs" }, buttons),
      h("button", { type: "button", class: "small", onclick: putBack }, WORDS.putBack),
    ),
    content,
  );
  buttons[0]?.click();
}

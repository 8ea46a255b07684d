/** Draws the verdict of each class: what holds, what is wrong, why, and what to do by hand. */

import { type Child, h } from "../dom";
import type { CaseOutcome, Verdict } from "../generated/api";
import { KINDS, VERDICTS, WARNINGS } from "../generated/verdict_names";
import { icon } from "../icons";
import { filled, type Words } from "../language";
import { WORDS } from "../page_texts";
import { counterexample } from "./counterexample";
import { errorMap, legend } from "./error_map";

export interface VerdictOptions {
  /** Called when the learner's line is pressed. */
  readonly onLine?: (line: number, column: number | null) => void;
}

/** What a verdict is called, in a word or two. */
export function verdictWords(verdict: Pick<Verdict, "verdict" | "kind">): Words {
  const word = VERDICTS[verdict.verdict];
  if (verdict.kind === null) return word;
  const kind = KINDS[verdict.kind];
  return { zh: `${word.zh}：${kind.zh}`, en: `${word.en}: ${kind.en}` };
}

/** The colour of a verdict, as the style sheet calls it. */
const TONES = {
  "judge-error": "ours",
  forbidden: "careful",
  "time-limit": "careful",
  "memory-limit": "careful",
  "output-limit": "careful",
  error: "careful",
  wrong: "bad",
  pass: "good",
} satisfies Record<Verdict["verdict"], string>;

export function tone(verdict: Pick<Verdict, "verdict">): string {
  return TONES[verdict.verdict];
}

export function verdictCard(verdict: Verdict, options: VerdictOptions = {}): HTMLElement {
  const isPass = verdict.verdict === "pass";
  return h(
    "article",
    { class: `verdict tone-${tone(verdict)}`, "data-class": verdict.class },
    h(
      "header",
      { class: "verdict-head" },
      h("span", { class: "badge" }, icon(isPass ? "tick" : "cross")),
      h("h3", {}, h("code", {}, verdict.class)),
      h("span", { class: "verdict-word" }, verdictWords(verdict)),
      h("span", { class: "spacer" }),
      h(
        "span",
        { class: "faint time", title: filled(WORDS.seed, { seed: verdict.seed }) },
        filled(WORDS.milliseconds, { time: verdict.milliseconds.toFixed(0) }),
      ),
    ),
    message(verdict),
    sourceLine(verdict, options),
    computed(verdict),
    maps(verdict),
    example(verdict),
    cases(verdict),
    exclusions(verdict),
    warnings(verdict),
    printed(verdict),
  );
}

function message(verdict: Verdict): Child {
  const zh = verdict.message.zh.split("\n");
  const en = verdict.message.en.split("\n");
  return h(
    "div",
    { class: "message" },
    zh.map((paragraph, i) =>
      h("p", {}, inLanguage("zh", "zh-Hans", paragraph), inLanguage("en", "en", en[i] ?? "")),
    ),
  );
}

/** A sentence in one language; what stands between backticks is code. */
function inLanguage(name: string, tag: string, text: string): HTMLElement {
  return h(
    "span",
    { "data-language": name, lang: tag },
    text.split("`").map((part, i) => (i % 2 === 1 ? h("code", {}, part) : part)),
  );
}

/** The learner's own line, with a mark under the column. */
function sourceLine(verdict: Verdict, options: VerdictOptions): Child {
  const { line, column, source_line: text } = verdict;
  if (line === null || text === null) return null;
  const go = () => options.onLine?.(line, column);
  const before = column === null ? text : text.slice(0, column - 1);
  const marked = column === null ? "" : text.slice(column - 1, column);
  const after = column === null ? "" : text.slice(column);
  const code = h("code", {}, before, marked !== "" && h("mark", {}, marked), after);
  return h(
    "button",
    { type: "button", class: "source-line", onclick: go, title: filled(WORDS.yourLine, { line }) },
    h("span", { class: "line-number" }, line),
    code,
  );
}

function computed(verdict: Verdict): Child {
  const found = Object.entries(verdict.computed);
  if (found.length === 0) return null;
  return h(
    "div",
    { class: "computed" },
    h("h4", {}, WORDS.computedIs),
    found.map(([array, expression]) => h("pre", {}, `${array} = ${expression}`)),
  );
}

function maps(verdict: Verdict): Child {
  const all = verdict.error_maps;
  if (all.length === 0) return null;
  return h(
    "section",
    { class: "error-maps" },
    h("h4", {}, WORDS.errorMap),
    h("div", { class: "maps" }, all.map(errorMap)),
    all.some((map) => map.map.length > 0) && legend(),
  );
}

function example(verdict: Verdict): Child {
  const one = verdict.counterexample;
  if (one === null) return null;
  const raisesAlways = verdict.verdict === "error" && verdict.cases.failed === verdict.cases.run;
  // The line that raises was shown, and any input will do.
  if (raisesAlways && Object.keys(one.received).length === 0) return null;
  return counterexample(one);
}

function cases(verdict: Verdict): Child {
  const { run, failed } = verdict.cases;
  if (run === 0) return null;
  const summary =
    failed === 0 ? filled(WORDS.casesHold, { run }) : filled(WORDS.casesFail, { run, failed });
  const list = verdict.case_list;
  if (list.length === 0) return h("p", { class: "faint" }, summary);
  return h(
    "details",
    { class: "cases", open: failed > 0 && failed < run },
    h("summary", {}, summary, h("span", { class: "dots", "aria-hidden": "true" }, list.map(dot))),
    h("ul", { class: "chips" }, list.map(chip)),
  );
}

function dot(one: CaseOutcome): HTMLElement {
  return h("i", { class: one.holds ? "dot good" : "dot bad" });
}

function chip(one: CaseOutcome): HTMLElement {
  const wrong = one.wrong.join(", ");
  return h(
    "li",
    {
      class: one.holds ? "chip good" : "chip bad",
      title: wrong === "" ? null : filled(WORDS.wrongArrays, { arrays: wrong }),
    },
    icon(one.holds ? "tick" : "cross"),
    h("span", { class: "unseen" }, one.holds ? WORDS.holds : WORDS.fails, " "),
    h("span", {}, one.shows),
    wrong !== "" && h("code", {}, wrong),
  );
}

/** On a pass: every known mistake that these cases would have caught, a dot each. */
function exclusions(verdict: Verdict): Child {
  const excludes = verdict.excludes;
  if (excludes === null || excludes.known === 0) return null;
  const caught = (i: number) => (i < excludes.exposed ? "caught" : "missed");
  return h(
    "div",
    { class: "excludes" },
    h(
      "span",
      { class: "grid-of-dots", "aria-hidden": "true" },
      Array.from({ length: Math.min(excludes.known, 120) }, (_, i) => h("i", { class: caught(i) })),
    ),
    // Where they are all caught, the message says so already.
    excludes.exposed < excludes.known
      ? h("span", {}, filled(WORDS.excludes, { known: excludes.known, exposed: excludes.exposed }))
      : `${excludes.exposed} / ${excludes.known}`,
  );
}

function warnings(verdict: Verdict): Child {
  if (verdict.warnings.length === 0) return null;
  return h(
    "div",
    { class: "warnings" },
    h("h4", {}, icon("warning"), WORDS.warnings),
    h(
      "ul",
      {},
      verdict.warnings.map((name) => h("li", {}, WARNINGS[name])),
    ),
  );
}

function printed(verdict: Verdict): Child {
  if (verdict.printed === "") return null;
  return h(
    "details",
    { class: "printed", open: true },
    h("summary", {}, WORDS.printed),
    h("pre", { tabindex: "0" }, verdict.printed),
  );
}

/** What a screen reader says: each class and its verdict, then the first message. */
export function aloud(verdicts: readonly Verdict[]): Words {
  const one = (language: "zh" | "en") =>
    verdicts
      .map((verdict) => {
        const word = verdictWords(verdict)[language];
        const first = verdict.message[language].split("\n")[0] ?? "";
        return verdict.verdict === "pass"
          ? filled(WORDS.announcePass, { name: verdict.class })[language]
          : `${verdict.class}: ${word}. ${first}`;
      })
      .join(" ");
  return { zh: one("zh"), en: one("en") };
}

/** Whether every class passes. */
export function allPass(verdicts: readonly Verdict[]): boolean {
  return verdicts.length > 0 && verdicts.every((verdict) => verdict.verdict === "pass");
}

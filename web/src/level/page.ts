/** The page of a level: the explanation, the editor, the verdict, and what connects them. */

import { onConnection, onSignedOut, Refused, request, Unreachable } from "../api";
import { browserStore } from "../browser_storage";
import { ask } from "../dialog";
import { announce, byId, entitle, fill, h, isNarrow } from "../dom";
import type {
  DraftReply,
  LevelReply,
  LevelSummaryReply,
  SessionReply,
  Verdict,
} from "../generated/api";
import { icon } from "../icons";
import { filled, type Words } from "../language";
import { notice } from "../notices";
import { WORDS } from "../page_texts";
import { helpDialog } from "../shortcuts";
import { allPass, aloud, verdictCard, verdictWords } from "../verdict/verdict";
import { celebration } from "./celebration";
import { resolveConflict } from "./draft_conflict";
import { DraftSaver, type Saved, type SaveState } from "./draft_saver";
import type { Editor } from "./editor";
import { hintsSection } from "./hints";
import { openHistory } from "./history";
import type { LineMark } from "./line_marks";
import { ShapesAsker } from "./live_shapes";
import { startingLine } from "./region";
import { resizable } from "./splitter";
import { judged } from "./submit";
import { thisTab } from "./tab_name";
import { toolbar } from "./toolbar";

interface Data {
  readonly session: SessionReply;
  readonly level: LevelReply;
}

export async function levelPage({ session, level }: Data): Promise<void> {
  const page = new LevelPage(session, level);
  await page.start();
}

class LevelPage {
  private readonly verdicts = h("div", { class: "verdicts" });
  private readonly editorPlace = h("div", { class: "editor" });
  private readonly saveState = h("span", { class: "save-state" });
  private readonly keeper: DraftSaver;
  private readonly shapes: ShapesAsker;
  private readonly runButton: HTMLButtonElement;
  private editor: Editor | null = null;
  private isRunning = false;
  private isSignedOut = false;
  /** Why the draft could not be saved: it is tried again and again, and said once. */
  private refusal = "";
  private passedBefore: boolean;
  /** Asked for before an answer comes, so that a pass is drawn at once with what it leads to. */
  private levels: Promise<readonly LevelSummaryReply[]> = Promise.resolve([]);

  constructor(
    session: SessionReply,
    private readonly level: LevelReply,
  ) {
    this.passedBefore = level.passed;
    const tab = thisTab();
    this.keeper = new DraftSaver(
      `${session.learner?.name ?? ""}.${level.level}`,
      tab.name,
      (source, base) => this.saveDraft(source, base),
      (state, theirs) => this.showSaved(state, theirs),
      {
        shelf: browserStore,
        now: () => Date.now(),
        later: (act, milliseconds) => window.setTimeout(act, milliseconds),
        cancel: (timer) => window.clearTimeout(timer),
      },
    );
    tab.onRenamed = (name) => this.keeper.rename(name);
    this.shapes = new ShapesAsker(
      level.level,
      (shapes) => this.editor?.showShapes(shapes),
      () => this.editor?.clearShapes(),
    );
    this.runButton = h(
      "button",
      {
        type: "button",
        class: "primary run",
        title: WORDS.runHint,
        "aria-keyshortcuts": "Control+Enter Meta+Enter",
        onclick: () => void this.run(),
      },
      icon("run"),
      h("span", {}, WORDS.run),
    );
  }

  async start(): Promise<void> {
    const begun = this.keeper.start(this.level.draft, this.level.template);
    this.furnish();
    const { createEditor } = await import("./editor");
    this.editor = createEditor({
      parent: this.editorPlace,
      source: begun.source,
      nonce: document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "",
      onChange: (source) => {
        this.keeper.typed(source);
        this.shapes.typed(source);
      },
      onRun: () => void this.run(),
      onInspect: (text, line) =>
        announce(text === null ? WORDS.noShapes : filled(WORDS.shapesAt, { line, text })),
    });
    this.editorPlace.classList.add("ready");
    const editor = this.editor;
    editor.startAt(startingLine(begun.source.split("\n")));
    if (browserStore.get("vim") === "on") await editor.setVim(true);
    this.shapes.turn(browserStore.get("shapes") !== "off", begun.source);
    if (begun.restored && begun.conflict === null) {
      notice(WORDS.restored, { kind: "good", lasts: 6000 });
    }
    this.listen();
    document.documentElement.dataset.ready = "";
    this.levels = allLevels();
  }

  private furnish(): void {
    const statement = byId("statement");
    statement.append(hintsSection(this.level.level, this.level.hints));
    for (const wide of statement.querySelectorAll(".wide, .math.block")) {
      // What scrolls sideways must be within reach of the keyboard.
      if (wide.scrollWidth > wide.clientWidth) wide.setAttribute("tabindex", "0");
    }
    fill(this.verdicts, h("p", { class: "empty faint" }, WORDS.emptyResult));
    const bar = toolbar({
      runButton: this.runButton,
      saveState: this.saveState,
      reset: () => void this.reset(),
      history: () => this.openHistory(),
      help: () => helpDialog(),
      setVim: (isOn) => void this.editor?.setVim(isOn),
      setShapes: (isOn) => this.shapes.turn(isOn, this.editor?.source() ?? ""),
    });
    const work = h(
      "div",
      { class: "work" },
      h(
        "section",
        { class: "code-pane", id: "code", "aria-label": WORDS.code },
        bar,
        this.editorPlace,
      ),
      h(
        "section",
        { class: "result-pane", id: "result", tabindex: "-1", "aria-label": WORDS.result },
        this.verdicts,
      ),
    );
    byId("main").append(work, jumps());
    resizable(byId("main"), statement);
    if (!this.level.open) void this.sayWhatItNeeds();
  }

  private async sayWhatItNeeds(): Promise<void> {
    const levels = await allLevels();
    const needed = levels.filter((one) => this.level.needs.includes(one.level) && !one.passed);
    if (needed.length === 0) return; // not to be had now
    const listed = {
      zh: needed.map((one) => one.title.zh).join("、"),
      en: needed.map((one) => one.title.en).join(", "),
    };
    notice(filled(WORDS.levelLocked, { levels: listed }));
  }

  private listen(): void {
    onConnection((isOnline) => {
      if (isOnline) void this.keeper.flush();
    });
    onSignedOut(() => this.leaveForSignIn());
    const saveNow = () => void this.keeper.flush();
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") saveNow();
    });
    window.addEventListener("pagehide", saveNow);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
        event.preventDefault();
        void this.run();
      }
      const isTyping = (event.target as Element).closest?.("input, textarea, [contenteditable]");
      if (event.key === "?" && !isTyping && document.querySelector("dialog[open]") === null) {
        event.preventDefault();
        helpDialog();
      }
    });
    entitle(this.level.title);
    window.setInterval(() => {
      if (this.keeper.state === "kept-here") void this.keeper.flush();
    }, 5000);
  }

  /** Every request after the end of a session is refused; it is said once. */
  private leaveForSignIn(): void {
    if (this.isSignedOut) return;
    this.isSignedOut = true;
    notice(WORDS.signedOut, {
      kind: "warning",
      closable: false,
      action: {
        words: WORDS.signIn,
        act: () => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`),
      },
    });
  }

  private async saveDraft(source: string, base: number | null): Promise<Saved> {
    try {
      const { revision } = await request<{ revision: number }>(
        "PUT",
        `/api/levels/${this.level.level}/draft`,
        { source, base },
        { keepalive: source.length < 20_000 },
      );
      this.refusal = "";
      return { kind: "saved", revision };
    } catch (error) {
      if (error instanceof Refused && error.status === 409) {
        return { kind: "conflict", theirs: error.body as DraftReply };
      }
      if (error instanceof Refused && error.status !== 401 && error.status !== 429) {
        if (error.words.en !== this.refusal) notice(error.words, { kind: "warning", lasts: 8000 });
        this.refusal = error.words.en;
      }
      return error instanceof Refused ? { kind: "refused" } : { kind: "unreachable" };
    }
  }

  private showSaved(state: SaveState, theirs: DraftReply | null): void {
    const words: Record<SaveState, Words> = {
      saved: WORDS.saved,
      typing: WORDS.typing,
      saving: WORDS.saving,
      "kept-here": WORDS.keptHere,
      conflict: WORDS.conflictState,
    };
    this.saveState.dataset.state = state;
    if (state === "conflict" && theirs !== null) {
      const open = () => this.resolve(theirs);
      fill(
        this.saveState,
        h("button", { type: "button", class: "small warning", onclick: open }, words[state]),
      );
      window.setTimeout(open, 0);
      return;
    }
    fill(this.saveState, words[state]);
  }

  private resolve(theirs: DraftReply): void {
    if (document.querySelector("dialog[open]") !== null) return;
    resolveConflict(this.editor?.source() ?? "", theirs.source, (isMine) => {
      if (isMine) {
        void this.keeper.keepMine();
        return;
      }
      const source = this.keeper.takeTheirs();
      if (source !== null) this.editor?.replace(source);
    });
  }

  private async reset(): Promise<void> {
    if (!(await ask(WORDS.reset, WORDS.resetAsk, WORDS.resetDo))) return;
    this.replaced(this.level.template, WORDS.resetDone);
  }

  private replaced(source: string, words: Words): void {
    const { editor } = this;
    if (editor === null) return;
    editor.replace(source);
    notice(words, {
      kind: "good",
      lasts: 10_000,
      action: {
        words: WORDS.undo,
        act: () => {
          editor.undo();
          editor.focus();
        },
      },
    });
  }

  private openHistory(): void {
    void openHistory({
      level: this.level.level,
      current: () => this.editor?.source() ?? "",
      putBack: (source) => this.replaced(source, WORDS.putBackDone),
    });
  }

  private async run(): Promise<void> {
    const { editor } = this;
    if (editor === null || this.isRunning) return;
    this.isRunning = true;
    this.runButton.setAttribute("aria-busy", "true");
    this.verdicts.classList.add("pending");
    try {
      const source = editor.source();
      await this.show(await judged(this.level.level, source, () => announce(WORDS.stillWaiting)));
    } catch (error) {
      const words = error instanceof Refused ? error.words : WORDS.unsent;
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      fill(this.verdicts, h("p", { class: "refused", role: "alert" }, icon("warning"), words));
    } finally {
      this.isRunning = false;
      this.runButton.removeAttribute("aria-busy");
      this.verdicts.classList.remove("pending");
      // Not beside the answer, for which somebody waits: a draft that is on its way is kept as well.
      void this.keeper.flush();
      this.levels = allLevels(); // by the next Run others may have been passed elsewhere
    }
  }

  private async show(verdicts: readonly Verdict[]): Promise<void> {
    const passes = allPass(verdicts);
    const isFirst = passes && !this.passedBefore;
    const cards = verdicts.map((verdict) =>
      verdictCard(verdict, { onLine: (line, column) => this.editor?.goTo(line, column) }),
    );
    // What there is to mend comes first.
    const isPass = (i: number) => (verdicts[i]?.verdict === "pass" ? 1 : 0);
    const order = cards.map((_, i) => i).sort((a, b) => isPass(a) - isPass(b));
    fill(
      this.verdicts,
      passes && celebration(await this.followingLevel(), isFirst),
      order.map((i) => cards[i]),
    );
    this.passedBefore ||= passes;
    this.editor?.mark(marksOf(verdicts));
    announce(passes ? WORDS.levelPassed : aloud(verdicts));
    const pane = byId("result");
    pane.scrollTop = 0;
    document.documentElement.dataset.result = passes ? "pass" : "other";
    if (isNarrow()) pane.scrollIntoView({ block: "start" });
  }

  /** The level that a pass opens or leads to, if there is one. */
  private async followingLevel(): Promise<LevelSummaryReply | null> {
    const levels = await this.levels;
    const here = levels.findIndex((one) => one.level === this.level.level);
    const isPassed = (name: string) =>
      levels.some((one) => one.level === name && (one.passed || name === this.level.level));
    const after = [...levels.slice(here + 1), ...levels.slice(0, Math.max(0, here))];
    return after.find((one) => !one.passed && one.needs.every(isPassed)) ?? null;
  }
}

/** Every level; none where they cannot be had. */
async function allLevels(): Promise<readonly LevelSummaryReply[]> {
  try {
    return (await request<{ levels: readonly LevelSummaryReply[] }>("GET", "/api/levels")).levels;
  } catch {
    return []; // the verdict is shown all the same
  }
}

/** On a phone, where the three parts stand below each other: the ways between them. */
function jumps(): HTMLElement {
  const way = (id: string, words: Words) => h("a", { href: `#${id}` }, words);
  return h(
    "nav",
    { class: "jumps", "aria-label": WORDS.parts },
    way("statement", WORDS.statement),
    way("code", WORDS.code),
    way("result", WORDS.result),
  );
}

function marksOf(verdicts: readonly Verdict[]): LineMark[] {
  return verdicts.flatMap((verdict) =>
    verdict.line === null || verdict.verdict === "pass"
      ? []
      : [{ line: verdict.line, column: verdict.column, words: verdictWords(verdict) }],
  );
}

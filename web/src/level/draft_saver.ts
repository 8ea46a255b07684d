/**
 * Keeps a draft: at once in this browser, a moment later on the server.
 *
 * Each saved draft names the revision it was typed over (`base`). Where another tab has saved
 * since, the server refuses and sends what it has: the learner chooses, nothing is overwritten.
 */

import type { KeyValueStore } from "../browser_storage";
import type { DraftReply } from "../generated/api";

export type SaveState = "saved" | "typing" | "saving" | "kept-here" | "conflict";

export type Saved =
  | { readonly kind: "saved"; readonly revision: number }
  | { readonly kind: "conflict"; readonly theirs: DraftReply }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused" };

/** The server's side, as the keeper sees it. It never throws. */
export type Save = (source: string, base: number | null) => Promise<Saved>;

interface Kept {
  readonly source: string;
  readonly base: number | null;
  readonly at: number;
}

export interface Start {
  readonly source: string;
  /** What the server has, where the browser has something else that was typed over an older one. */
  readonly conflict: DraftReply | null;
  readonly restored: boolean;
}

const PAUSE = 500;
/** A copy in the browser that was not touched for so long belongs to no living tab. */
const ORPHANED = 10_000;

export interface DraftEnvironment {
  readonly shelf: KeyValueStore;
  readonly now: () => number;
  readonly later: (act: () => void, milliseconds: number) => number;
  readonly cancel: (timer: number) => void;
}

export class DraftSaver {
  private base: number | null = null;
  private source = "";
  private saved = "";
  private timer: number | undefined;
  private sending = false;
  private theirs: DraftReply | null = null;
  state: SaveState = "saved";

  constructor(
    /** Whose draft of what: no other learner of this browser sees it. */
    private readonly name: string,
    private tab: string,
    private readonly save: Save,
    private readonly onState: (state: SaveState, theirs: DraftReply | null) => void,
    private readonly around: DraftEnvironment,
  ) {}

  /** What to show first: what this browser kept if that is newer, else the server's, else the template. */
  start(server: DraftReply | null, template: string): Start {
    this.base = server?.revision ?? null;
    this.saved = server?.source ?? template;
    this.source = this.saved;
    const kept = this.kept();
    if (kept === null || kept.source === this.saved) {
      this.forget();
      return { source: this.saved, conflict: null, restored: false };
    }
    this.source = kept.source;
    if (kept.base === this.base) {
      this.remember();
      this.touched();
      return { source: kept.source, conflict: null, restored: true };
    }
    this.base = kept.base;
    this.remember();
    const conflict = server ?? { source: template, revision: 0 };
    this.dispute(conflict);
    return { source: kept.source, conflict, restored: true };
  }

  /** The learner typed. */
  typed(source: string): void {
    this.source = source;
    this.remember();
    if (this.state === "conflict") return;
    this.touched();
  }

  /** The tab's name was another one's, whose copy stays as it is. */
  rename(tab: string): void {
    this.tab = tab;
    if (this.source !== this.saved) this.remember();
  }

  /** Saves now what is not saved yet. */
  async flush(): Promise<void> {
    if (this.timer !== undefined) this.around.cancel(this.timer);
    this.timer = undefined;
    if (this.sending || this.state === "conflict") return;
    if (this.source === this.saved) {
      this.become("saved");
      return;
    }
    this.sending = true;
    this.become("saving");
    const sent = this.source;
    const result = await this.save(sent, this.base);
    this.sending = false;
    if (result.kind === "saved") {
      this.base = result.revision;
      this.saved = sent;
      if (this.source === sent) {
        this.forget();
        this.become("saved");
      } else {
        this.remember();
        this.touched();
      }
    } else if (result.kind === "conflict") {
      if (result.theirs.source === this.source) this.agree(result.theirs);
      else this.dispute(result.theirs);
    } else {
      this.become("kept-here");
    }
  }

  /** Where two drafts differ: keep what is here, over what the server has. */
  async keepMine(): Promise<void> {
    if (this.theirs === null) return;
    this.base = this.theirs.revision === 0 ? null : this.theirs.revision;
    this.saved = this.theirs.source;
    this.theirs = null;
    this.become("typing");
    await this.flush();
  }

  /** Where two drafts differ: take the server's. The one here is returned, to be undone to. */
  takeTheirs(): string | null {
    if (this.theirs === null) return null;
    const { source } = this.theirs;
    this.agree(this.theirs);
    return source;
  }

  private agree(theirs: DraftReply): void {
    this.base = theirs.revision === 0 ? null : theirs.revision;
    this.source = theirs.source;
    this.saved = theirs.source;
    this.theirs = null;
    this.forget();
    this.become("saved");
  }

  private dispute(theirs: DraftReply): void {
    this.theirs = theirs;
    this.become("conflict");
  }

  private touched(): void {
    if (this.timer !== undefined) this.around.cancel(this.timer);
    this.become("typing");
    this.timer = this.around.later(() => void this.flush(), PAUSE);
  }

  private become(state: SaveState): void {
    this.state = state;
    this.onState(state, this.theirs);
  }

  private get mine(): string {
    return `draft.${this.name}.${this.tab}`;
  }

  private remember(): void {
    const kept: Kept = { source: this.source, base: this.base, at: this.around.now() };
    this.around.shelf.set(this.mine, JSON.stringify(kept));
  }

  private forget(): void {
    this.around.shelf.remove(this.mine);
  }

  /** This tab's copy, or the newest that a tab left behind that is no more. */
  private kept(): Kept | null {
    const own = this.read(this.mine);
    if (own !== null) return own;
    const left = this.around.shelf
      .names()
      .filter((name) => name.startsWith(`draft.${this.name}.`))
      .map((name) => ({ name, kept: this.read(name) }))
      .filter(({ kept }) => kept !== null && this.around.now() - kept.at > ORPHANED)
      .sort((a, b) => (b.kept?.at ?? 0) - (a.kept?.at ?? 0));
    const newest = left[0];
    if (newest === undefined) return null;
    this.around.shelf.remove(newest.name);
    return newest.kept;
  }

  private read(name: string): Kept | null {
    const text = this.around.shelf.get(name);
    if (text === null) return null;
    try {
      const kept: unknown = JSON.parse(text);
      return typeof kept === "object" && kept !== null && "source" in kept ? (kept as Kept) : null;
    } catch {
      return null;
    }
  }
}

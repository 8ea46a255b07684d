/**
 * The name of this tab, under which it keeps its draft: the same after a reload, and never that of
 * another tab that lives. A tab that is duplicated begins with a copy of the first one's name; it asks
 * the others, and takes a new one when somebody answers.
 */

export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
}

export interface NameStore {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

interface Message {
  readonly kind: "ask" | "taken";
  readonly name: string;
  /** The page that asks: a name alone does not tell a duplicate from its original. */
  readonly page: string;
}

const KEY = "handgrad.tab";
const random = () => Math.random().toString(36).slice(2, 12);

export class Tab {
  name: string;
  /** Called when the name turns out to be another tab's, with the new one. */
  onRenamed: (name: string) => void = () => undefined;
  private readonly page = random();

  constructor(
    private readonly shelf: NameStore | null,
    private readonly channel: Channel | null,
  ) {
    this.name = this.known() ?? this.fresh();
    if (channel === null) return;
    channel.onmessage = ({ data }) => this.heard(data as Message);
    this.say({ kind: "ask", name: this.name, page: this.page });
  }

  private heard({ kind, name, page }: Message): void {
    if (name !== this.name) return;
    if (kind === "ask" && page !== this.page) this.say({ kind: "taken", name, page });
    if (kind === "taken" && page === this.page) {
      this.name = this.fresh();
      this.onRenamed(this.name);
    }
  }

  private say(message: Message): void {
    this.channel?.postMessage(message);
  }

  private known(): string | null {
    try {
      return this.shelf?.getItem(KEY) ?? null;
    } catch {
      return null;
    }
  }

  private fresh(): string {
    const name = random();
    try {
      this.shelf?.setItem(KEY, name);
    } catch {
      // a reload begins as another tab: its draft is found as one that was left behind
    }
    return name;
  }
}

/** This page's tab, in a browser that may keep nothing and have no channel. */
export function thisTab(): Tab {
  let shelf: Storage | null = null;
  try {
    shelf = sessionStorage;
  } catch {
    // a browser that keeps nothing
  }
  const hasChannels = "BroadcastChannel" in window;
  return new Tab(shelf, hasChannels ? (new BroadcastChannel(KEY) as unknown as Channel) : null);
}

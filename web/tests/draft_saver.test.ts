import { beforeEach, describe, expect, it } from "vitest";
import type { KeyValueStore } from "../src/browser_storage";
import type { DraftReply } from "../src/generated/api";
import { DraftSaver, type Saved, type SaveState } from "../src/level/draft_saver";

/** A server that keeps one draft, as the lab does. */
class Server {
  draft: DraftReply | null = null;
  isThere = true;
  saves = 0;

  save = async (source: string, base: number | null): Promise<Saved> => {
    if (!this.isThere) return { kind: "unreachable" };
    if ((this.draft?.revision ?? null) !== base) {
      return { kind: "conflict", theirs: this.draft ?? { source: "", revision: 0 } };
    }
    this.saves += 1;
    this.draft = { source, revision: (base ?? 0) + 1 };
    return { kind: "saved", revision: this.draft.revision };
  };
}

class MemoryShelf implements KeyValueStore {
  readonly kept = new Map<string, string>();
  get = (name: string) => this.kept.get(name) ?? null;
  set = (name: string, value: string) => Boolean(this.kept.set(name, value));
  remove = (name: string) => void this.kept.delete(name);
  names = () => [...this.kept.keys()];
}

const TEMPLATE = "template";
let server: Server;
let shelf: MemoryShelf;
let now: number;

function tab(name: string) {
  const timers: (() => void)[] = [];
  const states: SaveState[] = [];
  const keeper = new DraftSaver("me.level", name, server.save, (state) => states.push(state), {
    shelf,
    now: () => now,
    later: (act) => timers.push(act) - 1,
    cancel: (timer) => {
      timers[timer] = () => undefined;
    },
  });
  const pause = async () => {
    for (const timer of timers.splice(0)) timer();
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  };
  return { keeper, states, pause };
}

beforeEach(() => {
  server = new Server();
  shelf = new MemoryShelf();
  now = 1_000_000;
});

describe("a draft", () => {
  it("begins as the template and is saved at a pause", async () => {
    const { keeper, pause } = tab("1");
    expect(keeper.start(null, TEMPLATE).source).toBe(TEMPLATE);
    keeper.typed("a");
    keeper.typed("ab");
    await pause();
    expect(server.draft).toEqual({ source: "ab", revision: 1 });
    expect(server.saves).toBe(1);
    expect(keeper.state).toBe("saved");
    expect(shelf.kept.size).toBe(0);
  });

  it("of a duplicated tab leaves the first one's copy alone once it has a name of its own", async () => {
    const first = tab("1");
    first.keeper.start(null, TEMPLATE);
    server.isThere = false;
    first.keeper.typed("of the first");
    const copy = tab("1");
    expect(copy.keeper.start(null, TEMPLATE).source).toBe("of the first");
    copy.keeper.rename("2");
    copy.keeper.typed("of the copy");
    server.isThere = true;
    await copy.pause();
    expect(server.draft?.source).toBe("of the copy");
    const again = tab("1");
    const begun = again.keeper.start(server.draft, TEMPLATE);
    expect(begun.source).toBe("of the first");
    expect(begun.conflict).toEqual(server.draft);
  });

  it("survives a crash before it was saved", () => {
    const first = tab("1");
    first.keeper.start(null, TEMPLATE);
    first.keeper.typed("not saved yet");
    const again = tab("1").keeper.start(null, TEMPLATE);
    expect(again).toEqual({ source: "not saved yet", conflict: null, restored: true });
  });

  it("survives in another tab once the first is no more", () => {
    const first = tab("1");
    first.keeper.start(null, TEMPLATE);
    first.keeper.typed("left behind");
    expect(tab("2").keeper.start(null, TEMPLATE).source).toBe(TEMPLATE);
    now += 60_000;
    expect(tab("3").keeper.start(null, TEMPLATE).source).toBe("left behind");
  });

  it("is kept here while the server is away, and saved when it is back", async () => {
    const { keeper, pause } = tab("1");
    keeper.start(null, TEMPLATE);
    server.isThere = false;
    keeper.typed("offline");
    await pause();
    expect(keeper.state).toBe("kept-here");
    expect(shelf.kept.size).toBe(1);
    server.isThere = true;
    await keeper.flush();
    expect(server.draft?.source).toBe("offline");
    expect(keeper.state).toBe("saved");
  });

  it("is saved again where more was typed while saving", async () => {
    const { keeper, pause } = tab("1");
    keeper.start(null, TEMPLATE);
    keeper.typed("one");
    const saving = keeper.flush();
    keeper.typed("one two");
    await saving;
    expect(shelf.kept.size).toBe(1);
    await pause();
    expect(server.draft).toEqual({ source: "one two", revision: 2 });
  });
});

describe("two tabs", () => {
  async function disputed() {
    const [a, b] = [tab("a"), tab("b")];
    a.keeper.start(null, TEMPLATE);
    b.keeper.start(null, TEMPLATE);
    a.keeper.typed("from a");
    await a.pause();
    b.keeper.typed("from b");
    await b.pause();
    return { a, b };
  }

  it("do not overwrite each other", async () => {
    const { b } = await disputed();
    expect(b.keeper.state).toBe("conflict");
    expect(server.draft?.source).toBe("from a");
    b.keeper.typed("from b, more");
    await b.pause();
    await b.keeper.flush();
    expect(server.draft?.source).toBe("from a");
  });

  it("keep what is here when that is chosen, with all typed since", async () => {
    const { b } = await disputed();
    b.keeper.typed("from b, more");
    await b.keeper.keepMine();
    expect(server.draft).toEqual({ source: "from b, more", revision: 2 });
    expect(b.keeper.state).toBe("saved");
  });

  it("take the other's when that is chosen", async () => {
    const { b } = await disputed();
    expect(b.keeper.takeTheirs()).toBe("from a");
    expect(b.keeper.state).toBe("saved");
    b.keeper.typed("from a, more");
    await b.pause();
    expect(server.draft).toEqual({ source: "from a, more", revision: 2 });
  });

  it("agree silently where both typed the same", async () => {
    const [a, b] = [tab("a"), tab("b")];
    a.keeper.start(null, TEMPLATE);
    b.keeper.start(null, TEMPLATE);
    a.keeper.typed("same");
    await a.pause();
    b.keeper.typed("same");
    await b.pause();
    expect(b.keeper.state).toBe("saved");
  });

  it("ask again after a reload in the middle of it", async () => {
    await disputed();
    const again = tab("b");
    const start = again.keeper.start(server.draft, TEMPLATE);
    expect(start.source).toBe("from b");
    expect(start.conflict).toEqual(server.draft);
    expect(again.keeper.state).toBe("conflict");
  });
});

it("reads nothing from a shelf that holds nonsense", () => {
  shelf.set("draft.me.level.1", "{not json");
  expect(tab("1").keeper.start(null, TEMPLATE).source).toBe(TEMPLATE);
  shelf.set("draft.me.level.2", "3");
  expect(tab("2").keeper.start(null, TEMPLATE).source).toBe(TEMPLATE);
});

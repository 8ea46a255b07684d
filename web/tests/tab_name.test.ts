import { describe, expect, it } from "vitest";
import { type Channel, type NameStore, Tab } from "../src/level/tab_name";

/** A channel as browsers have it: everybody hears what others say, not what they say themselves. */
class Air {
  private readonly ends: Channel[] = [];

  end(): Channel {
    const end: Channel = {
      onmessage: null,
      postMessage: (data) => {
        for (const other of this.ends) if (other !== end) other.onmessage?.({ data });
      },
    };
    this.ends.push(end);
    return end;
  }
}

function shelf(known: string | null = null): NameStore & { name: string | null } {
  return {
    name: known,
    getItem() {
      return this.name;
    },
    setItem(_, value) {
      this.name = value;
    },
  };
}

describe("a tab", () => {
  it("keeps its name over a reload", () => {
    const session = shelf();
    const { name } = new Tab(session, new Air().end());
    expect(new Tab(session, new Air().end()).name).toBe(name);
  });

  it("that was duplicated takes another name, and the first keeps its own", () => {
    const air = new Air();
    const first = new Tab(shelf(), air.end());
    const copy = shelf(first.name);
    const second = new Tab(copy, air.end());
    expect(second.name).not.toBe(first.name);
    expect(copy.name).toBe(second.name);
    const third = new Tab(shelf(first.name), air.end());
    expect(new Set([first.name, second.name, third.name]).size).toBe(3);
  });

  it("whose answer comes later tells so", () => {
    const late: Channel = { postMessage: () => undefined, onmessage: null };
    const said: { page: string }[] = [];
    late.postMessage = (message) => void said.push(message as { page: string });
    const tab = new Tab(shelf("one"), late);
    const renamed: string[] = [];
    tab.onRenamed = (name) => void renamed.push(name);
    late.onmessage?.({ data: { kind: "taken", name: "one", page: "of-another" } });
    expect(renamed).toEqual([]);
    late.onmessage?.({ data: { kind: "taken", name: "one", page: said[0]?.page } });
    expect(renamed).toEqual([tab.name]);
    expect(tab.name).not.toBe("one");
  });

  it("has a name in a browser that keeps nothing", () => {
    const refusing: NameStore = {
      getItem() {
        throw new Error("private");
      },
      setItem() {
        throw new Error("private");
      },
    };
    expect(new Tab(refusing, null).name).not.toBe("");
    expect(new Tab(null, null).name).not.toBe("");
  });
});

import { describe, expect, it } from "vitest";
import type { LevelSummaryReply } from "../src/generated/api";
import { columns, directNeeds, nextOpen, places } from "../src/map_layout";

const level = (name: string, needs: string[], open = true, passed = false) =>
  ({ level: name, needs, open, passed }) as unknown as LevelSummaryReply;

const DIAMOND = [level("a", []), level("b", ["a"]), level("c", ["a"]), level("d", ["a", "b", "c"])];

describe("the course map", () => {
  it("puts a level behind all that it needs", () => {
    expect([...columns(DIAMOND)]).toEqual([
      ["a", 0],
      ["b", 1],
      ["c", 1],
      ["d", 2],
    ]);
    expect(places(DIAMOND).map(({ column, row }) => [column, row])).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 0],
    ]);
  });

  it("survives needs that are not there or go in a ring", () => {
    const odd = [level("a", ["b"]), level("b", ["a"]), level("c", ["nowhere"])];
    expect(places(odd)).toHaveLength(3);
    expect(columns(odd).get("c")).toBe(0);
    expect(directNeeds(odd[0] as LevelSummaryReply, odd)).toEqual(["b"]);
  });

  it("joins a level to what no other of its needs has already", () => {
    expect(directNeeds(DIAMOND[3] as LevelSummaryReply, DIAMOND)).toEqual(["b", "c"]);
    expect(directNeeds(DIAMOND[1] as LevelSummaryReply, DIAMOND)).toEqual(["a"]);
  });

  it("goes on with the first open level that is not passed", () => {
    const levels = [level("a", [], true, true), level("b", ["a"]), level("c", ["b"], false)];
    expect(nextOpen(levels)?.level).toBe("b");
    expect(nextOpen([level("a", [], true, true)])).toBeNull();
  });
});

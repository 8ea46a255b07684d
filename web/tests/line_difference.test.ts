import { describe, expect, it } from "vitest";
import { type DifferenceLine, difference } from "../src/level/line_difference";
import { randomFrom, SEED } from "./random";

const sideOf = (lines: DifferenceLine[], not: "added" | "removed") =>
  lines.filter((line) => line.kind !== not);

/** The length of the longest common subsequence, by its definition. */
function common(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a;
  if (first === undefined || b.length === 0) return 0;
  const at = b.indexOf(first);
  const without = common(rest, b);
  return at < 0 ? without : Math.max(without, 1 + common(rest, b.slice(at + 1)));
}

describe("difference", () => {
  it("keeps what is the same and numbers both sides", () => {
    expect(difference("a\nb\nc", "a\nx\nc")).toEqual([
      { kind: "same", text: "a", before: 1, after: 1 },
      { kind: "removed", text: "b", before: 2, after: null },
      { kind: "added", text: "x", before: null, after: 2 },
      { kind: "same", text: "c", before: 3, after: 3 },
    ]);
  });

  it(`gives back both texts, with as little changed as can be (seed ${SEED})`, () => {
    const random = randomFrom(SEED);
    const text = () =>
      Array.from({ length: Math.floor(random() * 8) }, () => "abc"[Math.floor(random() * 3)]);
    for (let round = 0; round < 300; round += 1) {
      const [a, b] = [text().join("\n"), text().join("\n")];
      const lines = difference(a, b);
      const before = sideOf(lines, "added");
      const after = sideOf(lines, "removed");
      expect(before.map((line) => line.text).join("\n")).toBe(a);
      expect(after.map((line) => line.text).join("\n")).toBe(b);
      expect(before.map((line) => line.before)).toEqual(before.map((_, i) => i + 1));
      expect(after.map((line) => line.after)).toEqual(after.map((_, i) => i + 1));
      const kept = lines.filter((line) => line.kind === "same").length;
      expect(kept).toBe(common(a.split("\n"), b.split("\n")));
    }
  });

  it("gives up on the least change where the texts are huge", () => {
    const long = (name: string) => Array.from({ length: 3000 }, (_, i) => `${name}${i}`).join("\n");
    expect(difference(long("a"), long("b"))).toHaveLength(6000);
  });
});

import { describe, expect, it } from "vitest";
import { key, pieces, target } from "../src/verdict/entry_references";

const SUM = "db[0] = dout[0,0] + dout[1,0] = 6 + 7 = 13";
const GATE = "x[0,0] = -2 ≤ 0:  dx[0,0] = dout[0,0]·0 = 5·0 = 0";

describe("lines worked out by hand", () => {
  it("are cut into entries and what stands between", () => {
    const found = pieces(SUM);
    expect(found.map((piece) => piece.text).join("")).toBe(SUM);
    expect(found.flatMap((piece) => (piece.entry ? [key(piece.entry)] : []))).toEqual([
      "db[0]",
      "dout[0,0]",
      "dout[1,0]",
    ]);
  });

  it("say what they work out: what begins the line, or what follows the colon", () => {
    expect(target(SUM)).toEqual({ array: "db", index: [0] });
    expect(target(GATE)).toEqual({ array: "dx", index: [0, 0] });
    expect(target("6 + 7 = 13")).toBeNull();
    expect(target("")).toBeNull();
  });

  it("know attributes and spaces", () => {
    expect(pieces("f3.dW[0, 1] = 2")[0]?.entry).toEqual({ array: "f3.dW", index: [0, 1] });
  });
});

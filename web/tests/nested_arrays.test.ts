import { describe, expect, it } from "vitest";
import type { NestedValue } from "../src/generated/api";
import {
  entryAt,
  indexIn,
  numeral,
  planes,
  sameShape,
  shapeOf,
  written,
} from "../src/verdict/nested_arrays";
import { randomFrom, SEED } from "./random";

describe("arrays as nested lists", () => {
  it("have a shape, written as Python does", () => {
    expect(shapeOf(3)).toEqual([]);
    expect(shapeOf([[1], [2]])).toEqual([2, 1]);
    expect(shapeOf([])).toEqual([0]);
    expect([[], [3], [2, 3]].map(written)).toEqual(["()", "(3,)", "(2, 3)"]);
    expect(sameShape([2, 3], [2, 3])).toBe(true);
    expect(sameShape([2, 3], [2, 3, 1])).toBe(false);
  });

  it(`are cut into planes whose indices lead back to each entry (seed ${SEED})`, () => {
    const random = randomFrom(SEED);
    let next = 0;
    const build = (shape: number[]): NestedValue => {
      const [size, ...rest] = shape;
      if (size === undefined) return next++;
      return Array.from({ length: size }, () => build(rest));
    };
    for (let round = 0; round < 100; round += 1) {
      const axes = Math.floor(random() * 5);
      const shape = Array.from({ length: axes }, () => 1 + Math.floor(random() * 3));
      next = 0;
      const value = build(shape);
      expect(shapeOf(value)).toEqual(shape);
      const seen: NestedValue[] = [];
      for (const plane of planes(value)) {
        plane.rows.forEach((row, i) => {
          row.forEach((entry, j) => {
            expect(entryAt(value, indexIn(plane, i, j))).toBe(entry);
            seen.push(entry);
          });
        });
      }
      expect(seen).toEqual(Array.from({ length: next }, (_, i) => i));
    }
  });

  it("write numbers short, with a true minus", () => {
    expect(numeral(-0.123456)).toBe("−0.1235");
    expect(numeral(1234567)).toBe("1.23e6");
    expect(numeral(-0.00000012)).toBe("−1.20e−7");
    expect(numeral(0)).toBe("0");
    expect(numeral("nan")).toBe("nan");
    expect(numeral("-inf")).toBe("−inf");
    expect(numeral(true)).toBe("True");
    expect(numeral(null)).toBe("–");
  });
});

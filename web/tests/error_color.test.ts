import { describe, expect, it } from "vitest";
import { heat, largest } from "../src/verdict/error_color";

describe("the colour of an error", () => {
  it("is none within the tolerance, and grows by orders of magnitude up to the largest", () => {
    expect(heat(0, 1)).toBe(0);
    expect(heat(1e-5, 1)).toBe(0);
    expect(heat(1, 1)).toBe(1);
    expect(heat(2e-5, 1)).toBeGreaterThanOrEqual(0.25);
    const steps = [2e-5, 1e-3, 0.1, 1].map((error) => heat(error, 1));
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  });

  it("is defined where all errors are tiny", () => {
    expect(heat(2e-5, 2e-5)).toBeLessThanOrEqual(1);
    expect(heat(1.1e-5, 0)).toBeGreaterThan(0);
  });

  it("knows the largest finite error", () => {
    expect(
      largest([
        [0.5, null],
        [2, 0],
      ]),
    ).toBe(2);
    expect(largest([[null]])).toBe(0);
    expect(largest([])).toBe(0);
  });
});

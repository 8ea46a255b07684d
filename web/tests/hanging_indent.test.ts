import { expect, it } from "vitest";
import { stepsOf } from "../src/level/hanging_indent";

it("a line hangs by its own indentation, up to a limit", () => {
  expect(["", "a", "   a", "    a", "        a = 1", `${" ".repeat(80)}a`].map(stepsOf)).toEqual([
    0, 0, 0, 1, 2, 8,
  ]);
});

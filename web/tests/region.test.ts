import { describe, expect, it } from "vitest";
import { isEmpty, regions, startingLine } from "../src/level/region";

const TEMPLATE = [
  "class A:",
  "    def backward(self, dout):",
  "        ########## Begin ##########",
  "",
  "        ########## End ##########",
  "        return dx",
];

describe("regions", () => {
  it("finds Begin and End whatever surrounds them", () => {
    expect(regions(TEMPLATE)).toEqual([{ begin: 3, end: 5 }]);
    expect(regions(["# begin", "x", "#--- END ---"])).toEqual([{ begin: 1, end: 3 }]);
    expect(regions(["# Begin here", "# End"])).toEqual([]);
  });

  it("takes the last Begin before an End, and an End alone for nothing", () => {
    expect(regions(["# End", "# Begin", "# Begin", "x", "# End"])).toEqual([{ begin: 3, end: 5 }]);
    expect(regions([])).toEqual([]);
  });

  it("starts where nothing is written yet", () => {
    const [region] = regions(TEMPLATE);
    expect(region && isEmpty(region, TEMPLATE)).toBe(true);
    expect(startingLine(TEMPLATE)).toBe(4);
    const two = ["# Begin", "a = 1", "# End", "# Begin", "", "# End"];
    expect(startingLine(two)).toBe(5);
    expect(startingLine(["a = 1"])).toBe(1);
  });
});

import { describe, expect, it } from "vitest";
import { KINDS, VERDICTS, WARNINGS } from "../src/generated/verdict_names";
import { filled, isWords, type Words } from "../src/language";
import { LAYOUTS, WORDS } from "../src/page_texts";

const ALL: [string, Words][] = [WORDS, KINDS, LAYOUTS, VERDICTS, WARNINGS].flatMap((words) =>
  Object.entries(words as Record<string, Words>),
);
const gaps = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("words", () => {
  it.each(ALL)("%s is there in both languages, with the same gaps", (_name, words) => {
    expect(words.zh.trim()).not.toBe("");
    expect(words.en.trim()).not.toBe("");
    expect(gaps(words.zh)).toEqual(gaps(words.en));
  });

  it.each(ALL.filter(([name]) => !["theOtherLanguage", "switchLanguage"].includes(name)))(
    "%s is punctuated as each language does",
    (_name, { zh, en }) => {
      expect(en).not.toMatch(/[，。；：、（）“”]|[\u4e00-\u9fff]/);
      expect(zh).not.toMatch(/[\u4e00-\u9fff][,;:!?]/);
      // A space stands between Han and Latin letters.
      expect(zh.replace(/\{\w+\}/g, "")).not.toMatch(
        /[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]/,
      );
    },
  );

  it("are filled in, words by their own language", () => {
    const words = filled(
      { zh: "看{what}", en: "see {what} {what} {other}" },
      { what: { zh: "图", en: "map" } },
    );
    expect(words).toEqual({ zh: "看图", en: "see map map {other}" });
  });

  it("are told from other things", () => {
    expect(isWords({ zh: "a", en: "b" })).toBe(true);
    expect([null, "a", 3, {}, { zh: "a" }].some(isWords)).toBe(false);
  });
});

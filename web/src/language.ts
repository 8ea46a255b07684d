/**
 * The two languages of the page.
 *
 * Every text on the page is a `Words`, and whatever shows one is told when the language changes:
 * nothing is drawn anew, so nothing that was typed, opened or scrolled is lost.
 */

export type Language = "zh" | "en";

export interface Words {
  readonly zh: string;
  readonly en: string;
}

interface Shown {
  readonly target: WeakRef<object>;
  readonly speak: (target: object, language: Language) => void;
}

let current: Language = "en";
let shown: Shown[] = [];
const listeners = new Set<(language: Language) => void>();

export function isWords(value: unknown): value is Words {
  return typeof value === "object" && value !== null && "zh" in value && "en" in value;
}

export function language(): Language {
  return current;
}

/** The words in the language of the page. */
export function say(words: Words): string {
  return words[current];
}

/** The same sentence with every `{name}` filled in, in both languages. */
export function filled(words: Words, values: Record<string, string | number | Words>): Words {
  const fill = (text: string, language: Language) =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return isWords(value) ? value[language] : String(value);
    });
  return { zh: fill(words.zh, "zh"), en: fill(words.en, "en") };
}

/** The same text in both languages: names and numbers. */
export function same(text: string): Words {
  return { zh: text, en: text };
}

/** Speaks now, and again whenever the language changes, for as long as the target is there. */
export function spoken<T extends object>(
  target: T,
  speak: (target: T, language: Language) => void,
): T {
  speak(target, current);
  shown.push({ target: new WeakRef(target), speak: speak as Shown["speak"] });
  return target;
}

export function onLanguage(listener: (language: Language) => void): void {
  listeners.add(listener);
}

export function setLanguage(chosen: Language): void {
  current = chosen;
  document.documentElement.lang = chosen === "zh" ? "zh-Hans" : "en";
  shown = shown.filter((one) => {
    const target = one.target.deref();
    if (target !== undefined) one.speak(target, chosen);
    return target !== undefined;
  });
  for (const listener of listeners) listener(chosen);
}

/** The language that the server chose for this page. */
export function startLanguage(): void {
  setLanguage(document.documentElement.lang.startsWith("zh") ? "zh" : "en");
}

/** Chooses a language for this page and those to come. */
export function chooseLanguage(chosen: Language): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store interface is not in every browser
  document.cookie = `lang=${chosen}; path=/; max-age=31536000; SameSite=Lax`;
  const address = new URL(location.href);
  if (address.searchParams.has("lang")) {
    address.searchParams.delete("lang");
    window.history.replaceState(null, "", address);
  }
  setLanguage(chosen);
}

/** What this browser keeps. A browser that keeps nothing (private mode, full) is no error. */

export interface KeyValueStore {
  get(name: string): string | null;
  set(name: string, value: string): boolean;
  remove(name: string): void;
  names(): string[];
}

const PREFIX = "handgrad.";

export const browserStore: KeyValueStore = {
  get(name) {
    try {
      return localStorage.getItem(PREFIX + name);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(PREFIX + name, value);
      return true;
    } catch {
      return false;
    }
  },
  remove(name) {
    try {
      localStorage.removeItem(PREFIX + name);
    } catch {
      // nothing was kept
    }
  },
  names() {
    try {
      return Object.keys(localStorage)
        .filter((name) => name.startsWith(PREFIX))
        .map((name) => name.slice(PREFIX.length));
    } catch {
      return [];
    }
  },
};

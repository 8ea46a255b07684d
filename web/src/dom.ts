/** Builds elements. Strings become text, never HTML; `Words` follow the language of the page. */

import { isWords, spoken, type Words } from "./language";

export type Child = Node | string | number | Words | null | undefined | false | readonly Child[];
type Listener = (event: never) => void;
export type Attributes = Record<
  string,
  string | number | boolean | Words | Listener | null | undefined
>;

const SVG = "http://www.w3.org/2000/svg";

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return furnished(document.createElement(tag), attributes, children);
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return furnished(document.createElementNS(SVG, tag), attributes, children);
}

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child);
    else parent.appendChild(node(child as Exclude<Child, readonly Child[]>));
  }
}

/** Replaces all that an element holds. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** Names the page, in whichever language it speaks. */
export function entitle(words: Words): void {
  spoken(document, (page, language) => {
    page.title = `${words[language]} · handgrad`;
  });
}

/** The element of that id, which the page's template has. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}.`);
  return found;
}

function node(child: Node | string | number | Words | false | null | undefined): Node {
  if (child instanceof Node) return child;
  if (isWords(child)) {
    return spoken(document.createTextNode(""), (text, language) => {
      text.data = child[language];
    });
  }
  return document.createTextNode(String(child));
}

function furnished<E extends Element>(
  element: E,
  attributes: Attributes,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") {
      element.addEventListener(name.replace(/^on/, ""), value as EventListener);
    } else if (isWords(value)) {
      spoken(element, (target, language) => target.setAttribute(name, value[language]));
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

/** Tells a screen reader, without moving the focus. */
export function announce(words: Words): void {
  const place = byId("said");
  place.replaceChildren();
  // A text that is the same as the one before would not be read again.
  window.setTimeout(() => fill(place, words), 50);
}

/** Whether the parts of a page stand below each other, as on a phone. */
export function isNarrow(): boolean {
  return window.matchMedia("(max-width: 60rem)").matches;
}

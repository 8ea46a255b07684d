/** The counterexample for pencil and paper: inputs, what came beside what is right, one entry by hand. */

import { type Child, h } from "../dom";
import type { CounterexampleFields, NestedValue } from "../generated/api";
import { icon } from "../icons";
import { filled, same, say, type Words } from "../language";
import { LAYOUTS, WORDS } from "../page_texts";
import { type Entry, key, pieces, target } from "./entry_references";
import { matrix } from "./matrix";
import { entryAt, sameShape, shapeOf } from "./nested_arrays";

export function counterexample(one: CounterexampleFields): HTMLElement {
  const sizes = Object.entries(one.sizes).map(([name, size]) => `${name} = ${size}`);
  const figure = h(
    "section",
    { class: "counterexample" },
    h(
      "div",
      { class: "row between" },
      h("h4", {}, WORDS.byHand, h("span", { class: "faint sizes" }, sizes.join(", "))),
      copyButton(one.script),
    ),
    h("div", { class: "matrices" }, Object.entries(one.inputs).map(inputOf(one))),
    steps(one),
    Object.keys(one.received).map((array) => beside(one, array)),
    Object.entries(one.changed).map(([name, after]) =>
      h(
        "div",
        { class: "matrices" },
        matrix(filled(WORDS.asGiven, { array: name }), one.inputs[name] ?? null),
        matrix(filled(WORDS.afterwards, { array: name }), after),
      ),
    ),
    one.raised !== null && h("pre", { class: "raised" }, one.raised),
    one.by_hand.length > 0 && h("div", { class: "by-hand" }, one.by_hand.map(handLine)),
  );
  linkEntries(figure, one.by_hand);
  return figure;
}

function inputOf(one: CounterexampleFields): (input: [string, NestedValue]) => HTMLElement {
  return ([name, value]) => {
    const layout = LAYOUTS[one.layouts[name] ?? ""];
    const label = layout
      ? { zh: `${name}（${layout.zh}）`, en: `${name} (${layout.en})` }
      : same(name);
    return matrix(label, value, { array: name });
  };
}

/** The lines that were run, where a network is put together in them. */
function steps(one: CounterexampleFields): Child {
  const network = one.steps.find((line) => (line.match(/\w+\(\)/g) ?? []).length > 1);
  return network === undefined ? null : h("pre", { class: "steps" }, network);
}

function beside(one: CounterexampleFields, array: string): HTMLElement {
  const received = one.received[array] ?? null;
  const expected = one.expected?.[array];
  const dtype = one.dtypes[array];
  const yours = filled(WORDS.yours, { array: dtype === undefined ? array : `${array} (${dtype})` });
  const right = filled(WORDS.right, { array });
  const isSameShape = expected !== undefined && sameShape(shapeOf(received), shapeOf(expected));
  const showShape = expected !== undefined && !isSameShape && typeof received !== "string";
  const off = (index: readonly number[]) =>
    isSameShape && differs(entryAt(received, index), entryAt(expected, index)) ? "off" : null;
  return h(
    "div",
    { class: "matrices compared" },
    h(
      "div",
      { class: "side received" },
      received === null || typeof received === "string"
        ? worded(yours, received === null ? WORDS.neverSet : same(received))
        : matrix(yours, received, { mark: off, showShape }),
    ),
    expected !== undefined &&
      h("div", { class: "side expected" }, matrix(right, expected, { array, showShape })),
  );
}

function worded(name: Words, text: Words): HTMLElement {
  return h(
    "p",
    { class: "matrix" },
    h("span", { class: "name" }, name),
    h("span", { class: "equals", "aria-hidden": "true" }, "="),
    h("span", { class: "faint" }, text),
  );
}

function differs(a: NestedValue | undefined, b: NestedValue | undefined): boolean {
  if (typeof a === "number" && typeof b === "number") return !(Math.abs(a - b) <= 1e-5);
  return a !== b;
}

function handLine(line: string): HTMLElement {
  return h(
    "p",
    { class: "hand-line" },
    pieces(line).map((piece) =>
      piece.entry === null
        ? h("span", {}, piece.text.replaceAll("-", "−"))
        : h("span", { class: "entry", "data-entry": key(piece.entry) }, piece.text),
    ),
  );
}

/** Marks the entries that the lines speak of; pointing at one shows it wherever it stands. */
function linkEntries(figure: HTMLElement, lines: readonly string[]): void {
  const entries = lines.flatMap((line) => pieces(line).flatMap((p) => (p.entry ? [p.entry] : [])));
  const targets = new Set(
    lines
      .map(target)
      .filter((entry): entry is Entry => entry !== null)
      .map(key),
  );
  for (const name of new Set(entries.map(key))) {
    for (const place of placesOf(figure, name)) {
      place.classList.add(targets.has(name) ? "target" : "source");
    }
  }
  const light = (event: Event, isOn: boolean) => {
    const at = (event.target as Element).closest?.("[data-entry]");
    const name = at?.getAttribute("data-entry");
    if (!name) return;
    for (const place of placesOf(figure, name)) place.classList.toggle("lit", isOn);
  };
  figure.addEventListener("pointerover", (event) => light(event, true));
  figure.addEventListener("pointerout", (event) => light(event, false));
}

function placesOf(figure: HTMLElement, name: string): NodeListOf<Element> {
  return figure.querySelectorAll(`[data-entry="${CSS.escape(name)}"]`);
}

function copyButton(script: string): HTMLElement {
  const words = h("span", {}, WORDS.copyScript);
  const copy = async () => {
    const done = await copied(script);
    if (!done) return;
    words.textContent = say(WORDS.copied);
    window.setTimeout(() => {
      words.textContent = say(WORDS.copyScript);
    }, 1500);
  };
  return h(
    "button",
    { type: "button", class: "quiet small", title: WORDS.scriptTitle, onclick: () => void copy() },
    icon("copy"),
    words,
  );
}

/** Copies a text; on a page without the clipboard interface (plain http in a class) the old way. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "unseen" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

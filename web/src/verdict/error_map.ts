/** Draws where an array is wrong: a small map of errors, or two outlines where the shapes differ. */

import { type Child, h, s } from "../dom";
import type { ErrorMap } from "../generated/api";
import { filled, same } from "../language";
import { WORDS } from "../page_texts";
import { heat, largest } from "./error_color";
import { numeral, sameShape, written } from "./nested_arrays";

export function errorMap(map: ErrorMap): HTMLElement {
  const expected = map.expected_shape ?? [];
  const received = map.received_shape;
  const differs = received === null || !sameShape(expected, received);
  const caption = differs
    ? filled(WORDS.errorMapShapes, { number: map.case })
    : filled(WORDS.errorMapCase, {
        number: map.case,
        error: map.error === null ? WORDS.notFinite : numeral(map.error, 3),
      });
  return h(
    "figure",
    { class: "error-map" },
    h("figcaption", {}, h("code", {}, map.array), h("span", { class: "faint" }, caption)),
    differs || map.map.length === 0 ? outlines(expected, received) : cells(map),
    shapes(expected, received, differs),
  );
}

function shapes(
  expected: readonly number[],
  received: readonly number[] | null,
  differs: boolean,
): Child {
  if (!differs) return h("p", { class: "map-shape" }, h("code", {}, written(expected)));
  return h(
    "p",
    { class: "map-shape" },
    h("span", { class: "expected" }, filled(WORDS.expectedShape, { shape: written(expected) })),
    received !== null && [
      " ",
      h("span", { class: "received" }, filled(WORDS.receivedShape, { shape: written(received) })),
    ],
  );
}

const CELL = 15;
const GAP = 2;

function cells(map: ErrorMap): HTMLElement {
  const top = largest(map.map);
  const columns = Math.max(...map.map.map((row) => row.length));
  const width = columns * (CELL + GAP) - GAP;
  const height = map.map.length * (CELL + GAP) - GAP;
  const squares = map.map.flatMap((row, i) =>
    row.map((error, j) => {
      const strength = error === null ? 0 : heat(error, top);
      const square = s(
        "rect",
        {
          x: j * (CELL + GAP),
          y: i * (CELL + GAP),
          width: CELL,
          height: CELL,
          rx: 3,
          class: error === null ? "cell not-finite" : strength === 0 ? "cell holds" : "cell off",
        },
        s(
          "title",
          {},
          filled(WORDS.entryError, {
            array: map.array,
            index: map.map.length === 1 ? String(j) : `${i}, ${j}`,
            error: error === null ? WORDS.notFinite : numeral(error, 3),
          }),
        ),
      );
      if (strength > 0) square.style.setProperty("--heat", String(strength));
      return square;
    }),
  );
  return h(
    "div",
    { class: "map-cells" },
    s(
      "svg",
      {
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        role: "img",
        "aria-label": filled(WORDS.errorMapOf, { array: map.array }),
      },
      squares,
    ),
  );
}

const LARGEST_SIDE = 84;

/** The expected shape as an outline, the received one filled, both to one scale. */
function outlines(expected: readonly number[], received: readonly number[] | null): HTMLElement {
  const [a, b] = [plane(expected), plane(received ?? [])];
  const unit = Math.min(16, LARGEST_SIDE / Math.max(a.rows, a.columns, b.rows, b.columns, 1));
  const box = ({ rows, columns }: Plane2, kind: string) => {
    const [width, height] = [columns * unit, rows * unit];
    const lines: Child[] = [];
    for (let i = 1; i < rows; i += 1) lines.push(s("path", { d: `M1 ${1 + i * unit}h${width}` }));
    for (let j = 1; j < columns; j += 1)
      lines.push(s("path", { d: `M${1 + j * unit} 1v${height}` }));
    return s(
      "svg",
      { class: `outline ${kind}`, width: width + 2, height: height + 2, "aria-hidden": "true" },
      s("rect", { x: 1, y: 1, width, height, rx: 2 }),
      lines,
    );
  };
  return h(
    "div",
    { class: "outlines" },
    box(a, "expected"),
    h("span", { "aria-hidden": "true" }, "≠"),
    received === null ? h("span", { class: "faint" }, WORDS.neverSet) : box(b, "received"),
  );
}

interface Plane2 {
  readonly rows: number;
  readonly columns: number;
}

function plane(shape: readonly number[]): Plane2 {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return { rows: Math.min(rows, 40), columns: Math.min(columns, 40) };
}

/** What the colours mean. */
export function legend(): HTMLElement {
  const swatch = (strength: number, kind: string) => {
    const square = h("i", { class: `swatch ${kind}` });
    square.style.setProperty("--heat", String(strength));
    return square;
  };
  return h(
    "p",
    { class: "legend faint" },
    swatch(0, "holds"),
    WORDS.legendRight,
    same(" "),
    swatch(0.3, "off"),
    swatch(0.6, "off"),
    swatch(1, "off"),
    WORDS.legendWrong,
  );
}

/** Draws arrays as one writes them on paper: in brackets, entries aligned. */

import { h } from "../dom";
import type { NestedValue } from "../generated/api";
import { filled, same, type Words } from "../language";
import { WORDS } from "../page_texts";
import { key } from "./entry_references";
import { indexIn, numeral, type Plane, planes, shapeOf, written } from "./nested_arrays";

export interface MatrixOptions {
  /** The array's name in lines worked out by hand; entries can then be pointed at. */
  readonly array?: string;
  /** The entries that stand out, and how. */
  readonly mark?: (index: readonly number[]) => string | null;
  readonly digits?: number;
  readonly showShape?: boolean;
}

/** A named array: `x = [ … ]`, for more than two axes one matrix below the other. */
export function matrix(name: Words, value: NestedValue, options: MatrixOptions = {}): HTMLElement {
  const shape = shapeOf(value);
  const label = filled(WORDS.matrixOf, { name, shape: written(shape) });
  return h(
    "figure",
    { class: "matrix", "aria-label": label, role: "figure" },
    h(
      "figcaption",
      {},
      name,
      options.showShape === true && h("span", { class: "shape" }, ` ${written(shape)}`),
    ),
    h("span", { class: "equals", "aria-hidden": "true" }, "="),
    h(
      "div",
      { class: "planes" },
      shape.includes(0) ? same("[ ]") : planes(value).map((plane) => drawn(plane, options)),
    ),
  );
}

function drawn(plane: Plane, options: MatrixOptions): HTMLElement {
  const rows = plane.rows.map((row, i) =>
    h(
      "tr",
      {},
      row.map((entry, j) => {
        const index = indexIn(plane, i, j);
        const entryKey = options.array === undefined ? null : key({ array: options.array, index });
        const mark = options.mark?.(index) ?? null;
        return h(
          "td",
          { class: mark, "data-entry": entryKey },
          mark === "off" && h("span", { class: "unseen" }, "≠ "),
          numeral(entry, options.digits ?? 6),
        );
      }),
    ),
  );
  return h(
    "table",
    { class: plane.axes === 0 ? "entries scalar" : "entries" },
    h("tbody", {}, rows),
  );
}

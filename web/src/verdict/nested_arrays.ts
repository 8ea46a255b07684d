/** Arrays as nested lists: their shape, their entries, how a number is written. */

import type { NestedValue } from "../generated/api";

export function shapeOf(value: NestedValue): number[] {
  const shape: number[] = [];
  let inner: NestedValue | undefined = value;
  while (Array.isArray(inner)) {
    shape.push(inner.length);
    inner = inner[0];
  }
  return shape;
}

/** A shape as Python writes it: `()`, `(3,)`, `(2, 3)`. */
export function written(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** One matrix of an array, and the indices of the axes before its last two. */
export interface Plane {
  readonly index: readonly number[];
  readonly rows: readonly (readonly NestedValue[])[];
  readonly axes: number;
}

/** The matrices that an array is made of; a vector is one row, a number one entry. */
export function planes(value: NestedValue, index: readonly number[] = []): Plane[] {
  if (!Array.isArray(value)) return [{ index, rows: [[value]], axes: 0 }];
  const entries = value as readonly NestedValue[];
  const first = entries[0];
  if (!Array.isArray(first)) return [{ index, rows: [entries], axes: 1 }];
  if (!Array.isArray(first[0])) {
    return [{ index, rows: entries as readonly (readonly NestedValue[])[], axes: 2 }];
  }
  return entries.flatMap((inner, position) => planes(inner, [...index, position]));
}

/** The whole index of an entry of a plane. */
export function indexIn(plane: Plane, row: number, column: number): number[] {
  if (plane.axes === 0) return [];
  return plane.axes === 1 ? [column] : [...plane.index, row, column];
}

export function entryAt(value: NestedValue, index: readonly number[]): NestedValue | undefined {
  let inner: NestedValue | undefined = value;
  for (const position of index) {
    if (!Array.isArray(inner)) return undefined;
    inner = (inner as readonly NestedValue[])[position];
  }
  return inner;
}

/** A number in at most `digits` significant digits, with a true minus. */
export function numeral(value: NestedValue, digits = 4): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return value.replace(/^-/, "−");
  if (typeof value !== "number") return "–";
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  const text =
    size !== 0 && (size >= 10 ** 6 || size < 10 ** -4)
      ? value.toExponential(Math.min(2, digits - 1)).replace("e+", "e")
      : String(rounded);
  return text.replaceAll("-", "−");
}

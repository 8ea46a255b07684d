/** Draws the difference of two texts; lines far from any change are left out. */

import { h } from "../dom";
import { WORDS } from "../page_texts";
import { type DifferenceLine, difference } from "./line_difference";

const AROUND = 3;

export function differenceView(before: string, after: string): HTMLElement {
  const lines = difference(before, after);
  const changed = lines.flatMap((line, i) => (line.kind === "same" ? [] : [i]));
  if (changed.length === 0) return h("p", { class: "faint" }, WORDS.noDifference);
  const rows: HTMLElement[] = [];
  let isLeftOut = false;
  lines.forEach((line, i) => {
    const isNear = changed.some((at) => Math.abs(at - i) <= AROUND);
    if (isNear) rows.push(row(line));
    else if (!isLeftOut) rows.push(h("tr", { class: "gap" }, h("td", { colspan: 4 }, "⋯")));
    isLeftOut = !isNear;
  });
  return h("div", { class: "difference", tabindex: "0" }, h("table", {}, h("tbody", {}, rows)));
}

const SIGNS = { same: " ", removed: "−", added: "+" } as const;

function row(line: DifferenceLine): HTMLElement {
  const words = { same: null, removed: WORDS.lineGone, added: WORDS.lineNew }[line.kind];
  return h(
    "tr",
    { class: line.kind },
    h("td", { class: "number" }, line.before ?? ""),
    h("td", { class: "number" }, line.after ?? ""),
    h(
      "td",
      { class: "sign" },
      h("span", { "aria-hidden": "true" }, SIGNS[line.kind]),
      words && h("span", { class: "unseen" }, words),
    ),
    h("td", { class: "text" }, h("code", {}, line.text)),
  );
}

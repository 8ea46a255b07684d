/** Shades the lines between Begin and End. */

import { type EditorState, RangeSetBuilder, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutterLineClass,
  WidgetType,
} from "@codemirror/view";
import { h } from "../dom";
import { WORDS } from "../page_texts";
import { isEmpty, regions } from "./region";

const MARKER = Decoration.line({ class: "cm-region-marker" });
const INSIDE = Decoration.line({ class: "cm-region" });

/** Says where to write, while nothing is written there. */
class WriteHere extends WidgetType {
  override eq(): boolean {
    return true;
  }
  override toDOM(): HTMLElement {
    return h("span", { class: "cm-write-here", "aria-hidden": "true" }, WORDS.regionHere);
  }
}
const WRITE_HERE = Decoration.widget({ widget: new WriteHere(), side: 1 });

class RegionGutter extends GutterMarker {
  override readonly elementClass = "cm-region-gutter";
}
const GUTTER = new RegionGutter();

function lines(state: EditorState): string[] {
  return state.doc.toString().split("\n");
}

function decorations(state: EditorState): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const text = lines(state);
  for (const region of regions(text)) {
    const { begin, end } = region;
    for (let number = begin; number <= end; number += 1) {
      const { from, to } = state.doc.line(number);
      builder.add(from, from, number === begin || number === end ? MARKER : INSIDE);
      if (number === begin + 1 && number < end && isEmpty(region, text)) {
        builder.add(to, to, WRITE_HERE);
      }
    }
  }
  return builder.finish();
}

function gutters(state: EditorState) {
  const builder = new RangeSetBuilder<GutterMarker>();
  for (const { begin, end } of regions(lines(state))) {
    for (let number = begin + 1; number < end; number += 1) {
      const { from } = state.doc.line(number);
      builder.add(from, from, GUTTER);
    }
  }
  return builder.finish();
}

export const regionExtension = [
  StateField.define({
    create: decorations,
    update: (value, transaction) =>
      transaction.docChanged ? decorations(transaction.state) : value,
    provide: (field) => EditorView.decorations.from(field),
  }),
  StateField.define({
    create: gutters,
    update: (value, transaction) => (transaction.docChanged ? gutters(transaction.state) : value),
    provide: (field) => gutterLineClass.from(field),
  }),
];

/** Marks the lines that a verdict speaks of, until they are changed or the next verdict comes. */

import { RangeSet, StateEffect, StateField, type Text } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutterLineClass,
  WidgetType,
} from "@codemirror/view";
import { h } from "../dom";
import type { Words } from "../language";

export interface LineMark {
  readonly line: number;
  readonly column: number | null;
  readonly words: Words;
}

export const setMarks = StateEffect.define<readonly LineMark[]>();

class MarkGutter extends GutterMarker {
  override readonly elementClass = "cm-mark-gutter";
}
const GUTTER = new MarkGutter();

class MarkWords extends WidgetType {
  constructor(private readonly words: Words) {
    super();
  }
  override eq(other: MarkWords): boolean {
    return other.words === this.words;
  }
  override toDOM(): HTMLElement {
    return h("span", { class: "cm-mark-words" }, this.words);
  }
}

function decorations(doc: Text, marks: readonly LineMark[]): DecorationSet {
  const there = marks.filter(({ line }) => line >= 1 && line <= doc.lines);
  return Decoration.set(
    there.flatMap(({ line, column, words }) => {
      const { from, to } = doc.line(line);
      const found = [
        Decoration.line({ class: "cm-mark" }).range(from),
        Decoration.widget({ widget: new MarkWords(words), side: 2 }).range(to),
      ];
      const at = column === null ? to : from + column - 1;
      if (at < to) found.push(Decoration.mark({ class: "cm-mark-column" }).range(at, at + 1));
      return found;
    }),
    true,
  );
}

export const lineMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) return decorations(transaction.state.doc, effect.value);
    }
    if (!transaction.docChanged) return value;
    const touched = new Set<number>();
    transaction.changes.iterChangedRanges((_fromA, _toA, from, to) => {
      const { doc } = transaction.state;
      const last = doc.lineAt(to).number;
      for (let line = doc.lineAt(from).number; line <= last; line += 1) {
        touched.add(doc.line(line).from);
      }
    });
    const { doc } = transaction.state;
    return value
      .map(transaction.changes)
      .update({ filter: (from) => !touched.has(doc.lineAt(from).from) });
  },
  provide: (field) => [
    EditorView.decorations.from(field),
    gutterLineClass.from(field, (marks) => {
      const starts: number[] = [];
      for (const at = marks.iter(); at.value !== null; at.next()) {
        if (at.value.spec.class === "cm-mark") starts.push(at.from);
      }
      return RangeSet.of(starts.map((from) => GUTTER.range(from)));
    }),
  ],
});

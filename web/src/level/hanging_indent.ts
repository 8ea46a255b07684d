/** A line that is too long goes on below, further in than it began. */

import { RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

const STEP = 4;
const MOST = 8;
/** Classes and not styles: the page's policy allows no style attributes. */
const HANGING = Array.from({ length: MOST + 1 }, (_, steps) =>
  Decoration.line({ class: `cm-hang-${steps}` }),
);

/** By how many steps a line is indented. */
export function stepsOf(line: string): number {
  const spaces = /^ */.exec(line)?.[0].length ?? 0;
  return Math.min(MOST, Math.floor(spaces / STEP));
}

function decorations(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const { doc } = view.state;
  for (const { from, to } of view.visibleRanges) {
    const last = doc.lineAt(to).number;
    for (let number = doc.lineAt(from).number; number <= last; number += 1) {
      const line = doc.line(number);
      builder.add(line.from, line.from, HANGING[stepsOf(line.text)] as Decoration);
    }
  }
  return builder.finish();
}

export const hangingIndent = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorations(view);
    }
    update(update: ViewUpdate) {
      if (update.docChanged || update.viewportChanged) this.decorations = decorations(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

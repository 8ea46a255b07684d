/** Writes the shape of what each line computes at its end; pointing at one shows the values. */

import { StateEffect, StateField, type Text } from "@codemirror/state";
import {
  closeHoverTooltips,
  Decoration,
  type DecorationSet,
  EditorView,
  hoverTooltip,
  showTooltip,
  type Tooltip,
  WidgetType,
} from "@codemirror/view";
import { h } from "../dom";
import type { ShapeLineReply, ShapesReply, ShapeValueReply } from "../generated/api";
import { filled, same, say, type Words } from "../language";
import { WORDS } from "../page_texts";
import { matrix } from "../verdict/matrix";
import { written } from "../verdict/nested_arrays";

export const setShapes = StateEffect.define<ShapesReply>();
export const clearShapes = StateEffect.define<null>();
const openAt = StateEffect.define<number | null>();

class ShapeText extends WidgetType {
  constructor(
    readonly line: ShapeLineReply,
    readonly from: Words,
    private readonly isStale: boolean,
  ) {
    super();
  }
  override eq(other: ShapeText): boolean {
    return (
      other.isStale === this.isStale && JSON.stringify(other.line) === JSON.stringify(this.line)
    );
  }
  override toDOM(view: EditorView): HTMLElement {
    const { text, state, detail } = this.line;
    const element = h(
      "span",
      { class: `cm-shape cm-shape-${state}${this.isStale ? " cm-shape-stale" : ""}` },
      text,
      detail !== null && [" ", h("span", { class: "cm-shape-detail" }, detail)],
    );
    element.addEventListener("click", () => {
      const at = view.posAtDOM(element);
      view.dispatch({ effects: openAt.of(at) });
    });
    return element;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

interface Held {
  readonly shapes: DecorationSet;
  readonly all: ShapesReply | null;
}

function decorations(doc: Text, shapes: ShapesReply): DecorationSet {
  return Decoration.set(
    shapes.lines
      .filter(({ line }) => line >= 1 && line <= doc.lines)
      .map((line) =>
        Decoration.widget({ widget: new ShapeText(line, shapes.case, false), side: 1 }).range(
          doc.line(line.line).to,
        ),
      ),
    true,
  );
}

/** The same shapes, pale: the draft has a syntax error, and they are those of the draft before. */
function stale(held: DecorationSet): DecorationSet {
  const found = [];
  for (const at = held.iter(); at.value !== null; at.next()) {
    const { line, from } = at.value.spec.widget as ShapeText;
    found.push(
      Decoration.widget({ widget: new ShapeText(line, from, true), side: 1 }).range(at.from),
    );
  }
  return Decoration.set(found);
}

const field = StateField.define<Held>({
  create: () => ({ shapes: Decoration.none, all: null }),
  update(held, transaction) {
    let next = transaction.docChanged
      ? { ...held, shapes: atLineEnds(held.shapes.map(transaction.changes), transaction.state.doc) }
      : held;
    for (const effect of transaction.effects) {
      if (effect.is(clearShapes)) next = { shapes: Decoration.none, all: null };
      if (effect.is(setShapes)) {
        const isBroken = effect.value.lines.length === 0 && effect.value.stopped !== null;
        next = {
          all: effect.value,
          shapes: isBroken ? stale(next.shapes) : decorations(transaction.state.doc, effect.value),
        };
      }
    }
    return next;
  },
  provide: (own) => EditorView.decorations.from(own, (held) => held.shapes),
});

/** A shape stays at the end of its line while more is typed there, and leaves with its line. */
function atLineEnds(shapes: DecorationSet, doc: Text): DecorationSet {
  const found = [];
  const taken = new Set<number>();
  for (const at = shapes.iter(); at.value !== null; at.next()) {
    const { to } = doc.lineAt(at.from);
    if (!taken.has(to)) found.push(at.value.range(to));
    taken.add(to);
  }
  return Decoration.set(found, true);
}

const opened = StateField.define<Tooltip | null>({
  create: () => null,
  update(value, transaction) {
    let next = transaction.docChanged || transaction.selection ? null : value;
    for (const effect of transaction.effects) {
      if (effect.is(openAt)) {
        next =
          effect.value === null ? null : tooltipOf(transaction.state.field(field), effect.value);
      }
    }
    return next;
  },
  provide: (own) => showTooltip.from(own),
});

function shapeAt(held: Held, from: number, to: number): ShapeText | null {
  let found: ShapeText | null = null;
  held.shapes.between(from, to, (_from, _to, decoration) => {
    found = decoration.spec.widget as ShapeText;
    return false;
  });
  return found;
}

function tooltipOf(held: Held, at: number): Tooltip | null {
  const shape = shapeAt(held, at, at);
  return shape === null ? null : { pos: at, above: false, create: () => ({ dom: values(shape) }) };
}

/** The values of a line's arrays as small matrices. */
function values(shape: ShapeText): HTMLElement {
  const { advice, detail, values } = shape.line;
  const explanation = advice ?? detail;
  return h(
    "div",
    { class: "cm-shape-values" },
    explanation !== null && explanation !== undefined && h("p", { class: "advice" }, explanation),
    values.map(drawnValue),
    h("p", { class: "faint" }, filled(WORDS.shapesCase, { case: shape.from })),
  );
}

function drawnValue(value: ShapeValueReply): HTMLElement {
  return h(
    "div",
    { class: "shape-value" },
    matrix(same(value.name), value.values, { digits: 3 }),
    h(
      "p",
      { class: "faint" },
      `${written(value.shape)} ${value.dtype}`,
      value.cut && [" · ", WORDS.cut],
    ),
  );
}

const hovering = hoverTooltip(
  (view, at) => {
    const line = view.state.doc.lineAt(at);
    const shape = shapeAt(view.state.field(field), line.from, line.to);
    if (shape === null) return null;
    return { pos: line.to, above: false, create: () => ({ dom: values(shape) }) };
  },
  { hoverTime: 200 },
);

/** Opens the values of a line; what a screen reader says of them, or null if there are none. */
export function describeLine(view: EditorView, line: number): string | null {
  const { from, to } = view.state.doc.line(line);
  const shape = shapeAt(view.state.field(field), from, to);
  if (shape === null) return null;
  const isOpen = view.state.field(opened) !== null;
  view.dispatch({ effects: openAt.of(isOpen ? null : to) });
  const { text, detail, advice } = shape.line;
  return [text, detail && say(detail), advice && say(advice)].filter(Boolean).join(" ");
}

const closeByKey = EditorView.domEventHandlers({
  keydown(event, view) {
    if (event.key !== "Escape") return false;
    const isOpen = view.state.field(opened) !== null;
    view.dispatch({ effects: [openAt.of(null), closeHoverTooltips] });
    return isOpen;
  },
  blur(_event, view) {
    if (view.state.field(opened) !== null) view.dispatch({ effects: openAt.of(null) });
    return false;
  },
});

export const shapesExtension = [field, opened, hovering, closeByKey];

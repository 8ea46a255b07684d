/** The editor: CodeMirror with Python, the region between Begin and End, marks and shapes. */

import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  redo,
  undo,
} from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  LanguageSupport,
  syntaxHighlighting,
} from "@codemirror/language";
import { Compartment, EditorState, type Extension, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { isNarrow } from "../dom";
import type { ShapesReply } from "../generated/api";
import { onLanguage, say } from "../language";
import { WORDS } from "../page_texts";
import { hangingIndent } from "./hanging_indent";
import { type LineMark, lineMarks, setMarks } from "./line_marks";
import { regionExtension } from "./region_view";
import { clearShapes, describeLine, setShapes, shapesExtension } from "./shapes_view";

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly source: string;
  readonly nonce: string;
  readonly onChange: (source: string) => void;
  readonly onRun: () => void;
  readonly onInspect: (text: string | null, line: number) => void;
}

export interface Editor {
  readonly view: EditorView;
  source(): string;
  /** Replaces the text in one step that Undo takes back. */
  replace(source: string): void;
  mark(marks: readonly LineMark[]): void;
  showShapes(shapes: ShapesReply): void;
  clearShapes(): void;
  goTo(line: number, column: number | null): void;
  /** Puts the cursor at the end of a line and shows it, without taking the focus. */
  startAt(line: number): void;
  setVim(isOn: boolean): Promise<void>;
  focus(): void;
  undo(): void;
  redo(): void;
}

export function createEditor(options: EditorOptions): Editor {
  const vim = new Compartment();
  const labels = new Compartment();
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.source,
      extensions: [
        vim.of([]),
        Prec.high(keymap.of(ownKeys(options))),
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        basics(),
        labels.of(label()),
        EditorView.cspNonce.of(options.nonce),
        regionExtension,
        lineMarks,
        shapesExtension,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  onLanguage(() => view.dispatch({ effects: labels.reconfigure(label()) }));
  return {
    view,
    source: () => view.state.doc.toString(),
    replace(source) {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: source },
        selection: { anchor: Math.min(view.state.selection.main.head, source.length) },
        userEvent: "input.replace",
      });
    },
    mark(marks) {
      const { doc, selection } = view.state;
      const line = marks[0]?.line ?? 0;
      // The verdict takes room from the editor: what matters is to stay in sight.
      const at = line >= 1 && line <= doc.lines ? doc.line(line).from : selection.main.head;
      const show = EditorView.scrollIntoView(at, { y: "nearest", yMargin: 48 });
      // Below each other, it is the verdict that is to be seen.
      view.dispatch({ effects: isNarrow() ? setMarks.of(marks) : [setMarks.of(marks), show] });
    },
    showShapes(shapes) {
      view.dispatch({ effects: setShapes.of(shapes) });
    },
    clearShapes() {
      view.dispatch({ effects: clearShapes.of(null) });
    },
    goTo(line, column) {
      goTo(view, line, column);
    },
    startAt(line) {
      const { to } = view.state.doc.line(Math.min(line, view.state.doc.lines));
      view.dispatch({ selection: { anchor: to } });
      // Where the parts stand below each other, the page would scroll past the explanation.
      if (isNarrow()) return;
      view.dispatch({ effects: EditorView.scrollIntoView(to, { y: "center" }) });
    },
    async setVim(isOn) {
      const extension = isOn ? (await import("@replit/codemirror-vim")).vim({ status: true }) : [];
      view.dispatch({ effects: vim.reconfigure(extension) });
    },
    focus: () => view.focus(),
    undo: () => void undo(view),
    redo: () => void redo(view),
  };
}

function basics(): Extension[] {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    EditorView.lineWrapping,
    hangingIndent,
    EditorState.allowMultipleSelections.of(true),
    EditorState.tabSize.of(4),
    indentUnit.of("    "),
    indentOnInput(),
    bracketMatching(),
    new LanguageSupport(pythonLanguage),
    syntaxHighlighting(classHighlighter),
  ];
}

function label(): Extension {
  return EditorView.contentAttributes.of({
    "aria-label": say(WORDS.editorLabel),
    tabindex: "0",
    spellcheck: "false",
    autocorrect: "off",
    autocapitalize: "off",
    translate: "no",
  });
}

function ownKeys(options: EditorOptions) {
  return [
    {
      key: "Mod-Enter",
      preventDefault: true,
      run: () => {
        options.onRun();
        return true;
      },
    },
    {
      key: "Mod-i",
      preventDefault: true,
      run: (view: EditorView) => {
        const line = view.state.doc.lineAt(view.state.selection.main.head).number;
        options.onInspect(describeLine(view, line), line);
        return true;
      },
    },
    { key: "Mod-s", preventDefault: true, run: () => true },
  ];
}

function goTo(view: EditorView, line: number, column: number | null): void {
  const { doc } = view.state;
  if (line < 1 || line > doc.lines) return;
  const at = doc.line(line);
  const position = Math.min(at.from + Math.max(0, (column ?? 1) - 1), at.to);
  view.dispatch({
    selection: { anchor: position },
    effects: EditorView.scrollIntoView(position, { y: "center" }),
  });
  view.focus();
}

/** The course map: the levels as a network, each joined to those it needs. */

import { byId, type Child, entitle, fill, h, s } from "./dom";
import type { LevelSummaryReply, SessionReply } from "./generated/api";
import { icon } from "./icons";
import { filled, type Words } from "./language";
import { directNeeds, nextOpen, type Place, places } from "./map_layout";
import { network } from "./network";
import { WORDS } from "./page_texts";

interface Data {
  readonly session: SessionReply;
  readonly levels: readonly LevelSummaryReply[];
}

export function mapPage({ levels }: Data): void {
  entitle(WORDS.courseMap);
  const passed = levels.filter((level) => level.passed).length;
  const next = nextOpen(levels);
  const nodes = new Map<string, HTMLElement>();
  const placed = places(levels);
  const edges = s("svg", { class: "edges", "aria-hidden": "true" });
  const map = h(
    "div",
    { class: "map" },
    edges,
    h(
      "ol",
      { class: "levels" },
      placed.map((place, i) => {
        const node = levelNode(place, i + 1, levels, place.level === next);
        nodes.set(place.level.level, node);
        return node;
      }),
    ),
  );
  fill(
    byId("main"),
    h(
      "div",
      { class: "map-page" },
      h(
        "section",
        { class: "hero" },
        h("div", { class: "hero-picture" }, network([4, 6, 6, 5, 3], 440, 300, 34)),
        h("h1", {}, WORDS.mapTitle),
        h("p", { class: "lead" }, passed === levels.length ? WORDS.allPassed : WORDS.mapLead),
        h(
          "div",
          { class: "hero-actions" },
          next !== null &&
            h(
              "a",
              { class: "button primary large", href: `/levels/${next.level}` },
              passed === 0 && next.answers === 0 ? WORDS.begin : WORDS.goOn,
              icon("arrow"),
            ),
          progress(passed, levels.length),
        ),
      ),
      h("section", { "aria-label": WORDS.courseMap }, map),
    ),
  );
  const redraw = () => drawEdges(map, edges, levels, nodes);
  new ResizeObserver(redraw).observe(map);
  document.documentElement.dataset.ready = "";
}

function progress(passed: number, all: number): HTMLElement {
  return h(
    "p",
    { class: "progress" },
    h(
      "span",
      { class: "progress-dots", "aria-hidden": "true" },
      Array.from({ length: all }, (_, i) => h("i", { class: i < passed ? "done" : null })),
    ),
    filled(WORDS.progress, { passed, all }),
  );
}

function levelNode(
  { level, column, row }: Place,
  number: number,
  levels: readonly LevelSummaryReply[],
  isNext: boolean,
): HTMLElement {
  const state = level.passed ? "passed" : level.open ? "open" : "locked";
  const node = h(
    "li",
    { class: `level level-${state}${isNext ? " level-next" : ""}`, "data-level": level.level },
    h(
      "a",
      { href: `/levels/${level.level}`, class: "level-card" },
      h(
        "span",
        { class: "level-top" },
        h("span", { class: "level-number" }, filled(WORDS.levelNumber, { number })),
        stateMark(state),
      ),
      h("strong", { class: "level-title" }, level.title),
      h("span", { class: "level-summary" }, level.summary),
      h(
        "span",
        { class: "level-classes" },
        level.classes.map((name) => {
          const isDone = level.passed_classes.includes(name);
          return h(
            "span",
            { class: isDone ? "class-chip done" : "class-chip" },
            isDone && icon("tick"),
            h("code", {}, name),
            isDone && h("span", { class: "unseen" }, WORDS.passed),
          );
        }),
      ),
      needs(level, levels),
    ),
  );
  node.style.setProperty("--column", String(column + 1));
  node.style.setProperty("--row", String(row + 1));
  return node;
}

function stateMark(state: "passed" | "open" | "locked"): HTMLElement {
  const words = { passed: WORDS.passed, open: WORDS.open, locked: WORDS.locked }[state];
  const name = ({ passed: "tick", open: "run", locked: "lock" } as const)[state];
  return h("span", { class: `state state-${state}` }, icon(name), words);
}

function needs(level: LevelSummaryReply, levels: readonly LevelSummaryReply[]): Child {
  const direct = directNeeds(level, levels);
  const missing = levels.filter((one) => direct.includes(one.level) && !one.passed);
  if (missing.length === 0) return null;
  const listed: Words = {
    zh: missing.map((one) => one.title.zh).join("、"),
    en: missing.map((one) => one.title.en).join(", "),
  };
  return h("span", { class: "level-needs" }, filled(WORDS.needs, { levels: listed }));
}

/** Curves from each level to those that need it, between the cards wherever these stand. */
function drawEdges(
  map: HTMLElement,
  edges: SVGElement,
  levels: readonly LevelSummaryReply[],
  nodes: ReadonlyMap<string, HTMLElement>,
): void {
  const box = map.getBoundingClientRect();
  edges.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
  edges.setAttribute("width", String(box.width));
  edges.setAttribute("height", String(box.height));
  edges.replaceChildren();
  for (const level of levels) {
    for (const need of directNeeds(level, levels)) {
      const [from, to] = [nodes.get(need), nodes.get(level.level)];
      const source = levels.find((one) => one.level === need);
      if (from === undefined || to === undefined) continue;
      edges.append(
        s("path", {
          class: source?.passed ? "edge done" : "edge",
          d: curve(from.getBoundingClientRect(), to.getBoundingClientRect(), box),
        }),
      );
    }
  }
}

function curve(from: DOMRect, to: DOMRect, box: DOMRect): string {
  const isBeside = to.left > from.right;
  if (isBeside) {
    const [x1, y1] = [from.right - box.left, from.top + from.height / 2 - box.top];
    const [x2, y2] = [to.left - box.left, to.top + to.height / 2 - box.top];
    const bend = (x2 - x1) / 2;
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  const [x1, y1] = [from.left + 28 - box.left, from.bottom - box.top];
  const [x2, y2] = [to.left + 28 - box.left, to.top - box.top];
  if (y2 - y1 < 40) return `M${x1} ${y1}L${x2} ${y2}`;
  // Past the cards in between, in the margin.
  const aside = Math.max(2, x1 - 40);
  const middle = (y1 + y2) / 2;
  return `M${x1} ${y1}C${x1} ${y1 + 16} ${aside} ${y1 + 8} ${aside} ${middle}S${x2} ${y2 - 16} ${x2} ${y2}`;
}

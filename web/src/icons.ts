/** Icons, drawn on a 20 × 20 grid. They say nothing to a screen reader; words stand beside them. */

import { s } from "./dom";

const PATHS = {
  run: "M6 4l10 6-10 6z",
  tick: "M4 10.5l4 4 8-9",
  cross: "M5 5l10 10M15 5L5 15",
  lock: "M5 9h10v7H5zM7 9V6.500a3 3 0 0 1 6 0V9",
  sun: "M10 6.500a3.500 3.500 0 1 0 .01 0M10 1.500v2M10 16.500v2M1.500 10h2M16.500 10h2M4 4l1.400 1.400M14.600 14.600L16 16M16 4l-1.400 1.400M5.400 14.600L4 16",
  moon: "M15.500 12.500A6.500 6.500 0 0 1 7.500 4.200a6.500 6.500 0 1 0 8 8.300z",
  system: "M3 4h14v9.500H3zM7 17h6M10 13.500V17",
  map: "M4 10h3M13 5.500h3M13 14.500h3M7 10c3 0 3-4.500 6-4.500M7 10c3 0 3 4.500 6 4.500",
  history: "M4 10a6 6 0 1 0 2-4.500L4 7.500M4 3.500v4h4M10 7v3.500l2.500 1.500",
  reset: "M5 6h7a4 4 0 0 1 0 8.500H7M5 6l3-3M5 6l3 3",
  keyboard:
    "M2.500 5.500h15v9h-15zM5.500 8.500h.01M8.500 8.500h.01M11.500 8.500h.01M14.500 8.500h.01M6.500 11.500h7",
  bulb: "M7.500 14h5M8 17h4M10 2.500a5 5 0 0 0-2.500 9.300V14h5v-2.200A5 5 0 0 0 10 2.500z",
  arrow: "M4 10h12M11 5l5 5-5 5",
  close: "M5 5l10 10M15 5L5 15",
  warning: "M10 3l7.500 13.500h-15zM10 8v4M10 14.300v.01",
  copy: "M7 7h9v9H7zM4 13V4h9",
  people:
    "M7.500 9.500a2.500 2.500 0 1 0-.01 0M2.500 16c0-3 2-4.500 5-4.500s5 1.500 5 4.500M13 4.500a2.500 2.500 0 0 1 0 5M14.500 11.700c2 .5 3 2 3 4.300",
  more: "M5 10h.01M10 10h.01M15 10h.01",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGElement {
  return s(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" },
    s("path", { d: PATHS[name] }),
  );
}

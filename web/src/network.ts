/** A small network, drawn: the styles light it from the right to the left, as a gradient goes. */

import { s } from "./dom";

export function network(
  layers: readonly number[],
  width: number,
  height: number,
  spacing: number,
): SVGElement {
  const radius = spacing * 0.3;
  const margin = radius + 4;
  const x = (layer: number) => margin + (layer * (width - 2 * margin)) / (layers.length - 1);
  const y = (layer: number, node: number) =>
    height / 2 + (node - ((layers[layer] ?? 1) - 1) / 2) * spacing;
  const edges: SVGElement[] = [];
  const nodes: SVGElement[] = [];
  layers.forEach((count, layer) => {
    const step = `step-${layers.length - 1 - layer}`;
    for (let node = 0; node < count; node += 1) {
      const place = { cx: x(layer), cy: y(layer, node), r: radius };
      nodes.push(s("circle", { class: `node ${step}`, ...place }));
      for (let to = 0; to < (layers[layer + 1] ?? 0); to += 1) {
        const d = `M${x(layer + 1)} ${y(layer + 1, to)}L${x(layer)} ${y(layer, node)}`;
        edges.push(s("path", { class: `edge ${step}`, d, pathLength: 1 }));
      }
    }
  });
  return s(
    "svg",
    { class: "network", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
    edges,
    nodes,
  );
}

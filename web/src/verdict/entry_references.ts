/**
 * Reads a line such as `db[0] = dout[0,0] + dout[1,0] = 6 + 7 = 13`: which entries it speaks of.
 *
 * The entry on the left is worked out; the others are what it is worked out from.
 */

export interface Entry {
  readonly array: string;
  readonly index: readonly number[];
}

export type Piece = { readonly text: string; readonly entry: Entry | null };

const ENTRY = /([A-Za-z_][\w.]*)\[(\d+(?:\s*,\s*\d+)*),?\]/g;

/** The line cut into entries and what stands between them. */
export function pieces(line: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of line.matchAll(ENTRY)) {
    if (match.index > from) found.push({ text: line.slice(from, match.index), entry: null });
    const index = (match[2] ?? "").split(",").map((number) => Number(number.trim()));
    found.push({ text: match[0], entry: { array: match[1] ?? "", index } });
    from = match.index + match[0].length;
  }
  if (from < line.length) found.push({ text: line.slice(from), entry: null });
  return found;
}

/** A name for an entry, the same for the same entry. */
export function key(entry: Entry): string {
  return `${entry.array}[${entry.index.join(",")}]`;
}

/** The entry that is worked out, if the line begins with one. */
export function target(line: string): Entry | null {
  const found = pieces(line);
  // "x[0,0] = -2 ≤ 0:  dx[0,0] = …": what is worked out follows the colon, if there is one
  const colon = found.findIndex((piece) => piece.entry === null && piece.text.includes(":"));
  return found[colon + 1]?.entry ?? null;
}

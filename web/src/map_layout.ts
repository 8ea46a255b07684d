/** Where each level stands on the map: as far from the start as its longest chain of needs. */

import type { LevelSummaryReply } from "./generated/api";

export interface Place {
  readonly level: LevelSummaryReply;
  readonly column: number;
  readonly row: number;
}

type Placed = Pick<LevelSummaryReply, "level" | "needs">;

/** The column of each level by name; needs that are not there, or go in a ring, count for nothing. */
export function columns(levels: readonly Placed[]): Map<string, number> {
  const byName = new Map(levels.map((level) => [level.level, level]));
  const found = new Map<string, number>();
  const columnOf = (name: string, onTheWay: ReadonlySet<string>): number => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const level = byName.get(name);
    if (level === undefined || onTheWay.has(name)) return -1;
    const way = new Set([...onTheWay, name]);
    const column = 1 + Math.max(-1, ...level.needs.map((need) => columnOf(need, way)));
    found.set(name, column);
    return column;
  };
  for (const level of levels) columnOf(level.level, new Set());
  return found;
}

/** The needs of a level that no other of its needs has already: what the map joins it to. */
export function directNeeds(level: Placed, levels: readonly Placed[]): string[] {
  const byName = new Map(levels.map((one) => [one.level, one]));
  const above = (name: string, seen = new Set<string>()): Set<string> => {
    for (const need of byName.get(name)?.needs ?? []) {
      if (!seen.has(need)) above(need, seen.add(need));
    }
    return seen;
  };
  return level.needs.filter(
    (need) => !level.needs.some((other) => other !== need && above(other).has(need)),
  );
}

export function places(levels: readonly LevelSummaryReply[]): Place[] {
  const column = columns(levels);
  const taken = new Map<number, number>();
  return levels.map((level) => {
    const at = column.get(level.level) ?? 0;
    const row = taken.get(at) ?? 0;
    taken.set(at, row + 1);
    return { level, column: at, row };
  });
}

/** The level to go on with: the first that is open and not passed. */
export function nextOpen(levels: readonly LevelSummaryReply[]): LevelSummaryReply | null {
  return levels.find((level) => level.open && !level.passed) ?? null;
}

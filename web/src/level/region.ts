/** The lines between Begin and End: where the learner writes. Lines count from 1. */

const MARKER = /^\s*#[\s#*\-=]*(begin|end)[\s#*\-=]*$/i;

export interface Region {
  /** The line of the Begin marker, and of the End marker. */
  readonly begin: number;
  readonly end: number;
}

export function regions(lines: readonly string[]): Region[] {
  const found: Region[] = [];
  let begin: number | null = null;
  lines.forEach((line, index) => {
    const marker = MARKER.exec(line)?.[1]?.toLowerCase();
    if (marker === "begin") begin = index + 1;
    else if (marker === "end" && begin !== null) {
      found.push({ begin, end: index + 1 });
      begin = null;
    }
  });
  return found;
}

/** Whether nothing stands in a region. */
export function isEmpty(region: Region, lines: readonly string[]): boolean {
  return lines.slice(region.begin, region.end - 1).every((line) => line.trim() === "");
}

/** Where the cursor starts: the end of the first empty region's first line, or of the first region. */
export function startingLine(lines: readonly string[]): number {
  const found = regions(lines);
  const chosen = found.find((region) => isEmpty(region, lines)) ?? found[0];
  return chosen === undefined ? 1 : Math.min(chosen.begin + 1, lines.length);
}

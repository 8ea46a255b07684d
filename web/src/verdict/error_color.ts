/** How strongly an entry of an error map is coloured: by orders of magnitude, from the tolerance up. */

const TOLERANCE = 1e-5;

/** 0 where the entry is right, else from 0.25 (just wrong) to 1 (the largest of the map, or 1 and more). */
export function heat(error: number, largest: number): number {
  if (error <= TOLERANCE) return 0;
  const top = Math.log10(Math.max(largest, TOLERANCE * 10) / TOLERANCE);
  return 0.25 + 0.75 * Math.min(1, Math.log10(error / TOLERANCE) / top);
}

/** The largest finite error of a map. */
export function largest(map: readonly (readonly (number | null)[])[]): number {
  return Math.max(0, ...map.flat().filter((error): error is number => error !== null));
}

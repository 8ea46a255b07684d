/** The difference of two texts, line by line: the longest common subsequence. */

export interface DifferenceLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
}

const LARGEST = 2000;

export function difference(before: string, after: string): DifferenceLine[] {
  const a = before.split("\n");
  const b = after.split("\n");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  ) {
    tail += 1;
  }
  const result: DifferenceLine[] = [];
  const same = (i: number, j: number) =>
    result.push({ kind: "same", text: a[i] ?? "", before: i + 1, after: j + 1 });
  for (let i = 0; i < head; i += 1) same(i, i);
  middle(a, b, head, a.length - tail, b.length - tail, result);
  for (let i = tail; i > 0; i -= 1) same(a.length - i, b.length - i);
  return result;
}

function middle(
  a: readonly string[],
  b: readonly string[],
  from: number,
  aEnd: number,
  bEnd: number,
  result: DifferenceLine[],
): void {
  const rows = aEnd - from;
  const columns = bEnd - from;
  const removed = (i: number) =>
    result.push({ kind: "removed", text: a[i] ?? "", before: i + 1, after: null });
  const added = (j: number) =>
    result.push({ kind: "added", text: b[j] ?? "", before: null, after: j + 1 });
  if (rows * columns > LARGEST * LARGEST) {
    for (let i = from; i < aEnd; i += 1) removed(i);
    for (let j = from; j < bEnd; j += 1) added(j);
    return;
  }
  const width = columns + 1;
  const common = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      const isSame = a[from + i] === b[from + j];
      common[i * width + j] = isSame
        ? (common[(i + 1) * width + j + 1] ?? 0) + 1
        : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  let i = 0;
  let j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && a[from + i] === b[from + j]) {
      result.push({
        kind: "same",
        text: a[from + i] ?? "",
        before: from + i + 1,
        after: from + j + 1,
      });
      i += 1;
      j += 1;
    } else if (
      i < rows &&
      (j >= columns || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      removed(from + i);
      i += 1;
    } else {
      added(from + j);
      j += 1;
    }
  }
}

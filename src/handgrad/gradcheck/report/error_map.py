"""A map of the wrong entries of an array: a matrix of cells, each for a block of entries."""

from __future__ import annotations

import math
from dataclasses import dataclass

from handgrad.gradcheck.findings import ArrayReport, WrongEntry

MOST_ROWS = 32
MOST_COLUMNS = 64
SHADES = 4
"""The number of shades; each stands for two powers of ten of the error."""


@dataclass(frozen=True)
class Cell:
    """One block of entries with a wrong entry.

    Attributes:
        row: of the map.
        column: of the map.
        shade: from 1 (an error of at most 1e-6 of the largest entry) to `SHADES`.
        worst: the entry with the largest error.
        count: the number of wrong entries in the block.
    """

    row: int
    column: int
    shade: int
    worst: WrongEntry
    count: int


@dataclass(frozen=True)
class WrongEntryMap:
    """The map of one array, with its leading axes folded into rows.

    Attributes:
        rows: of the map.
        columns: of the map.
        block: the size of a cell in entries, down and across.
        last: the index of the last entry, down and across.
        cells: the cells with a wrong entry; in all others none was located.
    """

    rows: int
    columns: int
    block: tuple[int, int]
    last: tuple[int, int]
    cells: tuple[Cell, ...]


def error_map(array: ArrayReport) -> WrongEntryMap | None:
    """The map of an array's wrong entries; None if none was located.

    >>> from handgrad.gradcheck.findings import ArrayReport, WrongEntry
    >>> entry = WrongEntry((2, 70), 1.0, 2.0, 1e-9)
    >>> report = ArrayReport("dW", "W", (3, 100), "wrong", "affine", wrong_entries=(entry,))
    >>> found = error_map(report)
    >>> found.rows, found.columns, found.block, (found.cells[0].row, found.cells[0].column)
    (3, 50, (1, 2), (2, 35))
    """
    if not array.wrong_entries or 0 in array.shape:
        return None
    height, width = math.prod(array.shape[:-1]), array.shape[-1] if array.shape else 1
    down, across = math.ceil(height / MOST_ROWS), math.ceil(width / MOST_COLUMNS)
    largest = max((_size(entry) for entry in array.wrong_entries), default=0.0) or 1.0
    blocks: dict[tuple[int, int], list[WrongEntry]] = {}
    for entry in array.wrong_entries:
        row, column = _folded(entry.index, array.shape)
        blocks.setdefault((row // down, column // across), []).append(entry)
    cells = []
    for (row, column), entries in sorted(blocks.items()):
        worst = max(entries, key=_error)
        cells.append(Cell(row, column, _shade(_error(worst) / largest), worst, len(entries)))
    return WrongEntryMap(
        math.ceil(height / down),
        math.ceil(width / across),
        (down, across),
        (height - 1, width - 1),
        tuple(cells),
    )


def _folded(index: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, int]:
    row = 0
    for position, size in zip(index[:-1], shape[:-1], strict=True):
        row = row * size + position
    return row, index[-1] if index else 0


def _size(entry: WrongEntry) -> float:
    sizes = [abs(v) for v in (entry.received, entry.expected) if math.isfinite(v)]
    return max(sizes, default=0.0)


def _error(entry: WrongEntry) -> float:
    off = abs(entry.received - entry.expected)
    return off if math.isfinite(off) else math.inf


def _shade(relative: float) -> int:
    """Two powers of ten per shade, up to an error as large as the largest entry."""
    if relative >= 1:
        return SHADES
    steps = int(-math.log10(relative) // 2) if relative > 0 else SHADES
    return max(1, SHADES - steps)


def map_lines(array: ArrayReport) -> list[str]:
    r"""The map as text, for a terminal.

    >>> from handgrad.gradcheck.findings import ArrayReport, WrongEntry
    >>> entries = (WrongEntry((0, 1), 1.0, 2.0, 0.0), WrongEntry((1, 2), 1.0, 1.0001, 0.0))
    >>> report = ArrayReport("dW", "W", (2, 3), "wrong", "affine", wrong_entries=entries)
    >>> print(*map_lines(report), sep="\n")
    · █ ·
    · · ▒
    """
    found = error_map(array)
    if found is None:
        return []
    marks = {(cell.row, cell.column): "·░▒▓█"[cell.shade] for cell in found.cells}
    return [
        " ".join(marks.get((row, column), "·") for column in range(found.columns))
        for row in range(found.rows)
    ]

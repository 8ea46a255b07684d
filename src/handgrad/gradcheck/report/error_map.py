"""Where an array is wrong, as a picture: a matrix of cells, each a block of entries."""

from __future__ import annotations

import math
from dataclasses import dataclass

from handgrad.gradcheck.findings import ArrayReport, WrongEntry

MOST_ROWS = 32
MOST_COLUMNS = 64
SHADES = 4
"""How many sizes of error are told apart: each two powers of ten."""


@dataclass(frozen=True)
class Cell:
    """One block of entries in which some are wrong.

    Attributes:
        row: of the map.
        column: of the map.
        shade: 1 (an error of 1e-6 of the largest, or less) to `SHADES` (as large as the largest).
        worst: the entry that is furthest off.
        count: how many wrong entries were located in the block.
    """

    row: int
    column: int
    shade: int
    worst: WrongEntry
    count: int


@dataclass(frozen=True)
class WrongEntryMap:
    """The map of one array, its leading axes folded into rows.

    Attributes:
        rows: of the map.
        columns: of the map.
        block: entries of a cell, down and across.
        last: the index of the last entry, down and across.
        cells: those that hold a wrong entry; all others hold none that was located.
    """

    rows: int
    columns: int
    block: tuple[int, int]
    last: tuple[int, int]
    cells: tuple[Cell, ...]


def error_map(array: ArrayReport) -> WrongEntryMap | None:
    """The map of an array's wrong entries; None where none was located.

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
    """Two powers of ten a shade, up to an error as large as the largest entry."""
    if relative >= 1:
        return SHADES
    steps = int(-math.log10(relative) // 2) if relative > 0 else SHADES
    return max(1, SHADES - steps)


def map_lines(array: ArrayReport) -> list[str]:
    r"""The map in characters, for a terminal.

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

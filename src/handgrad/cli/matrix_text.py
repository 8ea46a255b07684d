"""Small arrays as text, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.cells import cell_len

GAP = 3


def matrix_lines(arrays: Mapping[str, Any], width: int) -> Iterator[str]:
    """Lines with named arrays (numbers or nested lists), as many side by side as the width allows.

    >>> for line in matrix_lines({"x": [[1, -2], [3, 4]], "b": [5]}, 40):
    ...     print(line)
    x = [ 1  -2 ]   b = [ 5 ]
        [ 3   4 ]
    """
    row: list[list[str]] = []
    for block in (_block(name, value) for name, value in arrays.items()):
        if row and sum(_width(one) + GAP for one in row) + _width(block) > width:
            yield from _side_by_side(row)
            row = []
        row.append(block)
    if row:
        yield from _side_by_side(row)


def _block(name: str, value: Any) -> list[str]:
    head = f"{name} = "
    if not isinstance(value, list):
        return [f"{head}{'—' if value is None else value}"]
    rows = list(_rows(value))
    if not any(rows):
        return [f"{head}{value}"]
    columns = max(len(row) for row in rows)
    widths = [max((len(row[c]) for row in rows if c < len(row)), default=0) for c in range(columns)]
    lines = []
    for row in rows:
        cells = "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=False))
        lines.append(f"[ {cells} ]" if row else "")
    return [(head if i == 0 else " " * cell_len(head)) + line for i, line in enumerate(lines)]


def _rows(value: list[Any]) -> Iterator[list[str]]:
    """The rows of a matrix; of more axes, one matrix below the other with a line between."""
    if not value or not isinstance(value[0], list):
        yield [str(one) for one in value]
    elif value[0] and isinstance(value[0][0], list):
        for i, one in enumerate(value):
            if i:
                yield []
            yield from _rows(one)
    else:
        for row in value:
            yield [str(one) for one in row]


def _width(block: Iterable[str]) -> int:
    return max(cell_len(line) for line in block)


def _side_by_side(blocks: list[list[str]]) -> Iterator[str]:
    widths = [_width(block) for block in blocks]
    for i in range(max(map(len, blocks))):
        cells = ((block[i] if i < len(block) else "") for block in blocks)
        yield "".join(
            cell + " " * (width - cell_len(cell) + GAP)
            for cell, width in zip(cells, widths, strict=True)
        ).rstrip()


def shape_of(value: Any) -> tuple[int, ...]:
    """The shape of nested lists.

    >>> shape_of([[1], [2]]), shape_of(3)
    ((2, 1), ())
    """
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        value = value[0] if value else None
    return tuple(shape)

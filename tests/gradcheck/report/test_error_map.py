from __future__ import annotations

import numpy as np
import pytest

from handgrad.gradcheck.findings import ArrayReport, WrongEntry
from handgrad.gradcheck.report.error_map import MOST_COLUMNS, MOST_ROWS, error_map, map_lines


def report(shape, entries):
    return ArrayReport("dW", "W", shape, "wrong", "affine", wrong_entries=tuple(entries))


@pytest.mark.parametrize("shape", [(), (7,), (4, 5), (2, 3, 4), (700, 3), (3, 700), (129, 33, 5)])
def test_every_entry_has_its_cell(rng, shape):
    index = tuple(int(rng.integers(n)) for n in shape)
    found = error_map(report(shape, [WrongEntry(index, 1.0, 2.0, 0.0)]))
    assert found.rows <= MOST_ROWS
    assert found.columns <= MOST_COLUMNS
    flat = int(np.ravel_multi_index(index, shape)) if shape else 0
    row, column = divmod(flat, shape[-1] if shape else 1)
    (cell,) = found.cells
    assert (cell.row, cell.column) == (row // found.block[0], column // found.block[1])
    assert len(map_lines(report(shape, [WrongEntry(index, 1.0, 2.0, 0.0)]))) == found.rows


def test_a_cell_shows_its_worst_entry():
    entries = [WrongEntry((0, i), 0.0, 10.0**-i, 0.0) for i in range(4)]
    found = error_map(report((1, 4 * MOST_COLUMNS), entries))
    (cell,) = found.cells
    assert cell.count == 4
    assert cell.worst is entries[0]


def test_what_is_not_finite_is_as_wrong_as_can_be():
    entries = [WrongEntry((0,), float("nan"), 1.0, 0.0), WrongEntry((2,), 1.0, 1.0 + 1e-9, 0.0)]
    assert map_lines(report((3,), entries)) == ["█ · ░"]


def test_no_entry_no_map():
    assert error_map(report((3,), [])) is None
    assert map_lines(report((0, 3), [WrongEntry((0, 0), 1.0, 2.0, 0.0)])) == []

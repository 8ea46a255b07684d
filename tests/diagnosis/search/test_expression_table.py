"""A table holds every short expression once, with its value."""

from __future__ import annotations

import numpy as np

from handgrad.diagnosis.search import ExpressionTable
from handgrad.diagnosis.search.expression_table import MOST_EXPRESSIONS


def written(table, shape):
    return {str(one) for one in table.by_shape[shape].expressions}


def test_products_and_sums_of_matrices(rng):
    arrays = {
        "x": rng.normal(size=(2, 3)),
        "W": rng.normal(size=(3, 4)),
        "dout": rng.normal(size=(2, 4)),
    }
    table = ExpressionTable(arrays, entry_by_entry=False)
    assert {"x", "dout @ W.T"} <= written(table, (2, 3))
    assert {"W", "x.T @ dout"} <= written(table, (3, 4))
    assert {"dout.sum(axis=0)", "dout[0]"} <= written(table, (4,))


def test_formulas_of_entries(rng):
    arrays = {name: rng.normal(size=(2, 3)) for name in ("x", "dout", "out")}
    table = ExpressionTable(arrays, entry_by_entry=True)
    dout, out = arrays["dout"], arrays["out"]
    for value in (dout * out, dout * out * (1 - out), np.maximum(dout, out), 1 - out):
        rows = np.abs(table.by_shape[2, 3].values - value.ravel()).max(axis=1)
        assert rows.min() < 1e-12


def test_every_row_is_its_expressions_value(rng):
    arrays = {name: rng.normal(size=(2, 3)) for name in ("x", "dout", "out")}
    for table in (ExpressionTable(arrays, entry_by_entry=yes) for yes in (True, False)):
        assert 50 < sum(len(some.rows) for some in table.by_shape.values()) <= MOST_EXPRESSIONS
        for shape, same_shape in table.by_shape.items():
            assert len(same_shape.values) == len(same_shape.expressions)
            for row in rng.integers(len(same_shape.rows), size=20):
                value = same_shape.expressions[row].value(arrays)
                np.testing.assert_allclose(np.ravel(value), same_shape.values[row], rtol=1e-9)
                assert value.shape == shape


def test_equal_values_are_kept_once_under_the_shortest_name(rng):
    x = rng.normal(size=(2, 3))
    table = ExpressionTable({"x": x, "copy": x.copy()}, entry_by_entry=True)
    row = table.by_shape[2, 3]
    assert str(row.expressions[0]) == "x"
    assert "copy" not in map(str, row.expressions)
    assert "copy" in {str(one) for one in row.written(0)}


def test_zeros_and_infinities_are_left_out():
    table = ExpressionTable(
        {"x": np.zeros((2, 2)), "y": np.full((2, 2), np.inf)}, entry_by_entry=True
    )
    for same_shape in table.by_shape.values():
        assert np.isfinite(same_shape.values).all()
        assert np.abs(same_shape.values).max(axis=1).all()

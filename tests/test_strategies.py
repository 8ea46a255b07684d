from __future__ import annotations

import numpy as np
from hypothesis import find, given, settings
from hypothesis import strategies as st

from handgrad.strategies import inputs, layouts, shapes, sizes

LAYER = {"x": "B N", "W": "N M", "b": "M"}


@settings(max_examples=50, deadline=None)
@given(shapes(LAYER))
def test_axes_of_one_name_have_one_length(drawn):
    assert drawn["x"][1] == drawn["W"][0]
    assert drawn["W"][1] == drawn["b"][0]


@settings(max_examples=50, deadline=None)
@given(shapes({"x": "B B B 3"}, most_entries=100_000))
def test_no_array_grows_without_end(drawn):
    assert np.prod(drawn["x"]) <= 100_000
    assert drawn["x"][3] == 3


def test_sizes_reach_the_edges_of_tiles_and_nothing():
    for wanted in (1, 31, 33, 127, 129):
        assert find(sizes(), lambda size, wanted=wanted: size == wanted) == wanted
    assert find(sizes(empty=True), lambda size: size == 0) == 0
    assert find(sizes(edges=False), lambda _: True) == 2


@settings(max_examples=50, deadline=None)
@given(inputs(LAYER, dtype=np.float32, laid=True, size=st.integers(0, 6)))
def test_arrays_of_every_layout_have_the_dtype_and_no_nan(arrays):
    for array in arrays.values():
        assert array.dtype == np.float32
        assert np.isfinite(array).all()


def test_a_layout_is_found():
    assert find(layouts(), lambda layout: layout.name == "sliding-window").keeps_values is False
    found = find(inputs({"x": "B N"}, laid=True), lambda a: not a["x"].flags.c_contiguous)
    assert found["x"].shape == (2, 2)

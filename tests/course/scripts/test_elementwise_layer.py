from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from support.running import arrays

from handgrad.course.random_arrays import values
from handgrad.course.scripts import elementwise_layer
from handgrad.diagnosis.case import Case
from handgrad.layers import Relu

KINDS = {
    "different-sizes": 3,
    "batch-of-one": 1,
    "batch-equals-inputs": 1,
    "one-axis": 2,
    "three-axes": 1,
    "four-axes": 1,
    "strided-dout": 1,
    "column-major-dout": 1,
    "strided-x": 1,
    "reversed-x": 1,
    "zeros": 1,
    "all-positive": 1,
    "near-zero": 1,
    "far-from-zero": 1,
    "second-call": 1,
    "second-call-same-size": 1,
    "two-instances": 1,
    "extremes": 1,
    "second-backward": 1,
}
AXES = {"one-axis": 1, "three-axes": 3, "four-axes": 4}


@pytest.fixture
def drawn(rng: np.random.Generator) -> list[Case]:
    return elementwise_layer("Relu", rng)


def only(cases: list[Case], kind: str) -> Case:
    [case] = [case for case in cases if case.kind == kind]
    return case


def test_every_kind_is_there(drawn: list[Case]) -> None:
    kinds = [case.kind for case in drawn]
    assert {kind: kinds.count(kind) for kind in kinds} == KINDS


def test_x_and_dout_have_one_shape_with_as_many_axes_as_the_kind_says(drawn: list[Case]) -> None:
    for case in drawn:
        x, dout = case.inputs["x"], case.inputs["dout"]
        assert x.shape == dout.shape
        assert x.ndim == AXES.get(case.kind, 2)


def test_sizes_differ_but_where_the_kind_says_otherwise(drawn: list[Case]) -> None:
    for case in drawn:
        shape = case.inputs["x"].shape
        if case.kind == "batch-of-one":
            assert shape[0] == 1 < shape[1]
        elif case.kind == "batch-equals-inputs":
            assert shape[0] == shape[1] > 1
        elif case.kind != "four-axes":
            assert len(set(shape)) == len(shape)
            assert min(shape) > 1


def test_what_is_drawn_is_the_levels_choice(rng: np.random.Generator) -> None:
    large = partial(values, scale=10.0)
    for case in elementwise_layer("Relu", rng, large, partial(values, scale=100.0)):
        if case.kind not in ("zeros", "near-zero", "far-from-zero", "extremes"):
            assert 5 <= np.abs(case.inputs["x"]).min() <= np.abs(case.inputs["x"]).max() <= 15
        assert np.abs(case.inputs["dout"]).min() >= 50


def test_zeros_are_of_both_signs_and_let_no_gradient_through(drawn: list[Case]) -> None:
    case = only(drawn, "zeros")
    x = case.inputs["x"]
    zeros = x == 0
    assert np.signbit(x[zeros]).any()
    assert not np.signbit(x[zeros]).all()
    assert zeros.sum() < x.size / 2
    dx = arrays(case, {"Relu": Relu})["dx"]
    assert not dx[zeros].any()
    assert dx[x > 0].all()


def test_extremes_reach_a_thousand_and_can_only_warn(drawn: list[Case]) -> None:
    case = only(drawn, "extremes")
    x = case.inputs["x"]
    assert x.max() == 1000.0
    assert x.min() == -1000.0
    assert np.abs(x).min() >= 1.0
    assert case.warning == "not-finite-at-extremes"
    assert {c.kind for c in drawn if c.warning} == {"extremes", "second-backward"}


def test_layouts_are_what_the_kind_says(drawn: list[Case]) -> None:
    for kind, name in (("strided-dout", "dout"), ("strided-x", "x")):
        array = only(drawn, kind).inputs[name]
        assert not array.flags.c_contiguous
        assert not array.flags.f_contiguous
    assert only(drawn, "column-major-dout").inputs["dout"].flags.f_contiguous
    assert only(drawn, "reversed-x").inputs["x"].strides[0] < 0


def test_companions_are_what_they_are_called(drawn: list[Case]) -> None:
    for case in drawn:
        got = arrays(case, {"Relu": Relu})
        for name, [companion] in case.companions.items():
            suffix = companion.removeprefix(name)
            apart = Relu()
            y = apart.forward(case.inputs[f"x{suffix}"])
            dx = apart.backward(case.inputs[f"dout{suffix}"])
            np.testing.assert_array_equal(got[companion], {"y": y, "dx": dx}[name])
    assert [case.kind for case in drawn if case.companions] == [
        "second-call",
        "second-call-same-size",
        "two-instances",
    ]


def test_near_zero_there_are_values_of_every_size_on_both_sides(drawn: list[Case]) -> None:
    x = only(drawn, "near-zero").inputs["x"]
    for side in (x[x > 0], -x[x < 0]):
        assert 1e-4 <= side.min() < 0.1
        assert 0.01 < side.max() <= 1  # each of some twenty is above it as often as not


def test_all_positive_has_no_closed_gate(drawn: list[Case]) -> None:
    assert only(drawn, "all-positive").inputs["x"].min() > 0


def test_far_from_zero_reaches_both_ends(drawn: list[Case]) -> None:
    x = only(drawn, "far-from-zero").inputs["x"]
    assert (x.max(), x.min()) == (9, -9)
    assert np.abs(x).min() >= 1

"""A counterexample says its sizes, its arrays, and what was modified; nothing expected when graded."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from support.made_trials import an_error, made_arrays, made_trial

from handgrad.diagnosis.counterexample.counterexample import (
    Counterexample,
    as_plain,
    layout_of,
    steps_of,
)


def counterexample(expected, received, **case):
    trial = made_trial(1, expected, received, **case)
    return Counterexample(trial, tuple(one for one in made_arrays(trial) if one.is_wrong))


@pytest.mark.parametrize(
    ("inputs", "sizes"),
    [
        ({"x": np.ones((3, 2))}, {"B": 3, "N": 2}),
        ({"x": np.ones((3, 2, 4))}, {"B": 3, "N": 8}),
        ({"x": np.ones((3, 2)), "W": np.ones((2, 5))}, {"B": 3, "N": 2, "M": 5}),
        (
            {"x": np.ones((3, 2)), "W1": np.ones((2, 5)), "W2": np.ones((5, 4))},
            {"B": 3, "N": 2, "M": 4},
        ),
    ],
)
def test_its_sizes(inputs, sizes):
    assert counterexample({}, {}, inputs=inputs).sizes == sizes


def test_wrong_arrays_as_plain_numbers():
    one = counterexample(
        {"db": np.array([7.0]), "dx": np.ones(2)},
        {"db": np.array([[3], [4]]), "dx": np.ones(2)},
        inputs={"x": np.array([[1.0], [2.0]])},
    )
    fields = one.fields()
    assert fields.inputs == {"x": [[1], [2]]}
    assert fields.received == {"db": [[3], [4]]}
    assert fields.expected == {"db": [7]}
    assert fields.dtypes == {"db": "int64"}
    assert one.fields(graded=True).expected is None


def test_enough_digits_to_see_the_difference():
    one = counterexample(
        {"y": np.array([1.0])}, {"y": np.array([1.00002])}, inputs={"x": np.ones(1)}
    )
    tiny = counterexample(
        {"y": np.array([1000.0])}, {"y": np.array([1000.00002])}, inputs={"x": np.ones(1)}
    )
    for shown in (one.fields(), tiny.fields()):
        assert shown.received != shown.expected


@pytest.mark.parametrize(
    ("received", "shown"),
    [({}, None), ({"y": np.ones((9, 9))}, "array of shape (9, 9)")],
)
def test_what_is_shown_instead_of_numbers(received, shown):
    one = counterexample({"y": np.ones(2)}, received, inputs={"x": np.ones(2)})
    assert one.fields().received == {"y": shown}


def test_an_exception_is_shown_in_a_line():
    raised = an_error(type_name="ValueError", message="x" * 500)
    shown = counterexample({}, {}, inputs={"x": np.ones(2)}, raised=raised).fields().raised
    assert shown.startswith("ValueError: x")
    assert len(shown) == 300


def test_what_was_modified_is_shown_as_it_is_afterwards(rng):
    x, W = rng.normal(size=(2, 3))
    trial = made_trial(
        1, {}, {"W_before": W, "W_after": W + 1},
        inputs={"x": x, "W": W, "dout": x},
        guarded={"x": "input-changed", "dout": "dout-changed"}, kept={"W_after": "W_before"},
    )  # fmt: skip
    after = {"x": x + 1, "dout": x + 1}
    trial = dataclasses.replace(
        trial, observed=dataclasses.replace(trial.observed, inputs_after=after)
    )
    changed = Counterexample(trial, ()).changed
    assert list(changed) == ["x", "W"]  # a warning is none
    np.testing.assert_array_equal(changed["x"], x + 1)
    np.testing.assert_array_equal(changed["W"], W + 1)


def test_how_an_array_lies_in_memory():
    matrix = np.ones((4, 6))
    layouts = [matrix, matrix.T, matrix[:, ::2], matrix[::-1], 3.0]
    assert [layout_of(one) for one in layouts] == [
        None, "column-major", "strided", "reversed", None,
    ]  # fmt: skip
    one = counterexample({}, {}, inputs={"x": matrix.T, "W": matrix})
    assert one.layouts == {"x": "column-major"}


def test_numbers_in_plain_json():
    assert as_plain([True, np.bool_(False), 2.0, np.float32(0.5), np.inf, "a"]) == [
        True, False, 2, 0.5, "inf", "a",
    ]  # fmt: skip
    assert as_plain(1 / 3, digits=3) == 0.333


def test_lines_that_only_the_judge_needs_are_left_out():
    script = "\nlayer = L(W)\nW_before = layer.W\ny = layer.forward(x)\nW_after = layer.W\n"
    assert steps_of(made_trial(1, {}, {}, script=script).case) == [
        "layer = L(W)", "y = layer.forward(x)",
    ]  # fmt: skip

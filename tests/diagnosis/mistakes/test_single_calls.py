"""A case of two calls gives back each call, as it would be alone."""

from __future__ import annotations

import numpy as np
import pytest
from support.made_trials import made_trial

from handgrad.diagnosis.mistakes.single_calls import (
    call_before,
    call_of_other_instance,
    with_inputs,
)


def two_calls(rng, suffix, situation):
    x, x_two, dx, dx_two = rng.normal(size=(4, 3))
    return made_trial(
        1,
        {"dx": dx, f"dx{suffix}": dx_two},
        {},
        inputs={"x": x, f"x{suffix}": x_two, "W": np.eye(2)},
        situation=situation,
    )


@pytest.mark.parametrize(
    ("suffix", "situation", "of_the_call", "of_another"),
    [
        ("_earlier", "second-call", call_before, call_of_other_instance),
        ("_other", "two-instances", call_of_other_instance, call_before),
    ],
)
def test_the_other_call_of_a_case(rng, suffix, situation, of_the_call, of_another):
    trial = two_calls(rng, suffix, situation)
    call = of_the_call(trial)
    assert call.case.situation == "one-call"
    np.testing.assert_array_equal(call.case.inputs["x"], trial.case.inputs[f"x{suffix}"])
    np.testing.assert_array_equal(call.case.inputs["W"], np.eye(2))
    np.testing.assert_array_equal(call.expected["dx"], trial.expected[f"dx{suffix}"])
    assert of_the_call(trial) is call  # made once
    assert of_another(trial) is None
    assert of_the_call(two_calls(rng, suffix, "one-call")) is None


def test_some_inputs_are_replaced(rng):
    trial = two_calls(rng, "_earlier", "second-call")
    ones = with_inputs("ones for x", lambda trial: {"x": np.ones(3)})
    twos = with_inputs("twos for x", lambda trial: {"x": np.full(3, 2.0)})
    np.testing.assert_array_equal(ones(trial).case.inputs["x"], np.ones(3))
    np.testing.assert_array_equal(twos(trial).case.inputs["x"], np.full(3, 2.0))
    np.testing.assert_array_equal(ones(trial).case.inputs["W"], np.eye(2))

from __future__ import annotations

import pytest

from handgrad import CheckError
from handgrad.gradcheck.adapters.forward_arguments import ForwardArguments, outputs_of


def forward(x, params, labels):
    return x


def drawn(rng):
    n = int(rng.integers(2, 9))
    x, W, labels = rng.normal(size=(n, 3)), rng.normal(size=(3, 2)), rng.integers(5, size=n)
    return ForwardArguments.of(forward, [x, {"W": W}, labels], None), x, W, labels


def test_arrays_of_floats_are_varied_and_others_stay_fixed(rng):
    arguments, x, W, labels = drawn(rng)
    assert arguments.varied == ("x", "params['W']")
    assert list(arguments.fixed_arrays()) == ["labels"]
    other = rng.normal(size=x.shape)
    assert arguments.at({"x": other})[0] is other
    assert arguments.at({"x": other})[1]["W"] is W
    assert arguments.at({"x": other})[2] is labels


def test_gradients_follow_the_arguments(rng):
    arguments, x, W, _ = drawn(rng)
    found = arguments.gradients((x, {"W": W}))
    assert found["x"] is x
    assert found["params['W']"] is W
    assert arguments.gradients((x, {"W": W}, None)) == found
    assert arguments.gradients(x) == {"x": x, "params['W']": None}


def test_names_must_be_as_many_as_inputs_and_different(rng):
    for names in (["a"], ["a", "a"]):
        with pytest.raises(CheckError, match="names must give"):
            ForwardArguments.of(forward, [rng.normal(size=2)] * 2, names)


@pytest.mark.parametrize("returned", [None, "text", (), [None]])
def test_forward_must_return_arrays(returned):
    with pytest.raises(CheckError, match="forward must return"):
        outputs_of(returned)

"""The object that is checked, and its inputs, from the words of the command line."""

from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises

from handgrad.cli.check_target import construct, library_of, load_target, parse_shape, random_array
from handgrad.errors import UsageError


@pytest.fixture
def layer_file(tmp_path):
    path = tmp_path / "layer.py"
    path.write_text(
        "class Layer:\n    def __init__(self, W, eps):\n        self.W, self.eps = W, eps\n"
    )
    return path


def test_the_object_and_its_file_are_found(layer_file):
    layer, path = load_target(f"{layer_file}:Layer")
    assert layer.__name__ == "Layer"
    assert path == layer_file


def test_a_name_that_is_not_there_lists_those_that_are(layer_file):
    with raises(UsageError, "Layer"):
        load_target(f"{layer_file}:Network")


@pytest.mark.parametrize(("text", "line"), [("x = 1\nx / 0\n", 2), ("\n\ndef\n", 3)])
def test_a_file_that_raises_is_named_with_its_line(tmp_path, text, line):
    path = tmp_path / "broken.py"
    path.write_text(text)
    with raises(UsageError, f"broken.py:{line}"):
        load_target(f"{path}:x")


def test_a_class_is_created_with_its_arguments(layer_file):
    layer, _ = load_target(f"{layer_file}:Layer")
    one, create = construct(layer, ["W=5x3", "eps:=0.1"], np.ones)
    assert one.W.shape == (5, 3)
    assert one.eps == 0.1
    assert create() is not one


@pytest.mark.parametrize("arguments", [["5x3"], ["V=5x3"], ["W=5y3"]])
def test_arguments_that_do_not_fit_are_refused(layer_file, arguments):
    layer, _ = load_target(f"{layer_file}:Layer")
    with raises(UsageError):
        construct(layer, arguments, np.ones)


def test_shapes():
    assert parse_shape("x=4x5") == ("x", (4, 5))
    assert parse_shape("scalar") == (None, ())
    for wrong in ("4y5", "4x", "1y=3", ""):
        with raises(UsageError):
            parse_shape(wrong)


def test_inputs_have_the_dtype_that_was_asked_for():
    rng = np.random.default_rng(0)
    assert random_array((2, 3), rng, "float32", "numpy").dtype == np.float32
    with raises(UsageError, "bfloat16"):
        random_array((2,), rng, "bfloat16", "numpy")
    assert library_of(3) == "numpy"

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import handgrad
from handgrad.errors import BackwardWrong, CheckError, HandgradError
from handgrad.gradcheck.adapters.numpy_function import Vjp
from handgrad.gradcheck.check import assert_backward, check
from handgrad.gradcheck.report.gradient_report import GradientReport
from handgrad.layers import FullyConnected, Relu, Sigmoid
from handgrad.losses import MeanSquaredError, SoftmaxCrossEntropy
from handgrad.training import Network

EXPORTED = [
    BackwardWrong,
    CheckError,
    FullyConnected,
    GradientReport,
    HandgradError,
    MeanSquaredError,
    Network,
    Relu,
    Sigmoid,
    SoftmaxCrossEntropy,
    Vjp,
]
FUNCTIONS = [assert_backward, check]


def test_importing_handgrad_imports_nothing_large():
    program = "import handgrad, sys; print(sorted({'numpy', 'click', 'rich'} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(Path(handgrad.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("exported", [*EXPORTED, *FUNCTIONS])
def test_every_exported_name_is_listed_and_comes_from_its_home(exported):
    name = exported.__name__
    assert getattr(handgrad, name) is exported
    assert name in dir(handgrad)


def test_exports():
    classes, functions = ([e.__name__ for e in kind] for kind in (EXPORTED, FUNCTIONS))
    assert handgrad.__all__ == [*classes, "__version__", *functions, "optimizers", "training"]


def test_the_optimizers_are_there_without_an_import_of_their_own():
    assert handgrad.optimizers.SGD(learning_rate=0.1).learning_rate == 0.1


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'handgrad' has no attribute 'Dense'"):
        _ = handgrad.Dense
    assert not hasattr(handgrad, "Dense")


def test_version_has_three_numbers():
    assert [part.isdigit() for part in handgrad.__version__.split(".")[:3]] == [True] * 3

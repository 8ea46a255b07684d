"""What every activation layer says about itself is known to the rest of handgrad."""

from __future__ import annotations

import numpy as np
import pytest

import handgrad
from handgrad import kernels
from handgrad.cli.training_options import ACTIVATIONS as IN_THE_HELP
from handgrad.layers import ACTIVATIONS
from handgrad.layers.initialization import INITIALIZERS


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_it_is_public_and_its_initializer_is_one(kind):
    assert getattr(handgrad, kind.__name__) is kind
    assert kind.weights in INITIALIZERS


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_the_layer_computes_what_its_kernels_compute_in_a_training_step(rng, kind):
    x, dout = rng.normal(size=(2, 7, 5))
    layer, y, d, db = kind(), x.copy(), dout.copy(), np.empty(5)
    kernels.bias_activation(y, np.zeros(5), kind.name)
    np.testing.assert_allclose(layer.forward(x), y, rtol=1e-13)
    kernels.activation_gradient(d, y, kind.name, db)
    np.testing.assert_allclose(layer.backward(dout), d, rtol=1e-12, atol=1e-15)


def test_the_help_of_the_command_line_names_them_all():
    assert list(IN_THE_HELP) == [kind.name for kind in ACTIVATIONS]

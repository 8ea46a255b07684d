"""Initializers beside PyTorch's: the same spread, and the same bounds."""

from __future__ import annotations

import numpy as np
import pytest
from support.oracles import torch_or_skip

from handgrad import FullyConnected
from handgrad.arrays import seeded
from handgrad.layers.initialization import INITIALIZERS, glorot_uniform

# LeCun's are PyTorch's of "linear" gain.
TORCH = {
    "he-normal": ("kaiming_normal_", {"nonlinearity": "relu"}),
    "he-uniform": ("kaiming_uniform_", {"nonlinearity": "relu"}),
    "glorot-normal": ("xavier_normal_", {}),
    "glorot-uniform": ("xavier_uniform_", {}),
    "lecun-normal": ("kaiming_normal_", {"nonlinearity": "linear"}),
    "lecun-uniform": ("kaiming_uniform_", {"nonlinearity": "linear"}),
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_same_distribution_as_pytorch(name, rng):
    torch = torch_or_skip()
    function, settings = TORCH[name]
    d_in, d_out = 700, 450
    theirs = getattr(torch.nn.init, function)(torch.empty(d_out, d_in), **settings).numpy()
    ours = INITIALIZERS[name](d_in, d_out, rng)
    assert ours.shape == (d_in, d_out)
    assert ours.std() == pytest.approx(theirs.std(), rel=0.02)
    assert abs(ours.mean()) < 0.01 * ours.std() * 3
    if "uniform" in name:
        assert abs(ours).max() == pytest.approx(abs(theirs).max(), rel=1e-3)
    else:
        assert np.mean((ours / ours.std()) ** 4) == pytest.approx(3, rel=0.03)  # as a Gaussian's


@pytest.mark.parametrize("name", INITIALIZERS)
def test_repeatable_and_without_sizes(name):
    make = INITIALIZERS[name]
    np.testing.assert_array_equal(make(5, 4, seeded(3)), make(5, 4, seeded(3)))
    assert make(0, 4, seeded(0)).shape == (0, 4)
    assert make(0, 0, seeded(0)).shape == (0, 0)


def test_a_layer_is_made_with_it():
    layer = FullyConnected.create(5, 4, seeded(3), dtype="float32", weights=glorot_uniform)
    np.testing.assert_array_equal(layer.W, glorot_uniform(5, 4, seeded(3)).astype(np.float32))

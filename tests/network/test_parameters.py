from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises
from support.networks import network_of

from handgrad import FullyConnected, Relu, Sigmoid
from handgrad.arrays import seeded
from handgrad.errors import ChainError, ShapeError
from handgrad.network.parameters import aligned, gather, require_chain


def affine(d_in, d_out):
    return FullyConnected.create(d_in, d_out, seeded(0))


def test_two_layers_whose_sizes_do_not_chain_are_both_named():
    with raises(ShapeError, "layers[0]", "layers[3]", "(3, 4)", "(5, 2)"):
        require_chain([affine(3, 4), Relu(), Sigmoid(), affine(5, 2)])


def test_what_a_layer_written_by_hand_gives_is_not_known():
    class Pooling:
        def forward(self, x):
            return x

        def backward(self, dout):
            return dout

    require_chain([affine(3, 4), Pooling(), affine(2, 2)])


def test_every_parameter_knows_its_place():
    network = network_of([3, 4, 2])
    flat, parameters = gather(network.layers)
    assert [(p.index, p.name, p.start) for p in parameters] == [
        (0, "W", 0),
        (0, "b", 12),
        (2, "W", 16),
        (2, "b", 24),
    ]
    for parameter in parameters:
        assert np.shares_memory(parameter.view, flat)
        assert parameter.within(flat).tolist() == parameter.view.tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(0,), (1,), (7, 3), (3, 0)])
def test_aligned_arrays_begin_on_a_line_of_the_cache(shape, dtype):
    array = aligned(shape, np.dtype(dtype))
    assert array.shape == shape
    assert array.dtype == dtype
    assert not array.any()
    assert array.size == 0 or array.ctypes.data % 64 == 0
    assert array.flags.c_contiguous


def test_a_layer_without_forward_or_backward_is_named():
    class Half:
        def forward(self, x):
            return x

    with raises(ChainError, "layers[1]", "Half", "backward"):
        require_chain([Relu(), Half()])
    with raises(ChainError, "layers[0]", "Relu()"):
        require_chain([Relu, Relu()])

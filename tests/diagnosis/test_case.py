from __future__ import annotations

import numpy as np
import pytest
from support.made_trials import made_trial

from handgrad.diagnosis.case import Received


@pytest.mark.parametrize(
    ("inputs", "batch_size"),
    [
        ({"x": np.ones((3, 2)), "dout": np.ones((4, 5))}, 4),
        ({"x": np.ones((3, 2))}, 3),
        ({"x": np.ones((3, 2)), "dout": 1.0}, 3),
        ({"x": 2.0}, None),
        ({}, None),
    ],
)
def test_the_batch_size_is_the_first_axis_of_dout_else_of_x(inputs, batch_size):
    assert made_trial(1, {}, {}, inputs=inputs).case.batch_size == batch_size


def test_what_is_received_as_a_number_is_an_array_without_axes():
    received = Received.of(2.5)
    assert (received.kind, received.array.shape) == ("array", ())

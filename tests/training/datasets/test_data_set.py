from __future__ import annotations

import numpy as np

from handgrad.training.datasets import DataSet
from handgrad.training.datasets.data_set import grey


def test_images_become_rows_from_0_to_1(rng):
    images = rng.integers(0, 17, size=(5, 3, 4)).astype(np.uint8)
    rows = grey(images, 16)
    assert (rows.dtype, rows.shape) == (np.float32, (5, 12))
    np.testing.assert_array_equal(rows * 16, images.reshape(5, 12))


def test_the_inputs_of_a_sample_of_any_rank():
    data = DataSet("name", np.zeros((2, 3, 4)), np.zeros(2), None, None, 2, "source")
    assert data.inputs == 12

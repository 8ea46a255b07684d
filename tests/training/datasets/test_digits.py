"""The digits in the package are scikit-learn's, number for number."""

from __future__ import annotations

import numpy as np
import pytest

from handgrad.training.datasets import digits, digits_folds
from handgrad.training.datasets.digits import FILE


def test_the_same_as_scikit_learn_s_copy():
    theirs = pytest.importorskip("sklearn.datasets").load_digits()
    with np.load(FILE) as held:
        np.testing.assert_array_equal(held["x"], theirs.images)
        np.testing.assert_array_equal(held["t"], theirs.target)
    assert FILE.stat().st_size < 50_000


def test_train_and_test_are_a_partition():
    data = digits(seed=3)
    assert data.x.max() == 1
    assert data.x.min() == 0
    rows = np.concatenate([data.x, data.x_test])
    with np.load(FILE) as held:
        everything = held["x"].reshape(-1, 64) / 16
    assert sorted(map(bytes, rows)) == sorted(map(bytes, everything.astype(np.float32)))
    assert np.bincount(np.concatenate([data.t, data.t_test])).tolist() == [
        178, 182, 177, 183, 181, 182, 181, 179, 174, 180,
    ]  # fmt: skip


def test_every_digit_is_tested_in_one_fold():
    folds = list(digits_folds(seed=1))
    tested = np.concatenate([fold.x_test for fold in folds])
    assert len(tested) == 1797
    assert len({bytes(row) for row in tested}) == len(
        {bytes(row) for row in digits().x} | {bytes(row) for row in digits().x_test}
    )
    assert all(len(fold.x) + len(fold.x_test) == 1797 for fold in folds)
    again = next(iter(digits_folds(seed=1)))
    np.testing.assert_array_equal(again.x, folds[0].x)

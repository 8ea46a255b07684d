"""The 1,797 handwritten digits of the UCI repository, which are in the package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from handgrad.arrays import seeded
from handgrad.training.datasets.data_set import DataSet, grey

FILE = Path(__file__).with_name("digits.npz")
SOURCE = (
    "E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning "
    "Repository 1998, doi:10.24432/C50P49, CC BY 4.0; the test part, as scikit-learn ships it"
)
TESTED = 360
"""About a fifth is held back for the test."""


def digits(seed: int = 0) -> DataSet:
    """Images of 8 × 8 pixels in 17 shades, as rows of 64 numbers from 0 to 1, and ten classes.

    The original has 5,620 images, written by 43 people; these are the 1,797 of the 13 people that its
    authors kept for the test. They are shuffled by `seed`, and the last 360 are the test here.

    >>> data = digits()
    >>> data.x.shape, data.x.dtype, data.x_test.shape, data.classes
    ((1437, 64), dtype('float32'), (360, 64), 10)
    """
    x, t = _all()
    order = seeded(seed).permutation(len(x))
    train, test = order[:-TESTED], order[-TESTED:]
    return DataSet("digits", x[train], t[train], x[test], t[test], 10, SOURCE)


def digits_folds(folds: int = 5, seed: int = 0) -> Iterator[DataSet]:
    """The digits shuffled by `seed` and cut into folds: each fold is the test once.

    >>> [len(data.x_test) for data in digits_folds()]
    [360, 360, 359, 359, 359]
    """
    x, t = _all()
    parts = np.array_split(seeded(seed).permutation(len(x)), folds)
    for i, test in enumerate(parts):
        train = np.concatenate([part for j, part in enumerate(parts) if j != i])
        yield DataSet(f"digits fold {i + 1}", x[train], t[train], x[test], t[test], 10, SOURCE)


def _all() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    with np.load(FILE, allow_pickle=False) as held:
        return grey(held["x"], 16).astype(np.float32, copy=False), held["t"].astype(np.int64)

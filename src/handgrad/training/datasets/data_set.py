"""What every data set is: arrays to train on, arrays to test on, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from handgrad.arrays import Array, Labels


@dataclass(frozen=True)
class DataSet:
    """Samples with their targets.

    Attributes:
        name: as the command line spells it.
        x: samples ``(N, d1, …, dk)``, float32 or float64.
        t: class numbers ``(N,)`` of int64, or rows ``(N, M)`` of numbers to predict.
        x_test, t_test: samples that training never sees; None where there are none.
        classes: how many classes there are; None for a regression.
        source: whose data these are, in one line with the licence.
    """

    name: str
    x: Array
    t: Labels
    x_test: Array | None
    t_test: Labels | None
    classes: int | None
    source: str

    @property
    def inputs(self) -> int:
        """How many numbers a sample has."""
        return int(self.x[0].size)


def grey(images: NDArray[Any], largest: int) -> Array:
    """Images of bytes as rows of float32 from 0 to 1.

    >>> import numpy as np
    >>> grey(np.array([[[0, 255]]], np.uint8), 255)
    array([[0., 1.]], dtype=float32)
    """
    return images.reshape(len(images), -1).astype("float32") / largest

"""Label smoothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from handgrad.arrays import Array, Labels
from handgrad.errors import SettingError
from handgrad.languages import Text
from handgrad.losses.softmax_cross_entropy import require_class_numbers


def smoothed(t: Labels | ArrayLike, classes: int, share: float) -> Array:
    """Class numbers ``(N,)`` as smoothed rows of target weights ``(N, C)``.

    ::

        t_ic = (1 − ε) [c is the class of i] + ε / C

    It keeps a network from ever larger scores, and often improves the accuracy on unseen samples. The
    largest weight of a row stays at its class.

    Args:
        t: integers from 0 to C − 1.
        classes: C.
        share: ε, at least 0 and below 1.

    Raises:
        LabelError, DtypeError: labels that are no class numbers.
        SettingError: a share outside its range.

    Source: C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna, *Rethinking the Inception
    Architecture for Computer Vision*, CVPR 2016, section 7.

    >>> smoothed([1, 0], 2, 0.2)
    array([[0.1, 0.9],
           [0.9, 0.1]])
    """
    numbers = np.asarray(t)
    require_class_numbers(numbers, classes)
    if not 0 <= share < 1:
        raise SettingError(
            Text(
                zh="标签平滑的比例必须满足 0 ≤ ε < 1，收到的是 {share}。",
                en="the share of label smoothing must satisfy 0 ≤ ε < 1; got {share}.",
            ).format(share=share)
        )
    rows = np.full((len(numbers), classes), share / classes)
    rows[np.arange(len(numbers)), numbers.astype(np.intp)] += 1 - share
    return rows

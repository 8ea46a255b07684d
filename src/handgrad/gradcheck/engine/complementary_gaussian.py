"""Gaussian samples that are large where another sample is small."""

from __future__ import annotations

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array


def complementary(one: Array, rng: np.random.Generator) -> Array:
    """Standard normal numbers that are large where those of `one` are small.

    A wrong entry shows along a direction in proportion to the direction's own entry. The magnitudes of a
    new Gaussian sample are assigned in the opposite order of the magnitudes of `one`, with random signs.
    By itself the result is an ordinary Gaussian sample, because the order of `one` is independent of the
    new numbers. Together with `one` it has no entry at which both are small.

    Args:
        one: numbers drawn independently from one distribution.
        rng: draws the new ones.

    >>> rng = np.random.default_rng(0)
    >>> one = rng.standard_normal(10_000)
    >>> both = np.maximum(abs(one), abs(complementary(one, rng)))
    >>> bool(both.min() > 0.6)
    True
    """
    sizes = np.sort(np.abs(rng.standard_normal(one.size)))[::-1]
    # Three digits are precise enough for the order, and sixteen bits sort several times faster.
    smallest_first = np.argsort(
        np.abs(one).astype(np.float16).view(np.uint16).ravel(), kind="stable"
    )
    dealt = np.empty(one.size)
    dealt[smallest_first] = sizes * rng.choice((-1.0, 1.0), one.size)
    return dealt.reshape(one.shape)

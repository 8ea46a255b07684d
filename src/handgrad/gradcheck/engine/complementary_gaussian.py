"""Gaussian numbers that make up for the weakness of others."""

from __future__ import annotations

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array


def complementary(one: Array, rng: np.random.Generator) -> Array:
    """Standard normal numbers that are large where those of `one` are small.

    A wrong entry is seen along a direction in proportion to what the direction has there. The sizes of
    a fresh Gaussian sample are dealt out against the order of the sizes of `one`, with signs of their
    own: by itself the result is a Gaussian sample like any other, as the order of `one` knows nothing of
    the fresh numbers; beside `one` it leaves no entry at which both are small.

    Args:
        one: numbers that were drawn independently of each other from one distribution.
        rng: of the fresh ones.

    >>> rng = np.random.default_rng(0)
    >>> one = rng.standard_normal(10_000)
    >>> both = np.maximum(abs(one), abs(complementary(one, rng)))
    >>> bool(both.min() > 0.6)
    True
    """
    sizes = np.sort(np.abs(rng.standard_normal(one.size)))[::-1]
    # Three digits of an order are enough, and sixteen bits are sorted several times faster.
    smallest_first = np.argsort(
        np.abs(one).astype(np.float16).view(np.uint16).ravel(), kind="stable"
    )
    dealt = np.empty(one.size)
    dealt[smallest_first] = sizes * rng.choice((-1.0, 1.0), one.size)
    return dealt.reshape(one.shape)

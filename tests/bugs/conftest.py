"""Bugs rebuilt in torch or JAX are collected only where those are installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import pytest
from bugs.catalogue import PLACES

collect_ignore_glob = [
    f"for_{place}/*" for place in PLACES if importlib.util.find_spec(place) is None
]


@pytest.fixture(autouse=True)
def float64_in_jax() -> Iterator[None]:
    """JAX computes in float32 unless told otherwise; what is told here ends with the test."""
    if importlib.util.find_spec("jax") is None:
        yield
        return
    import jax  # noqa: PLC0415 - only where it is installed

    with jax.enable_x64(True):
        yield

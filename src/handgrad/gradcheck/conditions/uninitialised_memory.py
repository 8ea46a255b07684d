"""Memory of ``np.empty`` that backward reads without having written it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from handgrad.gradcheck.conditions.baseline_run import BaselineRun, run_at
from handgrad.gradcheck.conditions.memory_layouts import gap_value
from handgrad.gradcheck.engine.code_under_test import CodeUnderTest
from handgrad.gradcheck.engine.runs import copies
from handgrad.gradcheck.findings import Finding
from handgrad.languages import Text


def memory_findings(subject: CodeUnderTest, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding if results change when the memory of ``np.empty`` holds NaN."""
    baseline = BaselineRun.of(subject, rng)
    with numpy_memory_filled():
        found = run_at(subject, copies(subject.point), baseline.douts)
    off = baseline.disagreement(found, (baseline.outputs, baseline.gradients))
    if off is not None:
        yield Finding(
            "uninitialised-memory", "wrong", _UNINITIALISED.format(name=off[0]), array=off[0]
        )


@contextlib.contextmanager
def numpy_memory_filled() -> Iterator[None]:
    """``np.empty`` and ``np.empty_like`` return NaN (the largest integer, True) inside the block.

    Fresh memory often holds zeros, so code that forgets to write an entry passes its tests. Names
    imported before (``from numpy import empty``) and allocations in C are not affected. The two
    functions are replaced for the whole process; do not use this beside threads that need them fast.

    >>> with numpy_memory_filled():
    ...     np.empty(2)
    array([nan, nan])
    """
    originals = {name: getattr(np, name) for name in ("empty", "empty_like")}
    for name, original in originals.items():
        setattr(np, name, _filling(original))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(np, name, original)


def _filling(make: Callable[..., Any]) -> Callable[..., Any]:
    def filled(*arguments: Any, **options: Any) -> Any:
        array = make(*arguments, **options)
        if array.dtype.kind in "fciub":
            array.fill(gap_value(array.dtype))
        return array

    return filled


_UNINITIALISED = Text(
    zh="{name} 读了没有写过的内存（np.empty）：内存里填 NaN 后它就变了。请用 np.zeros，或写满每一个元素。",
    en="{name} reads memory that was never written (np.empty): it changes when that memory holds NaN. "
    "Use np.zeros, or write every entry.",
)

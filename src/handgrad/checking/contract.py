"""What a layer must leave alone: its input, its parameters, and (a warning) its callers' arrays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from handgrad.checking.case import Array, Trial

WARNINGS = (
    "dout-changed",
    "output-changed",
    "second-backward-differs",
    "not-finite-at-extremes",
    "overflow-warning",
    "slow",
    "numerical",
)
"""Names of findings that do not make a verdict wrong, in the order in which they are listed."""


def side_effects(trial: Trial) -> Iterator[tuple[str, str]]:
    """Every side effect of a run as ``(name, array)``; the name is a mistake's or a warning's."""
    case, observed = trial.case, trial.observed
    for name, finding in case.guarded.items():
        after = observed.inputs_after.get(name)
        if after is not None and not _same(after, np.asarray(case.inputs[name])):
            yield finding, name
    for later, earlier in case.kept.items():
        before, after = observed.values.get(earlier), observed.values.get(later)
        if before is None or after is None or before.array is None or after.array is None:
            continue  # a layer may keep its parameters under another name
        if not _same(after.array, before.array):
            yield "parameters-changed", earlier.partition("_")[0]
    for name in case.outputs:
        if name in observed.overwritten:
            yield "output-changed", name
    if any(warning.in_region for warning in observed.numpy_warnings):
        yield "overflow-warning", ""


def _same(after: Array, before: Array) -> bool:
    """Equal in shape and in every byte: a NaN that stayed is no change, a 0 that became -0 is."""
    return after.shape == before.shape and after.tobytes() == before.tobytes()

"""Side effects: changes to what a layer must not modify (its input, its parameters, its caller's arrays)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from handgrad.diagnosis.case import Array, Received, Trial


def side_effects(trial: Trial) -> Iterator[tuple[str, str]]:
    """Every side effect of a run as ``(name, array)``; the name is a mistake's or a warning's."""
    case, observed = trial.case, trial.observed
    for name, effect in case.guarded.items():
        after = observed.inputs_after.get(name)
        if after is not None and not _same(after, np.asarray(case.inputs[name])):
            yield effect, name
    for later, earlier in case.kept.items():
        if _was_rebound(observed.values.get(earlier), observed.values.get(later)):
            yield "parameters-changed", earlier.partition("_")[0]
    for name in case.outputs:
        if name in observed.overwritten:
            yield "output-changed", name
    if any(warning.in_region for warning in observed.numpy_warnings):
        yield "overflow-warning", ""


def _was_rebound(before: Received | None, after: Received | None) -> bool:
    """Whether a parameter that was an array before is another array, or none, afterwards.

    Absent before: the layer stores its parameter under another name. Absent afterwards: the run
    ended earlier.
    """
    if before is None or before.array is None or after is None:
        return False
    return after.array is None or not _same(after.array, before.array)


def _same(after: Array, before: Array) -> bool:
    """Equal in shape, dtype and every byte: a NaN that stayed is no change, a 0 that became -0 is."""
    return (
        after.shape == before.shape
        and after.dtype == before.dtype
        and after.tobytes() == before.tobytes()
    )

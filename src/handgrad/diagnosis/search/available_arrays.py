"""The arrays that an expression may be made of: those the code under test could see in one call."""

from __future__ import annotations

import numpy as np

from handgrad.diagnosis.case import Array, Trial

OTHER_CALLS = ("_earlier", "_other", "_again")


def quantities(trial: Trial) -> dict[str, Array]:
    """The inputs of the compared call by name, and what forward gave.

    Where the weights are a matrix, an input of more axes counts as the layer flattens it.
    """
    case = trial.case
    found = {
        name: np.asarray(value, dtype=np.float64)
        for name, value in case.inputs.items()
        if not name.endswith(OTHER_CALLS) and np.asarray(value).dtype.kind in "fiu"
    }
    for name in case.outputs:
        if name in trial.expected:
            value = np.asarray(trial.expected[name], dtype=np.float64)
            # The course calls the output of an activation `out`, which the layer keeps.
            found["out" if works_entry_by_entry(trial) else name] = value
    return {name: as_matrix(value, trial) for name, value in found.items()}


def works_entry_by_entry(trial: Trial) -> bool:
    """Whether the class has no parameters and gives back an array of its input's shape."""
    return "x" in trial.case.inputs and {*trial.case.inputs} <= {
        name + suffix for name in ("x", "dout") for suffix in ("", *OTHER_CALLS)
    }


def as_matrix(value: Array, trial: Trial) -> Array:
    """An array of samples as the layer flattens it, one row a sample; any other as it is."""
    if value.ndim > 2 and not works_entry_by_entry(trial):
        return value.reshape(len(value), -1) if value.size else value
    return value

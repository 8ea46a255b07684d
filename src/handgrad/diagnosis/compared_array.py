"""The evidence of a class: every compared array of every trial, looked at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handgrad.diagnosis.array_difference import Difference, compare
from handgrad.diagnosis.case import Received, Trial

MISSING = Received(kind="missing", type_name="")


@dataclass(frozen=True)
class ComparedArray:
    """One compared array of one trial: what came, and in what way it is not the expected one.

    Attributes:
        difference: None where the array is right.
    """

    array: str
    trial: Trial
    received: Received
    difference: Difference | None

    @property
    def is_wrong(self) -> bool:
        """Whether the array is not the expected one."""
        return self.difference is not None


def compared_arrays(trials: Iterable[Trial], *, relative: bool = False) -> list[ComparedArray]:
    """Every array that the trials came to, trial by trial in the order of comparison.

    An array that a run never came to, because it raised before, is no evidence of anything.
    """
    seen = []
    for trial in trials:
        for array in trial.case.compared:
            received = trial.observed.values.get(array)
            if received is None and trial.observed.raised is not None:
                continue
            difference = compare(received, trial.expected[array], relative=relative)
            seen.append(ComparedArray(array, trial, received or MISSING, difference))
    return seen


def by_array(seen: Iterable[ComparedArray]) -> dict[str, list[ComparedArray]]:
    """The compared_arrays of each array, the arrays in the order of comparison."""
    grouped: dict[str, list[ComparedArray]] = {}
    for compared in seen:
        grouped.setdefault(compared.array, []).append(compared)
    return grouped

"""An array of a trial, compared with the reference: the evidence for every diagnosis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handgrad.diagnosis.array_difference import Difference, compare
from handgrad.diagnosis.case import Received, Trial

MISSING = Received(kind="missing", type_name="")


@dataclass(frozen=True)
class ComparedArray:
    """One array of one trial: what was received, and how it differs from what is expected.

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
    """Every array that the trials computed, trial by trial in the order of comparison.

    An array that a run did not reach because it raised before is evidence of nothing.
    """
    found = []
    for trial in trials:
        for array in trial.case.compared:
            received = trial.observed.values.get(array)
            if received is None and trial.observed.raised is not None:
                continue
            difference = compare(received, trial.expected[array], relative=relative)
            found.append(ComparedArray(array, trial, received or MISSING, difference))
    return found


def by_array(arrays: Iterable[ComparedArray]) -> dict[str, list[ComparedArray]]:
    """Group them by the array's name, the names in the order of comparison."""
    grouped: dict[str, list[ComparedArray]] = {}
    for compared in arrays:
        grouped.setdefault(compared.array, []).append(compared)
    return grouped

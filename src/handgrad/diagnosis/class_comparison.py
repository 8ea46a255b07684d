"""The trials of a class compared with the reference: what is wrong, before anything is explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from handgrad.diagnosis.case import Raised, Trial
from handgrad.diagnosis.compared_array import ComparedArray, compared_arrays
from handgrad.diagnosis.side_effects import side_effects
from handgrad.diagnosis.verdict_names import WARNINGS, ErrorKind, VerdictName, WarningName

Effect: TypeAlias = tuple[Trial, str, str]
"""A side effect or a warning: the trial, its name, the array."""


@dataclass(frozen=True)
class ClassComparison:
    """The result of comparing the trials of one class with the reference.

    Attributes:
        all_trials: every trial, including those that can only warn.
        trials: those that can make the verdict wrong.
        arrays: every compared array of `trials`, in order.
        effects: every side effect and warning of all trials.
        verdict: forbidden, memory-limit, error, wrong or pass.
        kind: for an error: exception, import-error or exited.
        raised_in: the trial whose exception decided the verdict.
    """

    all_trials: tuple[Trial, ...]
    trials: tuple[Trial, ...]
    arrays: tuple[ComparedArray, ...]
    effects: tuple[Effect, ...]
    verdict: VerdictName
    kind: ErrorKind | None
    raised_in: Trial | None

    @cached_property
    def side_effects(self) -> tuple[tuple[str, str], ...]:
        """Side effects that make the verdict wrong, as (name, array), each once."""
        return tuple(dict.fromkeys((name, array) for _, name, array in _deciding(self.effects)))

    @cached_property
    def diagnosable(self) -> tuple[ComparedArray, ...]:
        """The arrays from which mistakes are diagnosed: not those that only follow from a side effect.

        What the first call modified makes everything in the second one wrong.
        """
        if not self.side_effects:
            return self.arrays
        return tuple(s for s in self.arrays if s.trial.case.situation != "second-call")

    @cached_property
    def wrong(self) -> tuple[ComparedArray, ...]:
        """The wrong ones among the diagnosable arrays."""
        return tuple(compared for compared in self.diagnosable if compared.is_wrong)

    @cached_property
    def failing(self) -> frozenset[int]:
        """The numbers of the trials that failed."""
        failing = {compared.trial.number for compared in self.arrays if compared.is_wrong}
        failing |= {trial.number for trial, *_ in _deciding(self.effects)}
        failing |= {trial.number for trial in self.trials if trial.observed.raised is not None}
        return frozenset(failing)

    @property
    def warnings(self) -> tuple[WarningName, ...]:
        """Names of warnings, in the order of `WARNINGS`."""
        found = {name for _, name, _ in self.effects}
        for trial in self.all_trials:
            warning = trial.case.warning
            if warning is None:
                continue
            # At inputs of a thousand an honest float32 answer errs by more than the tolerance.
            seen = compared_arrays([trial], relative=warning == "not-finite-at-extremes")
            if trial.observed.raised is not None or any(compared.is_wrong for compared in seen):
                found.add(warning)
        return tuple(name for name in WARNINGS if name in found)


def compare_trials(trials: Sequence[Trial]) -> ClassComparison:
    """Compare every trial with the reference."""
    deciding = tuple(trial for trial in trials if trial.case.warning is None)
    arrays = tuple(compared_arrays(deciding))
    effects = tuple((trial, *effect) for trial in trials for effect in side_effects(trial))
    is_wrong = any(compared.is_wrong for compared in arrays) or bool(_deciding(effects))
    verdict, kind, raised_in = _decided(deciding, is_wrong=is_wrong)
    return ClassComparison(tuple(trials), deciding, arrays, effects, verdict, kind, raised_in)


def _deciding(effects: Sequence[Effect]) -> list[Effect]:
    """The side effects that make the verdict wrong, without those that only warn."""
    return [
        (trial, name, array)
        for trial, name, array in effects
        if name not in WARNINGS and trial.case.warning is None
    ]


def _decided(
    trials: Sequence[Trial], *, is_wrong: bool
) -> tuple[VerdictName, ErrorKind | None, Trial | None]:
    """The verdict by precedence, and the trial whose exception decided it."""
    errors = [(t, t.observed.raised) for t in trials if t.observed.raised is not None]
    for trial, error in errors:
        if error.refused:
            return "forbidden", None, trial
    for trial, error in errors:
        if error.out_of_memory:
            return "memory-limit", None, trial
    for trial, error in errors:
        return "error", _kind(error), trial
    return ("wrong" if is_wrong else "pass"), None, None


def _kind(error: Raised) -> ErrorKind:
    if error.ended_process:
        return "exited"
    return "import-error" if error.is_import_error else "exception"

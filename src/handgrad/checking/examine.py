"""From the trials of a class to what its verdict says, but for the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from handgrad.checking.case import Raised, Trial
from handgrad.checking.compare import Difference, compare
from handgrad.checking.contract import WARNINGS, side_effects
from handgrad.checking.diagnosis import Finding, diagnose
from handgrad.checking.mistakes import SIDE_EFFECTS, Mistake
from handgrad.checking.verdict import ErrorKind, VerdictName

MISTAKES_BY_SIDE_EFFECT = {entry.name: entry for entry in SIDE_EFFECTS}


@dataclass(frozen=True)
class ArrayDifference:
    """A difference, in which array and in which trial."""

    array: str
    trial: Trial
    difference: Difference


@dataclass(frozen=True)
class Examination:
    """What the trials of one class show.

    Attributes:
        verdict: forbidden, memory-limit, error, wrong or pass.
        kind: for an error: exception, import-error or exited.
        raised: the first exception that decided the verdict, and the trial it came in.
        findings: the mistakes that explain wrong arrays.
        side_effects: mistakes that show in no array, as (mistake, name of the changed array).
        differences: every wrong array of every trial, in order.
        failed: the trials that failed.
        warnings: names of warnings, in the order of VOCABULARY.
    """

    verdict: VerdictName
    trials: tuple[Trial, ...]
    kind: ErrorKind | None = None
    raised: Raised | None = None
    raised_in: Trial | None = None
    findings: tuple[Finding, ...] = ()
    side_effects: tuple[tuple[Mistake, str | None], ...] = ()
    differences: tuple[ArrayDifference, ...] = ()
    failed: tuple[Trial, ...] = ()
    warnings: tuple[str, ...] = field(default=())


def examine(trials: Sequence[Trial], level_mistakes: Sequence[Mistake]) -> Examination:
    """Compare every trial with the reference, look for side effects, and name the mistakes."""
    deciding = [trial for trial in trials if trial.case.warning is None]
    differences = [found for trial in deciding for found in _differences(trial)]
    effects = {
        finding: array
        for trial in reversed(deciding)
        for finding, array in side_effects(trial)
        if finding not in WARNINGS
    }
    raised = [trial for trial in deciding if trial.observed.raised is not None]
    verdict, kind, raised_in = _decided(raised, bool(differences or effects))
    findings = diagnose(deciding, level_mistakes) if differences or raised else []
    named: list[tuple[Mistake, str | None]] = [
        (MISTAKES_BY_SIDE_EFFECT[finding], array) for finding, array in effects.items()
    ]
    if not findings and not named and _works_for_two_axes_only(deciding):
        named.append((MISTAKES_BY_SIDE_EFFECT["fixed-shape"], None))
    wrong_arrays = {found.trial.number for found in differences}
    failed = [t for t in deciding if _failed(t, wrong_arrays)]
    return Examination(
        verdict=verdict,
        trials=tuple(trials),
        kind=kind,
        raised=raised_in.observed.raised if raised_in else None,
        raised_in=raised_in,
        findings=tuple(findings),
        side_effects=tuple(named),
        differences=tuple(differences),
        failed=tuple(failed),
        warnings=_warnings(trials),
    )


def _differences(trial: Trial) -> list[ArrayDifference]:
    found = []
    for array in trial.case.compared:
        received = trial.observed.values.get(array)
        if received is None and trial.observed.raised is not None:
            continue  # it never came to this array
        difference = compare(received, trial.expected[array])
        if difference is not None:
            found.append(ArrayDifference(array, trial, difference))
    return found


def _failed(trial: Trial, wrong_arrays: set[int]) -> bool:
    return (
        trial.number in wrong_arrays
        or trial.observed.raised is not None
        or any(finding not in WARNINGS for finding, _ in side_effects(trial))
    )


def _decided(
    raised: list[Trial], is_wrong: bool
) -> tuple[VerdictName, ErrorKind | None, Trial | None]:
    """The verdict by precedence, and the trial whose exception decided it."""
    for trial in raised:
        if trial.observed.raised and trial.observed.raised.refused:
            return "forbidden", None, trial
    for trial in raised:
        if trial.observed.raised and trial.observed.raised.out_of_memory:
            return "memory-limit", None, trial
    for trial in raised:
        error = trial.observed.raised
        assert error is not None
        if error.ended_process:
            return "error", "exited", trial
        return "error", "import-error" if error.is_import_error else "exception", trial
    return ("wrong" if is_wrong else "pass"), None, None


def _works_for_two_axes_only(trials: list[Trial]) -> bool:
    """Whether exactly the trials whose x has more than two axes fail."""
    failed = {trial.number for trial in trials if _differences(trial) or trial.observed.raised}
    more_axes = {t.number for t in trials if np.ndim(t.case.inputs.get("x", 0)) > 2}
    return bool(failed) and failed == more_axes


def _warnings(trials: Sequence[Trial]) -> tuple[str, ...]:
    found = set()
    for trial in trials:
        effects = [name for name, _ in side_effects(trial) if name in WARNINGS]
        found.update(effects)
        warning = trial.case.warning
        if warning and (trial.observed.raised is not None or _differences(trial)):
            found.add(warning)
    return tuple(name for name in WARNINGS if name in found)

"""Naming the mistake: which entries of the catalogue reproduce, in every case, what was received.

An accusation needs proof. An entry explains an array only if it agrees with what was received in
every case in which the array arrived, and differs from the reference in at least one of them. No
such entry, no accusation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from handgrad.checking.case import Array, Received, Trial
from handgrad.checking.compare import TOLERANCE, compare
from handgrad.checking.mistakes import GENERIC, Mistake
from handgrad.checking.verdict import NamedMistake

MATCH = 1e-9
MATCH_SINGLE_PRECISION = 1e-5
LARGEST_STUDIED = 1_000_000


@dataclass(frozen=True)
class Finding:
    """The entries that explain one array, the most precise first."""

    array: str
    mistakes: tuple[Mistake, ...]
    factor: float | None = None

    def named(self) -> NamedMistake:
        """The finding as the verdict reports it."""
        first, *others = self.mistakes
        return NamedMistake(
            mistake=first.name,
            array=self.array,
            certainty="one-of" if others else "proved",
            alternatives=tuple(other.name for other in others),
            factor=self.factor,
        )


def diagnose(trials: Sequence[Trial], level_mistakes: Sequence[Mistake]) -> list[Finding]:
    """One finding for each wrong array that the catalogue explains, in the order of comparison.

    `trials` are those of a class that may make its verdict wrong. Where the answer raised, the
    arrays that came before are evidence; the missing ones are not.
    """
    catalogue = (*level_mistakes, *GENERIC)
    findings = []
    for array in _compared(trials):
        seen = [trial for trial in trials if array in trial.observed.values]
        if any(_is_wrong(trial, array) for trial in seen):
            finding = _explain(seen, array, catalogue)
            if finding is not None:
                findings.append(finding)
    return findings


def _compared(trials: Iterable[Trial]) -> list[str]:
    names: dict[str, None] = {}
    for trial in trials:
        names.update(dict.fromkeys(trial.case.compared))
    return list(names)


def _is_wrong(trial: Trial, array: str) -> bool:
    return (
        array in trial.case.compared
        and compare(trial.observed.values.get(array), trial.expected[array]) is not None
    )


def _explain(seen: list[Trial], array: str, catalogue: Sequence[Mistake]) -> Finding | None:
    if any(_size(trial, array) > LARGEST_STUDIED for trial in seen):
        catalogue = [entry for entry in catalogue if entry.recognise is not None]
    matches: list[Mistake] = []
    factors: dict[str, float] = {}
    with np.errstate(all="ignore"):
        for entry in catalogue:
            if not entry.is_about(array):
                continue
            if entry.fit is not None:
                factor = _fitted_factor(seen, array, entry)
                if factor is not None:
                    factors[entry.name] = factor
                    matches.append(entry)
            elif _agrees_everywhere(seen, array, entry):
                matches.append(entry)
    kept = _most_precise(matches)
    if not kept:
        return None
    return Finding(array, tuple(kept), factors.get(kept[0].name))


def _size(trial: Trial, array: str) -> int:
    received = trial.observed.values[array].array
    return 0 if received is None else received.size


def _most_precise(matches: list[Mistake]) -> list[Mistake]:
    """Specific before generic, constant-free before fitted, a last resort only when alone."""
    refined = {name for entry in matches for name in entry.refines}
    kept = [entry for entry in matches if entry.name not in refined]
    for is_weak in (lambda entry: entry.is_last_resort, lambda entry: entry.fit is not None):
        strong = [entry for entry in kept if not is_weak(entry)]
        kept = strong or kept
    unique = {entry.name: entry for entry in kept}
    return list(unique.values())


def _agrees_everywhere(seen: list[Trial], array: str, entry: Mistake) -> bool:
    """Whether the entry agrees with every trial and differs from the reference in one of them."""
    proved = False
    for trial in seen:
        received = trial.observed.values[array]
        wrong = _is_wrong(trial, array)
        if entry.recognise is not None:
            if wrong and not entry.recognise(trial, array, received):
                return False
            proved = proved or wrong
            continue
        predicted = _prediction(entry, trial, array)
        if predicted is None:
            if wrong:
                return False
            continue
        if isinstance(predicted, Exception) or not _matches(received, predicted):
            return False
        proved = proved or wrong
    return proved


def _prediction(entry: Mistake, trial: Trial, array: str) -> Array | Exception | None:
    assert entry.predict is not None
    try:
        predicted = entry.predict(trial, array)
    except Exception as error:  # a prediction raises where the wrong code would; any error counts
        return error
    return None if predicted is None else np.asarray(predicted)


def _matches(received: Received, predicted: Array) -> bool:
    got = received.array
    if got is None or got.shape != predicted.shape or got.dtype.kind not in "fiub":
        return False
    if not got.size:
        return True
    close = MATCH_SINGLE_PRECISION if got.dtype.itemsize < 8 and got.dtype.kind == "f" else MATCH
    scale = max(1.0, float(np.abs(predicted).max()))
    if not np.isfinite(scale):
        return bool(np.array_equal(got, predicted, equal_nan=True))
    return bool((np.abs(got.astype(np.float64) - predicted) <= close * scale).all())


def _fitted_factor(seen: list[Trial], array: str, entry: Mistake) -> float | None:
    """The one constant with which the entry agrees with every trial, or None."""
    assert entry.fit is not None
    fits = []
    overlap = square = 0.0
    wrong_seen = False
    for trial in seen:
        received, wrong = trial.observed.values[array], _is_wrong(trial, array)
        wrong_seen = wrong_seen or wrong
        try:
            fit = entry.fit(trial, array)
        except Exception:  # as in _prediction: the wrong code would have raised here
            return None
        if fit is None:
            if wrong:
                return None
            continue
        got = received.array
        if got is None or got.shape != np.shape(fit.direction) or got.dtype.kind not in "fiu":
            return None
        overlap += float(np.sum(fit.direction * (got.astype(np.float64) - fit.base)))
        square += float(np.sum(fit.direction * fit.direction))
        fits.append((received, fit))
    if not wrong_seen or not square or not np.isfinite(overlap):
        return None
    factor = overlap / square
    if abs(factor) < TOLERANCE:
        return None
    agree = all(_matches(received, fit.base + factor * fit.direction) for received, fit in fits)
    return factor if agree else None

"""Mistakes that are known up to one constant: the constant is fitted to all cases at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from handgrad.diagnosis.array_difference import TOLERANCE, reproduces, tolerance_of_match
from handgrad.diagnosis.case import Array, Received, Trial
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.diagnosis.mistakes import TIMES_CONSTANT, Fit, Mistake, Parts

FitOf: TypeAlias = Callable[[Trial, str], Fit | None]
ENTRIES_FOR_A_FIT = 3
"""A constant fitted to fewer numbers than this would fit anything."""


def fit_of_parts(parts: Parts) -> FitOf | None:
    """What one mistake, or two combined, give up to a constant; None where there is no constant."""
    first, *others = parts
    if not others:
        return first.fit
    if others[0] is TIMES_CONSTANT:
        return _multiple_of(first)
    return None if first.fit is None else _changed(first.fit, others[0])


def _multiple_of(entry: Mistake) -> FitOf:
    def fit(trial: Trial, array: str) -> Fit | None:
        value = entry.predicted(trial, array)
        return None if value is None else Fit(np.zeros_like(value), np.asarray(value))

    return fit


def _changed(inner: FitOf, outer: Mistake) -> FitOf:
    """Another mistake applied to a fitted one.

    What mistakes make of a computation is linear in it, or nearly always: both terms are changed by
    themselves. Where it is not, nothing fits, and nobody is accused.
    """

    def fit(trial: Trial, array: str) -> Fit | None:
        def part(name: str) -> Array | None:
            def compute(seen: Trial) -> Array:
                seen = seen if outer.sees is None else outer.sees(seen)
                found = inner(seen, array)
                right = np.asarray(seen.expected[array])
                unchanged = Fit(right, np.zeros_like(right))
                return np.asarray(getattr(unchanged if found is None else found, name))

            return compute(trial) if outer.change is None else outer.change(trial, compute)

        base, direction = part("base"), part("direction")
        if base is None or direction is None:  # the other mistake makes no difference here
            return inner(trial, array)
        return Fit(np.asarray(base), np.asarray(direction))

    return fit


def attempted(fit_of: FitOf, trial: Trial, array: str) -> Fit | Exception | None:
    """The fit for one trial; an exception where the wrong code would raise."""
    try:
        return fit_of(trial, array)
    except Exception as error:  # noqa: BLE001 -- a prediction raises where the wrong code would
        return error


@dataclass(frozen=True)
class FitTable:
    """What pairs of mistakes, one with a constant, give for one array of one trial.

    Attributes:
        bases: by shape, what is there whatever the constant, one pair a row.
        directions: by shape, what the constant multiplies.
        parts: whose each row is.
        entries: of the largest array.
    """

    bases: dict[tuple[int, ...], Array]
    directions: dict[tuple[int, ...], Array]
    parts: dict[tuple[int, ...], list[Parts]]
    entries: int

    def fitting(self, received: Received) -> list[Parts]:
        """Those that give what was received with a constant between 0 and 1.

        Slopes and learning rates lie there; any other number is one that anything may have.
        """
        got = received.array
        if got is None or got.dtype.kind not in "fiu" or got.shape not in self.parts:
            return []
        base, direction = self.bases[got.shape], self.directions[got.shape]
        off = got.astype(np.float64).ravel() - base
        with np.errstate(all="ignore"):  # where nothing is multiplied, nothing fits
            factor = (direction * off).sum(axis=1) / (direction * direction).sum(axis=1)
            error = np.abs(off - factor[:, np.newaxis] * direction).max(axis=1, initial=0.0)
        largest = np.abs(got).max(initial=0.0)
        fits = (factor > 0) & (factor < 1) & (error <= 2 * tolerance_of_match(got.dtype, largest))
        return [self.parts[got.shape][place] for place in np.flatnonzero(fits)]


def fit_table(pairs: Iterable[Parts], trial: Trial, array: str) -> FitTable:
    """What each of the pairs gives; those that raise or say nothing are left out."""
    by_shape: dict[tuple[int, ...], list[tuple[Parts, Fit]]] = {}
    for parts in pairs:
        fit_of = fit_of_parts(parts)
        fit = None if fit_of is None else attempted(fit_of, trial, array)
        if isinstance(fit, Fit) and np.shape(fit.base) == np.shape(fit.direction):
            by_shape.setdefault(np.shape(fit.base), []).append((parts, fit))
    bases, directions = (
        {
            shape: np.array([np.ravel(getattr(fit, name)) for _, fit in some], dtype=np.float64)
            for shape, some in by_shape.items()
        }
        for name in ("base", "direction")
    )
    parts_of = {shape: [parts for parts, _ in some] for shape, some in by_shape.items()}
    sizes = [rows.shape[1] for rows in bases.values()]
    return FitTable(bases, directions, parts_of, max(sizes, default=0))


def fitted_factor(fit_of: FitOf, evidence: Sequence[ComparedArray]) -> float | None:
    """The one constant with which there is agreement with all the evidence, or None."""
    fits: list[tuple[ComparedArray, Fit]] = []
    for compared in evidence:
        fit = attempted(fit_of, compared.trial, compared.array)
        if isinstance(fit, Exception) or (fit is None and compared.is_wrong):
            return None
        if fit is not None:
            if not _could_fit(compared.received, fit):
                return None
            fits.append((compared, fit))
        if len(fits) == 1 and _common_factor(fits) is None:
            return None  # not even the first array is one constant away
    if sum(int(np.count_nonzero(fit.direction)) for _, fit in fits) < ENTRIES_FOR_A_FIT:
        return None
    return _common_factor(fits)


def _could_fit(received: Received, fit: Fit) -> bool:
    got = received.array
    return (
        got is not None
        and got.dtype.kind in "fiu"
        and got.shape == np.shape(fit.direction) == np.shape(fit.base)
    )


def _common_factor(fits: Sequence[tuple[ComparedArray, Fit]]) -> float | None:
    """The least-squares factor of ``received = base + factor · direction``, if it fits."""
    overlap = square = 0.0
    for compared, fit in fits:
        assert compared.received.array is not None
        overlap += float(np.sum(fit.direction * (compared.received.array - fit.base)))
        square += float(np.sum(fit.direction * fit.direction))
    if not square or not np.isfinite(overlap):
        return None
    factor = overlap / square
    if abs(factor) < TOLERANCE:
        return None
    return factor if all(reproduces(s.received, fit.at(factor)) for s, fit in fits) else None

"""The predictions of the known mistakes for each case, kept from one answer to the next.

A prediction depends on the case and the reference alone, so that many answers to the same cases are
compared with the same predictions, all of one shape at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from handgrad.diagnosis.array_difference import reproduces, tolerance_of_match
from handgrad.diagnosis.case import Array, Received, Trial
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.diagnosis.fitted_constants import FitTable, fit_table
from handgrad.diagnosis.mistakes import GENERIC, Mistake, Parts
from handgrad.diagnosis.time_budget import TimeBudget

Predicted: TypeAlias = Array | Exception | None
TINY = float(np.finfo(np.float64).tiny)
LARGEST_KEPT = 10_000
"""MistakePredictions of arrays with more entries are made anew each time."""


class MistakePredictions:
    """The entries of the catalogue for one class, and what they give for its trials.

    Attributes:
        level_mistakes: the level's own entries.
        entries: these, and then the generic ones.
    """

    def __init__(self, level_mistakes: Sequence[Mistake]) -> None:
        self.level_mistakes = tuple(level_mistakes)
        self.entries = (*self.level_mistakes, *GENERIC)
        self._alone: dict[tuple[int, str], PredictionTable] = {}
        self._pairs: dict[tuple[int, str], PredictionTable] = {}
        self._fits: dict[tuple[int, str], FitTable] = {}

    def entries_about(self, array: str) -> list[Mistake]:
        """The entries that can show in an array."""
        return [entry for entry in self.entries if entry.is_about(array)]

    def entries_matching(self, compared: ComparedArray) -> list[Mistake]:
        """The entries whose prediction is just what was received."""
        return [
            entry for (entry,) in self._single_predictions(compared).matching(compared.received)
        ]

    def entries_matching_multiples(self, compared: ComparedArray) -> list[Mistake]:
        """The entries of whose prediction some constant multiple was received."""
        return [
            entry
            for (entry,) in self._single_predictions(compared).matching_multiples(compared.received)
        ]

    def _single_predictions(self, compared: ComparedArray) -> PredictionTable:
        key = (compared.trial.number, compared.array)
        table = self._alone.get(key)
        if table is None:
            about = [entry for entry in self.entries_about(compared.array) if entry.predicts]
            table = prediction_table([(entry,) for entry in about], compared.trial, compared.array)
            self._keep(self._alone, key, table)
        return table

    def pairs_matching(self, compared: ComparedArray, budget: TimeBudget) -> list[Parts]:
        """The pairs of entries that together give what was received; none when it took too long."""
        key = (compared.trial.number, compared.array)
        table = self._pairs.get(key)
        if table is None:
            pairs = self._all_pairs(compared.array)
            table = prediction_table(pairs, compared.trial, compared.array, budget)
            if not budget.is_spent:
                self._keep(self._pairs, key, table)
        return table.matching(compared.received)

    def pairs_fitting(self, compared: ComparedArray) -> list[Parts]:
        """The pairs, one with a constant, that give what was received with some constant."""
        key = (compared.trial.number, compared.array)
        table = self._fits.get(key)
        if table is None:
            about = [entry for entry in self.level_mistakes if entry.is_about(compared.array)]
            pairs = [
                (one, other)
                for one in about
                if one.fit is not None
                for other in self._outer(compared.array)
            ]
            table = fit_table(pairs, compared.trial, compared.array)
            if table.entries <= LARGEST_KEPT:
                self._fits[key] = table
        return table.fitting(compared.received)

    def _outer(self, array: str) -> list[Mistake]:
        """Those that can meet another: they change what it gives, or what it is given."""
        return [e for e in self.entries_about(array) if e.change is not None or e.sees is not None]

    def _all_pairs(self, array: str) -> list[Parts]:
        about, outer = self.entries_about(array), self._outer(array)
        inner = [entry for entry in about if entry.predicts and not entry.is_last_resort]
        return [(one, other) for one in inner for other in outer if one.name != other.name]

    def _keep(
        self,
        tables: dict[tuple[int, str], PredictionTable],
        key: tuple[int, str],
        table: PredictionTable,
    ) -> None:
        if table.entries <= LARGEST_KEPT:
            tables[key] = table


@dataclass(frozen=True)
class PredictionTable:
    """What some mistakes give for one array of one trial.

    Attributes:
        rows: by shape, the predictions with that many entries, one a row.
        largest: the largest magnitude in each row.
        parts: whose prediction each row is.
        unusual: predictions that are no finite numbers.
        entries: of the largest prediction.
    """

    rows: dict[tuple[int, ...], Array]
    largest: dict[tuple[int, ...], Array]
    parts: dict[tuple[int, ...], list[Parts]]
    unusual: list[tuple[Parts, Array]]
    entries: int

    def matching(self, received: Received) -> list[Parts]:
        """Those that give just what was received, in the order of the catalogue."""
        got = received.array
        if got is None or got.dtype.kind not in "fiub":
            return []
        found = [parts for parts, predicted in self.unusual if reproduces(received, predicted)]
        rows = self.rows.get(got.shape)
        if rows is None:
            return found
        error = np.abs(rows - got.astype(np.float64).ravel()).max(axis=1, initial=0.0)
        near = error <= tolerance_of_match(got.dtype, self.largest[got.shape])
        return [self.parts[got.shape][place] for place in np.flatnonzero(near)] + found

    def matching_multiples(self, received: Received) -> list[Parts]:
        """Those of which a constant multiple was received, by least squares."""
        got = received.array
        rows = None if got is None else self.rows.get(got.shape)
        if got is None or rows is None or got.dtype.kind not in "fiu":
            return []
        flat = got.astype(np.float64).ravel()
        factor = rows @ flat / np.maximum((rows * rows).sum(axis=1), TINY)
        error = np.abs(factor[:, np.newaxis] * rows - flat).max(axis=1, initial=0.0)
        near = error <= tolerance_of_match(got.dtype, np.abs(factor) * self.largest[got.shape])
        return [self.parts[got.shape][place] for place in np.flatnonzero(near)]


def prediction_table(
    candidates: Iterable[Parts], trial: Trial, array: str, budget: TimeBudget | None = None
) -> PredictionTable:
    """What each of the mistakes gives; those that raise or say nothing are left out."""
    by_shape: dict[tuple[int, ...], list[tuple[Parts, Array]]] = {}
    unusual: list[tuple[Parts, Array]] = []
    for parts in candidates:
        if budget is not None and budget.is_spent:
            break
        predicted = prediction(parts, trial, array)
        if not isinstance(predicted, np.ndarray) or predicted.dtype.kind not in "fiub":
            continue
        if np.isfinite(predicted).all():
            by_shape.setdefault(predicted.shape, []).append((parts, predicted))
        else:
            unusual.append((parts, predicted))
    rows = {
        shape: np.array([predicted.ravel() for _, predicted in some], dtype=np.float64).reshape(
            len(some), -1
        )
        for shape, some in by_shape.items()
    }
    return PredictionTable(
        rows=rows,
        largest={shape: np.abs(some).max(axis=1, initial=0.0) for shape, some in rows.items()},
        parts={shape: [parts for parts, _ in some] for shape, some in by_shape.items()},
        unusual=unusual,
        entries=max((some.size for some in rows.values()), default=0),
    )


def prediction(parts: Parts, trial: Trial, array: str) -> Predicted:
    """What one mistake gives, or two combined; an exception where the wrong code would raise."""
    try:
        if len(parts) == 1:
            predicted = parts[0].predicted(trial, array)
        else:
            predicted = _composed(parts[0], parts[1], trial, array)
    except Exception as error:  # noqa: BLE001 -- a prediction raises where the wrong code would; any error counts
        return error
    return None if predicted is None else np.asarray(predicted)


def _composed(inner: Mistake, outer: Mistake, trial: Trial, array: str) -> Array | None:
    """The second mistake applied to what the first one gives."""

    def compute(seen: Trial) -> Array:
        if outer.sees is not None:
            seen = outer.sees(seen)
        value = inner.predicted(seen, array)
        return np.asarray(seen.expected[array] if value is None else value)

    return compute(trial) if outer.change is None else outer.change(trial, compute)

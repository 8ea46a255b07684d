"""Which of the small cases is the counterexample: the smallest that still fails, and fails alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np

from handgrad.diagnosis.array_difference import compare, reproduces
from handgrad.diagnosis.case import Array, Received, Trial
from handgrad.diagnosis.class_comparison import ClassComparison
from handgrad.diagnosis.compared_array import ComparedArray, compared_arrays
from handgrad.diagnosis.counterexample.counterexample import Counterexample
from handgrad.diagnosis.diagnose import Diagnosis
from handgrad.diagnosis.mistake_matching import MatchedMistakes
from handgrad.diagnosis.mistake_predictions import MistakePredictions
from handgrad.diagnosis.side_effects import side_effects
from handgrad.diagnosis.verdict_names import WARNINGS


def candidate_places(small: Sequence[Trial], shown: ClassComparison | Diagnosis) -> list[int]:
    """The places of the small trials that may fail as the large ones did, the smallest first.

    What fails in one call needs no second one, and what fails for a matrix needs no more axes.
    """
    failing = [compared.trial for compared in shown.wrong]
    failing += [] if shown.raised_in is None else [shown.raised_in]
    by_number = {trial.number: trial for trial in failing}
    kinds = {(t.case.situation, np.ndim(t.case.inputs["x"])) for t in by_number.values()}
    if any(situation == "one-call" for situation, _ in kinds):
        kinds = {kind for kind in kinds if kind[0] == "one-call"}
    situations = {situation for situation, _ in kinds}
    fewest = min((axes for _, axes in kinds), default=0)

    def may_fail(trial: Trial) -> bool:
        if not kinds or shown.side_effects:
            return True
        axes = np.ndim(trial.case.inputs["x"])
        return trial.case.situation in situations and (axes <= 2 if fewest <= 2 else axes > 2)

    order = [place for place in range(len(small)) if may_fail(small[place])]
    return sorted(order, key=lambda place: _entries(small[place]))


def promising_places(
    places: Sequence[int],
    small: Sequence[Trial],
    diagnosis: Diagnosis,
    predictions: MistakePredictions,
) -> list[int]:
    """The places of the small trials on which an answer is worth running, the best first.

    For a known mistake it can be predicted where it shows: first the smallest trial in which it
    gives something wrong that no other known mistake gives. For anything else all places are worth
    a try. `predictions` are those for the small trials.
    """
    precise = [f for f in diagnosis.matches if not f.mistakes[0].is_last_resort]
    predicted = [f for f in precise if f.are_combined or f.mistakes[0].predicts]
    chosen: list[int] = []
    with np.errstate(all="ignore"):
        shows_all = (
            p for p in places if all(_distinguishes(f, small[p], predictions) for f in predicted)
        )
        best = next(shows_all, None) if len(predicted) > 1 else None
        if best is not None:
            chosen.append(best)
        for match in predicted[:2] if best is None else ():
            shown = [place for place in places if _would_show(match, small[place])]
            distinguishing = (p for p in shown if _distinguishes(match, small[p], predictions))
            best = next(distinguishing, shown[0] if shown else None)
            if best is not None and best not in chosen:
                chosen.append(best)
    is_all = len(predicted) == len(diagnosis.matches) and not diagnosis.computed
    if chosen and is_all and not diagnosis.side_effects:
        return chosen
    return [*chosen, *(place for place in places if place not in chosen)]


def _entries(trial: Trial) -> tuple[int, int]:
    of_x = sum(int(np.size(v)) for name, v in trial.case.inputs.items() if name.startswith("x"))
    return of_x, sum(int(np.size(value)) for value in trial.case.inputs.values())


def _would_show(match: MatchedMistakes, trial: Trial) -> bool:
    predicted_array = match.predicted(trial)
    if predicted_array is None or isinstance(predicted_array, Exception):
        return False
    return compare(Received.of(predicted_array), trial.expected[match.array]) is not None


def _distinguishes(match: MatchedMistakes, trial: Trial, predictions: MistakePredictions) -> bool:
    """Whether a mistake shows here and gives what no other known one does."""
    return _would_show(match, trial) and not _has_rival(match, trial, predictions)


def _has_rival(match: MatchedMistakes, trial: Trial, predictions: MistakePredictions) -> bool:
    """Whether another known mistake would give the same here; of two combined ones, also each alone."""
    predicted_array = match.predicted(trial)
    assert isinstance(predicted_array, np.ndarray)  # it shows
    own = {entry.name for entry in match.mistakes}
    own |= {name for entry in match.mistakes for name in entry.refines}
    if not match.are_combined:
        same = predictions.entries_matching(
            ComparedArray(match.array, trial, Received.of(predicted_array), None)
        )
        return any(entry.name not in own for entry in same)
    others = [
        entry
        for entry in predictions.entries_about(match.array)
        if entry.predicts and entry.name not in own
    ]
    rivals = [
        *((part,) for part in match.mistakes),
        *((entry, *match.mistakes[1:]) for entry in others),
    ]
    return any(
        _are_alike(predicted_array, dataclasses.replace(match, mistakes=parts).predicted(trial))
        for parts in rivals
    )


def _are_alike(predicted_array: Array, other: Array | Exception | None) -> bool:
    return isinstance(other, np.ndarray) and reproduces(Received.of(other), predicted_array)


def smallest_failure(trials: Iterable[Trial], diagnosis: Diagnosis) -> Counterexample | None:
    """The first of the small trials that fails in the same way, else the first that fails at all.

    In the same way: its wrong arrays are those of the large trials, and what was found out about
    them holds; or it raises the same exception, or changes what must not be changed. Of the first
    `ENOUGH` the one that shows the most wrong arrays.
    """
    arrays = {compared.array for compared in diagnosis.wrong}
    first: Counterexample | None = None
    alike: Counterexample | None = None
    most = -1
    for number, trial in enumerate(trials, start=1):
        one = _failure(trial)
        if one is not None:
            first = first or one
            shown = sum(compared.array in arrays for compared in one.wrong)
            if shown > most and _is_alike(one, diagnosis):
                alike, most = one, shown
        if most == len(arrays) or (number >= ENOUGH and first is not None):
            break
    return alike or first


ENOUGH = 6
"""The number of small trials that are run even if one has failed already."""


def _failure(trial: Trial) -> Counterexample | None:
    wrong = tuple(compared for compared in compared_arrays([trial]) if compared.is_wrong)
    changed = any(name not in WARNINGS for name, _ in side_effects(trial))
    if wrong or changed or trial.observed.raised is not None:
        return Counterexample(trial, wrong)
    return None


def _is_alike(one: Counterexample, diagnosis: Diagnosis) -> bool:
    effects = {(name, array) for name, array in side_effects(one.trial) if name not in WARNINGS}
    if {(mistake.name, array) for mistake, array in diagnosis.side_effects} & effects:
        return True
    raised = one.trial.observed.raised
    arrays = {compared.array for compared in diagnosis.wrong}
    if not arrays:
        return raised is not None and diagnosis.raised is not None
    if not any(compared.array in arrays for compared in one.wrong):
        return False
    return all(_holds(compared, diagnosis) for compared in one.wrong)


def _holds(compared: ComparedArray, diagnosis: Diagnosis) -> bool:
    """Whether what was found out about an array holds for it in one more trial."""
    for match in diagnosis.matches:
        if match.array == compared.array:
            return match.agrees_with(compared)
    if compared.array in diagnosis.computed:
        return diagnosis.computed[compared.array].reproduces(compared)
    reasons = {
        wrong.difference.reason
        for wrong in diagnosis.wrong
        if wrong.array == compared.array and wrong.difference is not None
    }
    return compared.difference is not None and (
        not reasons or compared.difference.reason in reasons
    )

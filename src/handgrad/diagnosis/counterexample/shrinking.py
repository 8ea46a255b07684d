"""Which of the small cases is the counterexample: the smallest that still fails, and fails alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np

from handgrad.diagnosis.case import Array, Received, Trial
from handgrad.diagnosis.compare import compare, reproduces
from handgrad.diagnosis.comparison import Comparison
from handgrad.diagnosis.contract import WARNINGS, side_effects
from handgrad.diagnosis.counterexample.counterexample import Counterexample
from handgrad.diagnosis.evidence import Sighting, sightings
from handgrad.diagnosis.examine import Examination
from handgrad.diagnosis.matching import Finding
from handgrad.diagnosis.predictions import Predictions


def that_may_fail(small: Sequence[Trial], shown: Comparison | Examination) -> list[int]:
    """The places of the small trials that may fail as the large ones did, the smallest first.

    What fails in one call needs no second one, and what fails for a matrix needs no more axes.
    """
    failing = [sighting.trial for sighting in shown.wrong]
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


def worth_trying(
    places: Sequence[int],
    small: Sequence[Trial],
    examination: Examination,
    predictions: Predictions,
) -> list[int]:
    """Those of the places of small trials in which an answer is to be looked at, the best first.

    For a mistake that is known it can be said beforehand where it shows: first the smallest trial in
    which it gives something wrong that no other known mistake gives. For anything else all of them
    are worth a try. `predictions` are those for the small trials.
    """
    precise = [f for f in examination.findings if not f.mistakes[0].is_last_resort]
    predicted = [f for f in precise if f.together or f.mistakes[0].predicts]
    chosen: list[int] = []
    with np.errstate(all="ignore"):
        shows_all = (p for p in places if all(_tells(f, small[p], predictions) for f in predicted))
        best = next(shows_all, None) if len(predicted) > 1 else None
        if best is not None:
            chosen.append(best)
        for finding in predicted[:2] if best is None else ():
            shown = [place for place in places if _would_show(finding, small[place])]
            telling = (p for p in shown if _tells(finding, small[p], predictions))
            best = next(telling, shown[0] if shown else None)
            if best is not None and best not in chosen:
                chosen.append(best)
    is_all = len(predicted) == len(examination.findings) and not examination.computed
    if chosen and is_all and not examination.side_effects:
        return chosen
    return [*chosen, *(place for place in places if place not in chosen)]


def _entries(trial: Trial) -> tuple[int, int]:
    of_x = sum(int(np.size(v)) for name, v in trial.case.inputs.items() if name.startswith("x"))
    return of_x, sum(int(np.size(value)) for value in trial.case.inputs.values())


def _would_show(finding: Finding, trial: Trial) -> bool:
    said = finding.predicted(trial)
    if said is None or isinstance(said, Exception):
        return False
    return compare(Received.of(said), trial.expected[finding.array]) is not None


def _tells(finding: Finding, trial: Trial, predictions: Predictions) -> bool:
    """Whether a mistake shows here and gives what no other known one does."""
    return _would_show(finding, trial) and not _has_rival(finding, trial, predictions)


def _has_rival(finding: Finding, trial: Trial, predictions: Predictions) -> bool:
    """Whether another known mistake would give the same here; of two that met, also each alone."""
    said = finding.predicted(trial)
    assert isinstance(said, np.ndarray)  # it shows
    own = {entry.name for entry in finding.mistakes}
    own |= {name for entry in finding.mistakes for name in entry.refines}
    if not finding.together:
        same = predictions.entries_that_give(
            Sighting(finding.array, trial, Received.of(said), None)
        )
        return any(entry.name not in own for entry in same)
    others = [
        entry
        for entry in predictions.about(finding.array)
        if entry.predicts and entry.name not in own
    ]
    rivals = [
        *((part,) for part in finding.mistakes),
        *((entry, *finding.mistakes[1:]) for entry in others),
    ]
    return any(
        _are_alike(said, dataclasses.replace(finding, mistakes=parts).predicted(trial))
        for parts in rivals
    )


def _are_alike(said: Array, other: Array | Exception | None) -> bool:
    return isinstance(other, np.ndarray) and reproduces(Received.of(other), said)


def smallest(trials: Iterable[Trial], examination: Examination) -> Counterexample | None:
    """The first of the small trials that fails in the same way, else the first that fails at all.

    In the same way: its wrong arrays are those of the large trials, and what was found out about
    them holds; or it raises the same exception, or changes what must not be changed. Of the first
    `ENOUGH` the one that shows the most wrong arrays.
    """
    arrays = {sighting.array for sighting in examination.wrong}
    first: Counterexample | None = None
    alike: Counterexample | None = None
    most = -1
    for number, trial in enumerate(trials, start=1):
        one = _failure(trial)
        if one is not None:
            first = first or one
            shown = sum(sighting.array in arrays for sighting in one.wrong)
            if shown > most and _is_alike(one, examination):
                alike, most = one, shown
        if most == len(arrays) or (number >= ENOUGH and first is not None):
            break
    return alike or first


ENOUGH = 6
"""Small trials that are looked at, though one has failed already."""


def _failure(trial: Trial) -> Counterexample | None:
    wrong = tuple(sighting for sighting in sightings([trial]) if sighting.is_wrong)
    changed = any(name not in WARNINGS for name, _ in side_effects(trial))
    if wrong or changed or trial.observed.raised is not None:
        return Counterexample(trial, wrong)
    return None


def _is_alike(one: Counterexample, examination: Examination) -> bool:
    effects = {(name, array) for name, array in side_effects(one.trial) if name not in WARNINGS}
    if {(mistake.name, array) for mistake, array in examination.side_effects} & effects:
        return True
    raised = one.trial.observed.raised
    arrays = {sighting.array for sighting in examination.wrong}
    if not arrays:
        return raised is not None and examination.raised is not None
    if not any(sighting.array in arrays for sighting in one.wrong):
        return False
    return all(_holds(sighting, examination) for sighting in one.wrong)


def _holds(sighting: Sighting, examination: Examination) -> bool:
    """Whether what was found out about an array holds for it in one more trial."""
    for finding in examination.findings:
        if finding.array == sighting.array:
            return finding.agrees_with(sighting)
    if sighting.array in examination.computed:
        return examination.computed[sighting.array].reproduces(sighting)
    reasons = {
        wrong.difference.reason
        for wrong in examination.wrong
        if wrong.array == sighting.array and wrong.difference is not None
    }
    return sighting.difference is not None and (
        not reasons or sighting.difference.reason in reasons
    )

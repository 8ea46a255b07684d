"""Naming a mistake: which entries of the catalogue reproduce the received arrays in every case.

An accusation needs proof. An entry explains an array only if it agrees with what was received in
every trial that computed the array, and differs from the reference in at least one of them. No
such entry, no accusation.

A run that raised before it computed an array says less: the entry may raise there too, or another
line may be to blame. Entries that raise wherever the answer did are preferred, because they explain
more; where there are none, those that agree with every computed array are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from handgrad.diagnosis.array_difference import reproduces
from handgrad.diagnosis.case import Array, Received, Trial
from handgrad.diagnosis.compared_array import ComparedArray, by_array
from handgrad.diagnosis.fitted_constants import attempted, fit_of_parts, fitted_factor
from handgrad.diagnosis.mistake_predictions import MistakePredictions, prediction
from handgrad.diagnosis.mistakes import TIMES_CONSTANT, Fit, Mistake, Parts
from handgrad.diagnosis.time_budget import TimeBudget
from handgrad.diagnosis.verdict import NamedMistake

LARGEST_STUDIED = 1_000_000
"""Of arrays with more entries only the type and the shape are studied."""
LONGEST_SECONDS = 0.02
"""The time for finding combined mistakes, so that a diagnosis never delays a verdict."""


@dataclass(frozen=True)
class MatchedMistakes:
    """The entries that explain one array, the most precise first.

    Attributes:
        factor: the constant that was fitted, where the first entry has one.
        explains_raising: the entries raise in every trial that raised before it computed the array.
        are_combined: the entries are not alternatives but combined in the array, the inner one first.
    """

    array: str
    mistakes: tuple[Mistake, ...]
    factor: float | None = None
    explains_raising: bool = False
    are_combined: bool = False

    def named(self) -> tuple[NamedMistake, ...]:
        """The entries as the verdict reports them: combined mistakes one by one."""
        if self.are_combined:
            return tuple(
                NamedMistake(part.name, self.array, factor=self.factor if part.fit else None)
                for part in self.mistakes
            )
        first, *others = self.mistakes
        named = NamedMistake(
            mistake=first.name,
            array=self.array,
            certainty="one-of" if others else "proved",
            alternatives=tuple(other.name for other in others),
            factor=self.factor,
        )
        return (named,)

    def predicted(self, trial: Trial) -> Array | Exception | None:
        """What the first entry, or all parts together, give for a trial; an exception if it raises."""
        parts = self.mistakes if self.are_combined else self.mistakes[:1]
        fit_of = fit_of_parts(parts)
        if fit_of is None or self.factor is None:
            return prediction(parts, trial, self.array)
        fit = attempted(fit_of, trial, self.array)
        return fit.at(self.factor) if isinstance(fit, Fit) else fit

    def agrees_with(self, compared: ComparedArray) -> bool:
        """Whether the first entry, or all parts together, give what was received in one more trial."""
        with np.errstate(all="ignore"):
            if not self.are_combined and _agreement(self.mistakes[0], [compared])[0]:
                return True
            predicted = self.predicted(compared.trial)
            return isinstance(predicted, np.ndarray) and reproduces(compared.received, predicted)


@dataclass(frozen=True)
class _Candidate:
    """An entry that agrees with all the evidence."""

    entry: Mistake
    is_own: bool  # of the level, not generic
    factor: float | None = None


def match_mistakes(
    arrays: Sequence[ComparedArray], trials: Sequence[Trial], predictions: MistakePredictions
) -> list[MatchedMistakes]:
    """One match for each wrong array that the catalogue explains, in the order of comparison.

    `trials` are those that can make the class's verdict wrong, `arrays` what they computed.
    """
    budget = TimeBudget(LONGEST_SECONDS)
    matches: list[MatchedMistakes] = []
    for array, evidence in by_array(arrays).items():
        if any(compared.is_wrong for compared in evidence):
            earlier = [match.mistakes for match in matches if match.are_combined]
            match = _explanation(array, evidence, trials, predictions, earlier, budget)
            if match is not None:
                matches.append(match)
    return matches


def _explanation(
    array: str,
    evidence: list[ComparedArray],
    trials: Sequence[Trial],
    predictions: MistakePredictions,
    earlier: Sequence[Parts],
    budget: TimeBudget,
) -> MatchedMistakes | None:
    sizes = {id(compared): _entries(compared.received) for compared in evidence}
    is_large = max(sizes.values()) > LARGEST_STUDIED
    # What differs, and is small, first: most entries are ruled out by the first array they meet.
    ordered = sorted(evidence, key=lambda s: (not s.is_wrong, sizes[id(s)]))
    with np.errstate(all="ignore"):
        candidates = _candidates(ordered, predictions, only_type_and_shape=is_large)
        raised = _raised_before(array, evidence, trials)
        raising = [
            m for m in candidates if raised and all(_raises(m.entry, t, array) for t in raised)
        ]
        kept = _most_precise(raising or candidates)
        if not is_large and all(candidate.entry.is_last_resort for candidate in kept):
            together = match_combined_mistakes(ordered, predictions, earlier, budget)
            if together is not None:
                return together
    if not kept:
        return None
    entries = {candidate.entry.name: candidate.entry for candidate in reversed(kept)}
    names = list(dict.fromkeys(candidate.entry.name for candidate in kept))
    return MatchedMistakes(
        array,
        tuple(entries[name] for name in names),
        factor=kept[0].factor,
        explains_raising=bool(raising),
    )


def _candidates(
    evidence: list[ComparedArray], predictions: MistakePredictions, *, only_type_and_shape: bool
) -> list[_Candidate]:
    """The entries that agree with all the evidence; of large arrays only type and shape are studied."""
    given = [] if only_type_and_shape else predictions.entries_matching(evidence[0])
    promising = {id(entry) for entry in given}
    candidates = []
    for place, entry in enumerate(predictions.entries):
        if not entry.is_about(evidence[0].array):
            continue
        if entry.recognise is None and (
            only_type_and_shape or (entry.predicts and id(entry) not in promising)
        ):
            continue
        agrees, factor = _agreement(entry, evidence)
        if agrees:
            candidates.append(_Candidate(entry, place < len(predictions.level_mistakes), factor))
    return candidates


def _entries(received: Received) -> int:
    return 0 if received.array is None else received.array.size


def _raised_before(
    array: str, evidence: list[ComparedArray], trials: Sequence[Trial]
) -> list[Trial]:
    """The trials in which the answer raised before it had given the array."""
    arrived = {compared.trial.number for compared in evidence}
    return [
        trial
        for trial in trials
        if array in trial.case.compared
        and trial.number not in arrived
        and trial.observed.raised is not None
        and trial.observed.raised.in_answer
    ]


def _most_precise(candidates: list[_Candidate]) -> list[_Candidate]:
    """Specific before generic, constant-free before fitted, a last resort only when alone."""
    refined = {name for candidate in candidates for name in candidate.entry.refines}
    kept = [candidate for candidate in candidates if candidate.entry.name not in refined]
    weaknesses: tuple[Callable[[_Candidate], bool], ...] = (
        lambda candidate: candidate.entry.is_last_resort,
        lambda candidate: candidate.entry.fit is not None,
        lambda candidate: not candidate.is_own,
    )
    for is_weak in weaknesses:
        kept = [candidate for candidate in kept if not is_weak(candidate)] or kept
    return kept


def _agreement(entry: Mistake, evidence: list[ComparedArray]) -> tuple[bool, float | None]:
    """Whether an entry agrees with all the evidence, and the constant with which it does."""
    if entry.recognise is not None:
        return all(_recognises(entry, s) for s in evidence if s.is_wrong), None
    if entry.predicts:
        return _all_given((entry,), evidence), None
    if entry.fit is not None:
        factor = fitted_factor(entry.fit, evidence)
        return factor is not None, factor
    return False, None


def _recognises(entry: Mistake, compared: ComparedArray) -> bool:
    assert entry.recognise is not None
    try:
        return bool(entry.recognise(compared.trial, compared.array, compared.received))
    except Exception:  # noqa: BLE001 -- a level's own function may get arrays that its author did not expect
        return False


def _gives(parts: Parts, compared: ComparedArray) -> bool:
    """Whether a prediction is just what was received; where there is none, the array must be right."""
    predicted = prediction(parts, compared.trial, compared.array)
    if predicted is None:
        return not compared.is_wrong
    return not isinstance(predicted, Exception) and reproduces(compared.received, predicted)


def _all_given(parts: Parts, evidence: Sequence[ComparedArray]) -> bool:
    return all(_gives(parts, compared) for compared in evidence)


def _raises(entry: Mistake, trial: Trial, array: str) -> bool:
    return entry.predicts and isinstance(prediction((entry,), trial, array), Exception)


def match_combined_mistakes(
    evidence: Sequence[ComparedArray],
    predictions: MistakePredictions,
    earlier: Sequence[Parts],
    budget: TimeBudget,
) -> MatchedMistakes | None:
    """Two mistakes that together explain an array, if there are such; no guess without proof.

    `earlier`: those found in other arrays, which are tried first, since one wrong line often spoils
    many arrays.
    """
    array = evidence[0].array
    for parts in earlier:
        is_about = fit_of_parts(parts) is None and all(part.is_about(array) for part in parts)
        if is_about and _all_given(parts, evidence):
            return MatchedMistakes(array, parts, are_combined=True)
    for parts in predictions.pairs_matching(evidence[0], budget):
        if _all_given(parts, evidence):
            return MatchedMistakes(array, parts, are_combined=True)
    multiples = predictions.entries_matching_multiples(evidence[0])
    with_constant = [(one, TIMES_CONSTANT) for one in multiples if not one.is_last_resort]
    for parts in (*with_constant, *predictions.pairs_fitting(evidence[0])):
        fitted = _fitted(parts, evidence)
        if fitted is not None:
            return fitted
    return None


def _fitted(parts: Parts, evidence: Sequence[ComparedArray]) -> MatchedMistakes | None:
    """Two combined mistakes, one of them with a constant that is fitted; None where none fits."""
    fit_of = fit_of_parts(parts)
    factor = None if fit_of is None else fitted_factor(fit_of, evidence)
    if factor is None:
        return None
    return MatchedMistakes(evidence[0].array, parts, factor=factor, are_combined=True)

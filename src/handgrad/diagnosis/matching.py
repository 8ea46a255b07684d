"""Naming the mistake: which entries of the catalogue reproduce, in every case, what was received.

An accusation needs proof. An entry explains an array only if it agrees with what was received in
every trial in which the array arrived, and differs from the reference in at least one of them. No
such entry, no accusation.

A run that raised before it came to an array says less: the entry may raise there too, or another
line may be to blame. Entries that raise wherever the answer did are preferred, because they explain
more; where there are none, those that agree with everything that arrived are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from handgrad.diagnosis.case import Array, Received, Trial
from handgrad.diagnosis.compare import reproduces
from handgrad.diagnosis.evidence import Sighting, by_array
from handgrad.diagnosis.fits import attempted, fit_of_parts, fitted_factor
from handgrad.diagnosis.mistakes import TIMES_CONSTANT, Fit, Mistake, Parts
from handgrad.diagnosis.patience import Patience
from handgrad.diagnosis.predictions import Predictions, prediction
from handgrad.diagnosis.verdict import NamedMistake

LARGEST_STUDIED = 1_000_000
"""Arrays with more entries are only looked at for their form."""
LONGEST_SECONDS = 0.02
"""When the search for mistakes that met gives up: a diagnosis never makes a verdict late."""


@dataclass(frozen=True)
class Finding:
    """The entries that explain one array, the most precise first.

    Attributes:
        factor: the constant that was fitted, where the first entry has one.
        explains_raising: the entries raise in every trial that raised before the array came.
        together: the entries are not alternatives; they met in the array, the inner one first.
    """

    array: str
    mistakes: tuple[Mistake, ...]
    factor: float | None = None
    explains_raising: bool = False
    together: bool = False

    def named(self) -> tuple[NamedMistake, ...]:
        """The finding as the verdict reports it: the parts of a composed mistake one by one."""
        if self.together:
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
        parts = self.mistakes if self.together else self.mistakes[:1]
        fit_of = fit_of_parts(parts)
        if fit_of is None or self.factor is None:
            return prediction(parts, trial, self.array)
        fit = attempted(fit_of, trial, self.array)
        return fit.at(self.factor) if isinstance(fit, Fit) else fit

    def agrees_with(self, sighting: Sighting) -> bool:
        """Whether the first entry, or all parts together, give what came in one more trial."""
        with np.errstate(all="ignore"):
            if not self.together and _agreement(self.mistakes[0], [sighting])[0]:
                return True
            said = self.predicted(sighting.trial)
            return isinstance(said, np.ndarray) and reproduces(sighting.received, said)


@dataclass(frozen=True)
class _Match:
    """An entry that agrees with all the evidence."""

    entry: Mistake
    is_own: bool  # of the level, not generic
    factor: float | None = None


def diagnose(
    seen: Sequence[Sighting], trials: Sequence[Trial], predictions: Predictions
) -> list[Finding]:
    """One finding for each wrong array that the catalogue explains, in the order of comparison.

    `trials` are those that may make the class's verdict wrong, `seen` what arrived in them.
    """
    patience = Patience(LONGEST_SECONDS)
    findings: list[Finding] = []
    for array, evidence in by_array(seen).items():
        if any(sighting.is_wrong for sighting in evidence):
            met = [finding.mistakes for finding in findings if finding.together]
            finding = _explanation(array, evidence, trials, predictions, met, patience)
            if finding is not None:
                findings.append(finding)
    return findings


def _explanation(
    array: str,
    evidence: list[Sighting],
    trials: Sequence[Trial],
    predictions: Predictions,
    met: Sequence[Parts],
    patience: Patience,
) -> Finding | None:
    sizes = {id(sighting): _entries(sighting.received) for sighting in evidence}
    is_large = max(sizes.values()) > LARGEST_STUDIED
    # What differs, and is small, first: most entries are ruled out by the first array they meet.
    ordered = sorted(evidence, key=lambda s: (not s.is_wrong, sizes[id(s)]))
    with np.errstate(all="ignore"):
        matches = _matches(ordered, predictions, only_of_form=is_large)
        raised = _raised_before(array, evidence, trials)
        raising = [m for m in matches if raised and all(_raises(m.entry, t, array) for t in raised)]
        kept = _most_precise(raising or matches)
        if not is_large and all(match.entry.is_last_resort for match in kept):
            together = met_together(ordered, predictions, met, patience)
            if together is not None:
                return together
    if not kept:
        return None
    entries = {match.entry.name: match.entry for match in reversed(kept)}
    names = list(dict.fromkeys(match.entry.name for match in kept))
    return Finding(
        array,
        tuple(entries[name] for name in names),
        factor=kept[0].factor,
        explains_raising=bool(raising),
    )


def _matches(
    evidence: list[Sighting], predictions: Predictions, *, only_of_form: bool
) -> list[_Match]:
    """The entries that agree with every sighting; of large arrays only their form is looked at."""
    given = [] if only_of_form else predictions.entries_that_give(evidence[0])
    promising = {id(entry) for entry in given}
    matches = []
    for place, entry in enumerate(predictions.entries):
        if not entry.is_about(evidence[0].array):
            continue
        if entry.recognise is None and (
            only_of_form or (entry.predicts and id(entry) not in promising)
        ):
            continue
        agrees, factor = _agreement(entry, evidence)
        if agrees:
            matches.append(_Match(entry, place < len(predictions.level_mistakes), factor))
    return matches


def _entries(received: Received) -> int:
    return 0 if received.array is None else received.array.size


def _raised_before(array: str, evidence: list[Sighting], trials: Sequence[Trial]) -> list[Trial]:
    """The trials in which the answer raised before it had given the array."""
    arrived = {sighting.trial.number for sighting in evidence}
    return [
        trial
        for trial in trials
        if array in trial.case.compared
        and trial.number not in arrived
        and trial.observed.raised is not None
        and trial.observed.raised.in_answer
    ]


def _most_precise(matches: list[_Match]) -> list[_Match]:
    """Specific before generic, constant-free before fitted, a last resort only when alone."""
    refined = {name for match in matches for name in match.entry.refines}
    kept = [match for match in matches if match.entry.name not in refined]
    weaknesses: tuple[Callable[[_Match], bool], ...] = (
        lambda match: match.entry.is_last_resort,
        lambda match: match.entry.fit is not None,
        lambda match: not match.is_own,
    )
    for is_weak in weaknesses:
        kept = [match for match in kept if not is_weak(match)] or kept
    return kept


def _agreement(entry: Mistake, evidence: list[Sighting]) -> tuple[bool, float | None]:
    """Whether an entry agrees with every sighting, and the constant with which it does."""
    if entry.recognise is not None:
        return all(_recognises(entry, s) for s in evidence if s.is_wrong), None
    if entry.predicts:
        return _all_given((entry,), evidence), None
    if entry.fit is not None:
        factor = fitted_factor(entry.fit, evidence)
        return factor is not None, factor
    return False, None


def _recognises(entry: Mistake, sighting: Sighting) -> bool:
    assert entry.recognise is not None
    try:
        return bool(entry.recognise(sighting.trial, sighting.array, sighting.received))
    except Exception:  # noqa: BLE001 -- a level's own function may meet arrays that its author never thought of
        return False


def _gives(parts: Parts, sighting: Sighting) -> bool:
    """Whether a prediction is just what was received; where it says nothing, that must be right."""
    predicted = prediction(parts, sighting.trial, sighting.array)
    if predicted is None:
        return not sighting.is_wrong
    return not isinstance(predicted, Exception) and reproduces(sighting.received, predicted)


def _all_given(parts: Parts, evidence: Sequence[Sighting]) -> bool:
    return all(_gives(parts, sighting) for sighting in evidence)


def _raises(entry: Mistake, trial: Trial, array: str) -> bool:
    return entry.predicts and isinstance(prediction((entry,), trial, array), Exception)


def met_together(
    evidence: Sequence[Sighting],
    predictions: Predictions,
    met: Sequence[Parts],
    patience: Patience,
) -> Finding | None:
    """Two mistakes that together explain an array, if there are such; no guess without proof.

    `met`: those that met in other arrays, which are tried first, since one wrong line often spoils
    many arrays.
    """
    array = evidence[0].array
    for parts in met:
        is_about = fit_of_parts(parts) is None and all(part.is_about(array) for part in parts)
        if is_about and _all_given(parts, evidence):
            return Finding(array, parts, together=True)
    for parts in predictions.pairs_that_give(evidence[0], patience):
        if _all_given(parts, evidence):
            return Finding(array, parts, together=True)
    multiples = predictions.entries_of_multiples(evidence[0])
    with_constant = [(one, TIMES_CONSTANT) for one in multiples if not one.is_last_resort]
    for parts in (*with_constant, *predictions.pairs_that_fit(evidence[0])):
        fitted = _fitted(parts, evidence)
        if fitted is not None:
            return fitted
    return None


def _fitted(parts: Parts, evidence: Sequence[Sighting]) -> Finding | None:
    """Two mistakes that met, one of them with a constant that is fitted; None where none fits."""
    fit_of = fit_of_parts(parts)
    factor = None if fit_of is None else fitted_factor(fit_of, evidence)
    if factor is None:
        return None
    return Finding(evidence[0].array, parts, factor=factor, together=True)

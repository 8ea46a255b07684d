"""What cases are worth: which known mistakes they would expose, and which they tell apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from handgrad.diagnosis.array_difference import compare, reproduces
from handgrad.diagnosis.case import Array, Observation, Received, Trial
from handgrad.diagnosis.mistakes import GENERIC, SIDE_EFFECTS, Mistake
from handgrad.diagnosis.verdict import Exclusions

FITTED = 0.3
"""The constant with which a fitted entry is tried."""


@dataclass(frozen=True)
class ExposedMistakes:
    """The known mistakes that some cases would have exposed.

    Attributes:
        exposed: names, in the order of the catalogue.
        not_exposed: names of those that would have passed.
    """

    exposed: tuple[str, ...]
    not_exposed: tuple[str, ...]

    def exclusions(self) -> Exclusions:
        """The field ``excludes`` of a verdict."""
        return Exclusions(
            known=len(self.exposed) + len(self.not_exposed),
            exposed=len(self.exposed),
            not_exposed=self.not_exposed,
        )


def exposed_mistakes(trials: Sequence[Trial], level_mistakes: Iterable[Mistake]) -> ExposedMistakes:
    """Which mistakes some trial exposes. What they give is compared as an answer's arrays are.

    A generic mistake could be made in any array, and is exposed only if it is in every one. A level's
    own is one wrong line that spoils several arrays at once, so that one of them is enough.

    Args:
        trials: the cases with the reference's arrays; observations are ignored.
        level_mistakes: the level's own entries.
    """
    deciding = [trial for trial in trials if trial.case.warning is None]
    is_exposed: dict[str, bool] = {}
    with np.errstate(all="ignore"):
        for entries, enough in ((level_mistakes, any), (GENERIC, all)):
            for entry in entries:
                shown = [
                    is_shown
                    for array in _arrays(deciding)
                    if entry.is_about(array)
                    and (is_shown := _is_shown(entry, array, deciding)) is not None
                ]
                if shown:
                    is_exposed[entry.name] = is_exposed.get(entry.name, True) and enough(shown)
    for entry in SIDE_EFFECTS:
        if entry.name != "parameters-changed" or any(trial.case.kept for trial in deciding):
            is_exposed[entry.name] = is_exposed.get(entry.name, True) and _is_guarded(
                entry, deciding
            )
    return ExposedMistakes(
        exposed=tuple(name for name, exposed in is_exposed.items() if exposed),
        not_exposed=tuple(name for name, exposed in is_exposed.items() if not exposed),
    )


@dataclass(frozen=True)
class MistakePairs:
    """How many pairs of entries share an array, and which pairs the cases cannot tell apart."""

    pairs: int
    same: tuple[tuple[str, str], ...]


def mistake_pairs(trials: Sequence[Trial], level_mistakes: Iterable[Mistake]) -> MistakePairs:
    """Which pairs of mistakes give the same in every array that both are about, in every trial.

    Entries of form, which are recognised and not predicted, are not among them; nor are two of which
    one refines the other, since only that one is named.
    """
    deciding = [trial for trial in trials if trial.case.warning is None]
    alike: dict[tuple[str, str], bool] = {}
    with np.errstate(all="ignore"):
        for array in _arrays(deciding):
            given = list(_all_given(array, deciding, (*level_mistakes, *GENERIC)))
            for (one, a), (other, b) in itertools.combinations(given, 2):
                if one.name == other.name or one.name in other.refines or other.name in one.refines:
                    continue
                pair = (one.name, other.name)
                alike[pair] = alike.get(pair, True) and _agree(a, b)
    same = tuple(pair for pair, are_alike in alike.items() if are_alike)
    return MistakePairs(len(alike), same)


def _all_given(
    array: str, trials: Sequence[Trial], entries: Iterable[Mistake]
) -> Iterator[tuple[Mistake, list[Array | Exception | None]]]:
    for entry in entries:
        if entry.is_about(array) and entry.recognise is None and (entry.predicts or entry.fit):
            given = [_given(entry, trial, array) for trial in trials]
            if any(what is not None for what in given):
                yield entry, given


def _agree(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return all(_are_alike(a, b) for a, b in zip(one, other, strict=True))


def _are_alike(a: Any, b: Any) -> bool:
    if isinstance(a, Exception) or isinstance(b, Exception):
        return isinstance(a, Exception) and isinstance(b, Exception)
    if a is None or b is None:
        return a is b
    return reproduces(Received.of(a), b)


def _arrays(trials: Sequence[Trial]) -> list[str]:
    return list(dict.fromkeys(array for trial in trials for array in trial.case.compared))


def _is_shown(entry: Mistake, array: str, trials: Sequence[Trial]) -> bool | None:
    """Whether some trial shows the mistake in the array; None where it has no meaning there."""
    has_meaning = False
    for trial in trials:
        given = _given(entry, trial, array)
        if given is None:
            continue
        if isinstance(given, Exception):
            return True  # an answer that raises does not pass
        has_meaning = True
        received = given if isinstance(given, Received) else Received.of(given)
        if compare(received, trial.expected[array]) is not None:
            return True
    return False if has_meaning else None


def _given(entry: Mistake, trial: Trial, array: str) -> Any:
    """What the mistake gives: an array, something received, an exception, or None for nothing."""
    try:
        if entry.recognise is not None:
            return _sample(entry, trial, array)
        if entry.fit is not None:
            fit = entry.fit(trial, array)
            return None if fit is None else np.asarray(fit.base + FITTED * fit.direction)
        given = entry.predicted(trial, array)
    except Exception as error:  # noqa: BLE001 -- a prediction raises where the wrong code would; any error counts
        return error
    return None if given is None else np.asarray(given)


def _sample(entry: Mistake, trial: Trial, array: str) -> Received | None:
    if entry.sample is None or entry.recognise is None:
        return None
    sample = entry.sample(trial, array)
    return sample if entry.recognise(trial, array, sample) else None


def _is_guarded(entry: Mistake, trials: Sequence[Trial]) -> bool:
    """Whether the cases compare what a side effect would change."""
    if entry.name == "fixed-shape":
        return len({np.ndim(trial.case.inputs.get("x", 0)) for trial in trials}) > 1
    return any(entry.name in trial.case.guarded.values() for trial in trials)


def unobserved_trials(trials: Iterable[tuple[Any, Any]]) -> list[Trial]:
    """Trials of cases and the reference's arrays, before any answer has come."""
    return [
        Trial(case, number, expected, Observation({}))
        for number, (case, expected) in enumerate(trials, start=1)
    ]

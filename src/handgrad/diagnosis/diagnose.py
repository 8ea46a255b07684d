"""The diagnosis of a class: verdict, mistakes, side effects, warnings and expressions; not the message."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from handgrad.diagnosis.case import Raised, Trial
from handgrad.diagnosis.class_comparison import ClassComparison
from handgrad.diagnosis.compared_array import ComparedArray, by_array
from handgrad.diagnosis.mistake_matching import MatchedMistakes, match_mistakes
from handgrad.diagnosis.mistake_predictions import MistakePredictions
from handgrad.diagnosis.mistakes import SIDE_EFFECTS, Mistake
from handgrad.diagnosis.mistakes.fixed_shape import fixed_shape_mistake
from handgrad.diagnosis.search import (
    LONGEST_SECONDS,
    FoundExpression,
    TableProvider,
    expression_table_of,
    find_expression,
)
from handgrad.diagnosis.time_budget import TimeBudget
from handgrad.diagnosis.verdict_names import ErrorKind, VerdictName, WarningName

SIDE_EFFECT_NAMED = {entry.name: entry for entry in SIDE_EFFECTS}


@dataclass(frozen=True)
class Diagnosis:
    """Everything that the trials of one class show.

    Attributes:
        verdict: forbidden, memory-limit, error, wrong or pass.
        trials: those that may make the verdict wrong.
        kind: for an error: exception, import-error or exited.
        raised_in: the trial whose exception decided the verdict.
        matches: the mistakes that explain wrong arrays.
        side_effects: mistakes that no single array shows, as (mistake, the one array that it is
            about, if there is one).
        arrays: every compared array of every trial, in order.
        wrong: the wrong ones among them; not those that only follow from a side effect of an
            earlier call.
        failing: the numbers of the trials that failed.
        warnings: names of warnings, in the order of `WARNINGS`; only on a pass.
        computed: what a wrong array is that no mistake explains, as an expression.
    """

    verdict: VerdictName
    trials: tuple[Trial, ...]
    kind: ErrorKind | None = None
    raised_in: Trial | None = None
    matches: tuple[MatchedMistakes, ...] = ()
    side_effects: tuple[tuple[Mistake, str | None], ...] = ()
    arrays: tuple[ComparedArray, ...] = ()
    wrong: tuple[ComparedArray, ...] = ()
    failing: frozenset[int] = frozenset()
    warnings: tuple[WarningName, ...] = ()
    computed: Mapping[str, FoundExpression] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """How many trials failed."""
        return len(self.failing)

    @property
    def raised(self) -> Raised | None:
        """The exception that decided the verdict."""
        return None if self.raised_in is None else self.raised_in.observed.raised


def diagnose_comparison(
    comparison: ClassComparison,
    predictions: MistakePredictions,
    table_for: TableProvider = expression_table_of,
) -> Diagnosis:
    """Name the mistakes in trials that were compared with the reference.

    Args:
        comparison: the trials, compared with the reference.
        predictions: what the known mistakes give for these trials, as far as computed so far.
        table_for: gives the expression table of a trial, kept between diagnoses.
    """
    trials, arrays, diagnosable = comparison.trials, comparison.arrays, comparison.diagnosable
    if comparison.verdict == "pass":  # there is nothing to explain
        return Diagnosis("pass", trials, arrays=arrays, warnings=comparison.warnings)
    matches = _coherent(match_mistakes(diagnosable, trials, predictions))
    computed = _computed(diagnosable, matches, table_for)
    named: list[tuple[Mistake, str | None]] = [
        (SIDE_EFFECT_NAMED[name], array) for name, array in comparison.side_effects
    ]
    if not named:
        matches, named = _fixed_shape(matches, trials, arrays)
        about = {array for _, array in named}
        computed = {a: c for a, c in computed.items() if not about & {a, None}}
    return Diagnosis(
        verdict=comparison.verdict,
        trials=trials,
        kind=comparison.kind,
        raised_in=comparison.raised_in,
        matches=tuple(matches),
        side_effects=tuple(named),
        arrays=arrays,
        wrong=comparison.wrong,
        failing=comparison.failing,
        computed=computed,
    )


def _computed(
    arrays: Sequence[ComparedArray], matches: Sequence[MatchedMistakes], table_for: TableProvider
) -> dict[str, FoundExpression]:
    """An expression for each wrong array that no precise entry explains, where one is found."""
    explained = {f.array for f in matches if not f.mistakes[0].is_last_resort}
    budget = TimeBudget(LONGEST_SECONDS)
    found = {}
    for array, evidence in by_array(arrays).items():
        if array not in explained and any(compared.is_wrong for compared in evidence):
            expression = find_expression(evidence, table_for, budget)
            if expression is not None:
                found[array] = expression
    return found


def _coherent(matches: list[MatchedMistakes]) -> list[MatchedMistakes]:
    """Where several entries explain an array, prefer the one that explains most other arrays too.

    One wrong line often makes many arrays wrong. An entry that is the only explanation of some
    array must be a mistake of this answer; where it explains another array as well, no second
    mistake needs to be assumed.
    """
    alternatives = [f for f in matches if not f.are_combined]
    needed = {f.mistakes[0].name for f in alternatives if len(f.mistakes) == 1}
    coverage = Counter(mistake.name for match in alternatives for mistake in match.mistakes)
    chosen = []
    for match in matches:
        candidates = match.mistakes
        if match in alternatives and len(candidates) > 1 and len(matches) > 1:
            preferred = [m for m in candidates if m.name in needed]
            most = max(coverage[m.name] for m in preferred or candidates)
            candidates = tuple(m for m in preferred or candidates if coverage[m.name] == most)
        factor = match.factor if candidates[0] == match.mistakes[0] else None
        chosen.append(dataclasses.replace(match, mistakes=candidates, factor=factor))
    return chosen


def _fixed_shape(
    matches: list[MatchedMistakes], trials: Sequence[Trial], arrays: Sequence[ComparedArray]
) -> tuple[list[MatchedMistakes], list[tuple[Mistake, str | None]]]:
    """Check whether the code works for one shape of x only, where no precise entry explains it.

    That says more than an entry of last resort ("the shape is wrong") and replaces it. It is checked
    for all unexplained arrays together, which often fail together; else array by array.
    """
    precise = [match for match in matches if not match.mistakes[0].is_last_resort]
    explained = {match.array for match in precise}
    unexplained = by_array(s for s in arrays if s.is_wrong and s.array not in explained)
    raised = {trial.number for trial in trials if trial.observed.raised is not None}
    if any(match.explains_raising for match in precise):
        raised = set()

    def shape_for(arrays: Iterable[str]) -> Mistake | None:
        wrong = [compared for array in arrays for compared in unexplained[array]]
        breaking = {
            s.trial.number for s in wrong if s.difference and s.difference.reason == "shape"
        }
        failing = {compared.trial.number for compared in wrong}
        return fixed_shape_mistake(trials, failing | raised, breaking | raised)

    whole = shape_for(unexplained)
    if whole is not None:
        one_array = len(unexplained) == 1 and not raised
        return precise, [(whole, next(iter(unexplained)) if one_array else None)]
    named = [(mistake, array) for array in unexplained if (mistake := shape_for([array]))]
    replaced = {array for _, array in named}
    return [match for match in matches if match.array not in replaced], [*named]

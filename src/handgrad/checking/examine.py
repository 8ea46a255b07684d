"""From the trials of a class to what its verdict says, but for the words."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from handgrad.checking.case import Raised, Trial
from handgrad.checking.contract import WARNINGS, side_effects
from handgrad.checking.diagnosis import Finding, diagnose
from handgrad.checking.evidence import Sighting, by_array, sightings
from handgrad.checking.mistakes import SIDE_EFFECTS, Mistake
from handgrad.checking.mistakes.shapes import fixed_shape
from handgrad.checking.patience import Patience
from handgrad.checking.search import LONGEST_SECONDS, BankOf, Computed, bank_of, search
from handgrad.checking.verdict import ErrorKind, VerdictName

SIDE_EFFECT_NAMED = {entry.name: entry for entry in SIDE_EFFECTS}


@dataclass(frozen=True)
class Examination:
    """What the trials of one class show.

    Attributes:
        verdict: forbidden, memory-limit, error, wrong or pass.
        trials: those that may make the verdict wrong.
        kind: for an error: exception, import-error or exited.
        raised_in: the trial whose exception decided the verdict.
        findings: the mistakes that explain wrong arrays.
        side_effects: mistakes that are seen in no single array, as (mistake, name of the array that
            it is about, if there is just one).
        seen: every array of every trial, in order.
        wrong: every wrong array of every trial, in order; not those that only follow from a side
            effect of an earlier call.
        failing: the numbers of the trials that failed.
        warnings: names of warnings, in the order of VOCABULARY; only on a pass.
        computed: what a wrong array is that no mistake explains, as an expression.
    """

    verdict: VerdictName
    trials: tuple[Trial, ...]
    kind: ErrorKind | None = None
    raised_in: Trial | None = None
    findings: tuple[Finding, ...] = ()
    side_effects: tuple[tuple[Mistake, str | None], ...] = ()
    seen: tuple[Sighting, ...] = ()
    wrong: tuple[Sighting, ...] = ()
    failing: frozenset[int] = frozenset()
    warnings: tuple[str, ...] = ()
    computed: Mapping[str, Computed] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """How many trials failed."""
        return len(self.failing)

    @property
    def raised(self) -> Raised | None:
        """The exception that decided the verdict."""
        return None if self.raised_in is None else self.raised_in.observed.raised


def examine(
    trials: Sequence[Trial], level_mistakes: Sequence[Mistake], bank_for: BankOf = bank_of
) -> Examination:
    """Compare every trial with the reference, look for side effects, and name the mistakes.

    Args:
        trials: every case with what was seen.
        level_mistakes: the level's own entries of the catalogue.
        bank_for: where banks of expressions are kept between examinations.
    """
    deciding = [trial for trial in trials if trial.case.warning is None]
    seen = sightings(deciding)
    effects = _side_effects(deciding)
    raised = [trial for trial in deciding if trial.observed.raised is not None]
    is_wrong = bool(effects) or any(sighting.is_wrong for sighting in seen)
    verdict, kind, raised_in = _decided(raised, is_wrong)
    studied = _without_consequences(seen) if effects else seen
    findings = _coherent(diagnose(studied, deciding, level_mistakes))
    computed = _computed(studied, findings, bank_for)
    named: list[tuple[Mistake, str | None]] = [(SIDE_EFFECT_NAMED[f], a) for f, a in effects]
    if not named:
        findings, named = _for_one_shape_only(findings, deciding, seen)
        told = {array for _, array in named}
        computed = {a: c for a, c in computed.items() if a not in told and None not in told}
    return Examination(
        verdict=verdict,
        trials=tuple(deciding),
        kind=kind,
        raised_in=raised_in,
        findings=tuple(findings),
        side_effects=tuple(named),
        seen=tuple(seen),
        wrong=tuple(sighting for sighting in studied if sighting.is_wrong),
        failing=_failing(deciding, seen),
        warnings=_warnings(trials) if verdict == "pass" else (),
        computed=computed,
    )


def _computed(
    seen: Sequence[Sighting], findings: Sequence[Finding], bank_for: BankOf
) -> dict[str, Computed]:
    """An expression for each wrong array that no precise entry explains, where one is found."""
    explained = {f.array for f in findings if not f.mistakes[0].is_last_resort}
    patience = Patience(LONGEST_SECONDS)
    found = {}
    for array, evidence in by_array(seen).items():
        if array not in explained and any(sighting.is_wrong for sighting in evidence):
            expression = search(evidence, bank_for, patience)
            if expression is not None:
                found[array] = expression
    return found


def _side_effects(trials: Sequence[Trial]) -> list[tuple[str, str]]:
    """Side effects that make a verdict wrong, each once."""
    found = (effect for trial in trials for effect in side_effects(trial))
    return list(dict.fromkeys(effect for effect in found if effect[0] not in WARNINGS))


def _without_consequences(seen: Sequence[Sighting]) -> list[Sighting]:
    """Leave out second calls: what the first one changed makes everything in them wrong."""
    return [s for s in seen if s.trial.case.situation != "second-call"]


def _coherent(findings: list[Finding]) -> list[Finding]:
    """Where several entries explain an array, prefer one that explains most of the others too.

    One wrong line often makes many arrays wrong. An entry that is the only one to explain some
    array is needed in any case; where it explains another array as well, nothing else need be
    supposed for that.
    """
    alternatives = [f for f in findings if not f.together]
    needed = {f.mistakes[0].name for f in alternatives if len(f.mistakes) == 1}
    coverage = Counter(mistake.name for finding in alternatives for mistake in finding.mistakes)
    told = []
    for finding in findings:
        candidates = finding.mistakes
        if finding in alternatives and len(candidates) > 1 and len(findings) > 1:
            preferred = [m for m in candidates if m.name in needed]
            most = max(coverage[m.name] for m in preferred or candidates)
            candidates = tuple(m for m in preferred or candidates if coverage[m.name] == most)
        factor = finding.factor if candidates[0] == finding.mistakes[0] else None
        told.append(dataclasses.replace(finding, mistakes=candidates, factor=factor))
    return told


def _decided(
    raised: list[Trial], is_wrong: bool
) -> tuple[VerdictName, ErrorKind | None, Trial | None]:
    """The verdict by precedence, and the trial whose exception decided it."""
    errors = [(trial, trial.observed.raised) for trial in raised]
    for trial, error in errors:
        if error is not None and error.refused:
            return "forbidden", None, trial
    for trial, error in errors:
        if error is not None and error.out_of_memory:
            return "memory-limit", None, trial
    for trial, error in errors:
        if error is not None:
            return "error", _kind(error), trial
    return ("wrong" if is_wrong else "pass"), None, None


def _kind(error: Raised) -> ErrorKind:
    if error.ended_process:
        return "exited"
    return "import-error" if error.is_import_error else "exception"


def _for_one_shape_only(
    findings: list[Finding], trials: Sequence[Trial], seen: Sequence[Sighting]
) -> tuple[list[Finding], list[tuple[Mistake, str | None]]]:
    """Look whether what no precise entry explains fails for some shapes of x and no others.

    That says more than an entry of last resort ("the shape is wrong"), and takes its place. First
    for the answer as a whole, whose arrays often go wrong together; else array by array.
    """
    precise = [finding for finding in findings if not finding.mistakes[0].is_last_resort]
    explained = {finding.array for finding in precise}
    unexplained = by_array(s for s in seen if s.is_wrong and s.array not in explained)
    raised = {trial.number for trial in trials if trial.observed.raised is not None}
    if any(finding.explains_raising for finding in precise):
        raised = set()

    def shape_for(arrays: Iterable[str]) -> Mistake | None:
        wrong = [sighting for array in arrays for sighting in unexplained[array]]
        breaking = {
            s.trial.number for s in wrong if s.difference and s.difference.reason == "shape"
        }
        failing = {sighting.trial.number for sighting in wrong}
        return fixed_shape(trials, failing | raised, breaking | raised)

    whole = shape_for(unexplained)
    if whole is not None:
        one_array = len(unexplained) == 1 and not raised
        return precise, [(whole, next(iter(unexplained)) if one_array else None)]
    told = [(mistake, array) for array in unexplained if (mistake := shape_for([array]))]
    arrays = {array for _, array in told}
    return [finding for finding in findings if finding.array not in arrays], [*told]


def _failing(trials: Sequence[Trial], seen: Sequence[Sighting]) -> frozenset[int]:
    wrong = {sighting.trial.number for sighting in seen if sighting.is_wrong}
    return frozenset(
        trial.number
        for trial in trials
        if trial.number in wrong
        or trial.observed.raised is not None
        or any(finding not in WARNINGS for finding, _ in side_effects(trial))
    )


def _warnings(trials: Sequence[Trial]) -> tuple[str, ...]:
    found = set()
    for trial in trials:
        found |= {name for name, _ in side_effects(trial) if name in WARNINGS}
        warning = trial.case.warning
        if warning is None:
            continue
        # At inputs of a thousand an honest float32 answer errs by more than the tolerance.
        seen = sightings([trial], relative=warning == "not-finite-at-extremes")
        if trial.observed.raised is not None or any(sighting.is_wrong for sighting in seen):
            found.add(warning)
    return tuple(name for name in WARNINGS if name in found)

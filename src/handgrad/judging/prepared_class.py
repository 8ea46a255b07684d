"""A judged class, ready before an answer arrives: its cases, and what the reference gives for them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from handgrad.course import JudgedClass, Level
from handgrad.diagnosis.case import Array, Case, Trial
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.diagnosis.exposed_mistakes import ExposedMistakes, exposed_mistakes, unobserved_trials
from handgrad.diagnosis.mistake_predictions import MistakePredictions
from handgrad.diagnosis.search import ExpressionTable, expression_table_of
from handgrad.errors import LevelError
from handgrad.languages import Text, name_list
from handgrad.sandbox.protocol.script import ScriptOutcome, compile_script, run_script

SMALL_CASES, LARGE_CASE = 1, 2
"""Random streams of their own, apart from the one of the cases that decide the verdict."""


@dataclass(frozen=True)
class PreparedClass:
    """A judged class with its cases and the reference's arrays for each.

    Attributes:
        level: the class's level.
        seed: what the cases are drawn from.
        judged: the class.
        cases: those that decide the verdict.
        expected: the reference's arrays, case by case.
        exposure: which known mistakes these cases expose.
    """

    level: Level
    seed: int
    judged: JudgedClass
    cases: tuple[Case, ...]
    expected: tuple[dict[str, Array], ...]
    exposure: ExposedMistakes

    @cached_property
    def expression_tables(self) -> dict[int, ExpressionTable]:
        """The expressions over the arrays of a trial, by its number; computed for some trials only."""
        return {}

    @cached_property
    def predictions(self) -> MistakePredictions:
        """What the known mistakes give for its cases, computed as answers need it."""
        return MistakePredictions(self.level.mistakes)

    @cached_property
    def small_trials(self) -> tuple[Trial, ...]:
        """Cases for pencil and paper with the reference's arrays; drawn at the first use."""
        rng = np.random.Generator(np.random.PCG64([self.seed, SMALL_CASES]))
        cases = self.level.small_cases(self.judged.name, rng)
        answered = [(case, _reference_arrays(self.level, self.judged, case)) for case in cases]
        return tuple(unobserved_trials(answered))

    @cached_property
    def small_predictions(self) -> MistakePredictions:
        """What the known mistakes give for the small cases, computed as answers need it."""
        return MistakePredictions(self.level.mistakes)

    @cached_property
    def large_case(self) -> Case | None:
        """A case large enough to show a loop over entries; drawn at the first use."""
        rng = np.random.Generator(np.random.PCG64([self.seed, LARGE_CASE]))
        return self.level.large_case(self.judged.name, rng)

    def table_for(self, compared: ComparedArray) -> ExpressionTable:
        """The short expressions over the arrays of a trial, computed once."""
        number = compared.trial.number
        if number not in self.expression_tables:
            self.expression_tables[number] = expression_table_of(compared)
        return self.expression_tables[number]


def prepare_class(level: Level, judged: JudgedClass, seed: int) -> PreparedClass:
    """Draw the cases of a class and run the reference on them.

    They depend on the seed, the level and the class alone, so that judging one class gives the verdict
    that judging all of them would.

    Raises:
        LevelError: the level draws no cases, or its reference fails on one.
    """
    label = zlib.crc32(f"{level.name}/{judged.name}".encode())
    rng = np.random.Generator(np.random.PCG64([seed, label]))
    cases = tuple(level.cases(judged.name, rng))
    if not cases:
        raise _unsound(level, judged, "cases.py", NO_CASES)
    expected = tuple(_reference_arrays(level, judged, case) for case in cases)
    known = exposed_mistakes(unobserved_trials(zip(cases, expected, strict=True)), level.mistakes)
    return PreparedClass(level, seed, judged, cases, expected, known)


def run_reference(level: Level, case: Case) -> ScriptOutcome:
    """The reference on a case; every value that the script assigns is kept."""
    script = compile_script(case.script)
    names = [step.target for step in script if step.target is not None]
    inputs = {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in case.inputs.items()
    }
    return run_script(script, dict(level.reference) | inputs, names)


def _reference_arrays(level: Level, judged: JudgedClass, case: Case) -> dict[str, Array]:
    """Every array that the case's script assigns when the reference runs it."""
    outcome = run_reference(level, case)
    if outcome.error is not None:
        raised = REFERENCE_RAISES.format(kind=case.kind, error=repr(outcome.error))
        raise _unsound(level, judged, "reference.py", raised)
    arrays = {n: v.array for n, v in outcome.values.items() if v.array is not None}
    missing = [name for name in case.compared if name not in arrays]
    if missing:
        absent = REFERENCE_LACKS.format(names=name_list(missing))
        raise _unsound(level, judged, "reference.py", absent)
    return arrays


def _unsound(level: Level, judged: JudgedClass, file: str, what: Text) -> LevelError:
    return LevelError(UNSOUND.format(level=level.name, file=file, name=judged.name, what=what))


UNSOUND = Text(
    zh="关卡 {level} 的 {file} 有问题（{name}）：{what}。",
    en="Level {level}, {file} ({name}): {what}.",
)
NO_CASES = Text(zh="没有给出测试", en="gives no cases")
REFERENCE_RAISES = Text(zh="在测试「{kind}」里抛出异常：{error}", en="raises on “{kind}”: {error}")
REFERENCE_LACKS = Text(zh="没有给出 {names}", en="gives no {names}")

"""What can be made ready before an answer arrives: cases, reference answers, and the job to send."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np

from handgrad.course import JudgedClass, Level
from handgrad.diagnosis.case import Array, Case, Trial
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.diagnosis.exposed_mistakes import ExposedMistakes, exposed_mistakes, unobserved_trials
from handgrad.diagnosis.mistake_predictions import MistakePredictions
from handgrad.diagnosis.search import ExpressionTable, expression_table_of
from handgrad.errors import LevelError
from handgrad.judging.answer import PassedSource
from handgrad.languages import Text
from handgrad.sandbox.child.answer.source import read_source, regions_of_class, source_lines
from handgrad.sandbox.limits import Limits
from handgrad.sandbox.protocol.buffers import Payload
from handgrad.sandbox.protocol.script import PARSING, compile_script, run_script
from handgrad.sandbox.protocol.wire import frame

SMALL_CASES, LARGE_CASE = 1, 2
"""Tell the numbers of these cases from those that decide the verdict."""


@dataclass(frozen=True)
class PreparedClass:
    """A judged class with its cases and what the reference computes for each."""

    level: Level
    seed: int
    judged: JudgedClass
    cases: tuple[Case, ...]
    expected: tuple[dict[str, Array], ...]
    exposure: ExposedMistakes

    @cached_property
    def expression_tables(self) -> dict[int, ExpressionTable]:
        """The expression_tables of expressions that were needed so far, by the number of the trial."""
        return {}

    @cached_property
    def predictions(self) -> MistakePredictions:
        """What the known mistakes give for its cases, as far as an answer has asked for it."""
        return MistakePredictions(self.level.mistakes)

    @cached_property
    def small(self) -> tuple[Trial, ...]:
        """The cases for pencil and paper, with the reference's arrays; drawn when first asked for."""
        rng = np.random.Generator(np.random.PCG64([self.seed, SMALL_CASES]))
        cases = self.level.small_cases(self.judged.name, rng)
        answered = [(case, _reference(self.level, self.judged, case)) for case in cases]
        return tuple(unobserved_trials(answered))

    @cached_property
    def small_predictions(self) -> MistakePredictions:
        """What the known mistakes give for the small cases, as far as an answer has asked for it."""
        return MistakePredictions(self.level.mistakes)

    @cached_property
    def large(self) -> Case | None:
        """A case at which a loop over entries shows; drawn when first asked for."""
        rng = np.random.Generator(np.random.PCG64([self.seed, LARGE_CASE]))
        return self.level.large_case(self.judged.name, rng)

    def table_for(self, compared: ComparedArray) -> ExpressionTable:
        """The short expressions over the arrays of a trial, computed once."""
        number = compared.trial.number
        if number not in self.expression_tables:
            self.expression_tables[number] = expression_table_of(compared)
        return self.expression_tables[number]


@dataclass(frozen=True)
class Preparation:
    """Classes of one level, drawn from one seed, and the job that runs an answer on them."""

    level: Level
    classes: tuple[PreparedClass, ...]
    limits: Limits
    own: tuple[str, ...] = ()

    def only(self, prepared: PreparedClass, cases: Sequence[Case], limits: Limits) -> Preparation:
        """One of the classes with a few other cases: what a second look runs.

        An answer that draws random numbers draws other ones there: what depends on them shows.
        """
        few = dataclasses.replace(prepared, cases=tuple(cases), expected=(), seed=prepared.seed + 1)
        return Preparation(self.level, (few,), limits, self.own)

    def only_small(
        self, prepared: PreparedClass, places: tuple[int, ...], limits: Limits
    ) -> Preparation:
        """One of the classes with some of its small cases; kept, since many answers run the same."""
        key = (prepared.judged.name, places, limits)
        if key not in self._small:
            cases = [prepared.small[place].case for place in places]
            self._small[key] = self.only(prepared, cases, limits)
        return self._small[key]

    @cached_property
    def _small(self) -> dict[tuple[str, tuple[int, ...], Limits], Preparation]:
        return {}

    @cached_property
    def _template_regions(self) -> dict[str, list[str]]:
        with PARSING:
            template = read_source(self.level.template.encode())  # our own file, not a learner's
        lines = source_lines(self.level.template)
        return {
            judged.name: [
                line
                for region in regions_of_class(template, judged.name)
                for line in lines[region.first - 1 : region.last]
            ]
            for judged in self.level.classes
        }

    @cached_property
    def _standing(self) -> tuple[dict[str, Any], Payload]:
        """The part of the job that is the same for every answer."""
        payload = Payload()
        scripts: dict[str, int] = {}
        classes = [self._class_job(prepared, scripts, payload) for prepared in self.classes]
        header = {
            "frame": "job",
            "given": self.level.given_source,
            "own": list(self.own),
            "seed": self.classes[0].seed,
            "scripts": list(scripts),
            "classes": classes,
            "limits": asdict(self.limits),
        }
        return header, payload

    def _class_job(
        self, prepared: PreparedClass, scripts: dict[str, int], payload: Payload
    ) -> dict[str, Any]:
        judged = prepared.judged
        return {
            "name": judged.name,
            "constructor": list(judged.constructor),
            "methods": {name: list(arguments) for name, arguments in judged.methods.items()},
            "template": self._template_regions.get(judged.name, []),
            "cases": [
                {
                    "script": scripts.setdefault(case.script, len(scripts)),
                    "inputs": {
                        name: payload.add_with_strides(value)
                        if isinstance(value, np.ndarray)
                        else {"plain": value}
                        for name, value in case.inputs.items()
                    },
                    "returned": sorted({*case.compared, *case.kept, *case.kept.values()}),
                    "guarded": list(case.guarded),
                    "read_only": list(case.read_only),
                }
                for case in prepared.cases
            ],
        }

    @cached_property
    def further_job(self) -> bytes:
        """The job for an answer that its child has loaded already: one frame."""
        header, payload = self._standing
        return frame(header, payload.buffers)

    def further_job_with(self, passed: Sequence[PassedSource]) -> bytes:
        """The same for an answer that is given its learner's own layers from now on."""
        header, payload = self._standing
        given, sources = _placed(passed, payload.size)
        return frame(header | {"passed": given}, [*payload.buffers, *sources])

    def job(self, name: str, source: bytes, passed: Sequence[PassedSource] = ()) -> bytes:
        """The job for one answer: one frame."""
        header, payload = self._standing
        given, sources = _placed(passed, payload.size + len(source))
        place = {"at": payload.size, "nbytes": len(source)}
        of_answer = {"name": name, "source": place, "passed": given}
        return frame(header | of_answer, [*payload.buffers, source, *sources])


def _placed(passed: Sequence[PassedSource], begin: int) -> tuple[list[dict[str, Any]], list[bytes]]:
    """Where the sources of passed classes lie in a payload that has come as far as `begin`."""
    sources = [one.source for one in passed]
    begins = accumulate(map(len, sources), initial=begin)
    places = [
        {"at": at, "nbytes": len(one.source), "names": list(one.names)}
        for at, one in zip(begins, passed, strict=False)
    ]
    return places, sources


def prepare(
    level: Level,
    class_names: Sequence[str],
    seed: int,
    limits: Limits,
    own: Sequence[str] = (),
) -> Preparation:
    """Draw the cases of some of a level's classes and run the reference on them.

    A class's cases depend on the seed, the level and the class alone, so that judging one class
    gives the verdict that judging all of them would.

    Raises:
        LevelError: the level draws no cases, or its reference does not answer them.
    """
    judged = [judged for judged in level.classes if judged.name in class_names]
    return Preparation(
        level, tuple(_prepared(level, one, seed) for one in judged), limits, tuple(own)
    )


def _prepared(level: Level, judged: JudgedClass, seed: int) -> PreparedClass:
    label = zlib.crc32(f"{level.name}/{judged.name}".encode())
    rng = np.random.Generator(np.random.PCG64([seed, label]))
    cases = tuple(level.cases(judged.name, rng))
    if not cases:
        raise _unsound(level, judged, "cases.py", Text(zh="没有给出测试", en="gives no cases"))
    expected = tuple(_reference(level, judged, case) for case in cases)
    known = exposed_mistakes(unobserved_trials(zip(cases, expected, strict=True)), level.mistakes)
    return PreparedClass(level, seed, judged, cases, expected, known)


def _reference(level: Level, judged: JudgedClass, case: Case) -> dict[str, Array]:
    """Every array that the case's script assigns when the reference runs it."""
    script = compile_script(case.script)
    names = [step.target for step in script.steps if step.target is not None]
    inputs = {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in case.inputs.items()
    }
    outcome = run_script(script, dict(level.reference) | inputs, names)
    if outcome.error is not None:
        what = Text(zh="在「{kind}」上出错：{e}", en="fails on “{kind}”: {e}")
        raise _unsound(
            level, judged, "reference.py", what.format(kind=case.kind, e=repr(outcome.error))
        )
    arrays = {n: v.array for n, v in outcome.values.items() if v.array is not None}
    missing = [name for name in case.compared if name not in arrays]
    if missing:
        what = Text(zh="没有给出 {names}", en="gives no {names}").format(names=", ".join(missing))
        raise _unsound(level, judged, "reference.py", what)
    return arrays


def _unsound(level: Level, judged: JudgedClass, file: str, what: Text) -> LevelError:
    return LevelError(
        Text(
            zh="关卡 {level} 的 {file} 有问题（{name}）：{what}。",
            en="Level {level}, {file} ({name}): {what}.",
        ).format(level=level.name, file=file, name=judged.name, what=what)
    )

"""Runs of an answer on the cases of a level's classes: what can be prepared, and the job a child is sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from handgrad.course import Level
from handgrad.diagnosis.case import Case
from handgrad.judging.answer import OwnLayers
from handgrad.judging.prepared_class import PreparedClass, prepare_class
from handgrad.sandbox.child.answer.source import read_source, regions_of_class, source_lines
from handgrad.sandbox.limits import Limits
from handgrad.sandbox.protocol.buffers import Payload
from handgrad.sandbox.protocol.script import PARSING
from handgrad.sandbox.protocol.wire import frame


@dataclass(frozen=True)
class PreparedRun:
    """Classes of one level with their cases, and the job that runs an answer on them.

    Attributes:
        level: the level.
        classes: those that run, in the level's order.
        limits: what the answer may use.
        redefined: given classes that the answer's own definition replaces.
    """

    level: Level
    classes: tuple[PreparedClass, ...]
    limits: Limits
    redefined: tuple[str, ...] = ()

    def job(self, name: str, source: bytes, own_layers: Sequence[OwnLayers] = ()) -> bytes:
        """The job for an answer in a fresh child: one frame."""
        header, payload = self._common
        places, sources = _places(own_layers, payload.size + len(source))
        place = {"at": payload.size, "nbytes": len(source)}
        of_answer = {"name": name, "source": place, "passed": places}
        return frame(header | of_answer, [*payload.buffers, source, *sources])

    @cached_property
    def follow_up_job(self) -> bytes:
        """The job for the answer that the child has loaded already: one frame."""
        header, payload = self._common
        return frame(header, payload.buffers)

    def follow_up_job_with(self, own_layers: Sequence[OwnLayers]) -> bytes:
        """The same, and from now on the answer runs on its learner's own layers."""
        header, payload = self._common
        places, sources = _places(own_layers, payload.size)
        return frame(header | {"passed": places}, [*payload.buffers, *sources])

    def with_cases(
        self, prepared: PreparedClass, cases: Sequence[Case], limits: Limits
    ) -> PreparedRun:
        """One of the classes with other cases, for a follow-up run.

        The seed changes too, so that an answer that draws random numbers draws others.
        """
        other = dataclasses.replace(
            prepared, cases=tuple(cases), expected=(), seed=prepared.seed + 1
        )
        return PreparedRun(self.level, (other,), limits, self.redefined)

    def with_small_cases(
        self, prepared: PreparedClass, numbers: tuple[int, ...], limits: Limits
    ) -> PreparedRun:
        """One of the classes with some of its small cases; kept, since many answers run the same."""
        key = (prepared.judged.name, numbers, limits)
        if key not in self._small:
            cases = [prepared.small_trials[number].case for number in numbers]
            self._small[key] = self.with_cases(prepared, cases, limits)
        return self._small[key]

    @cached_property
    def _small(self) -> dict[tuple[str, tuple[int, ...], Limits], PreparedRun]:
        return {}

    @cached_property
    def _common(self) -> tuple[dict[str, Any], Payload]:
        """The part of the job that is the same for every answer."""
        payload = Payload()
        scripts: dict[str, int] = {}
        classes = [self._class_job(prepared, scripts, payload) for prepared in self.classes]
        header = {
            "frame": "job",
            "given": self.level.given_source,
            "own": list(self.redefined),
            "seed": self.classes[0].seed,
            "scripts": list(scripts),
            "classes": classes,
            "limits": self.limits.for_child(),
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
            "cases": [_case_job(case, scripts, payload) for case in prepared.cases],
        }

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


def _case_job(case: Case, scripts: dict[str, int], payload: Payload) -> dict[str, Any]:
    return {
        "script": scripts.setdefault(case.script, len(scripts)),
        "inputs": payload.add_inputs(case.inputs),
        "returned": sorted({*case.compared, *case.kept, *case.kept.values()}),
        "guarded": list(case.guarded),
        "read_only": list(case.read_only),
    }


def _places(
    own_layers: Sequence[OwnLayers], begin: int
) -> tuple[list[dict[str, Any]], list[bytes]]:
    """Where the sources of own layers lie in a payload that already has `begin` bytes, and the sources."""
    sources = [one.source for one in own_layers]
    begins = accumulate(map(len, sources), initial=begin)
    places = [
        {"at": at, "nbytes": len(one.source), "names": list(one.names)}
        for at, one in zip(begins, own_layers, strict=False)
    ]
    return places, sources


def prepare_run(
    level: Level,
    class_names: Sequence[str],
    seed: int,
    limits: Limits,
    redefined: Sequence[str] = (),
) -> PreparedRun:
    """Prepare some classes of a level, see `prepare_class`.

    Raises:
        LevelError: the level draws no cases, or its reference fails on one.
    """
    classes = [judged for judged in level.classes if judged.name in class_names]
    prepared = tuple(prepare_class(level, one, seed) for one in classes)
    return PreparedRun(level, prepared, limits, tuple(redefined))


class PreparedRuns:
    """The runs of one seed, each prepared once and kept."""

    def __init__(self, seed: int, limits: Limits) -> None:
        self._seed = seed
        self._limits = limits
        self._runs: dict[tuple[str, tuple[str, ...], tuple[str, ...]], PreparedRun] = {}

    def get(
        self, level: Level, class_names: Sequence[str], redefined: Sequence[str] = ()
    ) -> PreparedRun:
        """The run of some classes of a level."""
        key = (f"{level.name}/{level.revision}", tuple(class_names), tuple(redefined))
        if key not in self._runs:
            self._runs[key] = prepare_run(level, class_names, self._seed, self._limits, redefined)
        return self._runs[key]

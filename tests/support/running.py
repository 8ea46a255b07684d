"""Runs a case's script in this process, as the judge and its child do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from handgrad.course import Level
from handgrad.diagnosis.case import Case
from handgrad.sandbox.child.answer.source import read_source
from handgrad.sandbox.protocol.script import ScriptOutcome, compile_script, run_script


def run(case: Case, classes: Mapping[str, Any]) -> ScriptOutcome:
    """What every name of the case's script is, run on copies of the inputs."""
    script = compile_script(case.script)
    names = [step.target for step in script if step.target is not None]
    inputs = {name: _copied(value) for name, value in case.inputs.items()}
    with np.errstate(all="ignore"):
        return run_script(script, {**classes, **inputs}, names)


def arrays(case: Case, classes: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The same for classes that raise nothing: the arrays alone."""
    outcome = run(case, classes)
    if outcome.error is not None:
        raise outcome.error
    return {n: value.array for n, value in outcome.values.items() if value.array is not None}


def classes_of(source: bytes, level: Level) -> dict[str, Any]:
    """The classes that an answer defines, beside those given by the level."""
    names: dict[str, Any] = {"__name__": "answer"}
    exec(level.given_source, names)
    given = {one.name: names[one.name] for one in level.given}
    text = read_source(source).text
    exec(compile(text, "<answer>", "exec"), names)
    return names | given


def classes_with_cases(levels: tuple[Level, ...]) -> Iterator[tuple[Level, str]]:
    """Every class of every level."""
    for level in levels:
        for judged in level.classes:
            yield level, judged.name


def _copied(value: Any) -> Any:
    return value.copy(order="K") if isinstance(value, np.ndarray) else value

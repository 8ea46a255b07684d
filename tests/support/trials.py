"""Trials made in this process: a class of a test's own beside the reference."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
from support.running import arrays

from handgrad.course import load_course
from handgrad.diagnosis.case import Case, Observation, Raised, Received, Trial
from handgrad.sandbox.protocol.script import compile_script, run_script


def observed(case: Case, classes: dict[str, Any]) -> Observation:
    """What a class gives for a case, run here."""
    inputs = {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in case.inputs.items()
    }
    asked = {*case.compared, *case.kept, *case.kept.values()}
    with np.errstate(all="ignore"):
        outcome = run_script(compile_script(case.script), classes | inputs, asked)
    error = outcome.error
    return Observation(
        values={
            name: Received(
                value.kind,  # type: ignore[arg-type]
                value.type_name,
                value.array,
                value.other_attributes or {},
                value.is_local_variable,
            )
            for name, value in outcome.values.items()
        },
        inputs_after={name: inputs[name] for name in case.guarded},
        overwritten=tuple(outcome.overwritten),
        raised=error and Raised(type(error).__name__, str(error), 1, 1, in_answer=True),
    )


def trials(level_name: str, class_name: str, source: str, rng: np.random.Generator) -> list[Trial]:
    """Every case of a class, with what the class in `source` gives for it."""
    level = load_course().level(level_name)
    classes: dict[str, Any] = {"np": np}
    exec(textwrap.dedent(source), classes)
    return [
        Trial(case, number, arrays(case, level.reference), observed(case, classes))
        for number, case in enumerate(level.cases(class_name, rng), start=1)
    ]

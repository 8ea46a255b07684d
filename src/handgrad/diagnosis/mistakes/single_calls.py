"""A case of several calls or instances, split into its single calls."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from handgrad.diagnosis.case import Trial


def call_before(trial: Trial) -> Trial | None:
    """The earlier call of a case of two calls, as a trial of its own; None in any other case."""
    return _call(trial, "_earlier") if trial.case.situation == "second-call" else None


def call_of_other_instance(trial: Trial) -> Trial | None:
    """The call of the other instance, as a trial of its own; None in any other case."""
    return _call(trial, "_other") if trial.case.situation == "two-instances" else None


def with_inputs(
    key: str, replace: Callable[[Trial], Mapping[str, Any]]
) -> Callable[[Trial], Trial]:
    """The same trial with some inputs replaced, made once for each trial.

    Args:
        key: distinguishes it from other replacements.
        replace: the inputs that differ.
    """

    def seen(trial: Trial) -> Trial:
        def make() -> Trial:
            case = dataclasses.replace(trial.case, inputs={**trial.case.inputs, **replace(trial)})
            return dataclasses.replace(trial, case=case)

        return _kept(trial, key, make)

    return seen


def _call(trial: Trial, suffix: str) -> Trial:
    def make() -> Trial:
        inputs, expected = trial.case.inputs, trial.expected
        case = dataclasses.replace(
            trial.case, inputs={**inputs, **_of_the_call(inputs, suffix)}, situation="one-call"
        )
        return dataclasses.replace(
            trial, case=case, expected={**expected, **_of_the_call(expected, suffix)}
        )

    return _kept(trial, suffix, make)


def _of_the_call(names: Mapping[str, Any], suffix: str) -> dict[str, Any]:
    return {
        name.removesuffix(suffix): value for name, value in names.items() if name.endswith(suffix)
    }


def _kept(trial: Trial, key: str, make: Callable[[], Trial]) -> Trial:
    known = _CALLS.setdefault(trial, {})
    if key not in known:
        known[key] = make()
    return known[key]


_CALLS: WeakKeyDictionary[Trial, dict[str, Trial]] = WeakKeyDictionary()

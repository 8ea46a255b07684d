"""Whatever an answer gives, examining it and telling what was found ends in words, not in an exception."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from support.made_trials import diagnose
from support.trials import trials

from handgrad.course import load_course
from handgrad.diagnosis.case import Raised, Received
from handgrad.diagnosis.text.diagnosis_text import diagnosis_text

SOLUTIONS = {
    ("fully-connected", "FullyConnected"): "fully_connected",
    ("activations", "Sigmoid"): "activations",
    ("activations", "Relu"): "activations",
}
ODD = (
    lambda rng, v: np.full_like(v, np.nan),
    lambda rng, v: np.full_like(v, np.inf),
    lambda rng, v: np.where(rng.random(v.shape) < 0.5, np.nan, v),
    lambda rng, v: v * 1e300,
    lambda rng, v: v * 1e-300,
    lambda rng, v: np.zeros_like(v),
    lambda rng, v: -v,
    lambda rng, v: v + 1j,
    lambda rng, v: v > 0,
    lambda rng, v: v.astype(np.int8),
    lambda rng, v: v.astype(np.float16),
    lambda rng, v: v.astype(np.float32),
    lambda rng, v: np.zeros((0, *v.shape)),
    lambda rng, v: v[np.newaxis],
    lambda rng, v: v.ravel(),
    lambda rng, v: v.T,
    lambda rng, v: np.asarray(v.sum()),
    lambda rng, v: np.zeros((1,) * 12),
    lambda rng, v: rng.normal(size=v.shape),
    lambda rng, v: rng.normal(size=(300, 400)),
)
ABSENT = ("nothing", "tuple", "missing", "object")


def odd(rng: np.random.Generator, expected: np.ndarray, received: Received) -> Received:
    choice = rng.integers(len(ODD) + len(ABSENT) + 6)
    if choice < len(ODD):
        with np.errstate(all="ignore"):
            return Received.of(ODD[choice](rng, np.asarray(expected)))
    if choice < len(ODD) + len(ABSENT):
        kind = ABSENT[choice - len(ODD)]
        others = {"dw": np.asarray(expected)} if rng.random() < 0.5 else {}
        return Received(
            kind, "thing", other_attributes=others, is_local_variable=bool(rng.integers(2))
        )  # type: ignore[arg-type]
    return received


@pytest.mark.parametrize(("level_name", "class_name"), SOLUTIONS)
def test_whatever_comes_is_examined(
    level_name: str, class_name: str, rng: np.random.Generator
) -> None:
    level = load_course().level(level_name)
    made = trials(level_name, class_name, level.solution, rng)
    for _ in range(40):
        spoilt = [spoil(rng, trial, always=rng.random() < 0.5) for trial in made]
        diagnosis = diagnose(spoilt, level.mistakes)
        message = diagnosis_text(diagnosis, class_name, {})
        assert message.en and message.zh
        assert "{" not in message.en


def spoil(rng: np.random.Generator, trial, *, always: bool):
    values = {
        name: odd(rng, trial.expected[name], received)
        if name in trial.expected and (always or rng.random() < 0.2)
        else received
        for name, received in trial.observed.values.items()
    }
    raised = None
    if rng.random() < 0.1:
        values = dict(list(values.items())[: int(rng.integers(len(values) + 1))])
        raised = Raised("ValueError", "operands could not be broadcast", 3, 1, in_answer=True)
    observed = dataclasses.replace(trial.observed, values=values, raised=raised)
    return dataclasses.replace(trial, observed=observed)

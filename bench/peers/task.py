"""What a checker is given: a function, its hand-written backward, and a point; and what it said."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Said = Literal["right", "wrong", "cannot-tell", "not-possible"]


@dataclass
class Task:
    """A function of arrays and the backward that somebody wrote for it.

    Attributes:
        forward: ``forward(*inputs) -> y``.
        backward: ``backward(dout, *inputs) -> (d_input, …)``, as many as inputs.
        inputs: the point.
        native: the same as an object of torch or JAX, where it was written there: its own checker
            gets this one.
        place: where `native` is at home.
        subject: what handgrad is given, where that is not just the two functions.
        own_inputs: the point as `subject` takes it: a layer has its parameters inside.
        reference: the right twin, for a checker that takes one; only where nothing else could tell.
        backward_alone: ``backward(dout)`` that goes back through the latest forward, for a layer: torch
            calls it as a training loop would.
        seed: for the checkers that let one be chosen, and NumPy's and torch's global generators.
    """

    forward: Callable[..., Array]
    backward: Callable[..., tuple[Array, ...]]
    inputs: tuple[Array, ...]
    native: Any = None
    place: Literal["numpy", "torch", "jax"] = "numpy"
    subject: Any = None
    own_inputs: tuple[Array, ...] = ()
    reference: Any = None
    backward_alone: Callable[[Array], tuple[Array, ...]] | None = None
    seed: int = 0
    forwards: int = field(default=0, init=False)
    backwards: int = field(default=0, init=False)

    def counted_forward(self, *inputs: Array) -> Array:
        self.forwards += 1
        return self.forward(*inputs)

    def counted_backward(self, dout: Array, *inputs: Array) -> tuple[Array, ...]:
        self.backwards += 1
        return self.backward(dout, *inputs)


@dataclass(frozen=True)
class Outcome:
    """What a checker said of a task.

    Attributes:
        said: its verdict; `not-possible` where the checker itself could not run.
        text: its own words.
        forwards: how often it called forward, None where the calls are not seen (native objects).
        backwards: the same for backward.
        seconds: how long it took.
    """

    said: Said
    text: str
    forwards: int | None
    backwards: int | None
    seconds: float


class Peer(Protocol):
    """One checker."""

    name: str

    def check(self, task: Task) -> tuple[Said, str]: ...


def run(peer: Peer, task: Task) -> Outcome:
    """Lets a checker look at a task, with the clock running."""
    np.random.seed(task.seed)  # noqa: NPY002 - HIPS autograd draws from the global generator
    task.forwards = task.backwards = 0
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said, text = peer.check(task)
    seconds = time.perf_counter() - started
    seen = task.native is None and task.subject is None
    return Outcome(
        said,
        text,
        task.forwards if seen else None,
        task.backwards if seen else None,
        seconds,
    )

"""The base class of optimizers that change the gradient and pass it to another optimizer."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from handgrad.arrays import Array
from handgrad.errors import OptimizerError
from handgrad.languages import Text
from handgrad.optimizers.optimizer import Optimizer


class Modified(ABC):
    """Another optimizer, which is given a changed gradient.

    Attributes:
        optimizer: what takes the changed gradient.
        learning_rate: that of the optimizer inside; may be changed between steps.
        steps, state: those of the optimizer inside.

    Raises:
        OptimizerError: `optimizer` is not one of `handgrad.optimizers`.
    """

    def __init__(self, optimizer: Optimizer | Modified) -> None:
        if not isinstance(optimizer, Optimizer | Modified):
            raise OptimizerError(
                Text(
                    zh="{name} 需要 handgrad.optimizers 的一个优化器，例如 SGD(learning_rate=0.1)；收到的是 {got}。",
                    en="{name} takes an optimizer of handgrad.optimizers, such as "
                    "SGD(learning_rate=0.1); got {got}.",
                ).format(name=type(self).__name__, got=repr(optimizer)[:80])
            )
        self.optimizer = optimizer
        self._room: Array | None = None

    @property
    def learning_rate(self) -> float:
        """That of the optimizer inside."""
        return self.optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self.optimizer.learning_rate = value

    @property
    def steps(self) -> int:
        """How many steps the optimizer inside has taken."""
        return self.optimizer.steps

    @property
    def state(self) -> tuple[Array, ...]:
        """The state of the optimizer inside."""
        return self.optimizer.state

    @abstractmethod
    def modified(self, parameters: Array, gradient: Array) -> Array:
        """The gradient for the optimizer inside: the given one, unchanged, or an array of `room`."""

    def room(self, like: Array) -> Array:
        """An array of this shape and dtype that is kept from step to step."""
        if self._room is None or self._room.shape != like.shape or self._room.dtype != like.dtype:
            self._room = np.empty_like(like)
        return self._room

    def update(self, parameters: Array, gradient: Array) -> None:
        """One step of the optimizer inside, with the changed gradient; `gradient` is not changed.

        Raises:
            ShapeError, OptimizerError: what the optimizer inside raises.
        """
        self.optimizer.update(parameters, self.modified(parameters, gradient))

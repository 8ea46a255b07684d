"""The base class of the update rules."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from handgrad import kernels
from handgrad.arrays import Array, real
from handgrad.errors import OptimizerError, ShapeError
from handgrad.languages import Text


class Optimizer(ABC):
    """An update rule and its state, for one flat array of parameters.

    ::

        θ ← θ − (a step computed from g = ∂l/∂θ and from the state)

    Attributes:
        rule: its name in `handgrad.kernels.update_rules`, whose kernel takes one pass over memory.
        arrays: how many arrays of the parameters' size the state has.
        learning_rate: may be changed between steps.
        steps: how many steps were taken.
        state: the arrays that the rule keeps between steps; empty before the first.

    The dtype stays: float32 parameters are updated in float32, float64 in float64.

    Raises:
        OptimizerError: a setting outside its range; parameters other than those of earlier steps.
    """

    rule: ClassVar[str]
    arrays: ClassVar[int]

    def __init__(self, learning_rate: float) -> None:
        require(learning_rate > 0, "learning_rate", learning_rate, "> 0")
        self.learning_rate = learning_rate
        self.steps = 0
        self.state: tuple[Array, ...] = ()

    @abstractmethod
    def coefficients(self, step: int) -> tuple[float, ...]:
        """The numbers that the kernel takes at step number `step`, counted from 1."""

    def begin(self, parameters: Array) -> tuple[Array, ...]:
        """The state for these parameters; zeros before the first step.

        Raises:
            OptimizerError: the state belongs to parameters of another size or dtype.
        """
        if not self.arrays:
            return ()
        if not self.state:
            self.state = tuple(np.zeros_like(parameters) for _ in range(self.arrays))
        held = self.state[0]
        if held.shape != parameters.shape or held.dtype != parameters.dtype:
            raise OptimizerError(
                Text(
                    zh="这个 {name} 保存着另一个网络的状态：{held} 个 {held_dtype}，而这里有 {here} 个 {dtype}。"
                    "请为每个网络新建一个优化器。",
                    en="this {name} holds the state of another network: {held} numbers of {held_dtype}, and here "
                    "are {here} of {dtype}. Create a new optimizer for each network.",
                ).format(
                    name=type(self).__name__,
                    held=held.size,
                    held_dtype=held.dtype,
                    here=parameters.size,
                    dtype=parameters.dtype,
                )
            )
        return self.state

    def update(self, parameters: Array, gradient: Array) -> None:
        """One step: changes `parameters` ``(P,)`` in place by `gradient` ``(P,)``.

        Raises:
            ShapeError: the two differ in shape.
            OptimizerError: see `begin`.
        """
        gradient = real("gradient", gradient)
        if parameters.shape != gradient.shape:
            raise ShapeError(
                Text(
                    zh="梯度的形状必须与参数相同，是 {parameters}；收到的是 {gradient}。",
                    en="the gradient must have the shape of the parameters, {parameters}; got {gradient}.",
                ).format(parameters=parameters.shape, gradient=gradient.shape)
            )
        state = self.begin(parameters)
        gradient = gradient.astype(parameters.dtype, copy=False)
        kernels.update(self.rule, parameters, gradient, state, self.coefficients(self.steps + 1))
        self.steps += 1


def require(holds: bool, name: str, value: float, condition: str) -> None:
    """Raise an `OptimizerError` unless the setting is a finite number for which it holds."""
    if not (holds and math.isfinite(value)):
        raise OptimizerError(
            Text(
                zh="{name} 必须是满足 {name} {condition} 的有限数，收到的是 {value}。",
                en="{name} must be a finite number with {name} {condition}; got {value}.",
            ).format(name=name, condition=condition, value=value)
        )


def require_share(name: str, value: float) -> None:
    """Raise an `OptimizerError` unless the setting is at least 0 and below 1."""
    require(0 <= value < 1, name, value, "∈ [0, 1)")

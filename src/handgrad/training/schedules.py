"""Learning rates that change during training.

A schedule is a factor by which the optimizer's learning rate is multiplied at every step::

    η_k = η · factor(k, K)          step k = 0 … K − 1 of K

>>> [round(Cosine().factor(k, 4), 3) for k in range(4)]
[1.0, 0.854, 0.5, 0.146]
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from handgrad.errors import SettingError
from handgrad.languages import Text


class Schedule(ABC):
    """A factor for the learning rate. It depends on the step alone, so a resumed run repeats it.

    Attributes:
        needs_total: whether the factor depends on how many steps there will be.
    """

    needs_total: ClassVar[bool] = False

    @abstractmethod
    def factor(self, step: int, steps: int) -> float:
        """The factor at step number `step`, counted from 0, of `steps`."""


@dataclass(frozen=True)
class Constant(Schedule):
    """The learning rate stays what it is.

    >>> Constant().factor(7, 10)
    1.0
    """

    def factor(self, step: int, steps: int) -> float:
        """Always 1."""
        del step, steps
        return 1.0


@dataclass(frozen=True)
class StepDecay(Schedule):
    """``γ^⌊k / every⌋``: a smaller rate every so many steps.

    Args:
        every: how many steps each rate lasts.
        gamma: γ, from 0 to 1.

    >>> [StepDecay(every=2, gamma=0.5).factor(k, 6) for k in range(6)]
    [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """

    every: int
    gamma: float = 0.1

    def __post_init__(self) -> None:
        _require(self.every >= 1, "every", self.every, "≥ 1")
        _require(0 < self.gamma <= 1, "gamma", self.gamma, "∈ (0, 1]")

    def factor(self, step: int, steps: int) -> float:
        """See the class."""
        del steps
        return float(self.gamma ** (step // self.every))


@dataclass(frozen=True)
class Exponential(Schedule):
    """``γ^k``.

    >>> Exponential(gamma=0.5).factor(3, 10)
    0.125
    """

    gamma: float

    def __post_init__(self) -> None:
        _require(0 < self.gamma <= 1, "gamma", self.gamma, "∈ (0, 1]")

    def factor(self, step: int, steps: int) -> float:
        """See the class."""
        del steps
        return float(self.gamma**step)


@dataclass(frozen=True)
class Linear(Schedule):
    """Straight down from 1 to `final`: ``1 − (1 − final) k / K``.

    >>> [Linear().factor(k, 4) for k in range(4)]
    [1.0, 0.75, 0.5, 0.25]
    """

    needs_total: ClassVar[bool] = True
    final: float = 0.0

    def __post_init__(self) -> None:
        _require(0 <= self.final <= 1, "final", self.final, "∈ [0, 1]")

    def factor(self, step: int, steps: int) -> float:
        """See the class."""
        return 1 - (1 - self.final) * step / steps


@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a wave of the cosine from 1 to `final`: ``final + (1 − final) (1 + cos(π k / K)) / 2``.

    Source: I. Loshchilov, F. Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, ICLR
    2017, equation 5, without restarts.

    >>> round(Cosine(final=0.1).factor(50, 100), 3)
    0.55
    """

    needs_total: ClassVar[bool] = True
    final: float = 0.0

    def __post_init__(self) -> None:
        _require(0 <= self.final <= 1, "final", self.final, "∈ [0, 1]")

    def factor(self, step: int, steps: int) -> float:
        """See the class."""
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * step / steps)) / 2


@dataclass(frozen=True)
class WarmUp(Schedule):
    """Up in a straight line over the first steps, then another schedule over those that are left.

    ::

        (k + 1) / (first + 1)                   k < first
        then.factor(k − first, K − first)       k ≥ first

    Source: P. Goyal et al., *Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*,
    arXiv:1706.02677, section 2.2.

    >>> [round(WarmUp(3).factor(k, 8), 2) for k in range(5)]
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """

    needs_total: ClassVar[bool] = True
    first: int
    then: Schedule = field(default_factory=Constant)

    def __post_init__(self) -> None:
        _require(self.first >= 1, "first", self.first, "≥ 1")

    def factor(self, step: int, steps: int) -> float:
        """See the class."""
        if step < self.first:
            return (step + 1) / (self.first + 1)
        return self.then.factor(step - self.first, max(1, steps - self.first))


def _require(holds: bool, name: str, value: float, condition: str) -> None:
    if not holds:
        raise SettingError(
            Text(
                zh="{name} 必须满足 {name} {condition}，收到的是 {value}。",
                en="{name} must satisfy {name} {condition}; got {value}.",
            ).format(name=name, condition=condition, value=value)
        )

"""How far a training run is, and the interface of whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from handgrad.languages import Text, preferred_language
from handgrad.training.history import Epoch


@dataclass(frozen=True)
class Position:
    """Where a run is.

    Attributes:
        epoch: the current epoch, counted from 1.
        epochs: how many there will be at most.
        step: steps done in all.
        steps: how many there will be at most.
        loss: the mean loss of this epoch's batches so far; None before the first.
    """

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float | None = None


class Watcher(Protocol):
    """Shows how a run proceeds. Its methods must be quick: training waits for them."""

    def begin(self, at: Position, epochs: tuple[Epoch, ...]) -> None:
        """The run begins, or resumes after these epochs."""

    def after_step(self, at: Position) -> None:
        """A step was done."""

    def after_epoch(self, epoch: Epoch) -> None:
        """An epoch was finished."""

    def end(self) -> None:
        """The run is over, however it ended."""


class SilentWatcher:
    """A watcher that shows nothing."""

    def begin(self, at: Position, epochs: tuple[Epoch, ...]) -> None:
        """Nothing."""

    def after_step(self, at: Position) -> None:
        """Nothing."""

    def after_epoch(self, epoch: Epoch) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


def position_text(at: Position) -> str:
    """Where a run is, in the user's language."""
    words = Text(zh="第 {k}/{n} 轮", en="epoch {k}/{n}").format(k=at.epoch, n=at.epochs)
    return words[preferred_language()]


def epoch_text(epoch: Epoch) -> str:
    """The results of an epoch, in the user's language."""
    parts = [Text(zh="损失 {a:.4f}", en="loss {a:.4f}").format(a=epoch.loss)]
    if epoch.validation_loss is not None:
        parts.append(
            Text(zh="验证损失 {a:.4f}", en="validation {a:.4f}").format(a=epoch.validation_loss)
        )
    if epoch.validation_accuracy is not None:
        parts.append(
            Text(zh="验证准确率 {a:.2%}", en="accuracy {a:.2%}").format(a=epoch.validation_accuracy)
        )
    return "  ".join(part[preferred_language()] for part in parts)

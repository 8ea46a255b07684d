"""Who looks on while a network is trained: a progress bar, a live view, or nobody."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Protocol, TextIO

from handgrad.languages import Text, preferred_language
from handgrad.training.history import Epoch


@dataclass(frozen=True)
class Position:
    """Where a run is.

    Attributes:
        epoch: the epoch that is under way, counted from 1.
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
    """What is told how a run goes. It must be quick: training waits for it."""

    def begin(self, at: Position, epochs: tuple[Epoch, ...]) -> None:
        """The run begins, or goes on after these epochs."""
        ...

    def after_step(self, at: Position) -> None:
        """A step was done."""
        ...

    def after_epoch(self, epoch: Epoch) -> None:
        """An epoch was finished."""
        ...

    def end(self) -> None:
        """The run is over, however it ended."""
        ...


class Nobody:
    """Looks away."""

    def begin(self, at: Position, epochs: tuple[Epoch, ...]) -> None:
        """Nothing."""

    def after_step(self, at: Position) -> None:
        """Nothing."""

    def after_epoch(self, epoch: Epoch) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


def told(at: Position) -> str:
    """Where a run is, in a few words of the user's language."""
    words = Text(zh="第 {k}/{n} 轮", en="epoch {k}/{n}").format(k=at.epoch, n=at.epochs)
    return words[preferred_language()]


def epoch_line(epoch: Epoch) -> str:
    """What came of an epoch, in a few words of the user's language."""
    parts = [Text(zh="损失 {a:.4f}", en="loss {a:.4f}").format(a=epoch.loss)]
    if epoch.validation_loss is not None:
        parts.append(
            Text(zh="验证 {a:.4f}", en="validation {a:.4f}").format(a=epoch.validation_loss)
        )
    if epoch.validation_accuracy is not None:
        parts.append(
            Text(zh="准确率 {a:.2%}", en="accuracy {a:.2%}").format(a=epoch.validation_accuracy)
        )
    return "  ".join(part[preferred_language()] for part in parts)


def watcher_for(asked: bool | Watcher | None, stream: TextIO | None = None) -> Watcher:
    """The one who looks on: a bar on a terminal, unless something else was asked for.

    Args:
        asked: None for a bar where a person reads; False for nobody; or a watcher of one's own.
        stream: where the bar would be drawn; by default standard error.
    """
    if asked is not None and not isinstance(asked, bool):
        return asked
    where = stream or sys.stderr
    is_read = where is not None and where.isatty() and os.environ.get("TERM") != "dumb"
    if asked is False or (asked is None and not is_read):
        return Nobody()
    # Rich takes longer to load than a small network to train: only where a bar is drawn.
    from handgrad.training.progress_bar import ProgressBar

    return ProgressBar(where)

"""A progress bar for training, drawn by Rich."""

from __future__ import annotations

from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from handgrad.training.history import Epoch
from handgrad.training.watching import Position, epoch_line, told


class ProgressBar:
    """One line that is drawn over and over, with the losses and how long it will take.

    Args:
        stream: the terminal on which it is drawn.
    """

    def __init__(self, stream: TextIO) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[told]}"),
        )
        self.bar = Progress(*columns, console=Console(file=stream), transient=True)

    def begin(self, at: Position, epochs: tuple[Epoch, ...]) -> None:
        """Draw the bar."""
        self.task: Any = self.bar.add_task(
            told(at),
            total=at.steps,
            completed=at.step,
            told=epoch_line(epochs[-1]) if epochs else "",
        )
        self.bar.start()

    def after_step(self, at: Position) -> None:
        """Move the bar; Rich draws it ten times a second."""
        self.bar.update(self.task, completed=at.step, description=told(at))

    def after_epoch(self, epoch: Epoch) -> None:
        """Show what came of the epoch."""
        self.bar.update(self.task, told=epoch_line(epoch))

    def end(self) -> None:
        """Take the bar away."""
        self.bar.stop()

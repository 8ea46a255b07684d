"""A progress bar for training, drawn by Rich."""

from __future__ import annotations

from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from handgrad.training.history import Epoch
from handgrad.training.progress import Position, epoch_text, position_text


class ProgressBar:
    """One line, redrawn in place, with the losses and the time left.

    Args:
        stream: the terminal on which it is drawn.
    """

    def __init__(self, stream: TextIO) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[results]}"),
        )
        self.bar = Progress(*columns, console=Console(file=stream), transient=True)

    def begin(self, at: Position, epochs: tuple[Epoch, ...]) -> None:
        """Draw the bar."""
        self.task: Any = self.bar.add_task(
            position_text(at),
            total=at.steps,
            completed=at.step,
            results=epoch_text(epochs[-1]) if epochs else "",
        )
        self.bar.start()

    def after_step(self, at: Position) -> None:
        """Move the bar; Rich draws it ten times a second."""
        self.bar.update(self.task, completed=at.step, description=position_text(at))

    def after_epoch(self, epoch: Epoch) -> None:
        """Show the results of the epoch."""
        self.bar.update(self.task, results=epoch_text(epoch))

    def end(self) -> None:
        """Take the bar away."""
        self.bar.stop()

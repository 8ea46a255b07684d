"""The output of ``handgrad train``: a live view on a terminal, otherwise a line per epoch, or JSON."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text as Styled

from handgrad.cli.console import Speaker, can_print, is_terminal
from handgrad.training import Epoch, Position, Watcher
from handgrad.training.history import series_of
from handgrad.training.progress import SilentWatcher
from handgrad.training.text_curve import curve

REFRESH = 0.12
"""Seconds between two drawings."""
SHOWN = 5
"""How many of the last epochs are listed."""
STYLES = {"•": "cyan", "o": "cyan", "×": "yellow", "x": "yellow"}


def view_for(speaker: Speaker, title: str, stream: TextIO, *, as_json: bool) -> Watcher:
    """The view that suits the stream."""
    if as_json:
        return JsonLines(stream)
    return (
        LiveView(speaker, title, stream) if is_terminal(stream) else Lines(speaker, title, stream)
    )


class JsonLines(SilentWatcher):
    """An object a line for each epoch."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def after_epoch(self, epoch: Epoch) -> None:
        """The epoch."""
        print(json.dumps({"epoch": asdict(epoch)}), file=self.stream, flush=True)


class Lines(SilentWatcher):
    """A line for each epoch, for files and pipes."""

    def __init__(self, speaker: Speaker, title: str, stream: TextIO) -> None:
        self.speaker, self.title, self.stream = speaker, title, stream

    def begin(self, at: Position, epochs: tuple[Epoch, ...]) -> None:
        """What is trained, and where a resumed run begins."""
        print(self.title, file=self.stream, flush=True)
        if at.step:
            print(resumed_text(at, self.speaker), file=self.stream, flush=True)

    def after_epoch(self, epoch: Epoch) -> None:
        """The epoch."""
        say = self.speaker.say
        parts = [say(f"第 {epoch.number} 轮", f"epoch {epoch.number}")]
        parts.append(say(f"损失 {epoch.loss:.4f}", f"loss {epoch.loss:.4f}"))
        if epoch.validation_loss is not None:
            value = epoch.validation_loss
            parts.append(say(f"验证损失 {value:.4f}", f"validation loss {value:.4f}"))
        if epoch.validation_accuracy is not None:
            value = epoch.validation_accuracy
            parts.append(say(f"验证准确率 {value:.2%}", f"validation accuracy {value:.2%}"))
        parts.append(say(f"{epoch.seconds:.1f} 秒", f"{epoch.seconds:.1f} s"))
        print("  ".join(parts), file=self.stream, flush=True)


class LiveView:
    """Progress, the last epochs and the curves, drawn in place; the last drawing stays."""

    def __init__(self, speaker: Speaker, title: str, stream: TextIO) -> None:
        self.speaker, self.title = speaker, title
        self.plain = not can_print("•×┤│└─━✓", stream)
        self.console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self.live = Live(console=self.console, auto_refresh=False)
        self.epochs: list[Epoch] = []

    def begin(self, at: Position, epochs: tuple[Epoch, ...]) -> None:
        """Begin to draw."""
        self.epochs, self.at = list(epochs), at
        self.first, self.began, self.drawn = at.step, time.perf_counter(), 0.0
        if at.step:
            self.console.print(Styled(resumed_text(at, self.speaker), style="dim"))
        self.live.start()
        self._draw()

    def after_step(self, at: Position) -> None:
        """Draw, unless the last drawing was a moment ago."""
        self.at = at
        if time.perf_counter() - self.drawn >= REFRESH:
            self._draw()

    def after_epoch(self, epoch: Epoch) -> None:
        """Draw the epoch."""
        self.epochs.append(epoch)
        self._draw()

    def end(self) -> None:
        """The last drawing."""
        self._draw()
        self.live.stop()
        self.console.print()

    def _draw(self) -> None:
        self.live.update(self.rendered(), refresh=True)
        self.drawn = time.perf_counter()

    def rendered(self) -> Group:
        """The whole view."""
        parts: list[RenderableType] = [Styled(self.title, style="bold"), self._progress()]
        if self.epochs:
            parts += [Styled(""), self._table(), Styled(""), self._curves()]
        return Group(*parts)

    def _progress(self) -> Table:
        say, at = self.speaker.say, self.at
        grid = Table.grid(padding=(0, 1))
        width = max(10, min(40, self.console.width - 50))
        cells: list[RenderableType] = [
            Styled(say(f"第 {at.epoch}/{at.epochs} 轮", f"epoch {at.epoch}/{at.epochs}")),
            ProgressBar(at.steps, at.step, width, complete_style="cyan"),
            Styled(f"{at.step / at.steps:.0%}", style="cyan"),
        ]
        if at.loss is not None:
            cells.append(Styled(say(f"损失 {at.loss:.4f}", f"loss {at.loss:.4f}")))
        if self.first < at.step < at.steps:
            spent = time.perf_counter() - self.began
            left = spent / (at.step - self.first) * (at.steps - at.step)
            cells.append(Styled(say(f"还需 {clock(left)}", f"{clock(left)} left"), style="dim"))
        grid.add_row(*cells)
        return grid

    def _table(self) -> Table:
        say = self.speaker.say
        has_loss = self.epochs[-1].validation_loss is not None
        has_accuracy = self.epochs[-1].validation_accuracy is not None
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
        table.add_column(say("轮", "epoch"), justify="right")
        table.add_column(say("训练损失", "training loss"), justify="right", style="cyan")
        if has_loss:
            table.add_column(say("验证损失", "validation loss"), justify="right", style="yellow")
        if has_accuracy:
            table.add_column(
                say("验证准确率", "validation accuracy"), justify="right", style="yellow"
            )
        table.add_column(say("学习率", "learning rate"), justify="right")
        table.add_column(say("用时", "time"), justify="right")
        for epoch in self.epochs[-SHOWN:]:
            row = [str(epoch.number), f"{epoch.loss:.4f}"]
            row += [f"{epoch.validation_loss:.4f}"] if has_loss else []
            row += [f"{epoch.validation_accuracy:.2%}"] if has_accuracy else []
            table.add_row(*row, f"{epoch.learning_rate:.2g}", clock(epoch.seconds))
        return table

    def _curves(self) -> Table:
        """The losses, and beside them the accuracy where there is one and room for it."""
        both = self.epochs[-1].validation_accuracy is not None and self.console.width >= 76
        width = min(60, (self.console.width - 4) // (2 if both else 1) - 12)
        grid = Table.grid(padding=(0, 4, 0, 0))
        grid.add_row(*(self._curve(what, width) for what in ("loss", "accuracy")[: 1 + both]))
        return grid

    def _curve(self, what: str, width: int) -> Styled:
        lines = series_of(self.epochs, what)
        drawn = Styled()
        for row in curve(lines, max(10, width), 8, self.plain):
            for character in row:
                drawn.append(character, style=STYLES.get(character))
            drawn.append("\n")
        for line in lines:
            mark = line.mark(self.plain)
            drawn.append("   ").append(mark, style=STYLES[mark])
            drawn.append(f" {self.speaker.text(line.name)}")
        return drawn


def resumed_text(at: Position, speaker: Speaker) -> str:
    """Where a resumed run begins."""
    return speaker.say(
        f"从检查点继续：第 {at.epoch} 轮，已完成 {at.step} 步。",
        f"Resuming from the checkpoint: epoch {at.epoch}, {at.step} steps done.",
    )


def clock(seconds: float) -> str:
    """A time to read.

    >>> clock(4.21), clock(75), clock(3700)
    ('4.2 s', '1:15', '1:01:40')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

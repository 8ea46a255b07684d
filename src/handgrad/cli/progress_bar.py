"""A progress bar for several files, shown only on a terminal and removed at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TextIO

from handgrad.cli.console import Speaker, is_terminal

if TYPE_CHECKING:
    from rich.console import Console


@contextlib.contextmanager
def progress_bar(
    count: int, speaker: Speaker, stream: TextIO, console: Console | None = None
) -> Iterator[Callable[[], None]]:
    """Yield a function to call after each file.

    Args:
        count: how many files there are; a single one gets no bar.
        speaker: for the label.
        stream: where the bar is drawn, if that is a terminal.
        console: the console that prints the verdicts, if they go to the same stream; its output
            then appears above the bar.
    """
    if count < 2 or not is_terminal(stream):
        yield lambda: None
        return
    # Loaded only here, so that judging a single file does not wait for it.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    drawn_on = console or Console(file=stream)
    with Progress(*columns, console=drawn_on, transient=True) as bar:
        task = bar.add_task(speaker.say("评测中", "Judging"), total=count)
        yield lambda: bar.advance(task)

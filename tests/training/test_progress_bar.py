from __future__ import annotations

import io

from handgrad.training import Epoch, Position
from handgrad.training.progress_bar import ProgressBar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_resumed_run_begins_where_it_stopped_and_ends_without_a_trace(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    bar = ProgressBar(terminal)
    bar.begin(Position(2, 3, 4, 12), (Epoch(1, 0.5, 0.1),))
    bar.after_step(Position(2, 3, 5, 12))
    bar.after_epoch(Epoch(2, 0.25, 0.1))
    task = bar.bar.tasks[0]
    assert (task.completed, task.total, task.description) == (5, 12, "epoch 2/3")
    assert task.fields["results"] == "loss 0.2500"
    bar.end()
    assert "4/12" in terminal.getvalue()
    assert "loss 0.5000" in terminal.getvalue()
    assert bar.bar.finished is False

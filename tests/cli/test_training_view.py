"""The live view, drawn on a terminal that remembers."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from handgrad.cli.console import Speaker
from handgrad.cli.training_view import JsonLines, Lines, LiveView, clock, view_for
from handgrad.training import Epoch, Position


class Terminal(io.StringIO):
    def __init__(self, encoding="utf-8"):
        super().__init__()
        self.spoken = encoding

    @property
    def encoding(self):
        return self.spoken

    def isatty(self):
        return True


def epochs(count, validation=True):
    return [
        Epoch(
            k,
            2 / k,
            0.1,
            2.5 / k if validation else None,
            1 - 0.5 / k if validation else None,
            0.5 * k,
        )
        for k in range(1, count + 1)
    ]


def shown(language, width, validation=True, encoding="utf-8"):
    terminal = Terminal(encoding)
    view = LiveView(Speaker(language), "digits  64-20-10", terminal)
    drawn = Console(file=io.StringIO(), width=width, color_system=None)
    view.console.width = width
    view.begin(Position(1, 9, 0, 90), ())
    for epoch in epochs(7, validation):
        view.after_step(Position(epoch.number, 9, epoch.number * 10, 90, 0.5))
        view.after_epoch(epoch)
    drawn.print(view.rendered())
    view.end()
    return drawn.file.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_fits_the_terminal(width, language):
    text = shown(language, width)
    assert all(cell_len(line.rstrip()) <= width for line in text.splitlines())
    if width >= 80:
        assert ("validation loss" if language == "en" else "验证损失") in text
        assert ("left" if language == "en" else "还需") in text
        assert "78%" in text


def test_only_the_last_epochs_are_listed():
    lines = [line.split()[0] for line in shown("en", 100).splitlines() if line.strip()]
    assert [word for word in lines if word.isdecimal()] == ["3", "4", "5", "6", "7"]


def test_without_validation_there_is_one_curve():
    text = shown("en", 100, validation=False)
    assert "validation" not in text
    assert "training loss" in text


def test_a_console_of_ascii():
    text = shown("en", 100, encoding="ascii")
    assert "•" not in text
    assert "o training loss" in text


def test_which_view(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    speaker = Speaker("en")
    assert isinstance(view_for(speaker, "", Terminal(), as_json=True), JsonLines)
    assert isinstance(view_for(speaker, "", Terminal(), as_json=False), LiveView)
    assert isinstance(view_for(speaker, "", io.StringIO(), as_json=False), Lines)


def test_a_run_that_goes_on_says_from_where():
    stream = io.StringIO()
    view = Lines(Speaker("zh"), "digits", stream)
    view.begin(Position(3, 9, 20, 90), tuple(epochs(2)))
    assert "第 3 轮" in stream.getvalue()
    assert "20 步" in stream.getvalue()


def test_times():
    assert [clock(s) for s in (0, 59.96, 61, 3599.6, 7322)] == [
        "0.0 s", "60.0 s", "1:01", "1:00:00", "2:02:02",
    ]  # fmt: skip

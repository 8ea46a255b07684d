"""What a history shows, on a terminal and in a figure."""

from __future__ import annotations

import sys

import pytest
from support.messages import raises

from handgrad.errors import MissingExtraError
from handgrad.training import Epoch, History

HISTORY = History(
    (
        Epoch(1, 2.0, 0.1, 2.2, 0.3, seconds=1.0),
        Epoch(2, 1.0, 0.1, 1.4, 0.6, seconds=2.0),
        Epoch(3, 0.5, 0.1, 1.2, 0.7, seconds=3.0),
    )
)


def test_seconds_are_no_part_of_equality():
    assert Epoch(1, 2.0, 0.1, seconds=1.0) == Epoch(1, 2.0, 0.1, seconds=9.0)
    assert Epoch(1, 2.0, 0.1) != Epoch(1, 2.0, 0.2)


def test_a_curve_of_characters(monkeypatch):
    text = HISTORY.text(width=30, height=8)
    lines = text.splitlines()
    assert lines[0].startswith(" 2.20 ┤×")
    assert lines[7].startswith("0.500 ┤")
    assert lines[7].endswith("•")
    assert lines[-1] == "• training loss   × validation loss"
    assert all(len(line) <= 30 + 10 for line in lines)
    monkeypatch.setenv("HANDGRAD_LANG", "zh")
    assert "验证损失" in HISTORY.text()
    HISTORY.text(plain=True).splitlines()[0].encode("ascii")


def test_one_epoch_and_numbers_that_are_none():
    assert "1" in History((Epoch(1, 2.0, 0.1),)).text()
    text = History((Epoch(1, float("nan"), 0.1), Epoch(2, 1.0, 0.1))).text()
    assert "1.00" in text
    History((Epoch(1, float("inf"), 0.1),)).text()


def test_a_figure():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    plt = pytest.importorskip("matplotlib.pyplot")
    axes = HISTORY.plot()
    lines = [list(line.get_ydata()) for line in axes.get_lines()]
    assert lines == [HISTORY.losses, HISTORY.validation_losses]
    _, given = plt.subplots()
    assert History(HISTORY.epochs[:1]).plot(given) is given
    plt.close("all")


def test_without_matplotlib_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with raises(MissingExtraError, "matplotlib", "pip install 'handgrad[train]'"):
        HISTORY.plot()

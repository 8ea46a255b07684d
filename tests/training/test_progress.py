from __future__ import annotations

from handgrad.training import Epoch, Position
from handgrad.training.progress import SilentWatcher, epoch_text, position_text


def test_the_position_in_both_languages(monkeypatch):
    at = Position(epoch=2, epochs=9, step=5, steps=27)
    assert position_text(at) == "epoch 2/9"
    monkeypatch.setenv("HANDGRAD_LANG", "zh")
    assert position_text(at) == "第 2/9 轮"


def test_an_epoch_shows_what_was_measured():
    assert epoch_text(Epoch(1, 0.5, 0.1)) == "loss 0.5000"
    full = Epoch(1, 0.5, 0.1, validation_loss=0.25, validation_accuracy=0.875)
    assert epoch_text(full) == "loss 0.5000  validation 0.2500  accuracy 87.50%"


def test_the_silent_watcher_shows_nothing(capfd):
    watcher, at = SilentWatcher(), Position(1, 2, 0, 4)
    watcher.begin(at, ())
    watcher.after_step(at)
    watcher.after_epoch(Epoch(1, 0.5, 0.1))
    watcher.end()
    assert capfd.readouterr() == ("", "")

"""Ctrl-C as a question, and only where it would otherwise be an exception."""

from __future__ import annotations

import signal
import threading

import pytest
from support.training import classification, classifier

from handgrad.training.keyboard_interrupt import deferred_keyboard_interrupt


def test_the_first_asks_and_the_second_stops():
    with deferred_keyboard_interrupt() as stop:
        assert not stop.is_set
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_somebody_else_s_handler_is_left_in_place():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(1))
    try:
        with deferred_keyboard_interrupt() as stop:
            signal.raise_signal(signal.SIGINT)
        assert (heard, stop.is_set) == ([1], False)
    finally:
        signal.signal(signal.SIGINT, before)


def test_it_is_put_back_after_an_error():
    with pytest.raises(ValueError, match="x"), deferred_keyboard_interrupt():
        raise ValueError("x")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_training_in_two_threads_gives_what_it_gives_in_one(rng):
    x, t = classification(rng)
    nets = [classifier() for _ in range(3)]
    nets[2].fit(x, t, 5, 10)
    threads = [threading.Thread(target=net.fit, args=(x, t, 5, 10)) for net in nets[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for net in nets[:2]:
        assert (net.parameters == nets[2].parameters).all()

"""When zygotes are replaced: a dead one at once, an old one when the next has loaded."""

from __future__ import annotations

import pytest

from handgrad.sandbox import zygote_rotation
from handgrad.sandbox.zygote_rotation import ZygoteRotation


class FakeZygote:
    def __init__(self):
        self.forked, self.is_dead, self.is_ready, self.is_retired = 0, False, False, False

    def start(self):
        self.forked += 1
        return self

    def retire(self):
        self.is_retired = True

    def close(self):
        self.is_dead = True


@pytest.fixture
def rotation(monkeypatch):
    monkeypatch.setattr(zygote_rotation, "Zygote", FakeZygote)
    return ZygoteRotation(runs=3)


def test_one_zygote_until_it_is_old(rotation):
    first = rotation.start()
    assert [rotation.start() for _ in range(2)] == [first, first]
    assert first.forked == 3


def test_the_next_takes_over_when_it_has_loaded(rotation):
    first, *_ = [rotation.start() for _ in range(4)]
    following = rotation._next
    assert rotation.start() is first  # no answer waits for the next one
    assert not first.is_retired
    following.is_ready = True
    assert rotation.start() is following
    assert first.is_retired
    assert not first.is_dead  # its last children may still run


def test_a_dead_one_is_replaced_at_once(rotation):
    first = rotation.start()
    first.close()
    assert rotation.start() is not first


def test_the_next_replaces_one_that_died_before_it_loaded(rotation):
    first, *_ = [rotation.start() for _ in range(4)]
    following = rotation._next
    first.close()
    assert rotation.start() is following


def test_closing_ends_all(rotation):
    first, *_ = [rotation.start() for _ in range(4)]
    rotation._next.is_ready = True
    second = rotation.start()
    rotation.close()
    assert first.is_dead
    assert second.is_dead

"""Buckets of tokens: so many at once, then so many a second."""

import pytest

from handgrad.lab.http_problems import HttpProblem
from handgrad.lab.rate_limit import RateLimit, TokenBuckets, require_no_wait


class Clock:
    moment = 0.0

    def __call__(self):
        return self.moment


@pytest.fixture
def clock():
    return Clock()


def test_a_bucket_empties_and_fills_again(clock):
    buckets = TokenBuckets(RateLimit(3, 0.5), clock)
    assert [buckets.take("ada") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("ada") == pytest.approx(2.0)
    clock.moment = 1.0
    assert buckets.take("ada") == pytest.approx(1.0)  # a refused one costs nothing
    clock.moment = 2.0
    assert buckets.take("ada") == 0
    clock.moment = 1000.0
    assert [buckets.take("ada") for _ in range(4)][:3] == [0, 0, 0]


def test_each_has_a_bucket_of_their_own(clock):
    buckets = TokenBuckets(RateLimit(1, 0.1), clock)
    assert buckets.take("ada") == 0
    assert buckets.take("ada") > 0
    assert buckets.take("bo") == 0


def test_looking_takes_nothing(clock):
    buckets = TokenBuckets(RateLimit(1, 0.1), clock)
    assert [buckets.wait("ada") for _ in range(5)] == [0] * 5
    assert buckets.take("ada") == 0
    assert buckets.wait("ada") == pytest.approx(10)
    buckets.fill("ada")
    assert buckets.wait("ada") == 0


def test_memory_is_bounded_whoever_asks(clock):
    buckets = TokenBuckets(RateLimit(1, 0.1), clock, most=100)
    for number in range(10_000):
        buckets.take(number)
    assert len(buckets._filled) == 100


def test_whoever_is_too_fast_is_told_how_long_to_wait():
    require_no_wait(0)
    with pytest.raises(HttpProblem) as caught:
        require_no_wait(1.2)
    assert caught.value.status == 429
    assert caught.value.headers == {"Retry-After": "2"}
    assert "2" in caught.value.text.zh

from __future__ import annotations

from handgrad.seeds import drawn_seed, seed_of


def test_a_derived_seed_depends_on_every_word_and_on_where_words_end(rng):
    words = [str(number) for number in rng.integers(10**6, size=3)]
    assert seed_of(*words) == seed_of(*words)
    assert seed_of(*words) != seed_of(*words[:2])
    assert seed_of("ab", "c") != seed_of("a", "bc")


def test_a_derived_seed_fits_into_a_signed_64_bit_integer(rng):
    for number in rng.integers(10**9, size=50):
        assert 0 <= seed_of(str(number)) < 2**63


def test_drawn_seeds_are_short_and_differ():
    drawn = {drawn_seed() for _ in range(20)}
    assert len(drawn) > 15
    assert all(0 <= seed < 2**31 for seed in drawn)

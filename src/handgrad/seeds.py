"""Seeds: derived from words, or drawn. Only the standard library is imported."""

from __future__ import annotations

import hashlib
import os

SEED_BITS = 63


def seed_of(*words: str) -> int:
    """A seed derived from words: the same on every machine and in every version of Python.

    >>> seed_of("tests/test_layer.py::test_backward")
    7435453053982802038
    """
    digest = hashlib.blake2b("\0".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> (64 - SEED_BITS)


def drawn_seed() -> int:
    """A seed drawn by the operating system, short enough to type again."""
    return int.from_bytes(os.urandom(4), "little") >> 1

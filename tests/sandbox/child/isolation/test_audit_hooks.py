"""Which files an answer may still cause to be read: Python's own library and NumPy, nothing beside."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from handgrad.sandbox.child.isolation.audit_hooks import ReadableFiles

LIBRARY = str(Path(os.__file__).parent)
NUMPY = str(Path(np.__file__).parent)
PACKAGES = str(Path(NUMPY).parent)


@pytest.fixture
def readable():
    return ReadableFiles((LIBRARY, NUMPY), (PACKAGES,))


@pytest.mark.parametrize("path", [json.__file__, os.fsencode(np.__file__), PACKAGES])
def test_the_library_and_numpy(readable, path):
    assert readable.allows(path)
    assert not ReadableFiles().allows(path)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", LIBRARY + "x/y", 3.5, None, "a\0b", pytest.__file__]
)
def test_nothing_else(readable, path):
    assert not readable.allows(path)


def test_no_way_out_through_dots(readable):
    assert not readable.allows(LIBRARY + "/../../../../etc/passwd")
